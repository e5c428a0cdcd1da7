#include "base/time.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace lh {
namespace {

constexpr std::size_t kTimeText = 24;  // 2026-11-22T08:00:00.000Z
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kUtc8Ms = 28'800'000;
constexpr int kFirstYear = 1600;
constexpr int kLastYear = 9999;

struct Civil {
  int year;
  int month;
  int day;
};

// Days to civil date and back by eras of 400 years (146,097 days), the year beginning in March.
Civil civil_of(std::int32_t days) {
  const std::int64_t z = std::int64_t{days} + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int>(year), static_cast<int>(month),
          static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

std::int32_t days_of(const Civil& c) {
  const int year = c.month <= 2 ? c.year - 1 : c.year;
  const int era = year / 400;  // years are 1600 and later: never negative
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Exactly the digits of text[at, at+n), or -1.
int digits(std::string_view text, std::size_t at, std::size_t n) {
  if (at + n > text.size()) return -1;
  int v = 0;
  for (std::size_t i = at; i < at + n; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    v = v * 10 + (text[i] - '0');
  }
  return v;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && a < 0 ? 1 : 0);
}

// Instants outside the calendar we print (UtcTime::max() above all) take its nearest end.
std::int64_t within_calendar(std::int64_t ms) {
  const std::int64_t first = days_of({kFirstYear, 1, 1}) * kDayMs;
  const std::int64_t last = (days_of({kLastYear, 12, 31}) + 1) * kDayMs - 1;
  return std::clamp(ms, first, last);
}

// The number with leading zeroes; one that is too wide (a date nobody made) as it is.
void put_digits(std::string& out, int number, std::size_t width) {
  std::array<char, 4> digits{};
  int rest = number;
  for (std::size_t i = width; i > 0; rest /= 10) digits[--i] = static_cast<char>('0' + rest % 10);
  if (number < 0 || rest != 0) {
    out += std::to_string(number);
  } else {
    out.append(digits.data(), width);
  }
}

Error bad_time() {
  return Error(Reason::kDateFormat, "RFC 3339 time");
}

// ".5" to ".500": milliseconds; text is consumed.
Result<int> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  std::size_t n = 0;
  while (n + 1 < text.size() && text[n + 1] >= '0' && text[n + 1] <= '9') ++n;
  if (n == 0 || n > 3) return bad_time();
  const int scale = n == 1 ? 100 : n == 2 ? 10 : 1;
  const int ms = digits(text, 1, n) * scale;
  text.remove_prefix(n + 1);
  return ms;
}

// "Z" or "+08:00" to minutes east of UTC; nothing may follow.
Result<int> parse_offset(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return bad_time();
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return bad_time();
  // RFC 3339 section 4.3: -00:00 says "offset unknown"; an instant is not known then.
  if (text[0] == '-' && hours == 0 && minutes == 0) return bad_time();
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

Result<LocalDate> LocalDate::make(int year, int month, int day) {
  if (year < kFirstYear || year > kLastYear) return Error(Reason::kDateFormat, "year");
  if (month < 1 || month > 12) return Error(Reason::kDateFormat, "month");
  if (day < 1 || day > days_in_month(year, month)) return Error(Reason::kDateFormat, "day");
  return LocalDate(days_of({year, month, day}));
}

int LocalDate::year() const {
  return civil_of(days_).year;
}
int LocalDate::month() const {
  return civil_of(days_).month;
}
int LocalDate::day() const {
  return civil_of(days_).day;
}

std::string LocalDate::text() const {
  const Civil c = civil_of(days_);
  std::string out;
  out.reserve(kTimeText);
  put_digits(out, c.year, 4);
  put_digits(out += '-', c.month, 2);
  put_digits(out += '-', c.day, 2);
  return out;
}

std::string LocalDate::compact() const {
  const Civil c = civil_of(days_);
  std::string out;
  put_digits(out, c.year, 4);
  put_digits(out, c.month, 2);
  put_digits(out, c.day, 2);
  return out;
}

Result<LocalDate> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return Error(Reason::kDateFormat, "YYYY-MM-DD");
  }
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0) return Error(Reason::kDateFormat, "YYYY-MM-DD");
  return LocalDate::make(year, month, day);
}

Result<UtcTime> parse_time(std::string_view text) {
  const LocalDate date = LH_TRY(parse_date(text.substr(0, 10)));
  if (text.size() == 10) return start_of_day(date);
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return bad_time();
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  // Leap seconds have no place on a line of milliseconds since 1970: ":60" is refused.
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return bad_time();
  }
  std::string_view rest = text.substr(19);
  const int ms = LH_TRY(take_fraction(rest));
  const int offset = LH_TRY(parse_offset(rest));
  const std::int64_t seconds = (std::int64_t{hour} * 60 + minute - offset) * 60 + second;
  return UtcTime{date.days() * kDayMs + seconds * 1000 + ms};
}

std::string time_text(UtcTime t) {
  const std::int64_t ms = within_calendar(t.ms);
  const std::int64_t days = floor_div(ms, kDayMs);
  const int in_day = static_cast<int>(ms - days * kDayMs);
  std::string out = LocalDate::from_days(static_cast<std::int32_t>(days)).text();
  put_digits(out += 'T', in_day / 3'600'000, 2);
  put_digits(out += ':', in_day / 60'000 % 60, 2);
  put_digits(out += ':', in_day / 1000 % 60, 2);
  put_digits(out += '.', in_day % 1000, 3);
  return out += 'Z';
}

LocalDate local_date(UtcTime t) {
  const std::int64_t last = within_calendar(UtcTime::max().ms);
  const std::int64_t shifted = std::min(within_calendar(t.ms) + kUtc8Ms, last);
  return LocalDate::from_days(static_cast<std::int32_t>(floor_div(shifted, kDayMs)));
}

UtcTime start_of_day(LocalDate d) {
  return {d.days() * kDayMs - kUtc8Ms};
}

UtcTime SystemClock::now() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

std::int64_t SystemClock::monotonic_us() const {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace lh
