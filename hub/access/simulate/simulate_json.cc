#include "hub/access/simulate/simulate_json.h"

#include "hub/access/simulate/explain.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::access {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::size_t kMostDifferences = 2000;

Json array_of(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push(text);
  return out;
}

Result<std::vector<std::string>> read_texts(ObjectReader& r, const char* member) {
  std::vector<std::string> out;
  const Json* list = r.optional(member);
  if (list == nullptr) return out;
  if (list->items() == nullptr) return Error(Reason::kJsonWrongType, r.path(member));
  for (const auto& item : *list->items()) {
    if (item.string() == nullptr) return Error(Reason::kJsonWrongType, r.path(member));
    out.push_back(*item.string());
  }
  return out;
}

Result<LocalDate> read_day(ObjectReader& r, LocalDate today) {
  const auto text = LH_TRY(r.optional_string("at", 10));
  if (!text) return today;
  const auto day = parse_date(*text);
  if (!day.ok()) return Error(Reason::kDateFormat, r.path("at"));
  return *day;
}

// Who asks in the question: an organisation of the registry, by default as it is registered.
Result<Caller> read_caller(ObjectReader& r, const Registry& registry) {
  const auto uscc = parse_uscc(LH_TRY(r.string("organisation", 18)));
  if (!uscc.ok()) return Error(uscc.error().reason(), r.path("organisation"));
  const auto known = registry.find_organisation(*uscc);
  if (!known) return Error(Reason::kOrganisationUnknown, r.path("organisation"));
  Caller out;
  out.organisation = *uscc;
  out.division = LH_TRY(r.optional_string("division", 12)).value_or(known->division);
  for (const auto& text : LH_TRY(read_texts(r, "roles"))) {
    const auto role = parse_role(text);
    if (!role.ok()) return Error(Reason::kJsonValue, r.path("roles"));
    out.roles.insert(*role);
  }
  if (out.roles.empty()) out.roles = {Role::kFetch};
  return out;
}

Json decision_json(const Decision& d) {
  Json withheld = Json::array();
  for (const auto& w : d.withheld) {
    Json item = Json::object();
    item.set("field", w.field).set("rule", w.rule);
    withheld.push(std::move(item));
  }
  Json out = Json::object();
  out.set("allowed", d.allowed()).set("reason", reason_id(d.reason));
  out.set("fields", array_of(d.fields)).set("withheld", std::move(withheld));
  out.set("rule", d.rule).set("rule_version", d.rule_version);
  out.set("legal_basis", d.legal_basis).set("policy_epoch", d.policy_epoch);
  return out;
}

Json explanation_json(const Explanation& e) {
  Json rules = Json::array();
  for (const auto& considered : e.rules) {
    const auto& rule = *considered.rule;
    Json item = Json::object();
    item.set("rule", rule.id).set("version", rule.version);
    item.set("effect", rule.effect == schemas::RuleEffect::kDeny ? "deny" : "allow");
    item.set("bearing", bearing_text(considered.bearing));
    item.set("matter", rule.matter).set("fields", array_of(rule.fields));
    item.set("legal_basis", rule.legal_basis);
    rules.push(std::move(item));
  }
  Json out = decision_json(e.decision);
  return out.set("rules", std::move(rules));
}

std::vector<Caller> callers_of(const Registry& registry) {
  std::vector<Caller> out;
  for (const auto& system : registry.systems()) {
    const auto organisation = registry.find_organisation(system.organisation);
    const bool fetches = system.roles.contains(Role::kFetch);
    if (!organisation || !fetches || system.state != State::kActive) continue;
    out.push_back({system.id, system.organisation, organisation->division, system.roles, {}});
  }
  return out;
}

Json difference_json(const AccessChange& d) {
  Json out = Json::object();
  out.set("organisation", d.caller->organisation.text()).set("system", d.caller->system.text());
  out.set("matter", d.matter).set("object", d.object).set("with_consent", d.with_consent);
  out.set("gained", array_of(d.gained)).set("lost", array_of(d.lost));
  return out.set("before", reason_id(d.before)).set("after", reason_id(d.after));
}

}  // namespace

Result<Simulated> explain_json(const Json& body, const Policy& policy, const Asking& asking) {
  auto r = LH_TRY(ObjectReader::open(body, "question"));
  const Caller asker = LH_TRY(read_caller(r, asking.registry));
  const LocalDate at = LH_TRY(read_day(r, asking.today));
  const std::string matter = LH_TRY(schemas::read_line(r, "matter", 64));
  std::string object = LH_TRY(schemas::read_line(r, "object", 64));
  const auto asked = LH_TRY(read_texts(r, "fields"));
  const bool consent = LH_TRY(r.optional_boolean("consent")).value_or(false);
  LH_TRY(r.finish());
  const auto fields = fields_of_object(policy, object, at);
  if (fields.empty()) return Error(Reason::kTypeUnknown, "question.object");
  const Question q{Operation::kFetch, asker, matter, object, fields, asked, at, consent};
  Json explanation = explanation_json(explain(q, policy));
  return Simulated{std::move(explanation), std::move(object)};
}

Result<Simulated> what_if_json(const Json& body, const Policy& policy, const Asking& asking) {
  auto r = LH_TRY(ObjectReader::open(body, "trial"));
  const auto rule = LH_TRY(schemas::sharing_rule_from_json(*LH_TRY(r.object("rule"))));
  const LocalDate at = LH_TRY(read_day(r, asking.today));
  LH_TRY(r.finish());
  const auto then = LH_TRY(with_rule(policy, rule));
  const auto callers = callers_of(asking.registry);
  Json list = Json::array();
  std::size_t count = 0;
  for (const auto& difference : what_if(policy, *then, callers, at)) {
    if (++count <= kMostDifferences) list.push(difference_json(difference));
  }
  Json out = Json::object();
  out.set("at", at.text()).set("systems", callers.size());
  out.set("differences", std::move(list)).set("count", count);
  return Simulated{std::move(out), rule.object};
}

Result<Json> replay_json(const audit::Entry& entry, const std::vector<std::string>& released,
                         const History& history) {
  const bool decided = !entry.object.empty() && !entry.matter.empty() && !entry.system.empty();
  if (!decided) return Error(Reason::kAuditIndex, "not a decision of the gate");
  const auto policy = LH_TRY(policy_at(history.store, entry.policy_epoch));
  const auto system = SystemId::parse(entry.system);
  const auto uscc = parse_uscc(entry.organisation);
  if (!system.ok() || !uscc.ok()) return Error(Reason::kAuditIndex, "not a decision of the gate");
  const auto known = history.registry.find_system(*system);
  Caller caller{*system, *uscc, entry.division, known ? known->roles : std::set<Role>{}, {}};
  const LocalDate at = local_date(entry.time);
  const bool pulled = entry.event == schemas::AuditEvent::kLicenceShared;
  Question q{
      pulled ? Operation::kPullLicences : Operation::kFetch, caller,   entry.matter, entry.object,
      fields_of_object(*policy, entry.object, at),           released, at,           false};
  const auto same = [&](const Decision& d) {
    return d.rule == entry.rule && d.rule_version == entry.rule_version && d.fields == released;
  };
  if (!same(decide(q, *policy))) q.has_consent = true;  // the entry does not say whether there was
  if (!same(decide(q, *policy))) q.has_consent = false;
  const Explanation explanation = explain(q, *policy);
  Json logged = Json::object();
  logged.set("index", entry.index).set("time", time_text(entry.time));
  logged.set("reason", entry.reason).set("rule", entry.rule);
  logged.set("rule_version", entry.rule_version).set("fields", array_of(released));
  Json out = Json::object();
  out.set("same", same(explanation.decision)).set("policy_epoch", policy->epoch());
  out.set("consent", q.has_consent).set("logged", std::move(logged));
  return out.set("decided", explanation_json(explanation));
}

}  // namespace lh::hub::access
