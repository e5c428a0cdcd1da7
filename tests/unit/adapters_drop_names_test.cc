#include <gtest/gtest.h>

#include "adapters/drop/drop_cursor.h"
#include "adapters/drop/file_names.h"

namespace lh::adapters::drop {
namespace {

TEST(FileNames, Patterns) {
  struct Case {
    const char* pattern;
    const char* name;
    bool expected;
  };
  for (const Case& c : std::initializer_list<Case>{{"*.csv", "a.csv", true},
                                                   {"*.csv", ".csv", true},
                                                   {"*.csv", "a.csv.part", false},
                                                   {"a?c", "abc", true},
                                                   {"a?c", "ac", false},
                                                   {"*", "", true},
                                                   {"", "a", false},
                                                   {"a*b*c", "a__b__bc", true},
                                                   {"a*b*c", "a__b__cb", false},
                                                   {"[ab]", "a", false},
                                                   {"企业*", "企业2026", true}}) {
    EXPECT_EQ(matches(c.pattern, c.name), c.expected) << c.pattern << " " << c.name;
  }
}

TEST(FileNames, APatternOfManyStarsIsNotSlow) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  EXPECT_FALSE(matches(pattern + "b", std::string(5000, 'a')));
}

TEST(FileNames, NothingLeadsOutOfTheFolder) {
  for (const std::string bad : {"", ".", "..", "a/b", "../a", "/", "a\n", "\x7F"}) {
    EXPECT_FALSE(is_plain_name(bad)) << bad;
  }
  EXPECT_FALSE(is_plain_name(std::string("a\0b", 3)));
  EXPECT_TRUE(is_plain_name("企业 2026..csv"));
}

TEST(FileNames, IdsBecomeNamesOneToOne) {
  EXPECT_EQ(name_of_id("A-1_z").value(), "A-1_z");
  EXPECT_EQ(name_of_id("../a").value(), "%2e%2e%2fa");
  EXPECT_EQ(name_of_id("%2f").value(), "%252f");
  EXPECT_EQ(name_of_id("测").value(), "%e6%b5%8b");
  EXPECT_FALSE(name_of_id("").ok());
}

TEST(DropCursor, ReadsBackAndRefusesEverythingElse) {
  DropCursor at;
  at.name = "b.csv";
  at.content = 7;
  at.inner.value = "inner";
  at.rows_before = 1U << 20U;
  at.rows = 3;
  for (std::uint64_t i = 0; i < 2000; ++i) at.remember({i, i * 3});
  EXPECT_EQ(at.done.size(), DropCursor::kRemembered);
  EXPECT_FALSE(at.knows_key(5));
  EXPECT_TRUE(at.knows_key(1999));
  at.done.resize(3);
  const Cursor cursor = make_cursor(at);
  const auto back = parse_cursor(cursor);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(make_cursor(*back).value, cursor.value);
  EXPECT_EQ(back->inner.value, "inner");
  for (std::size_t n = 1; n < cursor.value.size(); ++n) {
    EXPECT_EQ(parse_cursor({cursor.value.substr(0, n)}).error().id(), "cursor.invalid") << n;
  }
  EXPECT_TRUE(parse_cursor({}).ok());
}

}  // namespace
}  // namespace lh::adapters::drop
