// Dates as old systems write them, read by the formats a mapping names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace lh::adapters::convert {

// Which day stands for a value that names only a year or a month.
enum class PartDay : std::uint8_t { kRefuse, kFirst, kLast };

class DateReader {
 public:
  // Input: formats separated by '|', tried in order, and optionally "first" or "last". %Y is four
  // digits; %m and %d are one or two (exactly two where a digit or another part follows at once);
  // %H %M %S are two digits and are dropped; %% is a percent sign. "" = the four usual forms:
  // %Y-%m-%d|%Y/%m/%d|%Y年%m月%d日|%Y%m%d. Errors: mapping.invalid — among them two formats that
  // differ only in the order of month and day, and a format without %d when neither first nor last
  // says which day is meant.
  static Result<DateReader> parse(std::string_view argument);
  std::optional<LocalDate> read(std::string_view text) const;  // the whole text, nothing beside it

 private:
  struct Part {
    char kind = 0;  // 'Y' 'm' 'd', 'T' (two digits, dropped), or 0: literal
    bool two_digits = false;
    std::string literal;
  };
  using Format = std::vector<Part>;
  static Result<Format> parse_format(std::string_view text);
  struct Found {  // the numbers of a text; 0 = the format has no such part
    int year = 0;
    int month = 0;
    int day = 0;
  };
  static bool has(const Format& format, char kind);
  static std::optional<Found> match(const Format& format, std::string_view text);
  std::optional<LocalDate> day_of(const Format& format, Found found) const;

  std::vector<Format> formats_;
  PartDay part_day_ = PartDay::kRefuse;
};

}  // namespace lh::adapters::convert
