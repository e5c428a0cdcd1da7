// Quarantine: rows that did not become records, whole, with number, field and reason. The bytes are
// sealed under the key "quarantine", since a bad row may hold anything.
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
Result<ledger::RowWrite> quarantine_row(const std::string& source, const QuarantinedRow& row,
                                        const crypto::KeyStore& keys, Random& random);
// Errors: key.missing, seal.broken. The caller has recorded that it looks.
Result<std::vector<QuarantinedRow>> list_quarantine(const store::Store& store,
                                                    const crypto::KeyStore& keys,
                                                    const std::string& source, std::size_t limit);

}  // namespace lh::hub::ingest
