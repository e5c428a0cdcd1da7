// POST /v1/subjects/query: base data out, purpose-bound like every read, as it holds now or as it
// held on a day and was known at a time.
#include "hub/exchange/acts/case_record.h"
#include "hub/exchange/cases/case_feed.h"
#include "hub/exchange/people/base_answers.h"
#include "hub/exchange/people/base_data_acts.h"
#include "hub/exchange/people/chain_walk.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

constexpr std::size_t kMostVersions = 200;

enum class Present : std::uint8_t { kYes, kNo };

access::Question question_of(const SubjectQuery& query, const Asking& asking,
                             const schemas::BaseKind& kind, LocalDate today,
                             const ConsentUse& consent) {
  return {access::Operation::kReadBaseData,
          asking.caller,
          query.purpose.matter,
          kind.id,
          kind.fields,
          query.fields,
          today,
          consent.given()};
}

// The case the purpose names is open, where the organisation has a feed that says so.
Status check_case(const schemas::Purpose& purpose, const Asking& asking,
                  const BaseDataParts& parts) {
  const auto& caller = asking.caller;
  if (caller.case_feed == access::CaseFeed::kOff) return ok_status();
  const Tag number = case_number_tag(parts.directory, caller.organisation, purpose.case_number);
  return check_feed(parts.store, {caller, number, purpose.matter});
}

Result<subjects::Moment> moment_of(const SubjectQuery& query, const ledger::Ledger& ledger,
                                   LocalDate today) {
  subjects::Moment out{query.valid_at.value_or(today), subjects::kKnownNow};
  if (query.known_at) out.known = LH_TRY(known_index(ledger, *query.known_at));
  return out;
}

// The whole history known then, of whatever day; the versions of a predecessor are its own.
Result<Undisclosed<std::string>> add_history(const BaseDataParts& parts, const BaseShown& shown,
                                             const BaseFrame& frame,
                                             Undisclosed<std::string> answer) {
  HistoryFrame history{frame.fields, {}};
  const auto marks =
      LH_TRY(parts.base_data.versions(shown.subject.no, frame.kind, shown.moment.known));
  const std::size_t skipped = marks.size() > kMostVersions ? marks.size() - kMostVersions : 0;
  for (std::size_t i = skipped; i < marks.size(); ++i) {
    const UtcTime known = LH_TRY(time_of(parts.ledger, marks[i].commit_index));
    history.times.push_back({marks[i].commit_index, time_text(known)});
  }
  auto versions = LH_TRY(parts.base_data.history(shown.subject, frame.kind, shown.moment.known,
                                                 kMostVersions, shown.permit));
  return std::move(answer)
      .with(std::move(versions))
      .map(
          [](std::pair<std::string, std::vector<subjects::BaseVersion>>&& both,
             const HistoryFrame& f) { return with_history(std::move(both.first), both.second, f); },
          history);
}

audit::EntryFacts facts_of_query(const SubjectQuery& query, const Asking& asking,
                                 const subjects::SubjectDirectory& directory) {
  audit::EntryFacts facts =
      licences::facts_of(schemas::AuditEvent::kSubjectRead, asking.caller, asking.policy);
  licences::name_officer(facts, directory, query.purpose.officer);
  facts.matter = query.purpose.matter;
  facts.purpose = query.purpose.channel;
  facts.box_a.case_number = query.purpose.case_number;
  return facts;
}

}  // namespace

Result<access::Prepared> BaseDataActs::query(const SubjectQuery& query,
                                             const Asking& asking) const {
  const UtcTime now = parts_.clock.now();
  const LocalDate today = local_date(now);
  audit::EntryFacts facts = facts_of_query(query, asking, parts_.directory);
  const auto no = [&facts](Error error) {
    return access::Prepared(licences::refuse(std::move(error), std::move(facts)));
  };
  const auto* kind = asking.policy.find_base_kind(query.kind);
  if (kind == nullptr) return no(Error(Reason::kTypeUnknown));
  facts.object = kind->id;
  const Status feed = check_case(query.purpose, asking, parts_);
  if (!feed.ok()) return no(feed.error());
  const subjects::Moment moment = LH_TRY(moment_of(query, parts_.ledger, today));
  // Without a right nobody is looked for, or the time of a refusal would say who is known. A
  // consent is of somebody: with nobody known under this identifier it does not fit.
  auto found = Result<std::optional<subjects::SubjectKey>>(std::nullopt);
  if (!query.purpose.consent.empty()) found = parts_.directory.find(query.id, moment.known);
  if (!found.ok() && found.error().reason() != Reason::kKeyErased) return found.error();
  const SubjectNo whose = found.ok() && *found ? (*found)->no : SubjectNo{};
  const ConsentParts consents{parts_.consents, parts_.directory, parts_.entries, parts_.random,
                              parts_.clock};
  auto consent = present_consent(
      consents, query.purpose.consent,
      {whose, {asking.caller.organisation, query.purpose.matter, kind->id}, now}, facts);
  if (!consent.ok()) return no(consent.error());
  const auto question = question_of(query, asking, *kind, today, *consent);
  auto admitted = parts_.gate.admit(question, asking.policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(explained(*refusal->decision, question, asking.policy)));
  }
  const auto& [permit, decision] = std::get<access::Admission>(admitted);
  take_decision(facts, decision);
  if (query.purpose.consent.empty()) found = parts_.directory.find(query.id, moment.known);
  if (!found.ok() && found.error().reason() != Reason::kKeyErased) return found.error();
  if (!found.ok()) return no(found.error());
  if (!*found) return no(Error(Reason::kSubjectUnknown));
  const subjects::SubjectKey& subject = **found;
  LH_TRY(name_family(facts, parts_.directory, subject, moment.known));
  auto record = LH_TRY(parts_.base_data.read_at(subject, kind->id, moment, permit));
  const Present there = record.decide([](const std::optional<subjects::BaseRecord>& r) {
    return r ? Present::kYes : Present::kNo;
  });
  if (there == Present::kNo) return no(Error(Reason::kSubjectUnknown));
  licences::say_personal(facts, query.purpose.cause);
  const BaseFrame frame{decision->fields, withheld_json(*decision), kind->id};
  const BaseShown shown{parts_.base_data, subject, moment, permit};
  auto answer = LH_TRY(show_base(shown, std::move(record), frame));
  if (query.history == SubjectQuery::History::kAsked) {
    answer = LH_TRY(add_history(parts_, shown, frame, std::move(answer)));
  }
  auto act = LH_TRY(licences::make_act({parts_.entries, parts_.random, now, asking.raw}, facts, {},
                                       std::move(answer)));
  LH_TRY(settle_consent(consents, *consent, std::move(facts), act.change));
  return access::Prepared(std::move(act));
}

}  // namespace lh::hub::exchange
