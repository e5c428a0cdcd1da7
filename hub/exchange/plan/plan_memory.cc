#include "hub/exchange/plan/plan_memory.h"

#include <algorithm>

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;

struct Remembered {
  std::uint64_t revision = 0;  // 0: nothing
  std::vector<std::pair<std::string, MaterialState>> states;
  std::uint64_t commit_index = 0;
};

Result<Remembered> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 3 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "plan");
  }
  Remembered out;
  out.revision = LH_TRY(r.read_uint());
  const std::uint64_t count = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (LH_TRY(r.read_array()) != 2) return Error(Reason::kCborMalformed, "plan");
    std::string material(LH_TRY(r.read_text()));
    const auto state = LH_TRY(r.read_uint());
    if (state < 1 || state > static_cast<std::uint64_t>(MaterialState::kRequired)) {
      return Error(Reason::kCborMalformed, "state");
    }
    out.states.emplace_back(std::move(material), static_cast<MaterialState>(state));
  }
  LH_TRY(r.finish());
  return out;
}

Bytes encode(const Plan& plan) {
  CborWriter w;
  w.array(3);
  w.uint(kFormat);
  w.uint(plan.revision);
  w.array(plan.items.size());
  for (const PlanItem& item : plan.items) {
    w.array(2);
    w.text(item.material->code);
    w.uint(static_cast<std::uint64_t>(item.decision.state));
  }
  return w.take();
}

std::vector<PlanChange> changes_of(const Remembered& before, const Plan& plan) {
  std::vector<PlanChange> out;
  for (const PlanItem& item : plan.items) {
    const auto& code = item.material->code;
    const auto was = std::find_if(before.states.begin(), before.states.end(),
                                  [&code](const auto& known) { return known.first == code; });
    const bool known = was != before.states.end();
    if (known && was->second == item.decision.state) continue;
    out.push_back({code, known ? std::string(state_text(was->second)) : std::string(),
                   std::string(state_text(item.decision.state)), item.decision.rule->id});
  }
  for (const auto& [code, state] : before.states) {
    const bool still = std::any_of(plan.items.begin(), plan.items.end(), [&](const PlanItem& item) {
      return item.material->code == code;
    });
    if (!still) out.push_back({code, std::string(state_text(state)), {}, {}});
  }
  return out;
}

}  // namespace

Status remember_plan(const store::Store& store, const CaseId& id, MadePlan& made) {
  const Bytes key = Bytes("m").append(view(id.value));
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key}));
  Remembered before;
  if (row) {
    const auto stored = LH_TRY(ledger::parse_stored(*row));
    auto known = decode(stored.payload);
    if (!known.ok()) return Error(Reason::kStoreCorrupt, "plan of a case");
    before = std::move(*known);
    before.commit_index = stored.commit_index;
  }
  if (before.revision != 0) made.plan.changes = changes_of(before, made.plan);
  const bool same = before.revision != 0 && made.plan.changes.empty();
  made.plan.revision = same ? before.revision : before.revision + 1;
  if (same) return ok_status();
  made.memory.preconditions.push_back({store::Family::kData, key, before.commit_index});
  made.memory.rows.push_back({store::Family::kData, key, encode(made.plan)});
  return ok_status();
}

}  // namespace lh::hub::exchange
