// Strong identifiers. Each has one checked door (parse_*) and no implicit conversion.
// Random identifiers mean nothing outside the hub; codes of the outside world carry their checks.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/personal.h"
#include "base/time.h"

namespace lh {

// ---- random identifiers of the hub ----------------------------------------------------------

struct SubjectNo {  // the only subject identifier in store keys; random 64 bits
  std::uint64_t value = 0;
  auto operator<=>(const SubjectNo&) const = default;
};

// 16 random bytes with a kind; text form = prefix + 32 hex digits, e.g. "case_00ff…".
template <class Kind>
struct RandomId {
  Tag value{};
  auto operator<=>(const RandomId&) const = default;
  std::string text() const { return std::string(Kind::kPrefix) + to_hex(view(value)); }
  static Result<RandomId> parse(std::string_view text) {
    if (!text.starts_with(Kind::kPrefix)) return Error(Reason::kIdFormat, Kind::kPrefix);
    const auto hex = text.substr(std::string_view(Kind::kPrefix).size());
    for (const char c : hex) {  // one spelling only: lower case
      if (c >= 'A' && c <= 'F') return Error(Reason::kIdFormat, Kind::kPrefix);
    }
    auto bytes = parse_hex(hex);
    if (!bytes.ok() || bytes->size() != 16) return Error(Reason::kIdFormat, Kind::kPrefix);
    return RandomId{to_array<16>(*bytes).value()};
  }
};
struct LicenceKeyKind {
  static constexpr const char* kPrefix = "lic_";
};
struct CaseIdKind {
  static constexpr const char* kPrefix = "case_";
};
struct SystemIdKind {
  static constexpr const char* kPrefix = "sys_";
};
struct ChangeIdKind {
  static constexpr const char* kPrefix = "chg_";
};
using LicenceKey = RandomId<LicenceKeyKind>;  // stable for the life of a licence
using CaseId = RandomId<CaseIdKind>;
using SystemId = RandomId<SystemIdKind>;  // a calling system of an organisation
using ChangeId = RandomId<ChangeIdKind>;  // a draft of catalogue or rules

// ---- codes of the outside world -------------------------------------------------------------

// Check characters, each over text already in the right alphabet (else nullopt).
std::optional<char> mod11_2(std::string_view digits17);    // ISO 7064 MOD 11-2 (GB 11643)
std::optional<char> mod31_3(std::string_view uscc17);      // GB 32100-2015, 5.2
std::optional<char> mod11_10_org(std::string_view code8);  // GB 11714-1997
std::optional<char> mod37_36(std::string_view text);       // ISO 7064 MOD 37,36

class Uscc {  // 统一社会信用代码 GB 32100-2015; not personal, except of sole traders (code 92…)
 public:
  Uscc() = default;
  const std::string& text() const { return text_; }
  std::string organisation_code() const { return text_.substr(8, 9); }
  std::string division() const { return text_.substr(2, 6); }
  bool sole_trader() const { return text_.starts_with("92"); }
  auto operator<=>(const Uscc&) const = default;

 private:
  friend Result<Uscc> parse_uscc(std::string_view);
  std::string text_;
};
// Input: exactly 18 characters, upper case. The check character of the organisation code inside is
// not asked for. Errors: id.format, id.check_digit.
Result<Uscc> parse_uscc(std::string_view text);

// 公民身份号码 GB 11643-1999: 18 characters, X upper case; born 1850–2199. The 15-digit form of old
// data is only ever an alias. Errors: id.format, id.check_digit, id.birth_date.
Result<Personal<std::string>> parse_resident_id(std::string_view text);
// 组织机构代码 GB 11714-1997. Input: "NNNNNNNN-X" or 9 characters, upper case. Output: 9
// characters.
Result<std::string> parse_organisation_code(std::string_view text);

class LicenceTypeCode {  // 证照类型代码: USCC of the defining body (18) + 3 characters
 public:
  LicenceTypeCode() = default;
  const std::string& text() const { return text_; }
  auto operator<=>(const LicenceTypeCode&) const = default;

 private:
  friend Result<LicenceTypeCode> parse_licence_type_code(std::string_view);
  std::string text_;
};
Result<LicenceTypeCode> parse_licence_type_code(std::string_view text);

// 电子证照标识 GB/T 36904: 1.2.156.3005.2.<type 21>.<issuer USCC 18>.<serial>.<version 3>.<check>
// Deviates: issuer codes that fail their own check are refused with id.issuer (seen in test data).
class LicenceId {
 public:
  LicenceId() = default;
  const std::string& text() const { return text_; }
  std::string_view type() const;
  std::string_view issuer() const;
  std::string_view serial() const;
  int version() const;
  auto operator<=>(const LicenceId&) const = default;

 private:
  friend Result<LicenceId> parse_licence_id(std::string_view);
  std::string text_;
};
Result<LicenceId> parse_licence_id(std::string_view text);
// serial: 1..32 of 0-9A-Z; version 1..999. Gives the full identifier with its check character.
Result<LicenceId> make_licence_id(const LicenceTypeCode& type, const Uscc& issuer,
                                  std::string_view serial, int version);

// Identifier of a holder or applicant: scheme and value as they came from outside.
enum class IdScheme : std::uint8_t {  // stored; never renumber
  kResidentId = 1,                    // 公民身份号码, holder-code type 111
  kUscc = 2,                          // 统一社会信用代码, 001
  kOrganisationCode = 3,              // 组织机构代码 (alias)
  kRegistrationNo = 4,                // 工商注册号 (alias)
  kResidentId15 = 5,                  // 15-digit number (alias)
  kPassport = 6,                      // 普通护照, 414
  kLocal = 7,                         // local:<source>; never matched by name or across sources
};
std::string_view scheme_text(IdScheme scheme);  // "resident_id", "uscc", …
Result<IdScheme> parse_scheme(std::string_view text);

struct SubjectId {
  IdScheme scheme = IdScheme::kUscc;
  Personal<std::string>
      value;  // normalised: trimmed, full-width folded, upper case (local: trimmed)
};
// Checks and normalises by scheme. Errors: id.format, id.check_digit, id.birth_date.
Result<SubjectId> parse_subject_id(IdScheme scheme, std::string_view value);
// True where the subject is a natural person or a sole trader: sealed under the subject's key.
// Also true where that cannot be told from the identifier (registration number, local).
bool is_personal(const SubjectId& id);

// ---- divisions ------------------------------------------------------------------------------

// 行政区划 GB/T 2260 (6 digits), GB/T 10114 (9), statistical use (12). The code is kept as it was
// valid at issue; codes are merged and abolished over time.
class Division {
 public:
  Division() = default;
  const std::string& code() const { return code_; }  // 6, 9 or 12 digits
  // By code hierarchy: 220000 ⊇ 220100 ⊇ 220102; 100000 is the whole country. An empty division
  // contains nothing and is contained in nothing.
  bool contains(const Division& other) const;
  auto operator<=>(const Division&) const = default;

 private:
  friend Result<Division> parse_division(std::string_view);
  std::string code_;
};
Result<Division> parse_division(std::string_view text);  // form only; see schemas/division_table.h

}  // namespace lh
