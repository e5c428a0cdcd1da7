// Licence types, matters, materials, base-data kinds and sharing rules as data. Each is an
// immutable version (kind, id, version, effective interval); the files under schemas/data are the
// first ones.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "schemas/fields.h"

namespace lh::schemas {

struct Names {
  std::string chinese;
  std::string english;
};

Json names_to_json(const Names& n);  // {"chinese": …, "english": …}

struct Effective {  // both ends inclusive, UTC+8 days; no end = until replaced
  LocalDate from;
  std::optional<LocalDate> until;
  bool covers(LocalDate d) const { return from <= d && (!until || d <= *until); }
};

enum class HolderKind : std::uint8_t { kNaturalPerson = 1, kLegalEntity = 2, kEither = 3 };

// 多证合一: from that day another type stands for this one; nothing is issued of it any more.
struct MergedInto {
  LicenceTypeCode type;
  LocalDate from;
};

// 证照类型要求: the standard of the C0xxx series and what the type is for.
struct TypeRequirements {
  std::string standard;
  std::string scope;
};
// 编目要求: the category it is listed under, and the levels of government that issue it.
struct TypeCataloguing {
  std::string category;
  std::vector<std::string> levels;  // of kLevels
};
// 样式要求: millimetres from the upper left corner of a page, pages from 1.
struct SealPosition {
  int page = 1;
  int left_mm = 0;
  int top_mm = 0;
};
struct TypeStyle {
  std::string paper;  // "A3", "A4", "A5", "card"
  std::vector<SealPosition> seals;
};
// 编码规则: how the serial number of a licence is made.
struct TypeCoding {
  std::string serial_rule;
  std::string legal_basis;  // may be empty
};
// The chapters of the C0xxx series beside the items (fields). Carried and served; shape is checked.
struct TypeChapters {
  std::optional<TypeRequirements> requirements;
  std::optional<TypeCataloguing> cataloguing;
  std::optional<TypeStyle> style;
  std::vector<std::string> verification;  // 验证: "qr_code", "digest", "signature", "online"
  std::optional<TypeCoding> coding;
};

// 证照类型 after the chapters of the C0xxx series: requirements, items, cataloguing, style,
// verification, coding.
struct LicenceType {
  LicenceTypeCode code;
  int version = 1;
  Effective effective;
  Names names;
  Uscc defining_authority;
  HolderKind holder = HolderKind::kEither;
  std::optional<int> validity_years;  // none = 长期 allowed
  std::string sharing;                // "unconditional" | "conditional" | "not_shared"
  std::string number_field;           // the field that holds 证照编号
  std::vector<FieldDefinition> fields;
  // Fields of kind code whose codes are those of a table: (field, id of the table). The catalogue
  // fills their codes for a day (hub/access).
  std::vector<std::pair<std::string, std::string>> code_tables;
  TypeChapters chapters;
  std::optional<MergedInto> merged_into;
};

// A base-data kind: "natural_person", "legal_entity", "address".
struct BaseKind {
  std::string id;
  int version = 1;
  Names names;
  std::vector<FieldDefinition> fields;
};

enum class DayCount : std::uint8_t { kWorking = 1, kCalendar = 2 };
struct Term {  // 期限: counted from the day after it begins
  int days = 0;
  DayCount count = DayCount::kWorking;
};

// 容缺后补: the material may follow until the term ends.
struct Deferral {
  Term term;
  std::vector<int> remind_before;  // calendar days before its end
  std::string legal_basis;
  Names consequence;  // what happens when it does not follow
};

// 告知承诺: a signed promise takes the place of the material and is checked afterwards.
struct Commitment {
  Names text;  // what the applicant signs
  Term check;  // until when it is to be checked
  std::string legal_basis;
  int breach_days = 0;  // calendar days that a breach closes this way to the applicant
  Names consequence;    // of a breach
};

// How far what is held can be relied on; the order is that of the values.
enum class Trust : std::uint8_t {
  kScannedCopy = 1,   // 高拍彩扫: seen and sealed by a clerk
  kCollected = 2,     // stock data, signed by the department that collected it
  kIssuerSigned = 3,  // signed by who issued it
};

std::string_view trust_text(Trust trust);

struct Material {
  std::string code;
  Names names;
  std::string source;                           // "licence" | "base_data" | "document"
  std::optional<LicenceTypeCode> licence_type;  // of source licence
  std::string base_kind;                        // of source base_data
  std::string legal_basis;                      // empty: nobody may demand it (not_demandable)
  std::string subject;                          // "applicant" | "legal_representative" | "employee"
  std::vector<std::string> issued_by_roles;     // informative
  bool issued_by_asker = false;                 // the asking department issues it itself (own)
  bool yes_no_suffices = false;                 // 可通过网络核验: nobody needs the values
  std::string proof;                            // code of the 证明事项 it is, when it is one
  std::optional<int> max_age_days;              // of what is held, since it was issued
  std::optional<Trust> trust;                   // at least
  std::optional<Deferral> deferral;
  std::optional<Commitment> commitment;
};

struct Matter {      // 事项
  std::string code;  // 实施编码, up to 36 characters
  int version = 1;
  Effective effective;
  Names names;
  Uscc implementing_body;
  std::string division;
  std::optional<LicenceTypeCode> result_type;  // the licence the matter ends in
  std::string legal_basis;
  std::vector<Material> materials;
  // Of the catalogue it implements (目录清单): its basic code there, and the kind of matter.
  std::string catalogue_code;  // empty: of no catalogue
  std::string level;           // of kLevels, or empty
  std::string matter_type;  // 事项类型 in words of the catalogue (行政许可 …), or empty
};

enum class RuleMode : std::uint8_t { kValues = 1, kPredicate = 2, kVerifyOnly = 3 };
enum class RuleEffect : std::uint8_t { kAllow = 1, kDeny = 2 };

struct SharingRule {
  std::string id;
  int version = 1;
  Effective effective;
  RuleEffect effect = RuleEffect::kAllow;
  std::vector<std::string> callers;    // USCCs of organisations, or "*"
  std::vector<std::string> divisions;  // scope of the caller's division; "*" = any
  std::vector<std::string> roles;      // any of; empty = no role demanded
  std::string matter;                  // matter code or "*"
  std::string object;                  // licence type code or base-data kind
  std::vector<std::string> fields;     // names, or "*"
  RuleMode mode = RuleMode::kValues;
  std::string legal_basis;  // must not be empty
  bool consent_needed = false;
};

Result<LicenceType> licence_type_from_json(const Json& j);
Json licence_type_to_json(const LicenceType& t);
Result<BaseKind> base_kind_from_json(const Json& j);
Json base_kind_to_json(const BaseKind& k);
Result<Matter> matter_from_json(const Json& j);  // a material without legal basis is accepted only
Json matter_to_json(const Matter& m);            // with "not_demandable": true, see docs/formats
Result<SharingRule> sharing_rule_from_json(const Json& j);
Json sharing_rule_to_json(const SharingRule& r);

// One rule of the plan (四不提交): when every condition holds, the material has this state. A
// condition is the name of a fact, or ! and its name; the facts are those of the engine
// (docs/formats/plan.md). The first rule of the list that fits decides.
struct PlanRule {
  std::string id;  // "plan.held_valid": what an answer gives as its reason
  std::vector<std::string> when;
  std::string state;
  Names names;
};
struct PlanRules {
  int version = 1;
  std::vector<PlanRule> rules;
};
Result<PlanRules> plan_rules_from_json(const Json& j);

// The definitions that are part of the binary (schemas/data). LH_CHECK: they are valid (tested).
std::vector<LicenceType> shipped_licence_types();
std::vector<BaseKind> shipped_base_kinds();
std::vector<Matter> shipped_matters();
std::vector<SharingRule> shipped_sharing_rules();
PlanRules shipped_plan_rules();

}  // namespace lh::schemas
