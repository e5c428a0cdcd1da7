// Deadlines in working days as data (schemas/data/deadlines/sharing.csv), and the light of the
// e-supervision: yellow when few working days are left, red when the day has passed.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "schemas/deadlines/working_days.h"

namespace lh::schemas {

struct Deadline {
  int working_days = 0;
  int warn_days = 0;  // yellow when so many or fewer are left
  std::string basis;
};

class DeadlineTable {
 public:
  // Input: lines id,working_days,warn_days,basis. Errors: input.malformed.
  static Result<DeadlineTable> parse(std::string_view csv);
  static const DeadlineTable& shipped();
  const Deadline* find(std::string_view id) const;  // null when it is not there

 private:
  std::map<std::string, Deadline, std::less<>> deadlines_;
};

enum class Light : std::uint8_t { kGreen, kYellow, kRed };  // 电子监察: 黄牌, 红牌
std::string_view light_text(Light light);
Light light_of(LocalDate due, LocalDate today, int warn_days, const SpecialDays& special);
// The last day of so many working days; the day after `from` is the first.
LocalDate due_after(LocalDate from, const Deadline& deadline, const SpecialDays& special);

}  // namespace lh::schemas
