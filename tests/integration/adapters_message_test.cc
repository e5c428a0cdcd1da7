// A spool of CloudEvents: nothing is lost or given twice, wherever a run is cut.
#include <gmock/gmock.h>

#include <filesystem>

#include "adapters/message/message_kind.h"
#include "tests/kits/scratch_folder.h"

namespace lh::adapters::message {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Spool : public testing::Test {
 protected:
  struct Run {
    std::vector<std::string> rows;
    Cursor cursor;
    std::string end = "end";
  };
  Run run(const Cursor& from, std::size_t stop_after = 1000000, const std::string& more = "") {
    Run out;
    const auto tree = parse_settings("[source]\nkind='message'\nfolder='" + folder.path() +
                                     "'\ncolumns={id='id', name='data.name'}\n" + more)
                          .value();
    auto opened = kind->pull(*tree.find("source"), {}, from);
    if (!opened.ok()) {
      out.end = opened.error().describe();
      return out;
    }
    out.cursor = from;
    while (out.rows.size() < stop_after) {
      auto row = (*opened)->next();
      EXPECT_TRUE(row.ok());
      out.cursor = (*opened)->cursor();
      if (!*row) break;
      out.rows.push_back((*row)->malformed ? std::string((*row)->malformed->id())
                                           : (*row)->values[0] + "=" + (*row)->values[1]);
    }
    return out;
  }
  std::vector<std::string> stock(const Cursor& read, const std::string& more = "") {
    std::vector<std::string> out;
    const auto tree = parse_settings("[source]\nkind='message'\nfolder='" + folder.path() +
                                     "'\ncolumns={id='id', name='data.name'}\n" + more)
                          .value();
    auto opened = kind->stock(*tree.find("source"), {}, read);
    if (!opened.ok()) return {opened.error().describe()};
    for (std::uint64_t number = 1;; ++number) {
      auto row = (*opened)->next();
      EXPECT_TRUE(row.ok());
      if (!row.ok() || !*row) return out;
      EXPECT_EQ((*row)->number, number);
      out.push_back((*row)->malformed ? std::string((*row)->malformed->id())
                                      : (*row)->values[0] + "=" + (*row)->values[1]);
    }
  }
  void put(const std::string& name, const std::string& text) {
    kits::store_file(folder / (name + ".part"), text);
    std::filesystem::rename(folder / (name + ".part"), folder / name);
  }
  static std::string event(const std::string& id, const std::string& name = "测试") {
    return R"({"specversion":"1.0","id":")" + id +
           R"(","source":"urn:dept:1","type":"licence.issued","data":{"name":")" + name + "\"}}";
  }
  std::vector<std::string> names(const std::string& part) {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder / part, none)) {
      if (entry.is_regular_file()) out.push_back(entry.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  kits::ScratchFolder folder;
  std::unique_ptr<Kind> kind = make_kind();
  Cursor at_;
};

TEST_F(Spool, EventsComeInTheOrderOfTheirFiles) {
  put("b.json", event("2"));
  put("a.jsonl", event("1") + "\n\n" + event("1b") + "\r\n");
  put("c.txt", "not for us");
  kits::store_file(folder / ".d.json", event("4"));
  const auto out = run({});
  EXPECT_THAT(out.rows, ElementsAre("1=测试", "1b=测试", "2=测试"));
  EXPECT_THAT(names(""), ElementsAre(".d.json", "c.txt"));
}

TEST_F(Spool, AFileIsDoneOnlyWhenItsCursorCameBack) {
  put("a.json", event("1"));
  const auto first = run({});
  EXPECT_EQ(names("taken").size(), 1U);
  EXPECT_THAT(names("done"), IsEmpty());
  // The cursor was lost: everything again.
  EXPECT_THAT(run({}).rows, ElementsAre("1=测试"));
  put("b.json", event("2"));
  const auto second = run(first.cursor);
  EXPECT_THAT(second.rows, ElementsAre("2=测试"));
  EXPECT_EQ(names("done").size(), 1U);
  EXPECT_THAT(run(second.cursor).rows, IsEmpty());
  EXPECT_EQ(names("done").size(), 2U);
  EXPECT_THAT(names("taken"), IsEmpty());
  // An older cursor came back (restored from a copy): what it does not cover is read again.
  EXPECT_THAT(run(first.cursor).rows, ElementsAre("2=测试"));
}

TEST_F(Spool, NothingIsLostOrDoubledWhereverARunIsCut) {
  for (std::size_t cut = 0; cut <= 6; ++cut) {
    const std::string n = std::to_string(cut);
    put("a" + n + ".jsonl", event(n + "1") + "\n" + event(n + "2") + "\n" + event(n + "3"));
    put("b" + n + ".json", event(n + "4"));
    put("c" + n + ".jsonl", event(n + "5") + "\n" + event(n + "6"));
    const auto first = run(at_, cut);
    auto rows = first.rows;
    const auto second = run(first.cursor);
    rows.insert(rows.end(), second.rows.begin(), second.rows.end());
    ASSERT_THAT(rows, ElementsAre(n + "1=测试", n + "2=测试", n + "3=测试", n + "4=测试",
                                  n + "5=测试", n + "6=测试"))
        << cut;
    at_ = second.cursor;
  }
}

TEST_F(Spool, AnEventThatCameBeforeIsLeftOut) {
  put("a.jsonl", event("1") + "\n" + event("1", "again") + "\n" + event("2"));
  const auto first = run({});
  EXPECT_THAT(first.rows, ElementsAre("1=测试", "2=测试"));
  put("b.jsonl", event("2") + "\n" + event("3"));
  const auto second = run(first.cursor);
  EXPECT_THAT(second.rows, ElementsAre("3=测试")) << "known from the file that is done";
  put("c.json", event("3"));
  EXPECT_THAT(run(second.cursor).rows, IsEmpty());
}

TEST_F(Spool, WhatWasReadIsThereForAComparisonInItsOrder) {
  EXPECT_THAT(stock({}), IsEmpty()) << "no run has been here";
  put("b.jsonl", event("1") + "\n" + event("2") + "\n" + event("1", "again"));
  const auto first = run({});
  put("a.json", event("3"));
  const auto second = run(first.cursor);
  put("c.json", event("2", "again"));
  put("d.jsonl", "junk\n" + event("4"));
  const auto third = run(second.cursor);
  put("e.json", event("waits"));
  const auto taken = names("taken");
  EXPECT_THAT(stock(third.cursor),
              ElementsAre("1=测试", "2=测试", "3=测试", "json.syntax", "4=测试"));
  EXPECT_THAT(names("taken"), taken) << "no file is moved";
  EXPECT_THAT(names(""), ElementsAre("e.json"));
  EXPECT_THAT(stock(first.cursor), ElementsAre("1=测试", "2=测试")) << "what it covers";
}

TEST_F(Spool, AFileThatARunStandsInIsDelivered) {
  put("a.jsonl", event("1") + "\n" + event("2"));
  const auto half = run({}, 1);
  EXPECT_THAT(stock(half.cursor), ElementsAre("1=测试", "2=测试"));
}

TEST_F(Spool, ASpoolThatIsEmptiedCannotBeCompared) {
  put("a.json", event("1"));
  put("b.json", event("2"));
  const auto first = run({});
  const auto second = run(first.cursor);
  ASSERT_EQ(names("done").size(), 2U);
  std::filesystem::remove(folder / ("done/" + names("done").front()));
  const auto said = stock(second.cursor);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("adapter.state: file 1 of the 2")) << said[0];
}

// Of many files the events of the last ones are known, so memory does not grow with the spool.
TEST_F(Spool, OldEventsAreForgottenInAComparison) {
  Cursor at;
  for (int i = 0; i < 6; ++i) {
    put("a.json", event("same"));
    put("b.json", event(std::to_string(i)));
    at = run(at, 1000, "files=2\nremember=1\n").cursor;
  }
  const auto rows = stock(at, "files=2\nremember=1\n");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), "same=测试"), 1) << "within what is known";
  EXPECT_EQ(rows.size(), 7U);
  const auto fewer = stock(at, "files=1\nremember=0\n");
  EXPECT_EQ(std::count(fewer.begin(), fewer.end(), "same=测试"), 6);
}

TEST_F(Spool, PoisonIsABadRowAndStopsNothing) {
  put("a.json", "{not json");
  put("b.json", R"({"specversion":"0.3","id":"1","source":"s","type":"t"})");
  put("c.json", R"({"specversion":"1.0","id":"","source":"s","type":"t"})");
  put("d.json", event("1", "\xFF"));
  put("e.json", event("1") + event("2"));
  put("f.json", "");
  put("g.json", R"({"specversion":"1.0","id":"1","id":"2","source":"s","type":"t"})");
  put("h.json", event("8", std::string(2000, 'x')));
  put("i.json", event("9"));
  std::filesystem::create_symlink("/etc/passwd", folder / "j.json");
  const auto out = run({}, 1000, "max_event_bytes=1024");
  EXPECT_THAT(out.rows,
              ElementsAre("json.syntax", "row.check", "row.check", "row.encoding", "json.trailing",
                          "json.duplicate_key", "row.too_long", "9=测试"));
}

TEST_F(Spool, OnlyTheTypesOfTheMapping) {
  put("a.json", event("1"));
  EXPECT_THAT(run({}, 10, "types=['licence.cancelled']").rows, ElementsAre("row.check"));
  EXPECT_THAT(run({}, 10, "types=['licence.issued']").rows, ElementsAre("1=测试"));
}

TEST_F(Spool, MistakesAreNamed) {
  const auto said = [this](const std::string& toml) {
    const auto tree = parse_settings("[source]\n" + toml).value();
    const auto checked = kind->check(*tree.find("source"));
    return checked.ok() ? "none" : checked.error().describe();
  };
  EXPECT_EQ(said("columns={id='id'}"), "none");
  EXPECT_NE(said("").find("columns are missing"), std::string::npos);
  EXPECT_NE(said("columns={id='a..b'}").find("path of id"), std::string::npos);
  EXPECT_NE(said("columns={id='id'}\nfoo=1").find("foo"), std::string::npos);
  EXPECT_NE(said("columns={id='id'}\nheader=['x']").find("not among"), std::string::npos);
  EXPECT_EQ(run(Cursor{"x"}).end.substr(0, 14), "cursor.invalid");
}

}  // namespace
}  // namespace lh::adapters::message
