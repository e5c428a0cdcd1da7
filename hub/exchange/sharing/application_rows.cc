#include <algorithm>

#include "base/cbor.h"
#include "hub/exchange/sharing/application.h"
#include "hub/ledger/stored_texts.h"

namespace lh::hub::exchange {
namespace {

using State = ApplicationState;
using Move = ApplicationMove;

constexpr std::uint64_t kFormat = 2;  // 1: without the listing
constexpr std::size_t kScanRows = 512;

constexpr std::pair<State, std::string_view> kStates[] = {
    {State::kApplied, "applied"}, {State::kReturned, "returned"}, {State::kAccepted, "accepted"},
    {State::kRefused, "refused"}, {State::kGranted, "granted"},   {State::kEnded, "ended"},
};

struct Arrow {
  State from;
  Move move;
  State to;
};
// Whatever is not here does not happen.
constexpr Arrow kArrows[] = {
    {State::kApplied, Move::kAccept, State::kAccepted},
    {State::kApplied, Move::kReturn, State::kReturned},
    {State::kApplied, Move::kRefuse, State::kRefused},
    {State::kReturned, Move::kCorrect, State::kApplied},
    {State::kAccepted, Move::kGrant, State::kGranted},
    {State::kAccepted, Move::kDecline, State::kRefused},
    {State::kGranted, Move::kEnd, State::kEnded},
};

Error corrupt() {
  return Error(Reason::kStoreCorrupt, "application");
}

Bytes application_key(const ApplicationId& id) {
  return Bytes("Ea").append(view(id.value));
}

void write_terms(CborWriter& w, const SharingTerms& t) {
  w.array(10);
  w.text(t.object);
  ledger::write_texts(w, t.fields);
  w.uint(static_cast<std::uint64_t>(t.mode));
  ledger::write_texts(w, t.matters);
  ledger::write_texts(w, t.divisions);
  w.text(t.legal_basis);
  w.text(t.reason);
  w.integer(t.from.days());
  w.integer(t.until.days());
  w.boolean(t.consent_needed);
}

Result<LocalDate> read_day(CborReader& r) {
  return LocalDate::from_days(static_cast<std::int32_t>(LH_TRY(r.read_integer())));
}

Result<SharingTerms> read_terms(CborReader& r) {
  if (LH_TRY(r.read_array()) != 10) return corrupt();
  SharingTerms t;
  t.object = LH_TRY(r.read_text());
  t.fields = LH_TRY(ledger::read_texts(r));
  const std::uint64_t mode = LH_TRY(r.read_uint());
  if (mode < 1 || mode > 3) return corrupt();
  t.mode = static_cast<schemas::RuleMode>(mode);
  t.matters = LH_TRY(ledger::read_texts(r));
  t.divisions = LH_TRY(ledger::read_texts(r));
  t.legal_basis = LH_TRY(r.read_text());
  t.reason = LH_TRY(r.read_text());
  t.from = LH_TRY(read_day(r));
  t.until = LH_TRY(read_day(r));
  t.consent_needed = LH_TRY(r.read_bool());
  return t;
}

void write_steps(CborWriter& w, const std::vector<ApplicationStep>& steps) {
  w.array(steps.size());
  for (const auto& step : steps) {
    w.array(5);
    w.uint(static_cast<std::uint64_t>(step.state));
    w.text(step.organisation);
    w.text(step.system);
    w.integer(step.at.ms);
    w.text(step.note);
  }
}

Result<State> read_state(CborReader& r) {
  const std::uint64_t n = LH_TRY(r.read_uint());
  if (n < 1 || n > 6) return corrupt();
  return static_cast<State>(n);
}

Result<std::vector<ApplicationStep>> read_steps(CborReader& r) {
  std::vector<ApplicationStep> out;
  const std::uint64_t n = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < n; ++i) {
    if (LH_TRY(r.read_array()) != 5) return corrupt();
    ApplicationStep step;
    step.state = LH_TRY(read_state(r));
    step.organisation = LH_TRY(r.read_text());
    step.system = LH_TRY(r.read_text());
    step.at.ms = LH_TRY(r.read_integer());
    step.note = LH_TRY(r.read_text());
    out.push_back(std::move(step));
  }
  return out;
}

Status read_listing(CborReader& r, Listing& listing) {
  if (LH_TRY(r.read_array()) != 4) return corrupt();
  listing.attribute = LH_TRY(r.read_text());
  listing.legal_basis = LH_TRY(r.read_text());
  listing.entry = LH_TRY(r.read_text());
  listing.entry_version = static_cast<int>(LH_TRY(r.read_uint()));
  return ok_status();
}

Bytes encode(const Application& a) {
  CborWriter w;
  w.array(9);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(a.state));
  w.text(a.applicant.text());
  w.text(a.listing.provider.text());
  write_terms(w, a.terms);
  if (a.due) {
    w.integer(a.due->days());
  } else {
    w.null();
  }
  w.text(a.deadline);
  write_steps(w, a.steps);
  w.array(4);
  w.text(a.listing.attribute);
  w.text(a.listing.legal_basis);
  w.text(a.listing.entry);
  w.uint(static_cast<std::uint64_t>(a.listing.entry_version));
  return w.take();
}

Result<Application> decode(const ApplicationId& id, const ledger::StoredValue& stored) {
  CborReader r(stored.payload);
  const std::uint64_t parts = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (format < 1 || format > kFormat || parts != 7 + format) return corrupt();
  Application a;
  a.id = id;
  a.commit_index = stored.commit_index;
  a.state = LH_TRY(read_state(r));
  a.applicant = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  a.listing.provider = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  a.terms = LH_TRY(read_terms(r));
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
  } else {
    a.due = LH_TRY(read_day(r));
  }
  a.deadline = LH_TRY(r.read_text());
  a.steps = LH_TRY(read_steps(r));
  if (format > 1) LH_TRY(read_listing(r, a.listing));
  LH_TRY(r.finish());
  return a;
}

}  // namespace

std::string_view state_text(ApplicationState s) {
  for (const auto& [state, text] : kStates) {
    if (state == s) return text;
  }
  return "unknown";
}

Result<ApplicationState> parse_application_state(std::string_view text) {
  for (const auto& [state, known] : kStates) {
    if (known == text) return state;
  }
  return Error(Reason::kJsonValue, "state of an application");
}

Result<ApplicationState> next_state(ApplicationState from, ApplicationMove move) {
  for (const Arrow& arrow : kArrows) {
    if (arrow.from == from && arrow.move == move) return arrow.to;
  }
  return Error(Reason::kApplicationState, std::string(state_text(from)));
}

void write_application(const Application& application, ledger::Change& change) {
  Bytes key = application_key(application.id);
  change.preconditions.push_back({store::Family::kData, key, application.commit_index});
  change.rows.push_back({store::Family::kData, std::move(key), encode(application)});
}

Result<Application> find_application(const store::Store& store, const ApplicationId& id) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, application_key(id)}));
  if (!row) return Error(Reason::kApplicationUnknown);
  auto found = decode(id, LH_TRY(ledger::parse_stored(*row)));
  if (!found.ok()) return corrupt();
  return found;
}

Result<std::vector<Application>> all_applications(const store::Store& store) {
  std::vector<Application> out;
  const auto snapshot = store.snapshot();
  Bytes from;
  while (true) {
    const auto rows = LH_TRY(snapshot->scan(store::Family::kData, "Ea", from, kScanRows));
    for (const auto& row : rows) {
      const ApplicationId id{LH_TRY(to_array<16>(ByteView(row.key).substr(2)))};
      auto found = decode(id, LH_TRY(ledger::parse_stored(row.value)));
      if (!found.ok()) return corrupt();
      out.push_back(std::move(*found));
    }
    if (rows.size() < kScanRows) return out;
    from = rows.back().key + '\0';
  }
}

}  // namespace lh::hub::exchange
