// POST /v1/entrustments, /v1/entrustments/query, /v1/entrustments/withdraw.
#include <algorithm>

#include "hub/exchange/rights/holder_sitting.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::refuse;
using schemas::AuditEvent;
using schemas::Json;

constexpr std::int64_t kLongestMs = 3LL * 366 * 24 * 3600 * 1000;

Json entrustment_json(const Entrustment& e, UtcTime now) {
  Json matters = Json::array();
  for (const auto& matter : e.matters) matters.push(matter);
  Json acts = Json::array();
  for (const AgentAct act : e.acts) acts.push(act_text(act));
  Json out = Json::object();
  out.set("entrustment_id", e.id.text());
  out.set("matters", std::move(matters)).set("acts", std::move(acts));
  out.set("given", time_text(e.given)).set("expires", time_text(e.expires));
  const char* state = e.withdrawn ? "withdrawn" : now >= e.expires ? "expired" : "live";
  return out.set("state", state);
}

Status check_matters(const std::vector<std::string>& matters, const access::Policy& policy,
                     LocalDate today) {
  for (const auto& matter : matters) {
    const bool any = matter == "*" && matters.size() == 1;
    if (!any && policy.find_matter(matter, today) == nullptr) {
      return Error(Reason::kMatterUnknown, "entrustment.matters");
    }
  }
  return ok_status();
}

void take_rows(subjects::Registration& from, ledger::Change& change) {
  for (auto& row : from.rows) change.rows.push_back(std::move(row));
  for (auto& p : from.preconditions) change.preconditions.push_back(std::move(p));
}

// How the agent is called, for the principal to read: scheme ‖ identifier.
Bytes named(const SubjectId& agent) {
  return Bytes(1, static_cast<char>(agent.scheme)) + agent.value.reveal();
}

Result<Json> agent_json(const Entrustment& e, const subjects::SubjectKey& principal,
                        const subjects::SubjectDirectory& directory) {
  const auto plain = LH_TRY(directory.open(principal, e.agent_name, entrustment_key(e)));
  if (plain.empty()) return Error(Reason::kStoreCorrupt, "entrustment");
  Json out = Json::object();
  out.set("scheme", scheme_text(static_cast<IdScheme>(plain.front())));
  return out.set("id", plain.substr(1));
}

}  // namespace

Result<access::Prepared> HolderDesk::entrust(const EntrustmentRequest& request,
                                             const HolderCall& call) const {
  auto facts = facts_of(AuditEvent::kEntrustmentGiven, call.caller, call.policy);
  facts.object = "entrustment";
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto sitting = sit_down(request.assertion, facts, call);
  if (!sitting.ok()) return no(sitting.error());
  const UtcTime now = sitting->now;
  const Status known = check_matters(request.matters, call.policy, local_date(now));
  if (!known.ok()) return no(known.error());
  if (request.expires <= now || request.expires > now.plus_ms(kLongestMs)) {
    return no(Error(Reason::kJsonValue, "entrustment.expires"));
  }
  auto principal = LH_TRY(parts_.directory.find_or_register(sitting->id));
  auto agent = LH_TRY(parts_.directory.find_or_register(request.agent));
  if (agent.key.no == principal.key.no) {
    return no(Error(Reason::kEntrustmentInvalid, "the holder as agent"));
  }
  Entrustment e;
  e.id.value = parts_.random.array<16>();
  e.principal = principal.key.no;
  e.agent = agent.key.no;
  e.matters = request.matters;
  e.acts = request.acts;
  e.given = now;
  e.expires = request.expires;
  e.agent_name = parts_.directory.seal(principal.key, named(request.agent), entrustment_key(e));
  facts.subjects = {principal.key, agent.key};
  take_rows(principal, sitting->change);
  take_rows(agent, sitting->change);
  sitting->change.rows.push_back(entrustment_row(e));
  auto prepared =
      LH_TRY(answer(call, std::move(facts), std::move(*sitting), entrustment_json(e, now)));
  std::get<access::Act>(prepared).http_status = 201;
  return prepared;
}

Result<access::Prepared> HolderDesk::list_entrustments(const std::string& assertion,
                                                       const HolderCall& call) const {
  auto facts = facts_of(AuditEvent::kOwnAccesses, call.caller, call.policy);
  facts.object = "entrustment";
  auto sitting = sit_down(assertion, facts, call);
  if (!sitting.ok()) return access::Prepared(refuse(sitting.error(), std::move(facts)));
  Json list = Json::array();
  if (sitting->subject) {
    for (const auto& e : LH_TRY(entrustments_of(parts_.store, sitting->subject->no))) {
      Json item = entrustment_json(e, sitting->now);
      item.set("agent", LH_TRY(agent_json(e, *sitting->subject, parts_.directory)));
      list.push(std::move(item));
    }
  }
  Json body = Json::object();
  body.set("entrustments", std::move(list));
  return answer(call, std::move(facts), std::move(*sitting), std::move(body));
}

// Somebody else's entrustment is answered like none at all.
Result<access::Prepared> HolderDesk::withdraw_entrustment(const WithdrawRequest& request,
                                                          const HolderCall& call) const {
  auto facts = facts_of(AuditEvent::kEntrustmentWithdrawn, call.caller, call.policy);
  facts.object = "entrustment";
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto sitting = sit_down(request.assertion, facts, call);
  if (!sitting.ok()) return no(sitting.error());
  const auto id = EntrustmentId::parse(request.id);
  if (!id.ok() || !sitting->subject) return no(Error(Reason::kEntrustmentInvalid));
  const auto all = LH_TRY(entrustments_of(parts_.store, sitting->subject->no));
  const auto found =
      std::find_if(all.begin(), all.end(), [&id](const auto& e) { return e.id == *id; });
  if (found == all.end()) return no(Error(Reason::kEntrustmentInvalid));
  Entrustment e = *found;
  if (!e.withdrawn) e.withdrawn = sitting->now;
  sitting->change.rows.push_back(entrustment_row(e));
  Json body = entrustment_json(e, sitting->now);
  return answer(call, std::move(facts), std::move(*sitting), std::move(body));
}

}  // namespace lh::hub::exchange
