// What people have decided about rows in quarantine, kept beside them: a replacement, or why a row
// was given up; who and when. Sealed like the rows.
//   data "r" ‖ source ‖ 0 ‖ row number(8) ‖ HMAC(key, bytes)(16)
//     -> what it is, who, when, sealed text
#pragma once

#include "base/time.h"
#include "hub/ingest/quarantine.h"

namespace lh::hub::ingest {

enum class RepairKind : std::uint8_t {  // stored; never renumber
  kBytes = 0,                           // the row in the source's own format
  kValues = 1,                          // a JSON object: column -> text
  kGround = 2,                          // why the row was discarded
};

struct Repair {
  RepairKind kind = RepairKind::kBytes;
  std::string officer;
  UtcTime at;
  Bytes text;
};

// It goes into one change with the row's own first part, which may be as large.
inline constexpr std::size_t kMostRepairBytes = 112U << 10U;
// Takes the place of an earlier one. Errors: key.missing, input.too_large.
Result<ledger::RowWrite> repair_row(const std::string& source, const QuarantinedRow& row,
                                    const Repair& repair, const crypto::KeyStore& keys,
                                    Random& random);
// Errors: key.missing, seal.broken, store.corrupt.
Result<std::optional<Repair>> find_repair(const store::Store& store, const crypto::KeyStore& keys,
                                          const std::string& source, const QuarantinedRow& row);

}  // namespace lh::hub::ingest
