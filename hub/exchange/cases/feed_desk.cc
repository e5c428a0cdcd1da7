#include "hub/exchange/cases/feed_desk.h"

#include <map>

#include "hub/exchange/acts/case_record.h"
#include "hub/licences/office/entry_facts.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;
using schemas::Json;
using schemas::ObjectReader;

// A system whose clock runs a little ahead still feeds.
constexpr std::int64_t kAheadMs = 5LL * 60 * 1000;

enum class Taken : std::uint8_t { kStored, kSame, kStale };
constexpr std::string_view kTakenTexts[] = {"stored", "same", "stale"};

Result<FeedItem> item_from_json(const Json& j, const std::string& where) {
  auto r = LH_TRY(ObjectReader::open(j, where));
  FeedItem item;
  item.case_number = LH_TRY(schemas::read_line(r, "case_number", 64));
  item.matter = LH_TRY(schemas::read_line(r, "matter", 36));
  if (const Json* applicant = r.optional("applicant")) {
    item.applicant = LH_TRY(schemas::subject_id_from_json(*applicant, r.path("applicant")));
  }
  auto state = parse_feed_state(LH_TRY(r.string("state", 16)));
  if (!state.ok()) return Error(state.error().reason(), r.path("state"));
  item.state = *state;
  auto changed = parse_time(LH_TRY(r.string("changed_at", 64)));
  if (!changed.ok()) return Error(changed.error().reason(), r.path("changed_at"));
  item.changed = *changed;
  LH_TRY(r.finish());
  return item;
}

// What the cases of one call become. A number that comes twice meets what the first one made of it.
class Intake {
 public:
  Intake(const ExchangeParts& parts, const access::Caller& caller, const access::Policy& policy,
         UtcTime now)
      : parts_(parts), caller_(caller), policy_(policy), now_(now) {}

  // Errors: matter.unknown, case.conflict, json.value (a time to come); store.corrupt.
  Result<Taken> take(const FeedItem& item) {
    if (policy_.find_matter(item.matter, local_date(now_)) == nullptr) {
      return Error(Reason::kMatterUnknown);
    }
    if (now_.plus_ms(kAheadMs) < item.changed) return Error(Reason::kJsonValue, "changed_at");
    const Tag number = case_number_tag(parts_.directory, caller_.organisation, item.case_number);
    if (!known_.contains(number)) {
      known_.emplace(number, LH_TRY(find_in_feed(parts_.licences.store(), number)));
    }
    std::optional<FeedRecord>& known = known_.at(number);
    FeedRecord fresh{item.matter, {}, item.state, item.changed};
    if (item.applicant) fresh.applicant = feed_applicant_tag(parts_.directory, *item.applicant);
    if (!known) {
      known = std::move(fresh);
    } else {
      if (known->matter != fresh.matter) return Error(Reason::kCaseConflict, "matter");
      if (known->applicant && fresh.applicant && *known->applicant != *fresh.applicant) {
        return Error(Reason::kCaseConflict, "applicant");
      }
      if (fresh.changed < known->changed) return Taken::kStale;
      const bool named = fresh.applicant && !known->applicant;
      if (fresh.changed == known->changed && fresh.state == known->state && !named) {
        return Taken::kSame;
      }
      if (named) known->applicant = fresh.applicant;
      known->state = fresh.state;
      known->changed = fresh.changed;
    }
    written_.insert_or_assign(number, *known);
    return Taken::kStored;
  }
  ledger::Change change() const {
    ledger::Change out;
    for (const auto& [number, record] : written_) write_feed(number, record, out);
    return out;
  }

 private:
  const ExchangeParts& parts_;
  const access::Caller& caller_;
  const access::Policy& policy_;
  UtcTime now_;
  std::map<Tag, std::optional<FeedRecord>> known_;
  std::map<Tag, FeedRecord> written_;
};

// A refusal of one case; anything else is a failure of the hub.
bool refuses_case(Reason reason) {
  return reason == Reason::kMatterUnknown || reason == Reason::kCaseConflict ||
         reason == Reason::kJsonValue;
}

Result<Json> take_all(Intake& intake, const std::vector<FeedItem>& cases) {
  std::uint64_t counts[4] = {};
  Json outcomes = Json::array();
  for (const FeedItem& item : cases) {
    Json j = Json::object();
    j.set("case_number", item.case_number);
    const auto taken = intake.take(item);
    if (taken.ok()) {
      const auto at = static_cast<std::size_t>(*taken);
      counts[at]++;
      j.set("outcome", kTakenTexts[at]);
    } else {
      if (!refuses_case(taken.error().reason())) return taken.error();
      counts[3]++;
      j.set("outcome", "refused").set("reason", reason_id(taken.error().reason()));
    }
    outcomes.push(std::move(j));
  }
  Json answer = Json::object();
  answer.set("stored", counts[0]).set("same", counts[1]).set("stale", counts[2]);
  answer.set("refused", counts[3]).set("outcomes", std::move(outcomes));
  return answer;
}

}  // namespace

Result<FeedRequest> feed_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "feed"));
  const Json* cases = LH_TRY(r.array("cases"));
  LH_TRY(r.finish());
  const auto& items = *cases->items();
  if (items.empty() || items.size() > FeedRequest::kMostCases) {
    return Error(Reason::kJsonValue, r.path("cases") + ": 1 to 500");
  }
  FeedRequest out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    out.cases.push_back(
        LH_TRY(item_from_json(items[i], r.path("cases[" + std::to_string(i) + "]"))));
  }
  return out;
}

Result<FeedQuery> feed_query_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  FeedQuery q{LH_TRY(schemas::read_line(r, "case_number", 64))};
  LH_TRY(r.finish());
  return q;
}

Result<access::Prepared> FeedDesk::store(const FeedRequest& request, ByteView raw,
                                         const access::Caller& caller,
                                         const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kCaseFeedStored, caller, policy);
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kFeedCases, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(refusal->decision->reason), std::move(facts)));
  }
  Intake intake(parts_, caller, policy, now);
  const Json answer = LH_TRY(take_all(intake, request.cases));
  facts.count = request.cases.size();
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts), intake.change(),
                      Undisclosed<std::string>(std::get<access::Admission>(admitted).permit,
                                               schemas::to_text(answer)))));
}

Result<access::Prepared> FeedDesk::query(const FeedQuery& query, ByteView raw,
                                         const access::Caller& caller,
                                         const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kCaseRead, caller, policy);
  facts.box_a.case_number = query.case_number;
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kFeedCases, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(refusal->decision->reason), std::move(facts)));
  }
  const Tag number = case_number_tag(parts_.directory, caller.organisation, query.case_number);
  const auto known = LH_TRY(find_in_feed(parts_.licences.store(), number));
  if (!known) return access::Prepared(refuse(Error(Reason::kCaseUnknown), std::move(facts)));
  facts.matter = known->matter;
  Json answer = Json::object();
  answer.set("case_number", query.case_number).set("matter", known->matter);
  answer.set("state", feed_state_text(known->state)).set("changed_at", time_text(known->changed));
  answer.set("names_applicant", known->applicant.has_value());
  answer.set("required", caller.case_feed == access::CaseFeed::kRequired);
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts), {},
                      Undisclosed<std::string>(std::get<access::Admission>(admitted).permit,
                                               schemas::to_text(answer)))));
}

}  // namespace lh::hub::exchange
