// Identifiers of holders and applicants as they come from outside.
#include <algorithm>
#include <utility>

#include "base/ids.h"
#include "base/ids/full_width.h"

namespace lh {
namespace {

constexpr std::pair<IdScheme, std::string_view> kSchemes[] = {
    {IdScheme::kResidentId, "resident_id"},
    {IdScheme::kUscc, "uscc"},
    {IdScheme::kOrganisationCode, "organisation_code"},
    {IdScheme::kRegistrationNo, "registration_no"},
    {IdScheme::kResidentId15, "resident_id_15"},
    {IdScheme::kPassport, "passport"},
    {IdScheme::kLocal, "local"},
};
constexpr std::size_t kLocalBytes = 128;

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string normalised(std::string_view text) {
  std::string out = trimmed(half_width(text));
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper_or_digit(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z');
}

Status check_pattern(std::string_view value, bool (*allowed)(char), std::size_t from,
                     std::size_t to) {
  if (value.size() < from || value.size() > to) return Error(Reason::kIdFormat, "length");
  if (!std::all_of(value.begin(), value.end(), allowed)) return Error(Reason::kIdFormat);
  return {};
}

// GB 11643-1989: 6 digits division, YYMMDD of the 1900s, 3 digits sequence, no check digit.
Status check_resident_id_15(std::string_view v) {
  LH_TRY(check_pattern(v, is_digit, 15, 15));
  const auto two = [v](std::size_t at) { return (v[at] - '0') * 10 + (v[at + 1] - '0'); };
  if (!LocalDate::make(1900 + two(6), two(8), two(10)).ok()) return Error(Reason::kIdBirthDate);
  return {};
}

Status check_local(std::string_view v) {
  if (v.empty() || v.size() > kLocalBytes || !is_utf8(v)) return Error(Reason::kIdFormat, "local");
  const auto control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
  if (std::any_of(v.begin(), v.end(), control)) return Error(Reason::kIdFormat, "local");
  return {};
}

Result<std::string> checked(IdScheme scheme, std::string_view raw) {
  if (scheme == IdScheme::kLocal) {  // another house's key: its case and width may mean something
    std::string local = trimmed(std::string(raw));
    LH_TRY(check_local(local));
    return local;
  }
  std::string v = normalised(raw);
  switch (scheme) {
    case IdScheme::kResidentId:
      LH_TRY(parse_resident_id(v));
      return v;
    case IdScheme::kUscc:
      LH_TRY(parse_uscc(v));
      return v;
    case IdScheme::kOrganisationCode:
      return parse_organisation_code(v);
    case IdScheme::kRegistrationNo:
      LH_TRY(check_pattern(v, is_upper_or_digit, 6, 20));
      return v;
    case IdScheme::kResidentId15:
      LH_TRY(check_resident_id_15(v));
      return v;
    case IdScheme::kPassport:
      LH_TRY(check_pattern(v, is_upper_or_digit, 5, 20));
      return v;
    case IdScheme::kLocal:
      break;
  }
  return Error(Reason::kIdScheme);
}

}  // namespace

std::string_view scheme_text(IdScheme scheme) {
  for (const auto& [known, text] : kSchemes) {
    if (known == scheme) return text;
  }
  return "unknown";
}

Result<IdScheme> parse_scheme(std::string_view text) {
  for (const auto& [scheme, known] : kSchemes) {
    if (known == text) return scheme;
  }
  return Error(Reason::kIdScheme);
}

Result<SubjectId> parse_subject_id(IdScheme scheme, std::string_view value) {
  return SubjectId{scheme, Personal<std::string>(LH_TRY(checked(scheme, value)))};
}

bool is_personal(const SubjectId& id) {
  switch (id.scheme) {
    case IdScheme::kUscc:
      return id.value.reveal().starts_with("92");
    case IdScheme::kOrganisationCode:
      return false;
    case IdScheme::kResidentId:
    case IdScheme::kResidentId15:
    case IdScheme::kPassport:
    case IdScheme::kRegistrationNo:
    case IdScheme::kLocal:
      return true;
  }
  return true;
}

}  // namespace lh
