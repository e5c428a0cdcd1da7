#include "hub/exchange/bundles/joint_desk.h"

#include <algorithm>
#include <deque>

#include "hub/exchange/bundles/joint_plan.h"
#include "hub/exchange/cases/case_opening.h"
#include "hub/exchange/cases/own_case.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;

// Rows and preconditions of several changes as one, each key once: two cases that bring the same
// new subject bring the same rows.
void merge(ledger::Change&& from, ledger::Change& into) {
  for (auto& row : from.rows) {
    const auto same = [&row](const auto& r) { return r.family == row.family && r.key == row.key; };
    if (std::none_of(into.rows.begin(), into.rows.end(), same)) into.rows.push_back(std::move(row));
  }
  for (auto& p : from.preconditions) {
    const auto same = [&p](const auto& q) { return q.family == p.family && q.key == p.key; };
    if (std::none_of(into.preconditions.begin(), into.preconditions.end(), same)) {
      into.preconditions.push_back(std::move(p));
    }
  }
}

// Who applies for a step, by its part in the bundle; the others are related.
Result<schemas::CaseRequest> step_request(const JointRequest& request,
                                          const schemas::BundleStep& step, std::string number) {
  schemas::CaseRequest out;
  out.matter = step.matter;
  out.case_number = std::move(number);
  out.region = request.region;
  out.officer = request.officer;
  out.related = request.related;
  if (step.applicant == "applicant") {
    out.applicant = request.applicant;
    return out;
  }
  const auto who = std::find_if(out.related.begin(), out.related.end(),
                                [&step](const auto& r) { return r.first == step.applicant; });
  if (who == out.related.end()) return Error(Reason::kSubjectUnknown, step.applicant);
  out.applicant = who->second;
  return out;
}

// What the matter ends in, as a material of its own.
schemas::Material result_of(const schemas::Matter& matter) {
  schemas::Material m;
  m.code = "result";
  m.names = matter.names;
  m.source = "licence";
  m.licence_type = matter.result_type;
  m.legal_basis = matter.legal_basis;
  m.subject = "applicant";
  return m;
}

}  // namespace

// One joint case on its way: its cases, their plans, and what is to become durable.
struct JointDesk::Sitting {
  const access::Caller& caller;
  const access::Policy& policy;
  UtcTime now;
  audit::EntryFacts about;  // what the entries of all cases say
  JointPlan plan = {};
  std::deque<schemas::Matter> results = {};  // whose only material the results of the plan are
  ledger::Change change = {};
  std::vector<CaseId> cases = {};
  std::vector<audit::EntryFacts> facts = {};  // of each case
};

Status JointDesk::add_step(Sitting& s, const CaseRecord& record, const schemas::Matter& matter,
                           const Permit& permit) const {
  auto made = LH_TRY(make_plan(parts_, {s.caller, s.policy, matter, record, permit, s.now}));
  ledger::Change rows;
  take_rows(made, rows);
  JointStep step;
  step.case_id = record.id.text();
  step.matter = &matter;
  step.plan = std::move(made.plan);
  if (matter.result_type) {
    schemas::Matter& only = s.results.emplace_back(matter);
    only.materials = {result_of(matter)};
    auto result = LH_TRY(make_plan(parts_, {s.caller, s.policy, only, record, permit, s.now}));
    for (auto& row : result.references) rows.rows.push_back(std::move(row));
    step.result = std::move(result.plan.items.front());
  }
  merge(std::move(rows), s.change);
  s.plan.steps.push_back(std::move(step));
  return ok_status();
}

// The entries of all cases in one change, the first of which records the act.
Result<access::Act> JointDesk::finish(Sitting& s, ByteView raw, const Permit& permit) const {
  auto act =
      LH_TRY(make_act({parts_.entries, parts_.random, s.now, raw}, s.facts.front(),
                      std::move(s.change), Undisclosed<std::string>(permit, joint_json(s.plan))));
  for (std::size_t i = 1; i < s.facts.size(); ++i) {
    act.change.entries.push_back(
        LH_TRY(parts_.entries.make(s.facts[i], crypto::CommitKey(parts_.random), s.now)));
  }
  return act;
}

// The named matters of the bundle, each a case of its own. Errors: refusals of the caller.
Status JointDesk::take_cases(Sitting& s, const JointRequest& request, const Permit& permit) const {
  const LocalDate today = local_date(s.now);
  for (const auto& step : s.plan.bundle->steps) {
    const auto named = std::find_if(request.cases.begin(), request.cases.end(),
                                    [&step](const auto& c) { return c.first == step.matter; });
    if (named == request.cases.end()) continue;
    const auto* matter = s.policy.find_matter(step.matter, today);
    if (matter == nullptr) return Error(Reason::kMatterUnknown, step.matter);
    if (registered_for(s.caller, step.matter, s.policy, today) == Registered::kNo) {
      return Error(Reason::kPurposeNotRegistered, step.matter);
    }
    auto opened = LH_TRY(
        take_case(parts_, LH_TRY(step_request(request, step, named->second)), s.caller, s.now));
    merge(std::move(opened.change), s.change);
    LH_TRY(add_step(s, opened.record, *matter, permit));
    s.cases.push_back(opened.record.id);
    audit::EntryFacts& facts = s.facts.emplace_back(s.about);
    facts.matter = step.matter;
    facts.box_a.case_number = named->second;
    facts.case_tag = case_tag(parts_.directory, opened.record.id);
    facts.subjects = opened.people;
    licences::say_personal(facts, named->second);
  }
  if (s.cases.size() == request.cases.size()) return ok_status();
  return Error(Reason::kMatterUnknown, "a matter that is not of the bundle");
}

// The joint case of that number: the one there is, when it is the same; else a new one.
Result<JointDesk::Numbered> JointDesk::take_joint(Sitting& s, const std::string& number) const {
  const Tag tag = joint_number_tag(parts_.directory, s.caller.organisation, number);
  const auto known = LH_TRY(find_joint_by_number(parts_.licences.store(), tag));
  if (known) {
    const bool same = known->bundle == s.plan.bundle->code && known->cases == s.cases;
    if (!same) return Error(Reason::kCaseConflict);
    return Numbered{known->id, Known::kYes};
  }
  JointRecord record;
  record.id = JointId{parts_.random.array<16>()};
  record.organisation = s.caller.organisation;
  record.bundle = s.plan.bundle->code;
  record.bundle_version = s.plan.bundle->version;
  record.opened = s.now;
  record.cases = s.cases;
  write_joint(record, tag, s.change);
  return Numbered{record.id, Known::kNo};
}

Result<access::Prepared> JointDesk::open(const JointRequest& request, ByteView raw,
                                         const access::Caller& caller,
                                         const access::Policy& policy) const {
  Sitting s{caller, policy, parts_.clock.now(),
            facts_of(schemas::AuditEvent::kCaseOpened, caller, policy)};
  licences::name_officer(s.about, parts_.directory, request.officer);
  const auto no = [&s](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(s.about)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision->reason));
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  if (const Status known = take_bundle(s, request.bundle); !known.ok()) return no(known.error());
  if (const Status taken = take_cases(s, request, permit); !taken.ok()) return no(taken.error());
  const auto joint = take_joint(s, request.number);
  if (!joint.ok()) return no(joint.error());
  s.plan.joint_id = joint->id.text();
  auto act = LH_TRY(finish(s, raw, permit));
  act.http_status = joint->known == Known::kYes ? 200 : 201;
  act.recipe = "J" + Bytes(view(joint->id.value));
  return access::Prepared(std::move(act));
}

Status JointDesk::take_bundle(Sitting& s, const std::string& code) const {
  const LocalDate today = local_date(s.now);
  s.plan.bundle = s.policy.find_bundle(code, today);
  if (s.plan.bundle == nullptr) return Reason::kBundleUnknown;
  s.about.object = s.plan.bundle->code;
  s.plan.materials = LH_TRY(access::bundle_materials(*s.plan.bundle, s.policy, today));
  return ok_status();
}

Result<access::Prepared> JointDesk::read(const JointId& id, const access::Caller& caller,
                                         const access::Policy& policy) const {
  Sitting s{caller, policy, parts_.clock.now(),
            facts_of(schemas::AuditEvent::kCaseRead, caller, policy)};
  const auto no = [&s](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(s.about)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision->reason));
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const auto record = LH_TRY(find_joint(parts_.licences.store(), id));
  // Somebody else's is answered like none at all.
  if (!record || record->organisation != caller.organisation) {
    return no(Error(Reason::kCaseUnknown));
  }
  if (const Status known = take_bundle(s, record->bundle); !known.ok()) return no(known.error());
  s.plan.joint_id = id.text();
  for (const CaseId& case_id : record->cases) {
    s.facts.push_back(s.about);
    auto own = open_own_case(parts_, case_id, caller, policy, s.facts.back());
    if (!own.ok()) return no(own.error());
    LH_TRY(add_step(s, own->record, *own->matter, permit));
  }
  return access::Prepared(LH_TRY(finish(s, view(id.value), permit)));
}

Result<access::Prepared> JointDesk::replay(ByteView recipe, const access::Caller& caller,
                                           const access::Policy& policy) const {
  if (recipe.size() != 17) return Error(Reason::kStoreCorrupt, "recipe");
  return read(JointId{LH_TRY(to_array<16>(recipe.substr(1)))}, caller, policy);
}

}  // namespace lh::hub::exchange
