// POST /v1/cases and GET /v1/cases/{id}: the case, bound to its number, and its plan.
#include "hub/exchange/cases/case_opening.h"
#include "hub/exchange/cases/own_case.h"
#include "hub/exchange/plan/notice.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;

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
    return no(Error(refusal->decision->reason));
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
