#include <gtest/gtest.h>

#include "adapters/convert/checks.h"

namespace lh::adapters::convert {
namespace {

std::string outcome(const char* check, std::string_view value) {
  const auto made = make_check(check);
  if (!made.ok()) return "not made";
  const auto reason = (*made)->failure(value);
  return reason ? std::string(reason_id(*reason)) : "good";
}

struct Case {
  const char* check;
  const char* value;
  const char* expected;
};

// The codes are the vectors of GB 11643 and of public registers.
TEST(Checks, TellAWrongCheckDigitFromAWrongForm) {
  const Case cases[] = {
      {"uscc", "91350100M000100Y43", "good"},
      {"uscc", "91350100M000100Y44", "row.check_digit"},
      {"uscc", "91350100M000100Y4", "row.check"},
      {"uscc", "91350100M000100O43", "row.check"},
      {"resident_id", "11010519491231002X", "good"},
      {"resident_id", "110105194912310021", "row.check_digit"},
      {"resident_id", "11010519491231002", "row.check"},
      {"organisation_code", "M000100Y4", "good"},
      {"organisation_code", "M000100Y5", "row.check_digit"},
      {"division", "220211", "good"},
      {"division", "22021", "row.check"},
      {"digits", "2020", "good"},
      {"digits", "20a0", "row.check"},
      {"max:3", "abc", "good"},
      {"max:3", "测试", "row.too_long"},
      {"min:4", "abc", "row.check"},
      {"min:4", "abcd", "good"},
      {"one_of:甲|乙", "乙", "good"},
      {"one_of:甲|乙", "丙", "row.enum"},
      {"date_range:1949-10-01..2099-12-31", "1949-10-01", "good"},
      {"date_range:1949-10-01..2099-12-31", "2099-12-31", "good"},
      {"date_range:1949-10-01..2099-12-31", "1949-09-30", "row.date"},
      {"date_range:1949-10-01..2099-12-31", "2100-01-01", "row.date"},
      {"date_range:1949-10-01..2099-12-31", "soon", "row.date"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(outcome(c.check, c.value), c.expected) << c.check << " of " << c.value;
  }
}

TEST(Checks, RefuseToBeMadeWrong) {
  for (const char* text :
       {"", "uscc:1", "max", "max:", "max:-1", "max:1x", "min:9999999999", "one_of", "date_range",
        "date_range:2020-01-01", "date_range:2020-01-02..2020-01-01", "date_range:a..b", "luhn"}) {
    const auto made = make_check(text);
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().reason(), Reason::kMappingInvalid) << text;
  }
}

}  // namespace
}  // namespace lh::adapters::convert
