// What a hub and an adapter host say to each other reads back as it was said, and nothing else
// does.
#include <gmock/gmock.h>

#include "adapters/host/host_kind.h"
#include "adapters/host/wire.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::host {
namespace {

Task some_task() {
  Task task;
  task.id = "7";
  task.adapter = "firms";
  task.work = Work::kLookup;
  task.cursor.value = Bytes("\0\xFF\x81", 3);
  task.limit = 500;
  task.values = {{"证照编号", "a\"\\\n\U00020BB7"}, {"", ""}};
  task.push_id = "p/1";
  return task;
}

Answer some_answer() {
  Answer out;
  out.columns = {"k", "v"};
  RawRow good;
  good.number = 1;
  good.bytes = Bytes("\0raw\xFF", 5);
  good.values = {"1", "甲"};
  RawRow bad;
  bad.number = 2;
  bad.bytes = "x";
  bad.malformed = Error(Reason::kRowEncoding);
  out.rows = {{good, {"a"}}, {bad, {"b"}}};
  out.end = true;
  return out;
}

TEST(HostWire, TasksReadBack) {
  for (const Work work : {Work::kPull, Work::kLookup, Work::kPush}) {
    Task task = some_task();
    task.work = work;
    const auto back = parse_task(to_json(task));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(to_json(*back), to_json(task));
    EXPECT_EQ(back->values, task.values);
    EXPECT_EQ(back->cursor.value, task.cursor.value);
    EXPECT_EQ(back->work, work);
  }
}

TEST(HostWire, AnswersReadBack) {
  const auto back = parse_answer(to_json(some_answer()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(to_json(*back), to_json(some_answer()));
  EXPECT_EQ(back->rows[0].row.bytes, some_answer().rows[0].row.bytes);
  EXPECT_EQ(back->rows[1].row.malformed->id(), "row.encoding");
  EXPECT_EQ(back->rows[1].behind.value, "b");
  Answer failed;
  failed.error = Error(Reason::kSourceUnavailable, "why");
  EXPECT_EQ(parse_answer(to_json(failed))->error->describe(), "source.unavailable: why");
}

TEST(HostWire, AHostCannotSpeakForTheHub) {
  for (const char* reason : {"verdict.good", "role.missing", "ledger.rollback", "nonsense", ""}) {
    const auto read =
        parse_answer("{\"error\":{\"reason\":\"" + std::string(reason) + "\",\"detail\":\"\"}}");
    EXPECT_EQ(read.error().reason(), Reason::kSourceAnswer) << reason;
  }
  std::string other = to_json(some_answer());
  other.replace(other.find("row.encoding"), 12, "role.missing");
  EXPECT_FALSE(parse_answer(other).ok());
}

TEST(HostWire, RowsHaveAValueForEachColumn) {
  Answer answer = some_answer();
  answer.rows[0].row.values.pop_back();
  EXPECT_FALSE(parse_answer(to_json(answer)).ok());
}

TEST(HostWire, AnyDamageIsAnErrorOrAMessage) {
  kits::SeededRandom random(11);
  for (const std::string& good : {to_json(some_task()), to_json(some_answer())}) {
    for (int round = 0; round < 500; ++round) {
      std::string text = good;
      text[random.u64() % text.size()] = static_cast<char>(random.u64() % 256);
      const auto task = parse_task(text);
      EXPECT_TRUE(!task.ok() || parse_task(to_json(*task)).ok());
      if (const auto read = parse_answer(text); read.ok() && !read->error) {
        for (const auto& row : read->rows) {
          ASSERT_TRUE(row.row.malformed || row.row.values.size() == read->columns.size());
        }
      }
    }
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
      EXPECT_FALSE(parse_task(good.substr(0, cut)).ok());
      EXPECT_FALSE(parse_answer(good.substr(0, cut)).ok());
    }
  }
}

// A host whose pages are given by the test.
class HostKindTest : public testing::Test {
 protected:
  static SettingsNode source() {
    return parse_settings(
               "kind='host'\norganisation='O'\nsystem='S'\nadapter='firms'\nwait_ms=2000\n")
        .value();
  }
  // Answers the next tasks with these, one after the other.
  void serve(std::vector<Answer> answers) {
    if (answers.empty()) return;
    broker.take({"O", "S"}, [this, answers](std::optional<std::string> task) mutable {
      if (!task) return;
      const Task asked = parse_task(*task).value();
      asked_.push_back(asked.cursor.value);
      const Answer answer = answers.front();
      answers.erase(answers.begin());
      serve(std::move(answers));
      ignore(broker.answer({"O", "S"}, asked.id, to_json(answer)), "a test");
    });
  }
  static Answer page(const std::vector<std::string>& values, bool end) {
    Answer out;
    out.columns = {"k"};
    out.end = end;
    for (const auto& value : values) {
      RawRow row;
      row.values = {value};
      out.rows.push_back({row, {"behind " + value}});
    }
    return out;
  }
  kits::SeededRandom random{1};
  Broker broker{random};
  std::unique_ptr<Kind> kind = make_kind(broker);
  std::vector<std::string> asked_;
};

TEST_F(HostKindTest, PagesAreReadBehindTheLastRowGiven) {
  serve({page({"1", "2"}, false), page({"3"}, true)});
  auto opened = kind->pull(source(), {}, Cursor{"start"});
  ASSERT_TRUE(opened.ok()) << opened.error().describe();
  EXPECT_EQ((*opened)->cursor().value, "start");
  EXPECT_EQ((*(*opened)->next())->values[0], "1");
  EXPECT_EQ((*opened)->cursor().value, "behind 1");
  EXPECT_EQ((*(*opened)->next())->values[0], "2");
  EXPECT_EQ((*(*opened)->next())->values[0], "3");
  EXPECT_FALSE(*(*opened)->next());
  EXPECT_THAT(asked_, testing::ElementsAre("start", "behind 2"));
}

TEST_F(HostKindTest, AnEmptyPageThatIsNotTheLastIsNoAnswer) {
  serve({page({}, false)});
  EXPECT_EQ(kind->pull(source(), {}, {}).error().reason(), Reason::kSourceAnswer);
}

TEST_F(HostKindTest, ColumnsThatChangeBetweenPagesStopTheRun) {
  Answer other = page({"2"}, true);
  other.columns = {"other"};
  serve({page({"1"}, false), other});
  auto opened = kind->pull(source(), {}, {}).value();
  ASSERT_TRUE(opened->next().ok());
  EXPECT_EQ(opened->next().error().reason(), Reason::kSourceChanged);
  EXPECT_EQ(opened->cursor().value, "behind 1");
}

TEST_F(HostKindTest, ALookupAndAPush) {
  serve({page({}, true), page({"1"}, true), page({}, true)});
  auto lookup = kind->lookup(source()).value();
  EXPECT_THAT(lookup->columns(), testing::ElementsAre("k"));
  EXPECT_EQ(lookup->find({{"k", "1"}})->size(), 1U);
  EXPECT_TRUE(kind->push(source()).value()->send("id", {{"k", "1"}}).ok());
}

TEST_F(HostKindTest, TheMappingIsReadStrictly) {
  for (const char* toml : {"kind='host'\n", "organisation='O'\nsystem='S'\n",
                           "organisation='O'\nsystem='S'\nadapter='a'\nrerun='never'\n",
                           "organisation='O'\nsystem='S'\nadapter='a'\npath='/etc'\n"}) {
    EXPECT_EQ(kind->check(*parse_settings(toml)).error().reason(), Reason::kMappingInvalid);
  }
  EXPECT_EQ(kind->pull(source(), {"/etc/passwd"}, {}).error().reason(), Reason::kUsage);
}

}  // namespace
}  // namespace lh::adapters::host
