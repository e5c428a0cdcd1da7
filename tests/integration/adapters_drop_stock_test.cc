// What a drop folder delivered, for a comparison: all that was read and is kept, in the order in
// which it was read, and nothing else; what is kept no longer is said.
#include "adapters/drop/drop_stock.h"
#include "adapters_drop_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::drop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DropStock : public DropScratch {
 protected:
  Read stock(const SettingsNode& node, const Cursor& read) const {
    Read out;
    auto opened = make_kind(around_)->stock(node, {}, read);
    for (; opened.ok();) {
      auto row = (*opened)->next();
      if (!row.ok()) out.error = row.error().describe();
      if (!row.ok() || !*row) return out;
      out.values.push_back((*row)->malformed ? std::string((*row)->malformed->id())
                                             : (*row)->values[0]);
      out.numbers.push_back((*row)->number);
    }
    out.error = opened.error().describe();
    return out;
  }
  // What the runs have read, and the cursor they came to: the folder archived as far as it is known
  // to be durable.
  Read run(const SettingsNode& node) {
    Read out = pull(node, at_);
    EXPECT_EQ(out.error, "");
    at_ = out.cursor;
    return out;
  }
  Cursor at_;
};

TEST_F(DropStock, IsEverythingThatWasReadWhereverItLies) {
  const auto node = source(archive());
  EXPECT_THAT(stock(node, {}).values, IsEmpty()) << "nothing was read yet";
  drop("b.csv", "a\n1\n2\n");
  run(node);
  drop("a.csv", "a\n3\n\"bad\"x\n");  // a name before the one that was read first
  run(node);
  drop("c.csv", "a\nwaits\n");
  EXPECT_THAT(names("done"), ElementsAre("b.csv"));
  EXPECT_THAT(names("in"), ElementsAre("a.csv", "c.csv"));
  const Read all = stock(node, at_);
  EXPECT_EQ(all.error, "");
  EXPECT_THAT(all.values, ElementsAre("1", "2", "3", "row.quoting"));
  EXPECT_THAT(all.numbers, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(names("in"), ElementsAre("a.csv", "c.csv")) << "nothing is moved";
  EXPECT_THAT(stock(node, at_).values, ElementsAre("1", "2", "3", "row.quoting")) << "and again";
}

// Names that come again, contents that come again: always what the runs gave, in their order.
TEST_F(DropStock, RepeatsTheRunsWhateverTheFilesAreCalled) {
  kits::SeededRandom random(23);
  const auto node = source(archive());
  std::vector<std::string> given;
  for (int i = 0; i < 40; ++i) {
    const auto count = 1 + random.u64() % 3;
    for (std::uint64_t n = 0; n < count; ++n) {
      const std::string name = std::string(1, static_cast<char>('a' + random.u64() % 3)) + ".csv";
      const std::string row = std::to_string(random.u64() % 60);
      if (std::filesystem::exists(path("in/" + name))) continue;
      drop(name, "a\n" + row + "\n");
      std::filesystem::last_write_time(  // a file that is new has a time of its own
          path("in/" + name), std::filesystem::file_time_type::clock::now() -
                                  std::chrono::seconds(1000 - i * 10 - static_cast<int>(n)));
    }
    const Read got = run(node);
    given.insert(given.end(), got.values.begin(), got.values.end());
    const Read all = stock(node, at_);
    ASSERT_EQ(all.error, "") << i;
    ASSERT_EQ(all.values, given) << i;
  }
  EXPECT_GT(given.size(), 20U);
  EXPECT_GT(names("done").size(), given.size()) << "some were repetitions";
}

TEST_F(DropStock, AFileThatARunStandsInIsDelivered) {
  const auto node = source(archive());
  drop("a.csv", "a\n1\n");
  drop("b.csv", "a\n2\n3\n");
  at_ = pull(node, {}, 2).cursor;
  EXPECT_THAT(stock(node, at_).values, ElementsAre("1", "2", "3"));
  std::filesystem::remove(path("in/b.csv"));
  EXPECT_THAT(stock(node, at_).error, HasSubstr("adapter.state: 1 of the files"));
}

TEST_F(DropStock, SaysWhatIsKeptNoLonger) {
  const auto node = source(archive());
  for (const char* name : {"1", "2", "3"})
    drop(std::string(name) + ".csv", "a\n" + std::string(name));
  run(node);
  run(node);  // archives
  ASSERT_EQ(names("done").size(), 3U);
  std::filesystem::remove(path("done/2.csv"));
  EXPECT_EQ(stock(node, at_).error,
            "adapter.state: 1 of the files that were read are no longer in " + path("done"));
  // As long as before and of the same time, but another content.
  const auto time = std::filesystem::last_write_time(path("done/1.csv"));
  write("a\n9", "done/1.csv");
  std::filesystem::last_write_time(path("done/1.csv"), time);
  write("a\n2", "done/2.csv");
  EXPECT_THAT(stock(node, at_).error, HasSubstr("adapter.state"));
}

TEST_F(DropStock, AFolderThatFilesAreLeftInIsItsOwnArchive) {
  const auto node = source();
  drop("a.csv", "a\n1\n");
  drop("b.csv", "a\n2\n");
  run(node);
  drop("c.csv", "a\nwaits\n");
  EXPECT_THAT(stock(node, at_).values, ElementsAre("1", "2"));
  std::filesystem::remove(path("in/a.csv"));
  const auto gone = stock(node, at_).error;
  EXPECT_THAT(gone, HasSubstr("adapter.state: 1 of the files that were read"));
  EXPECT_THAT(gone, HasSubstr("after = \"archive\"")) << "what to do about it";
}

TEST_F(DropStock, FilesThatAreEverythingThereIsReplaceEachOther) {
  const auto node = source("delivery = \"whole\"\n" + archive());
  EXPECT_EQ(make_kind(around_)->stock_of(node), Stock::kAsItStands);
  EXPECT_EQ(make_kind(around_)->stock_of(source()), Stock::kDeliveries);
  EXPECT_THAT(stock(node, {}).values, IsEmpty());
  drop("1.csv", "a\n1\n2\n");
  drop("2.csv", "a\n2\n3\n");
  run(node);
  EXPECT_THAT(stock(node, at_).values, ElementsAre("2", "3"));
  drop("3.csv", "a\n1\n2\n");  // as the first: not read again, so no delivery
  run(node);
  EXPECT_THAT(stock(node, at_).values, ElementsAre("2", "3"));
  drop("4.csv", "a\n4\n5\n");
  at_ = pull(node, at_, 1).cursor;
  EXPECT_THAT(stock(node, at_).values, ElementsAre("2", "3")) << "the newest is not complete";
  run(node);
  EXPECT_THAT(stock(node, at_).values, ElementsAre("4", "5"));
  std::filesystem::remove(path("done/1.csv"));
  EXPECT_THAT(stock(node, at_).values, ElementsAre("4", "5")) << "older ones may go";
  EXPECT_THAT(pull(source("delivery = \"some\"\n")).error, HasSubstr("mapping.invalid"));
}

TEST_F(DropStock, OtherColumnsThanBeforeAreSaid) {
  const auto node = source();
  drop("1.csv", "a\n1\n");
  run(node);
  drop("2.csv", "a,b\n2,x\n");
  run(node);
  EXPECT_THAT(stock(node, at_).error, HasSubstr("source.changed: 2.csv"));
}

TEST_F(DropStock, JunkIsNoCursor) {
  EXPECT_THAT(stock(source(), Cursor{"x"}).error, HasSubstr("cursor.invalid"));
}

}  // namespace
}  // namespace lh::adapters::drop
