#include "hub/access/simulate/history.h"

#include "base/limits.h"

namespace lh::hub::access {
namespace {

constexpr std::size_t kScanRows = 256;

// What decides: types, kinds of base data, matters, rules. Other definitions decide nothing.
Status take(Definitions& out, ObjectKind kind, std::string_view text) {
  const auto json = LH_TRY(schemas::parse_json(text, limits::kJsonBodyBytes));
  switch (kind) {
    case ObjectKind::kLicenceType:
      out.types.push_back(LH_TRY(schemas::licence_type_from_json(json)));
      break;
    case ObjectKind::kBaseKind:
      out.kinds.push_back(LH_TRY(schemas::base_kind_from_json(json)));
      break;
    case ObjectKind::kMatter:
      out.matters.push_back(LH_TRY(schemas::matter_from_json(json)));
      break;
    case ObjectKind::kRule:
      out.rules.push_back(LH_TRY(schemas::sharing_rule_from_json(json)));
      break;
    default:
      break;
  }
  return ok_status();
}

}  // namespace

Result<std::shared_ptr<const Policy>> policy_at(const store::Store& store, std::uint64_t epoch) {
  Definitions all;
  std::uint64_t last = 0;
  const auto snapshot = store.snapshot();
  Bytes from;
  while (true) {
    const auto rows = LH_TRY(snapshot->scan(store::Family::kData, "T", from, kScanRows));
    for (const auto& row : rows) {
      const auto value = LH_TRY(ledger::parse_stored(row.value));
      if (value.commit_index > epoch) continue;
      if (row.key.size() < 2) return Error(Reason::kStoreCorrupt, "definition");
      last = std::max(last, value.commit_index);
      LH_TRY(take(all, static_cast<ObjectKind>(row.key[1]), value.payload));
    }
    if (rows.size() < kScanRows) break;
    from = rows.back().key + '\0';
  }
  if (last == 0) return Error(Reason::kEpochUnknown);
  return Policy::make(all, last);
}

}  // namespace lh::hub::access
