#include "adapters/http/request/http_date.h"

#include <algorithm>

namespace lh::adapters::http::request {
namespace {

constexpr std::int64_t kDayMs = 86400000;

std::optional<int> number(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  int out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace

std::optional<UtcTime> parse_http_date(std::string_view text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
      text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') {
    return std::nullopt;
  }
  const auto month = kMonths.find(text.substr(8, 3));
  const auto day = number(text.substr(5, 2));
  const auto year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (month == std::string_view::npos || month % 3 != 0 || !day || !year || !hour || !minute ||
      !second || *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  const auto date = LocalDate::make(*year, static_cast<int>(month / 3) + 1, *day);
  if (!date.ok()) return std::nullopt;
  return UtcTime{date->days() * kDayMs + ((*hour * 60 + *minute) * 60 + *second) * 1000LL};
}

std::optional<std::int64_t> parse_retry_after(std::string_view text, UtcTime now) {
  if (const auto seconds = number(text)) return *seconds * 1000LL;
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::max<std::int64_t>(0, date->ms - now.ms);
}

}  // namespace lh::adapters::http::request
