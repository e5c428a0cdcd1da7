#include <gtest/gtest.h>

#include "adapters/convert/capital.h"

namespace lh::adapters::convert {
namespace {

struct Case {
  const char* text;
  const char* expected;  // null: refused
};

CapitalReader reader(const char* argument) {
  return CapitalReader::parse(argument).value();
}

TEST(CapitalReader, ReadsEverySpellingOfTheRegisters) {
  const Case cases[] = {{"5,088(万元人民币)", "50880000.00 CNY"},
                        {"100(万元人民币)", "1000000.00 CNY"},
                        {"500万人民币", "5000000.00 CNY"},
                        {"215万元人民币", "2150000.00 CNY"},
                        {"200万人民币元", "2000000.00 CNY"},
                        {"1,000(万美元)", "10000000.00 USD"},
                        {"0.5万元人民币", "5000.00 CNY"},
                        {"1.23456万元人民币", "12345.60 CNY"},
                        {"3亿元人民币", "300000000.00 CNY"},
                        {"2000000.00 CNY", "2000000.00 CNY"},
                        {"２００（万元人民币）", "2000000.00 CNY"},
                        {" 12 万美元 ", "120000.00 USD"},
                        {"0.01人民币", "0.01 CNY"},
                        {"0(万元人民币)", "0.00 CNY"},
                        {"100万港元", "1000000.00 HKD"}};
  for (const Case& c : cases) {
    const auto value = reader("").read(c.text);
    ASSERT_TRUE(value.has_value()) << c.text;
    EXPECT_EQ(*value, c.expected) << c.text;
  }
}

TEST(CapitalReader, RefusesAnAmountWithoutCurrencyUnlessTheMappingNamesOne) {
  for (const char* text : {"200(万)", "100万元", "11(万元)", "50", "0(万)"}) {
    EXPECT_FALSE(reader("").read(text).has_value()) << text;
    EXPECT_TRUE(reader("default=CNY").read(text).has_value()) << text;
  }
  EXPECT_EQ(reader("default=CNY").read("200(万)"), "2000000.00 CNY");
  EXPECT_EQ(reader("default=USD").read("200(万)"), "2000000.00 USD");
  EXPECT_EQ(reader("default=CNY").read("1,000(万美元)"), "10000000.00 USD");
}

TEST(CapitalReader, RefusesWhatItCannotReadExactly) {
  for (const char* text : {"面议",
                           "",
                           "万",
                           "(万)",
                           "5,08(万)",
                           "5,0888(万)",
                           ",500万",
                           "1,00,000万",
                           "100(万两)",
                           "1.2.3万",
                           "1.万",
                           "-5万",
                           "100万元人民币整",
                           "1.2345678万",
                           "0.001人民币",
                           "1e3万",
                           "99999999999999999999万",
                           "999999999999999亿",
                           "100万美元人民币",
                           "百万",
                           "1 000万"}) {
    EXPECT_FALSE(reader("default=CNY").read(text).has_value()) << text;
  }
}

TEST(CapitalReader, ZeroIsKeptOrAbsentAsTheMappingSays) {
  EXPECT_EQ(reader("default=CNY|zero=absent").read("0(万)"), "");
  EXPECT_EQ(reader("default=CNY|zero=absent").read("0.00万"), "");
  EXPECT_EQ(reader("default=CNY|zero=keep").read("0(万)"), "0.00 CNY");
  EXPECT_EQ(reader("default=CNY|zero=absent").read("0.01"), "0.01 CNY");
}

TEST(CapitalReader, RefusesUnknownArguments) {
  for (const char* text : {"CNY", "default=", "default=人民币", "default=XXX", "zero=no", "|"}) {
    const auto made = CapitalReader::parse(text);
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().reason(), Reason::kMappingInvalid) << text;
  }
}

// Law: n(万元人民币) is n followed by four zeros, for every n and with separators or without.
TEST(CapitalReader, TenThousandsAreExactForEveryNumber) {
  const CapitalReader r = reader("");
  for (std::size_t n = 1; n < 3000; n += 7) {
    const std::string digits = std::to_string(n);
    const std::string expected = digits + "0000.00 CNY";
    EXPECT_EQ(r.read(digits + "(万元人民币)"), expected);
    if (n < 1000) continue;
    EXPECT_EQ(r.read(digits.substr(0, 1) + "," + digits.substr(1) + "万人民币"), expected);
  }
}

}  // namespace
}  // namespace lh::adapters::convert
