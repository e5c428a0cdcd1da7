// A folder where files arrive: what is taken up, in which order, once, and what becomes of it.
#include "adapters/file/encoding.h"
#include "adapters_drop_kit.h"

namespace lh::adapters::drop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Drop : public DropScratch {};

TEST_F(Drop, FilesInTheOrderOfTheirNamesAreOneSource) {
  drop("2.csv", "a\nr3\n\"bad\"x\n");
  drop("1.csv", "a\r\nr1\r\nr2\r\n");
  drop("3.txt", "a\nno\n");
  drop(".hidden.csv", "a\nno\n");
  drop("4.csv.part", "a\nno\n");
  const Read all = pull(source());
  EXPECT_THAT(all.values, ElementsAre("r1", "r2", "r3", "row.quoting"));
  EXPECT_THAT(all.numbers, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(all.error, "");
  EXPECT_THAT(pull(source(), all.cursor).values, IsEmpty());
  drop("0.csv", "a\nlate\n");  // its name comes before what was read
  const Read more = pull(source(), all.cursor);
  EXPECT_THAT(more.values, ElementsAre("late"));
  EXPECT_THAT(more.numbers, ElementsAre(5));
}

// Killed after any row, each row is given once; files are archived only by an open that was told
// by its cursor that they are durable.
TEST_F(Drop, GoesOnAtEveryRowAndArchivesOnlyWhatIsDurable) {
  const std::vector<std::string> rows = {"1", "2", "3", "4", "5"};
  for (std::size_t killed = 0; killed <= rows.size(); ++killed) {
    drop("a.csv", "a\n1\n2\n");
    drop("b.csv", "a\n3\n");
    drop("c.csv", "a\n4\n5\n");
    const Read first = pull(source(archive()), {}, killed);
    ASSERT_EQ(first.error, "");
    ASSERT_THAT(names("in"), ElementsAre("a.csv", "b.csv", "c.csv"));
    const Read rest = pull(source(archive()), first.cursor);
    ASSERT_EQ(rest.error, "") << killed;
    std::vector<std::string> all = first.values;
    all.insert(all.end(), rest.values.begin(), rest.values.end());
    ASSERT_EQ(all, rows) << killed;
    ASSERT_THAT(pull(source(archive()), rest.cursor).values, IsEmpty());
    ASSERT_THAT(names("in"), IsEmpty()) << killed;
    ASSERT_THAT(names("done"), ElementsAre("a.csv", "b.csv", "c.csv"));
    for (const auto& name : names("done")) std::filesystem::remove(path("done/" + name));
  }
}

TEST_F(Drop, AKilledRunThatStoredNothingLosesNothing) {
  drop("a.csv", "a\n1\n");
  EXPECT_THAT(pull(source(archive())).values, ElementsAre("1"));
  EXPECT_THAT(pull(source(archive())).values, ElementsAre("1"));  // the cursor was never stored
  EXPECT_THAT(names("in"), ElementsAre("a.csv"));
}

TEST_F(Drop, AFileThatIsStillBeingWrittenHoldsBackTheOnesBehindIt) {
  drop("1.csv", "a\nold\n");
  drop("2.csv", "a\nnew\n");
  drop("3.csv", "a\nold too\n");
  const auto soon = std::filesystem::file_time_type::clock::now() + std::chrono::hours(1);
  std::filesystem::last_write_time(path("in/2.csv"), soon);
  const Read first = pull(source("settle_seconds = 60\n"));
  EXPECT_THAT(first.values, ElementsAre("old"));
  clock_.ahead_ms += 61'000;
  EXPECT_THAT(pull(source("settle_seconds = 60\n"), first.cursor).values,
              ElementsAre("new", "old too"));
  clock_.ahead_ms = 0;  // nothing is settled, but names say that all are whole
  EXPECT_THAT(pull(source()).values, IsEmpty());
  EXPECT_THAT(pull(source("ready = \"renamed\"\n")).values, ElementsAre("old", "new", "old too"));
}

TEST_F(Drop, TheSameContentIsReadOnce) {
  drop("1.csv", "a\nx\n");
  drop("2.csv", "a\nx\n");
  drop("3.csv", "a\ny\n");
  const Read all = pull(source(archive()));
  EXPECT_THAT(all.values, ElementsAre("x", "y"));
  EXPECT_THAT(pull(source(archive()), all.cursor).values, IsEmpty());
  EXPECT_THAT(names("done"), ElementsAre("1.csv", "2.csv", "3.csv"));
  drop("1.csv", "a\nx\n");
  drop("2.csv", "a\nz\n");
  const Read again = pull(source(archive()), all.cursor);
  EXPECT_THAT(again.values, ElementsAre("z"));
  pull(source(archive()), again.cursor);  // nothing in the archive is written over
  EXPECT_THAT(names("done"), ElementsAre("1.csv", "1.csv.1", "2.csv", "2.csv.1", "3.csv"));
}

TEST_F(Drop, AnotherFileInPlaceOfTheOneBeingReadIsRefused) {
  drop("1.csv", "a\nx\ny\n");
  const Read half = pull(source(), {}, 1);
  drop("1.csv", "a\nx\nz\n");
  EXPECT_THAT(pull(source(), half.cursor).error, StartsWith("cursor.invalid"));
  std::filesystem::remove(path("in/1.csv"));
  EXPECT_THAT(pull(source(), half.cursor).error, StartsWith("cursor.invalid"));
  for (const char* junk : {"x", "\x87\x01", "\x80"}) {
    EXPECT_THAT(pull(source(), Cursor{junk}).error, StartsWith("cursor.invalid"));
  }
}

TEST_F(Drop, LinksAndPipesAreNotFiles) {
  write("a\nsecret\n", "outside.csv");
  std::filesystem::create_symlink(path("outside.csv"), path("in/link.csv"));
  std::filesystem::create_directory(path("in/folder.csv"));
  ASSERT_EQ(::mkfifo(path("in/pipe.csv").c_str(), 0600), 0);
  const Read read = pull(source());
  EXPECT_THAT(read.values, IsEmpty());
  EXPECT_EQ(read.error, "");
}

TEST_F(Drop, ZipFilesAndOtherColumnsAreSaid) {
  drop("1.csv", "a\nx\n");
  drop("2.csv", std::string("PK\x03\x04...", 7));
  EXPECT_THAT(pull(source()).error, HasSubstr("adapter.unsupported: 2.csv is a zip file"));
  EXPECT_THAT(pull(source()).values, ElementsAre("x"));
  drop("2.csv", "a,b\n1,2\n");
  EXPECT_THAT(pull(source()).error, StartsWith("source.changed: 2.csv"));
  drop("2.csv", "b\n1\n");
  EXPECT_THAT(pull(source()).error, StartsWith("mapping.column_missing: 2.csv"));
}

TEST_F(Drop, AnEmptyFolderHasTheColumnsOfTheMapping) {
  const auto kind = make_kind(around_);
  const auto empty = kind->pull(source(), {}, {});
  ASSERT_TRUE(empty.ok());
  EXPECT_THAT((*empty)->columns(), ElementsAre("a"));
  EXPECT_FALSE((*empty)->next().value());
  std::filesystem::remove(path("in"));
  EXPECT_THAT(pull(source()).error, StartsWith("source.unavailable"));
}

TEST_F(Drop, OtherFormatsArriveAsWell) {
  drop("1.jsonl", "{\"k\":\"x\"}\n{\"k\":1}\n");
  const Read read = pull(source("pattern = \"*.jsonl\"\n",
                                "format = \"jsonl\"\ncolumns = [{name = \"a\", path = \"k\"}]\n"));
  EXPECT_THAT(read.values, ElementsAre("x", "1"));
}

TEST_F(Drop, APushIsOneFileOnce) {
  const auto push = make_kind(around_)->push(source("", "")).value();
  ASSERT_TRUE(push->send("2026/11-1", {{"名称", "甲,\"乙\"\n"}, {"n", ""}}).ok());
  ASSERT_TRUE(push->send("2026/11-1", {{"名称", "丙"}}).ok());  // the same push: nothing changes
  ASSERT_TRUE(push->send("..", {{"n", "1"}}).ok());
  EXPECT_THAT(names("out"), ElementsAre("%2e%2e.csv", "2026%2f11-1.csv"));
  const auto rows = file::read_file(path("out/2026%2f11-1.csv"), {});
  EXPECT_EQ(file::values_of(rows), (std::vector<std::vector<std::string>>{{"甲,\"乙\"\n", ""}}));
  EXPECT_EQ(push->send("", {{"n", "1"}}).error().id(), "input.malformed");
  EXPECT_EQ(push->send("x", {}).error().id(), "input.malformed");
  EXPECT_EQ(push->send("x", {{"n", "\xFF"}}).error().id(), "input.encoding");
  EXPECT_EQ(push->send(std::string(300, 'x'), {{"n", "1"}}).error().id(), "input.too_large");
  std::filesystem::remove_all(path("out"));
  EXPECT_EQ(push->send("x", {{"n", "1"}}).error().id(), "source.unavailable");
  EXPECT_EQ(make_kind(around_)->lookup(source()).error().id(), "adapter.unsupported");
}

TEST_F(Drop, APushInGb18030) {
  const auto node = parse_settings("kind = \"drop\"\nheader = [\"a\"]\npattern = \"*\"\n" +
                                   where() + "[file]\nencoding = \"gb18030\"\n");
  ASSERT_TRUE(make_kind(around_)->push(*node).value()->send("1", {{"名", "\U00020BB7"}}).ok());
  file::FileSourceSettings settings;
  settings.encoding = file::Encoding::kGb18030;
  EXPECT_EQ(file::read_file(path("out/1.csv"), settings).at(0).values[0], "\U00020BB7");
}

TEST_F(Drop, TheMappingIsReadStrictly) {
  const auto kind = make_kind(around_);
  const auto refused = [&](const std::string& more, const std::string& file = "") {
    const auto checked = kind->check(source(more, file));
    return checked.ok() ? "accepted" : checked.error().describe();
  };
  EXPECT_EQ(refused(""), "accepted");
  EXPECT_THAT(refused("after = \"archive\"\n"), HasSubstr("archive is a folder"));
  EXPECT_THAT(refused("archive = \"/x\"\n"), HasSubstr("archive is a folder"));
  EXPECT_THAT(refused("pattern = \"../*\"\n"), HasSubstr("pattern is of a file name"));
  EXPECT_THAT(refused("spool = \"/x\"\n"), HasSubstr("only with sftp"));
  EXPECT_THAT(refused("unknown = 1\n"), HasSubstr("line 6: the key unknown is not known here"));
  EXPECT_THAT(refused("", "path = \"/x\"\n"), HasSubstr("do not stand here"));
  EXPECT_THAT(
      refused("spool = \"/x\"\nsftp = {host = \"h\", user = \"u\", fingerprint = \"MD5:1\", "
              "password = \"p\"}\n"),
      HasSubstr("fingerprint"));
  EXPECT_EQ(kind->pull(source(), {"file.csv"}, {}).error().id(), "usage.wrong");
}

}  // namespace
}  // namespace lh::adapters::drop
