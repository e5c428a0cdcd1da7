// Sharing rules in JSON (docs/formats/catalogue.md). Nothing that decides has a default: a rule
// says its effect, mode, callers, divisions, matter and object itself.
#include "schemas/catalogue/parts.h"

namespace lh::schemas {
namespace {

Status read_effect(ObjectReader& r, SharingRule& rule) {
  const std::string effect = LH_TRY(r.string("effect", 16));
  if (effect != "allow" && effect != "deny") {
    return member_error(r, "effect", Reason::kJsonValue, "allow or deny");
  }
  rule.effect = effect == "allow" ? RuleEffect::kAllow : RuleEffect::kDeny;
  const std::string mode = LH_TRY(r.string("mode", 16));
  if (mode != "values" && mode != "predicate" && mode != "verify_only") {
    return member_error(r, "mode", Reason::kJsonValue, "values, predicate or verify_only");
  }
  rule.mode = mode == "values"      ? RuleMode::kValues
              : mode == "predicate" ? RuleMode::kPredicate
                                    : RuleMode::kVerifyOnly;
  return {};
}

Status read_scope(ObjectReader& r, SharingRule& rule) {
  rule.callers = LH_TRY(read_texts(r, "callers"));
  rule.divisions = LH_TRY(read_texts(r, "divisions"));
  rule.roles = LH_TRY(read_texts(r, "roles"));
  if (rule.callers.empty()) return member_error(r, "callers", Reason::kRuleInvalid, "nobody");
  if (rule.divisions.empty()) return member_error(r, "divisions", Reason::kRuleInvalid, "nowhere");
  for (const std::string& caller : rule.callers) {
    if (caller == "*") continue;
    const auto uscc = parse_uscc(caller);
    if (!uscc.ok()) return member_error(r, "callers", uscc.error().reason());
  }
  for (const std::string& code : rule.divisions) {
    if (code == "*") continue;
    const auto division = parse_division(code);
    if (!division.ok()) return member_error(r, "divisions", division.error().reason());
  }
  return {};
}

Status read_subject_matter(ObjectReader& r, SharingRule& rule) {
  rule.matter = LH_TRY(read_filled(r, "matter", 36));
  rule.object = LH_TRY(read_filled(r, "object", 32));
  if (!is_base_kind(rule.object)) {
    const auto code = parse_licence_type_code(rule.object);
    if (!code.ok()) return member_error(r, "object", code.error().reason());
  }
  rule.fields = LH_TRY(read_texts(r, "fields"));
  if (rule.fields.empty() && rule.mode != RuleMode::kVerifyOnly) {
    return member_error(r, "fields", Reason::kRuleInvalid, "none is named");
  }
  rule.legal_basis = LH_TRY(r.string("legal_basis", 1024));
  if (rule.legal_basis.empty())
    return member_error(r, "legal_basis", Reason::kRuleInvalid, "empty");
  rule.consent_needed = LH_TRY(r.optional_boolean("consent_needed")).value_or(false);
  return {};
}

std::string_view mode_text(RuleMode mode) {
  switch (mode) {
    case RuleMode::kValues:
      return "values";
    case RuleMode::kPredicate:
      return "predicate";
    case RuleMode::kVerifyOnly:
      return "verify_only";
  }
  LH_CHECK(false, "a rule mode outside the list");
  return {};
}

}  // namespace

Result<SharingRule> sharing_rule_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "sharing_rule"));
  SharingRule rule;
  rule.id = LH_TRY(r.string("id", 64));
  if (!is_definition_id(rule.id)) return member_error(r, "id", Reason::kJsonValue, "not a rule id");
  rule.version = LH_TRY(read_version(r));
  rule.effective = LH_TRY(read_effective(r));
  for (const auto step : {read_effect, read_scope, read_subject_matter}) {
    LH_TRY(step(r, rule));
  }
  LH_TRY(r.finish());
  return rule;
}

Json sharing_rule_to_json(const SharingRule& rule) {
  Json j = Json::object();
  j.set("id", rule.id).set("version", rule.version);
  j.set("effective", effective_to_json(rule.effective));
  j.set("effect", rule.effect == RuleEffect::kAllow ? "allow" : "deny");
  j.set("mode", mode_text(rule.mode));
  j.set("callers", texts_to_json(rule.callers)).set("divisions", texts_to_json(rule.divisions));
  if (!rule.roles.empty()) j.set("roles", texts_to_json(rule.roles));
  j.set("matter", rule.matter).set("object", rule.object);
  if (!rule.fields.empty()) j.set("fields", texts_to_json(rule.fields));
  j.set("legal_basis", rule.legal_basis);
  if (rule.consent_needed) j.set("consent_needed", true);
  return j;
}

}  // namespace lh::schemas
