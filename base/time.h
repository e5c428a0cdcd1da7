// Instants, civil dates and the clock that is passed in.
// Business dates are civil dates of UTC+8; an instant is milliseconds since 1970-01-01T00:00:00Z.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lh {

struct UtcTime {
  std::int64_t ms = 0;
  auto operator<=>(const UtcTime&) const = default;
  UtcTime plus_ms(std::int64_t d) const { return {ms + d}; }
  static constexpr UtcTime max() { return {std::numeric_limits<std::int64_t>::max()}; }
};

// A day of the proleptic Gregorian calendar, counted in days since 1970-01-01.
class LocalDate {
 public:
  LocalDate() = default;
  static LocalDate from_days(std::int32_t days) { return LocalDate(days); }
  static Result<LocalDate> make(int year, int month, int day);  // 1600..9999; date.format
  std::int32_t days() const { return days_; }
  int year() const;
  int month() const;
  int day() const;
  LocalDate plus_days(std::int32_t n) const { return LocalDate(days_ + n); }
  std::string text() const;     // 2026-11-22
  std::string compact() const;  // 20261122
  auto operator<=>(const LocalDate&) const = default;

 private:
  explicit LocalDate(std::int32_t days) : days_(days) {}
  std::int32_t days_ = 0;
};

// Input: YYYY-MM-DD only. Errors: date.format.
Result<LocalDate> parse_date(std::string_view text);
// Input: RFC 3339 with upper-case 'T' and 'Z' or an offset, at most milliseconds, no leap second;
// or YYYY-MM-DD (start of that day, UTC+8). Errors: date.format.
Result<UtcTime> parse_time(std::string_view text);
// Both take instants beyond the years 1600..9999 as the nearest instant within.
std::string time_text(UtcTime t);   // RFC 3339, UTC, milliseconds
LocalDate local_date(UtcTime t);    // the UTC+8 day that holds t
UtcTime start_of_day(LocalDate d);  // first instant of the UTC+8 day

// No room reads a clock of its own: one is passed in. Threads: all functions may be called
// anywhere.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  virtual UtcTime now() const = 0;
  virtual std::int64_t monotonic_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  UtcTime now() const override;
  std::int64_t monotonic_us() const override;
};

}  // namespace lh
