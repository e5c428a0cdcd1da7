// Rows from the bytes that quarantine keeps: what a pull gave is what comes again, in every format
// whose bytes say it all.
#include <gtest/gtest.h>

#include "adapters/file/encoding.h"
#include "adapters/file/file_source.h"
#include "adapters/message/message_kind.h"
#include "tests/integration/adapters_scratch.h"

namespace lh::adapters {
namespace {

SettingsNode source_of(const std::string& toml) {
  static std::vector<std::unique_ptr<SettingsNode>> kept;
  kept.push_back(std::make_unique<SettingsNode>(parse_settings("[source]\n" + toml).value()));
  return *kept.back()->find("source");
}

struct Case {
  const char* name;
  std::string settings;
  std::string file;
};

std::string gb(const std::string& text) {
  return file::encode_gb18030(text).value();
}

std::vector<Case> cases() {
  const std::string columns =
      "columns = [{ name = \"code\", path = \"c\" }, { name = \"name\", path = \"n\" }]\n";
  return {
      {"csv", "kind = \"file\"\nencoding = \"utf-8\"\n",
       "code,name\n1,\"测试,\"\"企业\"\"\n\"2\",乙\n3\n4,\"没有引号\n"},
      {"csv gb18030", "kind = \"file\"\nencoding = \"gb18030\"\n",
       gb("code,name\n1,测试企业𠮷\n") + "2,\xFF\xFF\n"},
      {"fixed",
       "kind = \"file\"\nencoding = \"utf-8\"\nformat = \"fixed\"\nskip_lines = 1\n"
       "columns = [{ name = \"code\", start = 1, length = 3 }, "
       "{ name = \"name\", start = 4, length = 6 }]\n",
       "head\n001测试\n002x\n"},
      {"json lines", "kind = \"file\"\nencoding = \"utf-8\"\nformat = \"jsonl\"\n" + columns,
       "{\"c\":\"1\",\"n\":\"测试\"}\n{\"c\":2,\"n\":null}\n{\"c\":1,\"c\":2}\n"},
      {"json",
       "kind = \"file\"\nencoding = \"utf-8\"\nformat = \"json\"\nrows = \"data\"\n" + columns,
       "{\"data\":[{\"c\":\"1\",\n\"n\":\"测试\"},{\"c\":\"2\"}]}"},
      {"xml",
       "kind = \"file\"\nencoding = \"utf-8\"\nformat = \"xml\"\nrows = \"/data/list/row\"\n" +
           columns,
       "<data><list><row><c>1</c><n>测试</n></row><row><c>2</c><c>3</c></row></list></data>"},
  };
}

class RereadTest : public file::Scratch {};

TEST_F(RereadTest, GivesWhatThePullGave) {
  const auto kind = file::make_kind();
  for (const Case& c : cases()) {
    const auto settings = source_of(c.settings);
    const auto checked = kind->check(settings);
    ASSERT_TRUE(checked.ok()) << c.name << checked.error().describe();
    const auto path = write(c.file);
    const auto source = kind->pull(settings, {path}, {}).value();
    int rows = 0;
    for (auto row = source->next().value(); row; row = source->next().value()) {
      KeptRow kept{source->columns(), {}, {}};
      kept.row.number = row->number;
      kept.row.bytes = row->bytes;
      const auto again = kind->reread(settings, kept).value();
      EXPECT_EQ(again.columns, source->columns()) << c.name;
      EXPECT_EQ(again.row.values, row->values) << c.name << " row " << row->number;
      EXPECT_EQ(again.row.malformed.has_value(), row->malformed.has_value())
          << c.name << " row " << row->number;
      EXPECT_EQ(again.row.number, row->number);
      ++rows;
    }
    EXPECT_GE(rows, 2) << c.name;
  }
}

TEST_F(RereadTest, TwoRowsOrNoneAreNotOne) {
  const auto kind = file::make_kind();
  for (const Case& c : cases()) {
    const auto settings = source_of(c.settings);
    for (const char* bytes : {"", "a,b\nc,d", "x\ny", "{\"c\":\"1\"},{\"c\":\"2\"}",
                              "<row><c>1</c></row><row><c>2</c></row>"}) {
      KeptRow kept{{"code", "name"}, {}, {}};
      kept.row.bytes = bytes;
      const auto again = kind->reread(settings, kept);
      ASSERT_TRUE(again.ok()) << c.name << " " << again.error().describe();
      EXPECT_TRUE(again->row.malformed.has_value()) << c.name << ": " << bytes;
    }
  }
}

TEST_F(RereadTest, ARecordOfDbfMeansNothingWithoutItsHeader) {
  const auto kind = file::make_kind();
  const auto settings = source_of("kind = \"file\"\nencoding = \"utf-8\"\nformat = \"dbf\"\n");
  EXPECT_EQ(kind->reread(settings, {}).error().reason(), Reason::kAdapterUnsupported);
}

TEST_F(RereadTest, AnEventKeepsItsColumns) {
  const auto kind = message::make_kind();
  const auto settings = source_of("kind = \"message\"\ncolumns = { \"code\" = \"data.c\" }\n");
  KeptRow kept;
  kept.row.bytes = "{\"data\":{\"c\":\"17\"}}";
  const auto again = kind->reread(settings, kept).value();
  EXPECT_EQ(again.columns, std::vector<std::string>{"code"});
  EXPECT_EQ(again.row.values, std::vector<std::string>{"17"});
}

}  // namespace
}  // namespace lh::adapters
