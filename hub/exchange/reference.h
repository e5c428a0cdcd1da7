// References: lhr1.<origin>.<32 random bytes base64url>. Nothing is encoded in the token; the store
// keeps its HMAC -> what it stands for. Bound to caller, case, purpose (matter), digest and expiry.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

struct ReferenceTarget {
  SystemId caller;
  CaseId case_id;
  std::string case_number_tag;  // hex of the case tag: the number itself is not kept in clear
  std::string matter;
  std::string material;
  LicenceKey licence;  // of kind licence
  int licence_version = 0;
  std::string base_kind;              // of kind base data
  std::string adapter;                // of kind obtainable: whom to ask, …
  std::string type;                   // … for a licence of which type, …
  IdScheme scheme = IdScheme::kUscc;  // … by which identifier of the subject
  SubjectNo subject;
  Digest document{};
  std::string rule;
  int rule_version = 0;
  std::optional<std::uint32_t> uses_left;  // none = unlimited within the case
  UtcTime expires;
};

class References {
 public:
  // "reference" must be in the key store.
  static Result<References> create(const store::Store& store, const crypto::KeyStore& keys,
                                   std::string origin);
  struct Made {
    std::string token;
    ledger::RowWrite row;
  };
  Result<Made> make(const ReferenceTarget& target, Random& random) const;
  struct Found {
    ReferenceTarget target;
    Bytes row_key;
    std::uint64_t commit_index = 0;
  };
  // Errors: reference.unknown (also for every malformed token: no oracle).
  Result<Found> find(std::string_view token) const;
  Result<ledger::RowWrite> rewrite(const Found& found) const;
  // A counted reference is a contended row: of two who use the last one at once, one is stale.
  Status count_use(Found& found, ledger::Change& change) const;

 private:
  References(const store::Store& store, ByteView key, std::string origin);
  const store::Store* store_;
  crypto::HmacKey key_;
  std::string origin_;
};

}  // namespace lh::hub::exchange
