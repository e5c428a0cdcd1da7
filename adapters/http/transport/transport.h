// How a request reaches a source: over the network, or out of a cassette. A cassette is a JSON file
// of exchanges, recorded once and replayed without a network; of the headers it keeps the names, of
// the secrets nothing. It does keep what the source answered, so it is personal data (mode 0600).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/outbound/http_client.h"

namespace lh::adapters::http::transport {

struct Call {
  outbound::HttpRequest request;
  // Path and body with "***" for what differs at every sending (times, nonces) and for secrets:
  // what a cassette keeps, and is asked for.
  std::string shown_path;
  std::string shown_body;
  const std::vector<Secret>* secrets = nullptr;  // that went into it; null: none
};

// Not for use by two threads at once.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;
  // Errors: those of outbound::HttpClient::send.
  virtual Result<outbound::HttpResponse> send(const Call& call) = 0;
};

// Threads: any.
class Transports {
 public:
  Transports() = default;
  Transports(const Transports&) = delete;
  Transports& operator=(const Transports&) = delete;
  virtual ~Transports() = default;
  virtual Result<std::unique_ptr<Transport>> open(const outbound::HttpSettings& settings) const = 0;
};

std::unique_ptr<Transports> make_outbound_transports();
// Every exchange goes to `inner` and into the file, which is begun anew. Errors: file.unwritable.
Result<std::unique_ptr<Transports>> make_recording_transports(std::unique_ptr<Transports> inner,
                                                              const std::string& path);
// The same into an open file, which it takes over (one without a name, to be sealed later).
Result<std::unique_ptr<Transports>> make_recording_transports(std::unique_ptr<Transports> inner,
                                                              int file);
// Each recorded exchange answers one call with the same method, path and body, in the order they
// were recorded; a call that was not recorded is source.unavailable. Errors: file.unreadable,
// json.*, input.malformed (not a cassette).
Result<std::unique_ptr<Transports>> make_replaying_transports(const std::string& path);
// The same of the text of one.
Result<std::unique_ptr<Transports>> make_transports_of(std::string_view cassette);

}  // namespace lh::adapters::http::transport
