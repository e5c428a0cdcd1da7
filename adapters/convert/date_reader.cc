#include "adapters/convert/date_reader.h"

#include <algorithm>

#include "adapters/convert/words.h"

namespace lh::adapters::convert {
namespace {

constexpr std::string_view kUsualForms = "%Y-%m-%d|%Y/%m/%d|%Y年%m月%d日|%Y%m%d";

Error invalid(std::string what) {
  return Error(Reason::kMappingInvalid, "date: " + std::move(what));
}

// Takes from..to digits from the front of text; -1 when there are fewer.
int take_number(std::string_view& text, std::size_t from, std::size_t to) {
  int v = 0;
  std::size_t n = 0;
  for (; n < to && n < text.size() && text[n] >= '0' && text[n] <= '9'; ++n) {
    v = v * 10 + (text[n] - '0');
  }
  if (n < from) return -1;
  text.remove_prefix(n);
  return v;
}

// 2018-01-05 is one date, 05/01/2018 may be two: with both orders a wrong day would pass unseen.
std::string with_day_and_month_swapped(std::string_view format) {
  std::string out(format);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] != '%') continue;
    ++i;
    if (out[i] == 'm') {
      out[i] = 'd';
    } else if (out[i] == 'd') {
      out[i] = 'm';
    }
  }
  return out;
}

}  // namespace

Result<DateReader::Format> DateReader::parse_format(std::string_view text) {
  Format out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (out.empty() || out.back().kind != 0) out.emplace_back();
      out.back().literal.push_back(text[i]);
      continue;
    }
    const char c = ++i < text.size() ? text[i] : ' ';
    if (c == '%') {
      out.push_back({0, false, "%"});
    } else if (c == 'H' || c == 'M' || c == 'S') {
      out.push_back({'T', true, {}});
    } else if (c == 'Y' || c == 'm' || c == 'd') {
      const auto same = [c](const Part& p) { return p.kind == c; };
      if (std::any_of(out.begin(), out.end(), same)) return invalid("a part stands twice");
      out.push_back({c, false, {}});
    } else {
      return invalid("only %Y %m %d %H %M %S %% are known");
    }
  }
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const Part& next = out[i + 1];
    const bool digit = next.kind == 0 && next.literal[0] >= '0' && next.literal[0] <= '9';
    out[i].two_digits = out[i].two_digits || next.kind != 0 || digit;
  }
  return out;
}

Result<DateReader> DateReader::parse(std::string_view argument) {
  DateReader reader;
  std::vector<std::string> texts;
  for (std::string& word : split_words(argument.empty() ? kUsualForms : argument, '|')) {
    if (word == "first" || word == "last") {
      reader.part_day_ = word == "first" ? PartDay::kFirst : PartDay::kLast;
    } else {
      texts.push_back(std::move(word));
    }
  }
  if (texts.empty()) texts = split_words(kUsualForms, '|');
  for (const std::string& text : texts) {
    const std::string swapped = with_day_and_month_swapped(text);
    if (swapped != text && std::find(texts.begin(), texts.end(), swapped) != texts.end()) {
      return invalid("two formats differ only in the order of month and day");
    }
    Format format = LH_TRY(parse_format(text));
    if (!has(format, 'Y') || (has(format, 'd') && !has(format, 'm'))) {
      return invalid("a format without %Y, or %d without %m");
    }
    if (!has(format, 'd') && reader.part_day_ == PartDay::kRefuse) {
      return invalid("a format without %d needs first or last");
    }
    reader.formats_.push_back(std::move(format));
  }
  return reader;
}

bool DateReader::has(const Format& format, char kind) {
  return std::any_of(format.begin(), format.end(),
                     [kind](const Part& part) { return part.kind == kind; });
}

std::optional<DateReader::Found> DateReader::match(const Format& format, std::string_view text) {
  Found found;
  for (const Part& part : format) {
    if (part.kind == 0) {
      if (!text.starts_with(part.literal)) return std::nullopt;
      text.remove_prefix(part.literal.size());
      continue;
    }
    const std::size_t most = part.kind == 'Y' ? 4 : 2;
    const bool exact = part.two_digits || part.kind == 'Y' || part.kind == 'T';
    const int number = take_number(text, exact ? most : 1, most);
    if (number < 0) return std::nullopt;
    if (part.kind == 'Y') found.year = number;
    if (part.kind == 'm') found.month = number;
    if (part.kind == 'd') found.day = number;
  }
  if (!text.empty()) return std::nullopt;
  return found;
}

std::optional<LocalDate> DateReader::day_of(const Format& format, Found found) const {
  const bool last = part_day_ == PartDay::kLast;
  if (!has(format, 'm')) found.month = last ? 12 : 1;
  if (!has(format, 'd')) found.day = 1;
  const auto date = LocalDate::make(found.year, found.month, found.day);
  if (!date.ok()) return std::nullopt;
  if (has(format, 'd') || !last) return *date;
  // The day before the first of the next month: 31 days on is always in the next month.
  const LocalDate next = date->plus_days(31);
  return next.plus_days(-next.day());
}

std::optional<LocalDate> DateReader::read(std::string_view text) const {
  for (const Format& format : formats_) {
    const auto found = match(format, text);
    if (!found) continue;
    if (auto date = day_of(format, *found)) return date;
  }
  return std::nullopt;
}

}  // namespace lh::adapters::convert
