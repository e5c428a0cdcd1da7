#include "adapters/convert/checks.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "adapters/convert/words.h"
#include "base/ids.h"

namespace lh::adapters::convert {
namespace {

using Made = Result<std::unique_ptr<const Check>>;

Error invalid(std::string what) {
  return Error(Reason::kMappingInvalid, std::move(what));
}

// A wrong check digit is told apart: it is the one slip that a department can look for.
template <class T>
std::optional<Reason> row_reason(const Result<T>& parsed) {
  if (parsed.ok()) return std::nullopt;
  return parsed.error().reason() == Reason::kIdCheckDigit ? Reason::kRowCheckDigit
                                                          : Reason::kRowCheck;
}

std::optional<Reason> uscc(std::string_view v) {
  return row_reason(parse_uscc(v));
}
std::optional<Reason> resident_id(std::string_view v) {
  return row_reason(parse_resident_id(v));
}
std::optional<Reason> organisation_code(std::string_view v) {
  return row_reason(parse_organisation_code(v));
}
std::optional<Reason> division(std::string_view v) {
  return row_reason(parse_division(v));
}
std::optional<Reason> digits(std::string_view v) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (std::all_of(v.begin(), v.end(), digit)) return std::nullopt;
  return Reason::kRowCheck;
}

class Plain final : public Check {
 public:
  using Test = std::optional<Reason> (*)(std::string_view);
  explicit Plain(Test test) : test_(test) {}
  std::optional<Reason> failure(std::string_view value) const override { return test_(value); }

 private:
  Test test_;
};

// Units: bytes of UTF-8.
class Length final : public Check {
 public:
  Length(std::size_t from, std::size_t to, Reason reason) : from_(from), to_(to), reason_(reason) {}
  std::optional<Reason> failure(std::string_view value) const override {
    if (value.size() < from_ || value.size() > to_) return reason_;
    return std::nullopt;
  }

 private:
  std::size_t from_;
  std::size_t to_;
  Reason reason_;
};

class OneOf final : public Check {
 public:
  explicit OneOf(std::vector<std::string> words) : words_(std::move(words)) {}
  std::optional<Reason> failure(std::string_view value) const override {
    if (std::find(words_.begin(), words_.end(), value) != words_.end()) return std::nullopt;
    return Reason::kRowEnum;
  }

 private:
  std::vector<std::string> words_;
};

class DateRange final : public Check {
 public:
  DateRange(LocalDate from, LocalDate to) : from_(from), to_(to) {}
  std::optional<Reason> failure(std::string_view value) const override {
    const auto date = parse_date(value);
    if (!date.ok() || *date < from_ || *date > to_) return Reason::kRowDate;
    return std::nullopt;
  }

 private:
  LocalDate from_;
  LocalDate to_;
};

Made make_plain(std::string_view name) {
  constexpr std::pair<std::string_view, Plain::Test> kPlain[] = {
      {"uscc", uscc},
      {"resident_id", resident_id},
      {"organisation_code", organisation_code},
      {"division", division},
      {"digits", digits}};
  for (const auto& [known, test] : kPlain) {
    if (known == name) return Made(std::make_unique<Plain>(test));
  }
  return invalid("check " + std::string(name) + " is not known");
}

Made make_date_range(std::string_view argument) {
  const auto dots = argument.find("..");
  if (dots == std::string_view::npos) return invalid("date_range: is written FROM..TO");
  const auto from = parse_date(argument.substr(0, dots));
  const auto to = parse_date(argument.substr(dots + 2));
  if (!from.ok() || !to.ok() || *to < *from) return invalid("date_range: two days, YYYY-MM-DD");
  return Made(std::make_unique<DateRange>(*from, *to));
}

}  // namespace

Made make_check(std::string_view text) {
  const auto [name, argument] = name_and_argument(text);
  if (name == "max") {
    const std::size_t n = LH_TRY(parse_size(argument));
    return Made(std::make_unique<Length>(0, n, Reason::kRowTooLong));
  }
  if (name == "min") {
    const std::size_t n = LH_TRY(parse_size(argument));
    return Made(std::make_unique<Length>(n, std::string::npos, Reason::kRowCheck));
  }
  if (name == "one_of") {
    if (argument.empty()) return invalid("one_of needs a list");
    return Made(std::make_unique<OneOf>(split_words(argument, '|')));
  }
  if (name == "date_range") return make_date_range(argument);
  if (text.size() != name.size()) return invalid(std::string(name) + " takes no argument");
  return make_plain(name);
}

}  // namespace lh::adapters::convert
