// What a catalogue holds beside types, matters and rules: bundles (一件事), the list of proofs
// (证明事项), code tables, the sharing directory, and which kinds of definitions must be filed
// (备案) before they are published. Each is an immutable version like the others
// (schemas/catalogue.h).
#pragma once

#include "schemas/catalogue.h"

namespace lh::schemas {

// The levels of government of a catalogue, from above.
inline constexpr std::string_view kLevels[] = {"national", "province", "city",
                                               "county",   "township", "village"};

// One matter of a bundle. People are named as in the bundle: the applicant of a matter may be an
// employee of the bundle's applicant.
struct BundleStep {
  std::string matter;
  std::string applicant = "applicant";  // who of the bundle applies for it
  std::vector<std::string> after;       // matters that stand before it, whose results it waits for
};
struct Bundle {  // 一件事套餐
  std::string code;
  int version = 1;
  Effective effective;
  Names names;
  std::string legal_basis;
  std::vector<BundleStep> steps;
};

// 减证便民: how an abolished proof is replaced.
enum class ProofReplacement : std::uint8_t {
  kLicence = 1,
  kCommitment = 2,
  kOnlineVerification = 3
};
struct Abolished {
  LocalDate from;
  ProofReplacement replacement = ProofReplacement::kLicence;
  std::optional<LicenceTypeCode> licence_type;  // for kLicence: which one shows it
};
struct Proof {  // 证明事项
  std::string code;
  int version = 1;
  Effective effective;
  Names names;
  std::string legal_basis;
  std::optional<Abolished> abolished;  // none: retained
};

struct CodeTable {
  std::string id;
  int version = 1;
  Effective effective;
  Names names;
  std::vector<std::pair<std::string, Names>> codes;
};

// An entry of the sharing directory (国发〔2016〕51号; 发改高技〔2017〕1272号): what is shared how.
struct DirectoryEntry {
  std::string id;
  int version = 1;
  Effective effective;
  Names names;
  std::string object;        // licence type code or base-data kind
  std::string attribute;     // "unconditional" | "conditional" | "not_shared"
  std::string legal_basis;   // needed unless unconditional
  std::string kind;          // 共享方式: "interface", "file", "database", "platform"
  std::string standard;      // the standard of the items
  std::string scope;         // for whom, for which use
  std::string procedure;     // how to apply
  std::string update_cycle;  // "real_time", "daily", "weekly", "monthly", "quarterly", "yearly"
  Uscc provider;
  std::string open;  // 开放属性: "unconditional", "conditional", "not_open"
};

// Which kinds of definitions are published only after their filing. One id: "publication".
struct PublicationRule {
  std::string id;
  int version = 1;
  Effective effective;
  std::vector<std::string> filing_required;  // of kDefinitionKinds
};
inline constexpr std::string_view kPublicationRule = "publication";
// The words for kinds of definitions, in requests and answers.
inline constexpr std::string_view kDefinitionKinds[] = {
    "licence_type", "base_kind",         "matter",          "sharing_rule", "bundle", "proof",
    "code_table",   "sharing_directory", "publication_rule"};

// Readers are strict; what contradicts itself is definition.invalid.
Result<Bundle> bundle_from_json(const Json& j);
Json bundle_to_json(const Bundle& b);
Result<Proof> proof_from_json(const Json& j);
Json proof_to_json(const Proof& p);
Result<CodeTable> code_table_from_json(const Json& j);
Json code_table_to_json(const CodeTable& t);
Result<DirectoryEntry> directory_entry_from_json(const Json& j);
Json directory_entry_to_json(const DirectoryEntry& e);
Result<PublicationRule> publication_rule_from_json(const Json& j);
Json publication_rule_to_json(const PublicationRule& r);
std::string_view replacement_text(ProofReplacement r);  // "licence" …

// The ones that are part of the binary (schemas/data).
std::vector<Bundle> shipped_bundles();
std::vector<Proof> shipped_proofs();
std::vector<CodeTable> shipped_code_tables();
std::vector<DirectoryEntry> shipped_directory();
std::vector<PublicationRule> shipped_publication_rules();

}  // namespace lh::schemas
