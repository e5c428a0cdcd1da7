// Signing keys of departments (custodied here, sealed) with their certificate chains; never their
// TLS keys. Key store name "sign/<USCC>"; chains in data "G" ‖ USCC (PEM). Threads: find anywhere,
// also while load brings a new view; a Signer once found lives as long as the Signers (views are
// kept: they change only when an administrator adds or renews a department).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/ids.h"
#include "crypto/key_store.h"
#include "crypto/sign.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "pki/certificate.h"

namespace lh::hub::licences {

struct Signer {
  Uscc organisation;
  crypto::PrivateKey key;
  std::vector<pki::Certificate> chain;  // leaf first, without the root
  std::vector<std::string> x5c;         // the header form, made once
  std::string header;                   // the JWT header text, made once
};

class Signers {
 public:
  Status load(const store::Store& store, const crypto::KeyStore& keys);
  const Signer* find(const Uscc& organisation) const;
  static std::vector<ledger::RowWrite> rows(const Uscc& organisation,
                                            const std::vector<pki::Certificate>& chain);

 private:
  using View = std::map<std::string, std::unique_ptr<const Signer>>;
  std::mutex loading_;
  std::vector<std::unique_ptr<const View>> views_;
  std::atomic<const View*> present_{nullptr};
};

}  // namespace lh::hub::licences
