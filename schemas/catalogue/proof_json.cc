// The list of proofs (证明事项, 减证便民) in JSON (docs/formats/catalogue.md).
#include <array>

#include "schemas/catalogue/parts.h"
#include "schemas/catalogue_lists.h"

namespace lh::schemas {
namespace {

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
