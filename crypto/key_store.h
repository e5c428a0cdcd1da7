// The key store: every secret of a hub in one sealed file (keys.lhk), opened by the root key.
// Root key: a 32-byte key file (owner-only; checked) or a passphrase through argon2id MODERATE.
// File: "LHK1" ‖ kdf(1) ‖ salt(16) ‖ ops(4) ‖ mem(8) ‖ sealed CBOR map name -> bytes; written to a
// new file, synced, renamed. One flipped byte anywhere is key.file_damaged. Threads: one writer;
// get() anywhere after load.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/secret.h"
#include "crypto/sign.h"

namespace lh::crypto {

class RootKey {
 public:
  // Makes the key file with mode 0600; store.exists when it is there already.
  static Result<RootKey> create_file(const std::string& path, Random& random);
  // Errors: key.missing, key.file_damaged (wrong size or readable by others).
  static Result<RootKey> load_file(const std::string& path);
  static RootKey from_passphrase(Secret passphrase);
  static RootKey from_bytes(Secret key32);  // tests, demo
  const Secret& material() const { return material_; }
  bool is_passphrase() const { return passphrase_; }

 private:
  RootKey(Secret material, bool passphrase)
      : material_(std::move(material)), passphrase_(passphrase) {}
  Secret material_;
  bool passphrase_ = false;
};

class KeyStore {
 public:
  static Result<KeyStore> create(const std::string& path, const RootKey& root, Random& random);
  static Result<KeyStore> load(const std::string& path, const RootKey& root);
  // In memory only (tests): never touches a disk.
  static KeyStore in_memory();

  // Secrets by name: "lookup", "tag", "reference", "mac", "tls", "ca", "log", "sign/<USCC>", …
  const Secret* find(std::string_view name) const;
  Result<Secret> get(std::string_view name) const;                    // key.missing
  Status put(const std::string& name, Secret value, Random& random);  // durable on return
  Status erase(const std::string& name, Random& random);
  std::vector<std::string> names() const;

  Result<PrivateKey> get_private(std::string_view name, Algorithm a) const;
  // Durable before it returns: bulk creation uses put_all.
  Status put_all(std::vector<std::pair<std::string, Secret>> values, Random& random);

 private:
  KeyStore() = default;
  Status save(Random& random) const;
  std::string path_;
  Bytes header_;
  Secret file_key_;
  std::map<std::string, Secret, std::less<>> secrets_;
};

}  // namespace lh::crypto
