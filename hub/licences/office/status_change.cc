// Status actions: 激活, 暂扣, 发还, 注销, 撤销, 吊销, 转出. A fact is added, nothing is
// overwritten; effective_at may be past, and what was known before stays known as it was.
#include <algorithm>

#include "hub/licences/office/answers.h"
#include "hub/licences/office/desk.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/rows/head_row.h"
#include "hub/licences/rows/keys.h"
#include "hub/licences/rows/status_rules.h"

namespace lh::hub::licences {
namespace {

Result<LicenceHead> find_licence(const LicenceStore& licences, const std::string& name) {
  if (name.starts_with(LicenceKeyKind::kPrefix)) {
    const auto key = LicenceKey::parse(name);
    if (!key.ok()) return Error(Reason::kLicenceUnknown);
    return licences.head(*key);
  }
  const auto key = LH_TRY(licences.find_by_id(name));
  if (!key) return Error(Reason::kLicenceUnknown);
  return licences.head(*key);
}

// Two conditions: the licence has not ended, at any time and as far as anybody knows; and the
// status it had when the action takes effect allows it.
Status check_transition(const LicenceHead& head, schemas::StatusAction action, UtcTime effective) {
  const bool ended = std::any_of(head.facts.begin(), head.facts.end(),
                                 [](const HeadFact& f) { return rows::is_end(f.kind); });
  const auto then =
      rows::evaluate(head.versions, head.facts, version_in_force(head, effective), effective);
  if (ended || rows::transition(then.status, action) == rows::Transition::kRefused) {
    return Error(Reason::kLicenceTransition, std::string(schemas::action_text(action)) + " while " +
                                                 std::string(schemas::status_text(then.status)));
  }
  return ok_status();
}

// A key to seal the ground under: of the first holder whose key still exists.
Result<subjects::SubjectKey> holder_key(const subjects::SubjectDirectory& directory,
                                        const LicenceHead& head) {
  for (const SubjectNo no : head.holders) {
    auto key = directory.get(no);
    if (key.ok() || key.error().reason() != Reason::kKeyErased) return key;
  }
  return Error(Reason::kKeyErased);
}

std::string status_answer(const LicenceHead& head, const schemas::StatusRequest& request,
                          UtcTime effective, UtcTime now) {
  const int version = version_in_force(head, now);
  const auto status = rows::evaluate(head.versions, head.facts, version, now).status;
  std::string out = "{";
  append_member(out, "licence_key", head.key.text());
  append_member(out, "licence_id", find_version(head, version)->licence_id);
  out += ",\"version\":" + std::to_string(version);
  append_member(out, "action", schemas::action_text(request.action));
  append_member(out, "effective_at", time_text(effective));
  append_member(out, "status", schemas::status_text(status));
  return out += '}';
}

}  // namespace

Result<access::Prepared> LicenceOffice::change_status(const schemas::StatusRequest& request,
                                                      ByteView raw, const access::Caller& caller,
                                                      const access::Policy& policy) {
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kLicenceStatus, caller, policy);
  name_officer(facts, parts_.directory, request.officer);
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kStatus, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision->reason));
  }
  auto found = find_licence(parts_.licences, request.licence);
  if (!found.ok()) return no(found.error());
  LicenceHead head = std::move(*found);
  name_licence(facts, parts_.directory, head);
  if (head.issuer != caller.organisation) return no(Error(Reason::kLicenceIssuer));
  const UtcTime now = parts_.clock.now();
  const UtcTime effective = request.effective_at.value_or(now);
  if (auto possible = check_transition(head, request.action, effective); !possible.ok()) {
    return no(possible.error());
  }
  const auto holder = holder_key(parts_.directory, head);
  if (!holder.ok()) return no(holder.error());
  facts.purpose = schemas::action_text(request.action);
  facts.licence_key = head.key;
  say_personal(facts, head.licence_id + "\n" + request.ground);
  ledger::Change change;
  change.preconditions.push_back(
      {store::Family::kData, rows::head_key(head.key), head.commit_index});
  auto row = desk_->add_fact(
      head, {static_cast<FactKind>(request.action), effective, request.ground}, *holder);
  if (!row.ok()) return no(row.error());
  change.rows.push_back(std::move(*row));
  change.rows.push_back({store::Family::kData, rows::head_key(head.key), rows::encode_head(head)});
  if (parts_.outbox) {
    auto told = parts_.outbox({head.key, head.type, version_in_force(head, now),
                               schemas::action_text(request.action), now, effective});
    for (auto& one : told) change.rows.push_back(std::move(one));
  }
  std::string answer = status_answer(head, request, effective, now);
  Bytes recipe = text_recipe(head.key, answer);
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  access::Act act =
      LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts),
                      std::move(change), Undisclosed<std::string>(permit, std::move(answer))));
  act.recipe = std::move(recipe);
  return access::Prepared(std::move(act));
}

}  // namespace lh::hub::licences
