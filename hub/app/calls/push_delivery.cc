// One push after the other: announced, sent, recorded. The record opens with the intent, so nothing
// about a licence leaves before it is on record.
#include <algorithm>

#include "adapters/mapping_calls.h"
#include "base/log.h"
#include "hub/app/calls/pushes.h"
#include "hub/exchange/calls/open_calls.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::app::calls {
namespace {

using adapters::NamedTexts;
using adapters::RecordKind;
using exchange::OutboxRow;
using exchange::PushState;

std::string day_text(const std::optional<LocalDate>& d) {
  return d ? d->text() : std::string();
}

// What may be said of a licence beside its fields.
NamedTexts values_of(const licences::LicenceHead& head, const licences::VersionEntry& version,
                     const OutboxRow& row, schemas::LicenceStatus status) {
  return {{"licence_id", version.licence_id},
          {"licence_key", head.key.text()},
          {"type", head.type},
          {"version", std::to_string(row.version)},
          {"status", std::string(schemas::status_text(status))},
          {"event", row.event},
          {"time", time_text(row.at)},
          {"effective", time_text(row.effective)},
          {"issuer", head.issuer.text()},
          {"division", head.division},
          {"valid_from", day_text(version.valid_from)},
          {"valid_until", day_text(version.valid_until)}};
}

void add_fields(NamedTexts& out, const schemas::Fields& fields) {
  for (const auto& [name, value] : fields) out.emplace_back("field." + name, value);
}

enum class Held : std::uint8_t { kNo, kYes };

constexpr std::int64_t kPatienceUs = 1'000'000;  // then the thread is given back

// The source said no for good: to ask again would change nothing.
bool is_final(const Error& error) {
  return error.reason() == Reason::kSourceRefused || error.reason() == Reason::kAdapterUnsupported;
}

}  // namespace

// What there is to tell. Values by the names of the mapping's places; what was read under the
// Permit opens with the intent.
struct Pushes::Told {
  audit::EntryFacts facts;
  RecordKind about = RecordKind::kLicence;
  std::string object;
  SubjectNo subject{};
  NamedTexts values;
  Undisclosed<NamedTexts> read;
};

// An attempt on its way: what its intent said, and the record that opened with it.
struct Pushes::Announced {
  audit::EntryFacts facts;
  Tag open{};  // of this attempt's open call; the entries' correlation is the push's
  std::uint64_t intent = 0;
  NamedTexts record;
};

// A push that stays open between attempts, and its turn.
struct Pushes::Session {
  std::unique_ptr<adapters::PrepaidGate> gate;
  std::unique_ptr<adapters::Push> push;  // asks the gate
};

Status Pushes::deliver(const std::string& name, const std::atomic<bool>& stop) {
  Session session;
  while (!stop) {
    const auto live = parts_.board.view();
    const LiveAdapter* adapter = find_adapter(*live, name);
    if (adapter == nullptr) return ok_status();  // disabled meanwhile: they wait
    const auto first = LH_TRY(exchange::first_waiting(parts_.store, name));
    if (!first || first->next > parts_.clock.now()) return ok_status();
    // Before it is announced: what is on record is sent. Without a turn it is due again at once,
    // and its turn is kept.
    const auto turns = adapter->turns;
    const auto take = [this, turns, &stop](adapters::CallTurns::Comes comes) {
      return turns->begin(
          parts_.clock.monotonic_us() + kPatienceUs, [&stop] { return stop.load(); }, comes);
    };
    if (!take(adapters::CallTurns::Comes::kAgain).ok()) return ok_status();
    if (session.gate == nullptr) {
      session.gate = std::make_unique<adapters::PrepaidGate>(
          turns, [take] { return take(adapters::CallTurns::Comes::kOnce); });
    }
    session.gate->set_taken();
    const Status attempted = attempt(*adapter, session, *first);
    session.gate->give_back();
    LH_TRY(attempted);
  }
  return ok_status();
}

Status Pushes::attempt(const LiveAdapter& adapter, Session& session, OutboxRow row) {
  auto announced = announce(adapter, row);
  if (!announced.ok()) {
    // A holder who was erased, a type that is not pushed any more: nothing can be said.
    const bool of_push = info(announced.error().reason()).http_status < 500;
    return of_push ? give_up(std::move(row), announced.error()) : Status(announced.error());
  }
  Status sent;
  auto& push = session.push;
  if (push == nullptr) {
    auto opened = adapter.kind->push(adapter.mapping->source);
    if (opened.ok()) push = std::move(*opened);
    if (!opened.ok()) sent = opened.error();
    if (push != nullptr) push->obey(session.gate.get());
  }
  if (push != nullptr) sent = push->send(to_hex(view(row.id)), announced->record);
  if (!sent.ok()) push.reset();
  return conclude(*announced, sent, std::move(row));
}

Result<Pushes::Told> Pushes::licence_told(const OutboxRow& row, const Permit& permit) const {
  const auto head = LH_TRY(parts_.licences.head(row.licence));
  const auto* version = licences::find_version(head, row.version);
  if (version == nullptr) return Error(Reason::kAdapterState, "no such version");
  const UtcTime at = std::max(row.at, row.effective);
  const auto status =
      LH_TRY(parts_.licences.status_of(head, row.version, at, UtcTime::max())).status;
  auto content = LH_TRY(parts_.licences.version(head, row.version, permit));
  Told out{{},
           RecordKind::kLicence,
           head.type,
           head.holders.empty() ? SubjectNo{} : head.holders.front(),
           values_of(head, *version, row, status),
           std::move(content).map([](licences::LicenceVersion&& v) {
             NamedTexts fields;
             add_fields(fields, v.fields);
             return fields;
           })};
  licences::name_licence(out.facts, parts_.directory, head);
  out.facts.division = head.division;
  return out;
}

// The version as it was when it became known: a later one is told by a push of its own.
Result<Pushes::Told> Pushes::base_data_told(const OutboxRow& row, const Permit& permit) const {
  const auto& base_data = parts_.base_data;
  const auto subject = LH_TRY(parts_.directory.get(row.subject));
  const auto versions = LH_TRY(base_data.versions(row.subject, row.kind, subjects::kKnownNow));
  const auto mark = std::find_if(versions.begin(), versions.end(), [&row](const auto& v) {
    return v.number == static_cast<std::uint32_t>(row.version);
  });
  if (mark == versions.end()) return Error(Reason::kAdapterState, "no such version");
  auto content = LH_TRY(base_data.read_own(
      subject, row.kind, {mark->valid_from.value_or(base_data.today()), mark->commit_index},
      permit));
  const auto held = content.decide(
      [](const std::optional<subjects::BaseRecord>& r) { return r ? Held::kYes : Held::kNo; });
  if (held == Held::kNo) return Error(Reason::kAdapterState, "no such record");
  Told out{{},
           RecordKind::kBaseData,
           row.kind,
           row.subject,
           {{"kind", row.kind},
            {"version", std::to_string(row.version)},
            {"event", row.event},
            {"time", time_text(row.at)},
            {"valid_from", day_text(mark->valid_from)}},
           std::move(content).map([](std::optional<subjects::BaseRecord>&& r) {
             NamedTexts fields{{"source", r->source}};
             add_fields(fields, r->fields);
             return fields;
           })};
  out.facts.object = row.kind;
  out.facts.subjects = {subject};
  return out;
}

Result<Pushes::Announced> Pushes::announce(const LiveAdapter& adapter, const OutboxRow& row) {
  const Permit permit = parts_.gate.maintenance();
  const auto look = [&] {
    return row.about == exchange::PushAbout::kLicence ? licence_told(row, permit)
                                                      : base_data_told(row, permit);
  };
  Told told = LH_TRY(look());
  const auto* rule = adapter.push_for(told.about, told.object);
  if (rule == nullptr) return Error(Reason::kAdapterState, "no such push");
  Announced out;
  out.facts = std::move(told.facts);
  out.facts.event = schemas::AuditEvent::kSourceIntent;
  out.facts.organisation = adapter.organisation.text();
  out.facts.system = "hub";
  out.facts.purpose = adapter.name;
  out.facts.correlation = to_hex(view(row.id));
  std::vector<std::string> columns;
  for (const auto& [column, text] : rule->record) columns.push_back(column);
  out.facts.box_a.fields = std::move(columns);
  ledger::Change change;
  change.access = permit.access_id();
  out.open = parts_.random.array<16>();
  change.rows.push_back(exchange::open_call_row(
      {out.open, exchange::CallKind::kPush, adapter.name, told.subject, 0}));
  change.entries.push_back(
      LH_TRY(parts_.entries.make(out.facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  const auto recorded = LH_TRY(parts_.ledger.commit(std::move(change)));
  out.intent = recorded.front().index();
  NamedTexts values = std::move(told.values);
  for (auto& value : std::move(told.read).open(recorded.front())) {
    values.push_back(std::move(value));
  }
  out.record = adapters::push_record(*rule, values);
  return out;
}

Status Pushes::conclude(const Announced& announced, const Status& sent, OutboxRow row) {
  audit::EntryFacts facts = announced.facts;
  facts.event = schemas::AuditEvent::kSourceOutcome;
  ledger::Change change;
  change.access = AccessId{parts_.random.array<16>()};
  exchange::close_call(announced.open, announced.intent, change.rows, change.preconditions);
  if (sent.ok()) {
    change.rows.push_back(exchange::outbox_delete(row));
  } else {
    const OutboxRow before = row;
    facts.decision = audit::Decision::kError;
    facts.reason = sent.error().reason();
    row.reason = sent.error().id();
    ++row.attempts;
    const auto wait =
        is_final(sent.error()) ? std::nullopt : exchange::wait_after(row.attempts, parts_.random);
    row.state = wait ? PushState::kWaiting : PushState::kFailed;
    if (wait) row.next = parts_.clock.now().plus_ms(*wait);
    exchange::rewrite_outbox(before, row, change.rows);
    log_event(LogLevel::kWarning, wait ? "push.later" : "push.given_up",
              {{"reason", sent.error().reason()}});
  }
  change.entries.push_back(
      LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  LH_TRY(parts_.ledger.commit(std::move(change)));
  return ok_status();
}

// Without a call: there is nothing to announce.
Status Pushes::give_up(OutboxRow row, const Error& why) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kMaintenance;
  facts.organisation = "hub";
  facts.object = "adapter.push";
  facts.purpose = row.adapter;
  facts.decision = audit::Decision::kError;
  facts.reason = why.reason();
  facts.correlation = to_hex(view(row.id));
  const OutboxRow before = row;
  row.state = PushState::kFailed;
  row.reason = why.id();
  ledger::Change change;
  change.access = AccessId{parts_.random.array<16>()};
  exchange::rewrite_outbox(before, row, change.rows);
  change.entries.push_back(
      LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  LH_TRY(parts_.ledger.commit(std::move(change)));
  return ok_status();
}

}  // namespace lh::hub::app::calls
