// The status of a licence as pure functions: what a history means at a moment, and which actions a
// status allows (product.md; domain.md 1.5: 未激活 → 有效 ⇄ 暂扣 → 注销, 撤销, 吊销, 转出, 失效).
// Private to hub/licences.
#pragma once

#include <vector>

#include "hub/licences/licence_store.h"

namespace lh::hub::licences::rows {

// versions, facts: those that were known at the moment asked about, in the order they became known.
//   1. a version that was not known: knowledge kNotYet;
//   2. an end (cancelled, revoked, forfeited, transferred) in effect: the earliest one, for good;
//   3. a later version in effect: superseded;   4. outside its own dates: not active, expired;
//   5. the last fact in effect by (effective, index): active, suspended, lapsed; none: not active.
StatusAnswer evaluate(const std::vector<VersionEntry>& versions, const std::vector<HeadFact>& facts,
                      int version, UtcTime valid_at);

// True where the action is possible in the status (docs/walks/issue.md has the table).
enum class Transition : std::uint8_t { kAllowed, kRefused };
Transition transition(schemas::LicenceStatus from, schemas::StatusAction action);
bool is_end(FactKind kind);

}  // namespace lh::hub::licences::rows
