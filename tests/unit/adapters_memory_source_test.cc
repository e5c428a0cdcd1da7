#include "adapters/memory/memory_source.h"

#include <gtest/gtest.h>

namespace lh::adapters::memory {
namespace {

TEST(MemorySource, GivesItsRowsInOrder) {
  const auto source = make_source({"a", "b"}, {{"1", "2"}, {"3", "4"}});
  EXPECT_EQ(source->columns(), (std::vector<std::string>{"a", "b"}));
  const auto first = source->next();
  ASSERT_TRUE(first.ok() && *first);
  EXPECT_EQ((*first)->number, 1U);
  EXPECT_EQ((*first)->values, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ((*first)->bytes,
            "1\x1F"
            "2");
  EXPECT_TRUE(source->next()->has_value());
  EXPECT_FALSE(source->next()->has_value());
  EXPECT_FALSE(source->next()->has_value());
  EXPECT_EQ(source->size_bytes(), std::nullopt);
  EXPECT_EQ(source->position_bytes(), 2U);
}

TEST(MemorySource, MarksMalformedRows) {
  const auto source = make_source({"a", "b"}, {{"1"}, {"1", "2", "3"}, {"1", "\xFF"}});
  for (const Reason reason : {Reason::kRowWidth, Reason::kRowWidth, Reason::kRowEncoding}) {
    const auto row = source->next();
    ASSERT_TRUE(row.ok() && *row && (*row)->malformed);
    EXPECT_EQ((*row)->malformed->reason(), reason);
    EXPECT_TRUE((*row)->values.empty());
    EXPECT_FALSE((*row)->bytes.empty());
  }
}

TEST(MemorySource, GoesOnFromItsCursor) {
  const std::vector<std::vector<std::string>> rows = {{"1"}, {"2"}, {"3"}};
  const auto source = make_source({"a"}, rows);
  ASSERT_TRUE(source->next().ok());
  auto again = open_source({"a"}, rows, source->cursor());
  ASSERT_TRUE(again.ok());
  const auto row = (*again)->next();
  ASSERT_TRUE(row.ok() && *row);
  EXPECT_EQ((*row)->number, 2U);
  EXPECT_EQ((*row)->values[0], "2");
  ASSERT_TRUE((*again)->next().ok());
  EXPECT_EQ(open_source({"a"}, {}, (*again)->cursor()).error().reason(), Reason::kCursorInvalid);
  EXPECT_EQ(open_source({"a"}, rows, Cursor{"x"}).error().reason(), Reason::kCursorInvalid);
}

}  // namespace
}  // namespace lh::adapters::memory
