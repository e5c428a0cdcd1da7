// Every kind of source this hub knows, and mappings by name or path: the one place that names
// concrete adapters.
#pragma once

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
  Result<const adapters::Kind*> kind_of(const adapters::Mapping& mapping) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The same without a hub: the text of a shipped mapping or of a file, read.
Result<adapters::Mapping> load_mapping(const std::string& name);

}  // namespace lh::hub::app
