// Quarantine: rows that did not become records, whole, with number, field and reason. The bytes are
// sealed under the key "quarantine", since a bad row may hold anything.
//   data "Q" ‖ source ‖ 0 ‖ row number(8) ‖ HMAC(key, bytes)(16) ‖ part(2)
//     part 0  -> reason, field, column, number of parts, sealed bytes
//     part n  -> sealed bytes: a row may be longer than a change of the ledger
// The same bad row read again has the same key: reading twice does not double it.
#pragma once

#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ingest {

struct QuarantinedRow {
  std::uint64_t number = 0;
  Reason reason = Reason::kRowCheck;
  std::string field;
  std::string column;
  Bytes bytes;
};

// The rows of the store, part 0 last: where it stands, the others stand too. Each fits a change.
// Errors: key.missing.
Result<std::vector<ledger::RowWrite>> quarantine_rows(const std::string& source,
                                                      const QuarantinedRow& row,
                                                      const crypto::KeyStore& keys, Random& random);
// Is this very row in quarantine, for the same reason? Takes what quarantine_rows gave.
enum class Held : std::uint8_t { kYes, kNo };
Result<Held> find_held(const store::Store& store, const std::vector<ledger::RowWrite>& rows);

// In the order of the row numbers. Errors: key.missing, seal.broken, store.corrupt. The caller has
// recorded that it looks.
Result<std::vector<QuarantinedRow>> list_quarantine(const store::Store& store,
                                                    const crypto::KeyStore& keys,
                                                    const std::string& source, std::size_t limit);

}  // namespace lh::hub::ingest
