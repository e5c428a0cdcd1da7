// Idempotency-Key: scope (system, route, key), kept 72 hours, honoured across restarts. A replay
// passes the gate again and gets the same answer under a new entry; another body under the same key
// is idempotency.conflict. What is stored is a recipe and the entry's index, never a personal body.
// Row: state "I" ‖ HMAC(K_mac, system ‖ route ‖ key).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

struct IdempotentCall {
  SystemId system;
  std::string route;  // the fixed pattern, "POST /v1/licences"
  std::string key;    // 1..255 visible ASCII
  ByteView body;
};
struct StoredAnswer {
  Bytes recipe;
  int http_status = 200;
};

class Idempotency {
 public:
  static Result<Idempotency> create(const store::Store& store, const crypto::KeyStore& keys);
  static Status check_key(std::string_view key);  // idempotency.key
  // nullopt: not seen (or older than 72 h). Errors: idempotency.conflict.
  Result<std::optional<StoredAnswer>> find(const IdempotentCall& call, UtcTime now) const;
  // Adds the row and its precondition to the change that performs the call.
  Status remember(const IdempotentCall& call, const StoredAnswer& answer, UtcTime now,
                  ledger::Change& change) const;
  // Rows past their time, at most `limit`; the maintenance job deletes them.
  Result<std::vector<ledger::RowWrite>> expired(UtcTime now, std::size_t limit) const;

 private:
  Idempotency(const store::Store& store, Secret key) : store_(&store), key_(std::move(key)) {}
  Bytes row_key(const IdempotentCall& call) const;
  const store::Store* store_;
  Secret key_;
};

}  // namespace lh::hub::exchange
