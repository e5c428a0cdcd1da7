// Every kind of source this hub knows, and mappings by name or path: the one place that names
// concrete adapters.
#pragma once

#include "adapters/call_turns.h"
#include "adapters/host/broker.h"
#include "adapters/http/digests.h"
#include "adapters/kind.h"
#include "adapters/mapping.h"
#include "crypto/key_store.h"
#include "hub/app/config.h"
#include "hub/ingest/schedule/schedule.h"

namespace lh::hub::app {

class Sources {
 public:
  // keys, random and clock outlive it.
  Sources(const Config& config, const crypto::KeyStore& keys, Random& random, const Clock& clock);
  ~Sources();
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  // A shipped mapping by name, or a mapping file by path; its [source] is checked by its kind.
  // Errors: file.unreadable, mapping.syntax, mapping.invalid.
  Result<adapters::Mapping> mapping(const std::string& name) const;
  Result<adapters::Mapping> parse(std::string_view toml) const;  // the same of a text
  Result<const adapters::Kind*> kind_of(const adapters::Mapping& mapping) const;

  // The turns of the calls of an enabled adapter, which from now on are those of this mapping; of
  // one that is tried out, under the limits that hold for the adapter of its name.
  std::shared_ptr<adapters::CallTurns> turns_of(const adapters::Mapping& enabled) const;
  std::shared_ptr<adapters::CallTurns> turns_to_try(const adapters::Mapping& mapping) const;
  // A pull from the beginning by somebody who looks at a source: waits a minute for a turn at most.
  Result<std::unique_ptr<adapters::Source>> look_into(const adapters::Kind& kind,
                                                      const adapters::Mapping& mapping,
                                                      const std::string& input) const;

  // The kind of a mapping whose exchanges also go into an open file (which it takes over), or come
  // out of the text of a cassette and need neither network nor secrets. Errors: adapter.unsupported
  // (only sources over HTTP have cassettes), json.*, input.malformed.
  Result<std::unique_ptr<adapters::Kind>> recording_kind(const adapters::Mapping& mapping,
                                                         int file) const;
  struct Replaying {
    std::unique_ptr<adapters::Surroundings> around;  // outlives the kind
    std::unique_ptr<adapters::Kind> kind;
  };
  Result<Replaying> replaying_kind(const adapters::Mapping& mapping,
                                   std::string_view cassette) const;

  adapters::host::Broker& hosts() const;  // where adapter hosts come for work

  // The right to run an adapter; given back when it goes. Errors: adapter.state: taken.
  class Turn {
   public:
    Turn(const Sources& of, std::string name) : of_(&of), name_(std::move(name)) {}
    Turn(Turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {
      name_.swap(other.name_);
    }
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    const Sources* of_;
    std::string name_;
  };
  Result<Turn> take_turn(const std::string& adapter) const;
  bool is_running(const std::string& adapter) const;
  // How hard and when an adapter is worked, from the mapping it was enabled with; its file of days
  // is read again when it changed. Errors: those of parse, file.unreadable, config.invalid.
  Result<std::shared_ptr<const ingest::RunTerms>> terms_of(
      const ingest::AdapterRecord& adapter) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Every kind that needs no hub: also those of an adapter host. All of it outlives the kinds.
void add_kinds(adapters::Kinds& to, const adapters::Surroundings& with,
               const adapters::http::MessageDigests& digests);
const adapters::http::MessageDigests& message_digests();

// The text of a shipped mapping or of a file. Errors: file.unreadable, input.too_large.
Result<std::string> mapping_text(const std::string& name);
// The same without a hub, read.
Result<adapters::Mapping> load_mapping(const std::string& name);

}  // namespace lh::hub::app
