#include "hub/licences/rows/status_rules.h"

#include <algorithm>
#include <tuple>

namespace lh::hub::licences::rows {
namespace {

using schemas::LicenceStatus;
using schemas::StatusAction;

LicenceStatus meaning(FactKind kind) {
  switch (kind) {
    case FactKind::kActivate:
    case FactKind::kResume:
      return LicenceStatus::kValid;
    case FactKind::kSuspend:
      return LicenceStatus::kSuspended;
    case FactKind::kCancel:
      return LicenceStatus::kCancelled;
    case FactKind::kRevoke:
      return LicenceStatus::kRevoked;
    case FactKind::kForfeit:
      return LicenceStatus::kForfeited;
    case FactKind::kTransferOut:
      return LicenceStatus::kTransferred;
    case FactKind::kLapsed:
      break;
  }
  return LicenceStatus::kExpired;
}

bool before(const HeadFact& a, const HeadFact& b) {
  return std::tie(a.effective, a.index) < std::tie(b.effective, b.index);
}

const HeadFact* first_end(const std::vector<HeadFact>& facts, UtcTime at) {
  const HeadFact* found = nullptr;
  for (const auto& f : facts) {
    if (!is_end(f.kind) || f.effective > at) continue;
    if (found == nullptr || before(f, *found)) found = &f;
  }
  return found;
}

// Facts with the same effective time and index stand in the order they were written.
const HeadFact* last_fact(const std::vector<HeadFact>& facts, UtcTime at) {
  const HeadFact* found = nullptr;
  for (const auto& f : facts) {
    if (f.effective > at) continue;
    if (found == nullptr || !before(f, *found)) found = &f;
  }
  return found;
}

struct Row {
  StatusAction action;
  std::vector<LicenceStatus> from;
};
const std::vector<Row>& table() {
  static const std::vector<Row> kTable = {
      {StatusAction::kActivate, {LicenceStatus::kNotActive}},
      {StatusAction::kSuspend, {LicenceStatus::kValid}},
      {StatusAction::kResume, {LicenceStatus::kSuspended}},
      // A licence is also cancelled because it ran out (行政许可法 第七十条).
      {StatusAction::kCancel,
       {LicenceStatus::kValid, LicenceStatus::kSuspended, LicenceStatus::kNotActive,
        LicenceStatus::kExpired}},
      // Revocation undoes an unlawful grant, whether it still runs or not (第六十九条).
      {StatusAction::kRevoke,
       {LicenceStatus::kValid, LicenceStatus::kSuspended, LicenceStatus::kNotActive,
        LicenceStatus::kExpired}},
      {StatusAction::kForfeit, {LicenceStatus::kValid, LicenceStatus::kSuspended}},
      {StatusAction::kTransferOut, {LicenceStatus::kValid}},
  };
  return kTable;
}

}  // namespace

bool is_end(FactKind kind) {
  return kind == FactKind::kCancel || kind == FactKind::kRevoke || kind == FactKind::kForfeit ||
         kind == FactKind::kTransferOut;
}

StatusAnswer evaluate(const std::vector<VersionEntry>& versions, const std::vector<HeadFact>& facts,
                      int version, UtcTime valid_at) {
  const auto asked = std::find_if(versions.begin(), versions.end(),
                                  [version](const auto& v) { return v.version == version; });
  if (asked == versions.end()) return {LicenceStatus::kNotActive, 0, Knowledge::kNotYet};
  if (const HeadFact* end = first_end(facts, valid_at)) return {meaning(end->kind), end->index};
  const LocalDate day = local_date(valid_at);
  for (const auto& v : versions) {
    const bool began = !v.valid_from || *v.valid_from <= day;
    if (v.version > version && began) return {LicenceStatus::kSuperseded, v.index};
  }
  if (asked->valid_from && day < *asked->valid_from) {
    return {LicenceStatus::kNotActive, asked->index};
  }
  // valid_until is the last valid day (model.md, Time).
  if (asked->valid_until && *asked->valid_until < day) {
    return {LicenceStatus::kExpired, asked->index};
  }
  const HeadFact* last = last_fact(facts, valid_at);
  if (last == nullptr) return {LicenceStatus::kNotActive, asked->index};
  return {meaning(last->kind), last->index};
}

Transition transition(LicenceStatus from, StatusAction action) {
  for (const auto& row : table()) {
    if (row.action != action) continue;
    const bool possible = std::find(row.from.begin(), row.from.end(), from) != row.from.end();
    return possible ? Transition::kAllowed : Transition::kRefused;
  }
  return Transition::kRefused;
}

}  // namespace lh::hub::licences::rows
