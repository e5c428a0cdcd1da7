#include "hub/access/definitions/checks.h"

#include <algorithm>

#include "hub/access/definitions/shelves.h"

namespace lh::hub::access {
namespace {

constexpr int kMergersInARow = 8;

std::string at_item(std::string_view list, std::size_t i, std::string_view member) {
  return std::string(list) + "[" + std::to_string(i) + "]." + std::string(member);
}

bool is_base_kind(const Policy& policy, std::string_view object) {
  return policy.find_base_kind(object) != nullptr;
}

Status object_exists(const Policy& policy, const std::string& object, LocalDate at) {
  if (is_base_kind(policy, object) || policy.find_type(object, at) != nullptr) return {};
  const bool is_type = parse_licence_type_code(object).ok();
  return Error(is_type ? Reason::kTypeUnknown : Reason::kDefinitionUnknown, "object");
}

// Looks at a definition on its first day.
class Check {
 public:
  Check(const Policy& policy, LocalDate at, std::map<LocalDate, ProofGraph>& graphs)
      : policy_(policy), at_(at), graphs_(graphs) {}

  Status operator()(const schemas::LicenceType& type) const {
    for (const auto& [field, table] : type.code_tables) {
      if (policy_.find_code_table(table, at_) == nullptr) {
        return Error(Reason::kDefinitionUnknown, "fields[" + field + "].code_table");
      }
    }
    return type.merged_into ? merger(type) : ok_status();
  }
  Status operator()(const schemas::BaseKind& /*kind*/) const { return {}; }
  Status operator()(const schemas::Matter& matter) const {
    if (matter.result_type && !known(*matter.result_type)) {
      return Error(Reason::kTypeUnknown, "result_type");
    }
    for (std::size_t i = 0; i < matter.materials.size(); ++i) LH_TRY(material(matter, i));
    const auto circle = graphs_.try_emplace(at_, policy_, at_).first->second.circle_of(matter.code);
    if (circle.empty()) return {};
    std::string detail;
    for (const auto& code : circle) detail += code + " -> ";
    return Error(Reason::kCircularProof, detail + circle.front());
  }
  Status operator()(const schemas::SharingRule& rule) const {
    if (rule.matter != "*" && policy_.find_matter(rule.matter, at_) == nullptr) {
      return Error(Reason::kMatterUnknown, "matter");
    }
    return object_exists(policy_, rule.object, at_);
  }
  Status operator()(const schemas::Bundle& bundle) const {
    for (std::size_t i = 0; i < bundle.steps.size(); ++i) {
      if (policy_.find_matter(bundle.steps[i].matter, at_) == nullptr) {
        return Error(Reason::kMatterUnknown, at_item("matters", i, "matter"));
      }
    }
    return {};
  }
  Status operator()(const schemas::Proof& proof) const {
    const bool named = proof.abolished && proof.abolished->licence_type;
    if (named && policy_.find_type(proof.abolished->licence_type->text(),
                                   std::max(at_, proof.abolished->from)) == nullptr) {
      return Error(Reason::kTypeUnknown, "licence_type");
    }
    return {};
  }
  Status operator()(const schemas::CodeTable& /*table*/) const { return {}; }
  // The directory tells departments what the definition decides; it cannot say something else.
  Status operator()(const schemas::DirectoryEntry& entry) const {
    LH_TRY(object_exists(policy_, entry.object, at_));
    const auto* type = policy_.find_type(entry.object, at_);
    if (type != nullptr && type->sharing != entry.attribute) {
      return Error(Reason::kDefinitionInvalid, "attribute: the licence type says " + type->sharing);
    }
    return {};
  }
  Status operator()(const schemas::PublicationRule& /*rule*/) const { return {}; }

 private:
  bool known(const LicenceTypeCode& code) const {
    return policy_.find_type(code.text(), at_) != nullptr;
  }

  Status merger(const schemas::LicenceType& type) const {
    LocalDate day = std::max(at_, type.merged_into->from);
    const schemas::LicenceType* next = &type;
    for (int i = 0; i < kMergersInARow && next->merged_into; ++i) {
      day = std::max(day, next->merged_into->from);
      next = policy_.find_type(next->merged_into->type.text(), day);
      if (next == nullptr) return Error(Reason::kTypeUnknown, "merged_into.type");
      if (next->code == type.code) break;
    }
    if (next->code == type.code || next->merged_into) {
      return Error(Reason::kDefinitionInvalid, "merged_into: the mergers do not end");
    }
    return {};
  }

  Status material(const schemas::Matter& matter, std::size_t i) const {
    const schemas::Material& m = matter.materials[i];
    if (m.licence_type && !known(*m.licence_type)) {
      return Error(Reason::kTypeUnknown, at_item("materials", i, "licence_type"));
    }
    if (!m.base_kind.empty() && !is_base_kind(policy_, m.base_kind)) {
      return Error(Reason::kDefinitionUnknown, at_item("materials", i, "base_kind"));
    }
    return proof(m, i);
  }

  Status proof(const schemas::Material& m, std::size_t i) const {
    if (m.proof.empty() || m.legal_basis.empty()) return {};  // kept readable, not demanded
    switch (proof_state(policy_, m.proof, at_).standing) {
      case ProofStanding::kRetained:
        break;
      case ProofStanding::kAbolished:
        return Error(Reason::kProofAbolished, at_item("materials", i, "proof"));
      case ProofStanding::kNotListed:
        return Error(Reason::kProofNotRetained, at_item("materials", i, "proof"));
    }
    return {};
  }

  const Policy& policy_;
  LocalDate at_;
  std::map<LocalDate, ProofGraph>& graphs_;
};

}  // namespace

Status Checks::check(const Definition& definition) {
  return std::visit(Check(policy_, effective_of(definition).from, graphs_), definition);
}

Status check_definition(const Definition& definition, const Policy& with_it) {
  return Checks(with_it).check(definition);
}

ProofState proof_state(const Policy& policy, std::string_view code, LocalDate at) {
  const auto* proof = policy.find_proof(code, at);
  if (proof == nullptr) return {};
  const bool ended = proof->abolished && proof->abolished->from <= at;
  return {ended ? ProofStanding::kAbolished : ProofStanding::kRetained, proof};
}

}  // namespace lh::hub::access
