// POST /v1/cases and GET /v1/cases/{id}: the case, bound to its number, and its plan.
#include <algorithm>

#include "hub/exchange/acts/case_people.h"
#include "hub/exchange/acts/own_case.h"
#include "hub/exchange/plan/notice.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;

struct Opened {
  bool fresh = false;  // no case of that number before
  CaseRecord record;
  ledger::Change change;                     // rows of the case and of new subjects
  std::vector<subjects::SubjectKey> people;  // applicant first
  std::vector<std::pair<SubjectNo, IdScheme>> named;
};

Result<SubjectNo> take_subject(subjects::SubjectDirectory& directory, const SubjectId& id,
                               Opened& out) {
  auto registration = LH_TRY(directory.find_or_register(id));
  const auto same = [&registration](const auto& k) { return k.no == registration.key.no; };
  if (std::any_of(out.people.begin(), out.people.end(), same)) return registration.key.no;
  out.people.push_back(registration.key);
  for (auto& row : registration.rows) out.change.rows.push_back(std::move(row));
  for (auto& p : registration.preconditions) out.change.preconditions.push_back(std::move(p));
  return registration.key.no;
}

// The case keeps by what its people can be asked for elsewhere.
void keep_people(const ExchangeParts& parts, const schemas::CaseRequest& request, Opened& out) {
  const auto keep = [&parts, &out](SubjectNo no, const SubjectId& id) {
    const auto known = std::find_if(out.named.begin(), out.named.end(),
                                    [no](const auto& n) { return n.first == no; });
    if (known != out.named.end()) return;
    out.named.emplace_back(no, id.scheme);
    const auto key = std::find_if(out.people.begin(), out.people.end(),
                                  [no](const auto& k) { return k.no == no; });
    out.change.rows.push_back(person_row(parts.directory, out.record.id, *key, id));
  };
  keep(out.record.applicant, request.applicant);
  std::size_t i = 0;
  for (const auto& [role, id] : request.related) keep(out.record.related[i++].second, id);
}

// Whether the subject became that one by merges. An erased one is nobody's.
Result<bool> is_one_with(const subjects::SubjectDirectory& directory, SubjectNo no,
                         const subjects::SubjectKey& survivor) {
  if (!survivor.has(subjects::SubjectMark::kTies)) return false;
  const auto family = LH_TRY(directory.family(survivor));
  return std::any_of(family.begin(), family.end(), [no](const auto& k) { return k.no == no; });
}

// The same number with the same applicant and matter is the same case; with others it is a mistake
// or an attempt to use one case for several people.
Result<Opened> take_case(const ExchangeParts& parts, const schemas::CaseRequest& request,
                         const access::Caller& caller, UtcTime now) {
  Opened out;
  const Tag tag = case_number_tag(parts.directory, caller.organisation, request.case_number);
  CaseRecord fresh;
  fresh.organisation = caller.organisation;
  fresh.matter = request.matter;
  fresh.number_tag = to_hex(view(tag));
  fresh.region = request.region;
  fresh.opened = now;
  fresh.applicant = LH_TRY(take_subject(parts.directory, request.applicant, out));
  for (const auto& [role, id] : request.related) {
    fresh.related.emplace_back(role, LH_TRY(take_subject(parts.directory, id, out)));
  }
  const auto known = LH_TRY(find_case_by_number(parts.licences.store(), tag));
  out.fresh = !known.has_value();
  if (!known) {
    fresh.id = CaseId{parts.random.array<16>()};
    out.record = std::move(fresh);
    write_case(out.record, out.change);
    keep_people(parts, request, out);
    return out;
  }
  // Merged since: the case stays that of its own applicant.
  const bool same = known->applicant == fresh.applicant ||
                    LH_TRY(is_one_with(parts.directory, known->applicant, out.people.front()));
  if (!same || known->matter != fresh.matter) {
    return Error(Reason::kCaseConflict);
  }
  out.record = *known;
  if (!fresh.related.empty() && fresh.related != known->related) {
    out.record.related = std::move(fresh.related);
    write_case(out.record, out.change);
    keep_people(parts, request, out);
  }
  return out;
}

}  // namespace

Result<access::Prepared> Exchange::open_case(const schemas::CaseRequest& request, ByteView raw,
                                             const access::Caller& caller,
                                             const access::Policy& policy) {
  const UtcTime now = parts_.clock.now();
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kCaseOpened, caller, policy);
  licences::name_officer(facts, parts_.directory, request.officer);
  facts.matter = request.matter;
  facts.box_a.case_number = request.case_number;
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision.reason));
  }
  const auto* matter = policy.find_matter(request.matter, local_date(now));
  if (matter == nullptr) return no(Error(Reason::kMatterUnknown));
  if (registered_for(caller, request.matter, policy, local_date(now)) == Registered::kNo) {
    return no(Error(Reason::kPurposeNotRegistered));
  }
  auto opened = take_case(parts_, request, caller, now);
  if (!opened.ok()) return no(opened.error());
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  auto planned = LH_TRY(
      make_plan(parts_, {caller, policy, *matter, opened->record, permit, now, opened->named}));
  facts.case_tag = case_tag(parts_.directory, opened->record.id);
  facts.subjects = opened->people;
  licences::say_personal(facts, request.case_number);
  take_rows(planned, opened->change);
  access::Act act = LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts),
                                    std::move(opened->change),
                                    Undisclosed<std::string>(permit, plan_json(planned.plan))));
  act.recipe = "EC" + Bytes(view(opened->record.id.value));
  act.http_status = opened->fresh ? 201 : 200;
  return access::Prepared(std::move(act));
}

Result<access::Prepared> Exchange::read_case(const CaseId& id, const access::Caller& caller,
                                             const access::Policy& policy) {
  const UtcTime now = parts_.clock.now();
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kCaseRead, caller, policy);
  auto own = open_own_case(parts_, id, caller, policy, facts);
  if (!own.ok()) return access::Prepared(refuse(own.error(), std::move(facts)));
  auto planned =
      LH_TRY(make_plan(parts_, {caller, policy, *own->matter, own->record, own->permit, now}));
  ledger::Change change;
  take_rows(planned, change);
  return access::Prepared(LH_TRY(
      make_act({parts_.entries, parts_.random, now, view(id.value)}, std::move(facts),
               std::move(change), Undisclosed<std::string>(own->permit, plan_json(planned.plan)))));
}

Result<access::Prepared> Exchange::give_notice(const CaseId& id, const schemas::Operator& officer,
                                               ByteView raw, const access::Caller& caller,
                                               const access::Policy& policy) {
  const UtcTime now = parts_.clock.now();
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kNoticeGiven, caller, policy);
  licences::name_officer(facts, parts_.directory, officer);
  auto own = open_own_case(parts_, id, caller, policy, facts);
  if (!own.ok()) return access::Prepared(refuse(own.error(), std::move(facts)));
  auto planned =
      LH_TRY(make_plan(parts_, {caller, policy, *own->matter, own->record, own->permit, now}));
  const NoticeFrame frame{parts_.organisation_name(caller.organisation), *own->matter};
  // The references of this plan are not given out; what the case remembers is kept.
  return access::Prepared(LH_TRY(make_act(
      {parts_.entries, parts_.random, now, raw}, std::move(facts), std::move(planned.memory),
      Undisclosed<std::string>(own->permit, notice_json(planned.plan, frame)))));
}

Result<access::Prepared> Exchange::replay(ByteView recipe, const access::Caller& caller,
                                          const access::Policy& policy) {
  // The plan of the same case, as it is now: references of a replay are new ones, and as good.
  if (recipe.size() == 18 && recipe.starts_with("EC")) {
    return read_case(CaseId{LH_TRY(to_array<16>(recipe.substr(2)))}, caller, policy);
  }
  return Error(Reason::kStoreCorrupt, "recipe");
}

}  // namespace lh::hub::exchange
