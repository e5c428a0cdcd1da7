// Every kind of source this hub knows, and mappings by name or path: the one place that names
// concrete adapters.
#pragma once

#include "adapters/host/broker.h"
#include "adapters/http/digests.h"
#include "adapters/kind.h"
#include "adapters/mapping.h"
#include "crypto/key_store.h"
#include "hub/app/config.h"

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
