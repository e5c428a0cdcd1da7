// The list of proofs (证明事项, 减证便民), code tables, entries of the sharing directory and the
// rule of publication in JSON (docs/formats/catalogue.md).
#include <array>

#include "schemas/catalogue/parts.h"
#include "schemas/catalogue_lists.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kCodesPerTable = 2000;
constexpr std::array<std::string_view, 3> kAttributes = {"unconditional", "conditional",
                                                         "not_shared"};
constexpr std::array<std::string_view, 4> kWays = {"interface", "file", "database", "platform"};
constexpr std::array<std::string_view, 6> kCycles = {"real_time", "daily",     "weekly",
                                                     "monthly",   "quarterly", "yearly"};
constexpr std::array<std::string_view, 3> kOpen = {"unconditional", "conditional", "not_open"};

Result<Names> labels_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  Names out;
  out.chinese = LH_TRY(read_filled(r, "chinese", 256));
  out.english = LH_TRY(read_filled(r, "english", 256));
  LH_TRY(r.finish());
  return out;
}

Result<std::string> read_id(ObjectReader& r) {
  std::string id = LH_TRY(r.string("id", 64));
  if (!is_definition_id(id)) return member_error(r, "id", Reason::kJsonValue, "not an id");
  return id;
}

Status read_object(ObjectReader& r, DirectoryEntry& e) {
  e.object = LH_TRY(read_filled(r, "object", 32));
  if (!is_base_kind(e.object)) {
    const auto code = parse_licence_type_code(e.object);
    if (!code.ok()) return member_error(r, "object", code.error().reason());
  }
  e.attribute = LH_TRY(read_word(r, "attribute", kAttributes));
  e.legal_basis = LH_TRY(r.optional_string("legal_basis", 1024)).value_or("");
  if (e.legal_basis.empty() && e.attribute != "unconditional") {
    return member_error(r, "legal_basis", Reason::kDefinitionInvalid,
                        "what is not shared freely says why");
  }
  return {};
}

Status read_terms(ObjectReader& r, DirectoryEntry& e) {
  e.kind = LH_TRY(read_word(r, "kind", kWays));
  e.standard = LH_TRY(read_filled(r, "standard", 256));
  e.scope = LH_TRY(read_filled(r, "scope", 1024));
  e.procedure = LH_TRY(read_filled(r, "procedure", 1024));
  e.update_cycle = LH_TRY(read_word(r, "update_cycle", kCycles));
  e.provider = LH_TRY(read_uscc(r, "provider"));
  e.open = LH_TRY(read_word(r, "open", kOpen));
  if (e.attribute == "not_shared" && e.open != "not_open") {
    return member_error(r, "open", Reason::kDefinitionInvalid, "what is not shared is not open");
  }
  return {};
}

constexpr std::array<std::string_view, 2> kStates = {"retained", "abolished"};
constexpr std::array<std::string_view, 3> kReplacements = {"licence", "commitment",
                                                           "online_verification"};

// An abolished proof says from when and what takes its place; a retained one says neither.
Status read_state(ObjectReader& r, Proof& p) {
  const bool abolished = LH_TRY(read_word(r, "state", kStates)) == "abolished";
  const auto from = LH_TRY(read_date(r, "abolished_from"));
  const auto type = LH_TRY(read_type_code(r, "licence_type"));
  const bool replaced = r.optional("replacement") != nullptr;
  if (!abolished) {
    if (!from && !type && !replaced) return {};
    return member_error(r, "state", Reason::kDefinitionInvalid, "a retained proof has no end");
  }
  if (!from) return member_error(r, "abolished_from", Reason::kJsonMissingMember);
  const std::string mode = LH_TRY(read_word(r, "replacement", kReplacements));
  Abolished a{*from, ProofReplacement::kLicence, type};
  if (mode == "commitment") a.replacement = ProofReplacement::kCommitment;
  if (mode == "online_verification") a.replacement = ProofReplacement::kOnlineVerification;
  if (type.has_value() != (a.replacement == ProofReplacement::kLicence)) {
    return member_error(r, "licence_type", Reason::kDefinitionInvalid,
                        "goes with the replacement licence");
  }
  p.abolished = a;
  return {};
}

}  // namespace

Result<CodeTable> code_table_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "code_table"));
  CodeTable t;
  t.id = LH_TRY(read_id(r));
  t.version = LH_TRY(read_version(r));
  t.effective = LH_TRY(read_effective(r));
  t.names = LH_TRY(read_names(r));
  const Json* codes = LH_TRY(r.object("codes"));
  if (codes->members()->empty() || codes->members()->size() > kCodesPerTable) {
    return member_error(r, "codes", Reason::kDefinitionInvalid, "1 to 2000 codes");
  }
  for (const auto& [code, labels] : *codes->members()) {
    if (code.empty() || code.size() > 64) {
      return member_error(r, "codes", Reason::kJsonValue, "a code is empty or too long");
    }
    t.codes.emplace_back(code,
                         LH_TRY(labels_from_json(labels, r.path("codes." + shown_name(code)))));
  }
  LH_TRY(r.finish());
  return t;
}

Json code_table_to_json(const CodeTable& t) {
  Json j = Json::object();
  j.set("id", t.id).set("version", t.version);
  j.set("effective", effective_to_json(t.effective)).set("names", names_to_json(t.names));
  Json::Object codes;
  codes.reserve(t.codes.size());
  for (const auto& [code, labels] : t.codes) codes.emplace_back(code, names_to_json(labels));
  j.set("codes", Json(std::move(codes)));
  return j;
}

Result<DirectoryEntry> directory_entry_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "sharing_directory"));
  DirectoryEntry e;
  e.id = LH_TRY(read_id(r));
  e.version = LH_TRY(read_version(r));
  e.effective = LH_TRY(read_effective(r));
  e.names = LH_TRY(read_names(r));
  for (const auto step : {read_object, read_terms}) {
    LH_TRY(step(r, e));
  }
  LH_TRY(r.finish());
  return e;
}

Json directory_entry_to_json(const DirectoryEntry& e) {
  Json j = Json::object();
  j.set("id", e.id).set("version", e.version);
  j.set("effective", effective_to_json(e.effective)).set("names", names_to_json(e.names));
  j.set("object", e.object).set("attribute", e.attribute);
  if (!e.legal_basis.empty()) j.set("legal_basis", e.legal_basis);
  j.set("kind", e.kind).set("standard", e.standard).set("scope", e.scope);
  j.set("procedure", e.procedure).set("update_cycle", e.update_cycle);
  j.set("provider", e.provider.text()).set("open", e.open);
  return j;
}

Result<PublicationRule> publication_rule_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "publication_rule"));
  PublicationRule rule;
  rule.id = LH_TRY(read_id(r));
  if (rule.id != kPublicationRule) {
    return member_error(r, "id", Reason::kJsonValue, "there is one: publication");
  }
  rule.version = LH_TRY(read_version(r));
  rule.effective = LH_TRY(read_effective(r));
  LH_TRY(r.array("filing_required"));
  rule.filing_required = LH_TRY(read_texts(r, "filing_required"));
  LH_TRY(check_words(r, "filing_required", rule.filing_required, kDefinitionKinds));
  LH_TRY(r.finish());
  return rule;
}

Json publication_rule_to_json(const PublicationRule& rule) {
  Json j = Json::object();
  j.set("id", rule.id).set("version", rule.version);
  j.set("effective", effective_to_json(rule.effective));
  j.set("filing_required", texts_to_json(rule.filing_required));
  return j;
}

std::string_view replacement_text(ProofReplacement r) {
  switch (r) {
    case ProofReplacement::kLicence:
      return "licence";
    case ProofReplacement::kCommitment:
      return "commitment";
    case ProofReplacement::kOnlineVerification:
      return "online_verification";
  }
  LH_CHECK(false, "a replacement outside the list");
  return {};
}

Result<Proof> proof_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "proof"));
  Proof p;
  p.code = LH_TRY(r.string("code", 64));
  if (!is_code(p.code, 64)) {
    return member_error(r, "code", Reason::kJsonValue, "not a code");
  }
  p.version = LH_TRY(read_version(r));
  p.effective = LH_TRY(read_effective(r));
  p.names = LH_TRY(read_names(r));
  p.legal_basis = LH_TRY(read_filled(r, "legal_basis", 1024));
  LH_TRY(read_state(r, p));
  LH_TRY(r.finish());
  return p;
}

Json proof_to_json(const Proof& p) {
  Json j = Json::object();
  j.set("code", p.code).set("version", p.version);
  j.set("effective", effective_to_json(p.effective)).set("names", names_to_json(p.names));
  j.set("legal_basis", p.legal_basis).set("state", p.abolished ? "abolished" : "retained");
  if (p.abolished) {
    j.set("abolished_from", p.abolished->from.text());
    j.set("replacement", replacement_text(p.abolished->replacement));
    if (p.abolished->licence_type) j.set("licence_type", p.abolished->licence_type->text());
  }
  return j;
}

}  // namespace lh::schemas
