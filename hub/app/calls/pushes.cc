#include "hub/app/calls/pushes.h"

#include <algorithm>

namespace lh::hub::app::calls {
namespace {

using exchange::OutboxRow;
using exchange::PushState;

constexpr std::size_t kMostRetried = 1'000;  // in one change

bool wants(const adapters::PushRule& rule, std::string_view event) {
  const std::string_view kind = event == "issued" ? "issued" : "status";
  return std::find(rule.on.begin(), rule.on.end(), kind) != rule.on.end();
}

// What every row begins with.
OutboxRow new_row(const LiveAdapter& adapter, UtcTime at, Random& random) {
  OutboxRow row;
  row.adapter = adapter.name;
  row.at = at;
  row.id = random.array<16>();
  row.next = at;
  return row;
}

schemas::Json push_json(const OutboxRow& row) {
  schemas::Json j = schemas::Json::object();
  j.set("about", row.about == exchange::PushAbout::kLicence ? "licence" : "base_data");
  j.set("id", to_hex(view(row.id))).set("event", row.event).set("time", time_text(row.at));
  j.set("state", exchange::push_state_text(row.state));
  j.set("attempts", std::uint64_t{row.attempts});
  if (!row.reason.empty()) j.set("reason", row.reason);
  if (row.state == PushState::kWaiting) j.set("next", time_text(row.next));
  return j;
}

}  // namespace

std::vector<ledger::RowWrite> rows_for(const Board& board, const licences::LicenceEvent& event,
                                       Random& random) {
  std::vector<ledger::RowWrite> out;
  const auto adapters = board.view();
  for (const auto& adapter : *adapters) {
    const auto* rule = adapter.push_for(adapters::RecordKind::kLicence, event.type);
    if (rule == nullptr || !wants(*rule, event.event)) continue;
    OutboxRow row = new_row(adapter, event.at, random);
    row.licence = event.key;
    row.version = event.version;
    row.event = event.event;
    row.effective = event.effective;
    out.push_back(exchange::outbox_row(row));
  }
  return out;
}

std::vector<ledger::RowWrite> rows_for(const Board& board, const exchange::BaseDataEvent& event,
                                       Random& random) {
  std::vector<ledger::RowWrite> out;
  const auto adapters = board.view();
  for (const auto& adapter : *adapters) {
    if (adapter.organisation == event.by) continue;
    if (adapter.push_for(adapters::RecordKind::kBaseData, event.kind) == nullptr) continue;
    OutboxRow row = new_row(adapter, event.at, random);
    row.about = exchange::PushAbout::kBaseData;
    row.subject = event.subject;
    row.kind = event.kind;
    row.version = static_cast<int>(event.version);
    row.event = event.event;
    row.effective = event.at;
    out.push_back(exchange::outbox_row(row));
  }
  return out;
}

Result<std::vector<std::string>> Pushes::due() const {
  std::vector<std::string> out;
  const auto adapters = parts_.board.view();
  for (const auto& adapter : *adapters) {
    if (adapter.mapping->pushes.empty()) continue;
    const auto first = LH_TRY(exchange::first_waiting(parts_.store, adapter.name));
    if (first && first->next <= parts_.clock.now()) out.push_back(adapter.name);
  }
  return out;
}

Result<std::uint64_t> Pushes::retry(const std::string& adapter, audit::EntryFacts facts) {
  ledger::Change change;
  change.access = AccessId{parts_.random.array<16>()};
  const auto failed =
      LH_TRY(exchange::list_outbox(parts_.store, adapter, PushState::kFailed, kMostRetried));
  for (const OutboxRow& row : failed) {
    change.preconditions.push_back(exchange::outbox_as_read(row));
    OutboxRow again = row;
    again.state = PushState::kWaiting;
    again.attempts = 0;
    again.next = parts_.clock.now();
    exchange::rewrite_outbox(row, again, change.rows);
  }
  const std::uint64_t count = failed.size();
  facts.count = count;
  change.entries.push_back(
      LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  LH_TRY(parts_.ledger.commit(std::move(change)));
  return count;
}

Result<schemas::Json> pushes_json(const store::Store& store, const std::string& adapter,
                                  std::size_t shown) {
  const auto counts = LH_TRY(exchange::count_outbox(store, adapter));
  schemas::Json j = schemas::Json::object();
  j.set("waiting", counts.waiting).set("failed", counts.failed);
  if (shown == 0) return j;
  schemas::Json list = schemas::Json::array();
  for (const auto state : {PushState::kFailed, PushState::kWaiting}) {
    for (const auto& row : LH_TRY(exchange::list_outbox(store, adapter, state, shown))) {
      list.push(push_json(row));
    }
  }
  j.set("pushes", std::move(list));
  return j;
}

}  // namespace lh::hub::app::calls
