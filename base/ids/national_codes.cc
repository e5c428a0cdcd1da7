// 统一社会信用代码, 公民身份号码, 组织机构代码, 行政区划代码.
#include <algorithm>

#include "base/ids.h"

namespace lh {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Digits that were checked to be digits.
int number(std::string_view text) {
  int v = 0;
  for (const char c : text) v = v * 10 + (c - '0');
  return v;
}

// The part of a division code that is not filled up with zeros: 2, 4, 6, 9 or 12 digits.
std::string_view significant(std::string_view code) {
  constexpr std::size_t kLevels[] = {2, 4, 6, 9};
  for (const std::size_t n : kLevels) {
    if (n >= code.size()) break;
    const std::string_view rest = code.substr(n);
    if (rest.find_first_not_of('0') == std::string_view::npos) return code.substr(0, n);
  }
  return code;
}

}  // namespace

Result<Uscc> parse_uscc(std::string_view text) {
  if (text.size() != 18) return Error(Reason::kIdFormat, "18 characters");
  // GB 32100-2015, 4.2: characters 3 to 8 are the division code of the registering body.
  if (!all_digits(text.substr(2, 6))) return Error(Reason::kIdFormat, "division digits");
  const auto check = mod31_3(text.substr(0, 17));
  const bool last_fits = mod31_3(text.substr(1)).has_value();  // asks for the alphabet only
  if (!check || !last_fits) return Error(Reason::kIdFormat, "characters");
  if (*check != text[17]) return Error(Reason::kIdCheckDigit, "MOD 31-3");
  Uscc uscc;
  uscc.text_ = text;
  return uscc;
}

Result<Personal<std::string>> parse_resident_id(std::string_view text) {
  constexpr int kFirstYear = 1850;
  constexpr int kLastYear = 2199;
  if (text.size() != 18 || text[0] == '0') return Error(Reason::kIdFormat, "18 characters");
  const auto check = mod11_2(text.substr(0, 17));
  const bool last_fits = text[17] == 'X' || all_digits(text.substr(17));
  if (!check || !last_fits) return Error(Reason::kIdFormat, "characters");
  if (*check != text[17]) return Error(Reason::kIdCheckDigit, "MOD 11-2");
  const int year = number(text.substr(6, 4));
  const auto birth = LocalDate::make(year, number(text.substr(10, 2)), number(text.substr(12, 2)));
  if (!birth.ok() || year < kFirstYear || year > kLastYear) return Error(Reason::kIdBirthDate);
  return Personal<std::string>(std::string(text));
}

Result<std::string> parse_organisation_code(std::string_view text) {
  std::string code(text);
  if (code.size() == 10 && code[8] == '-') code.erase(8, 1);
  if (code.size() != 9) return Error(Reason::kIdFormat, "9 characters");
  const auto check = mod11_10_org(std::string_view(code).substr(0, 8));
  if (!check) return Error(Reason::kIdFormat, "characters");
  if (*check != code[8]) return Error(Reason::kIdCheckDigit, "GB 11714 MOD 11");
  return code;
}

Result<Division> parse_division(std::string_view text) {
  const bool known_length = text.size() == 6 || text.size() == 9 || text.size() == 12;
  if (!known_length || !all_digits(text) || text[0] == '0') {
    return Error(Reason::kIdFormat, "6, 9 or 12 digits");
  }
  Division d;
  d.code_ = text;
  return d;
}

bool Division::contains(const Division& other) const {
  if (code_.empty() || other.code_.empty()) return false;
  const std::string_view mine = significant(code_);
  // 100000 stands for the whole country where national bodies register (GB 32100-2015, table 1).
  if (mine == "10") return true;
  return significant(other.code_).starts_with(mine);
}

}  // namespace lh
