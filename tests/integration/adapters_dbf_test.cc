// DBF: files of another implementation, types, memos, and headers that lie.
#include <gmock/gmock.h>

#include "adapters_formats_kit.h"

namespace lh::adapters::file {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Dbf : public Scratch {
 protected:
  FileSourceSettings utf8_ = settings_of("encoding = \"utf-8\"\nformat = \"dbf\"\n");
  FileSourceSettings gb18030_ = settings_of("encoding = \"gb18030\"\nformat = \"dbf\"\n");

  std::string why(const Bytes& bytes) {
    const auto source = open_file(write(bytes, "t.dbf"), utf8_, {});
    return source.ok() ? "opened" : source.error().describe();
  }
};

std::string expected_amount(int i) {
  const auto amount = std::to_string(static_cast<long long>(i) * 123456789012LL);
  return amount + (i < 10 ? ".0" : ".") + std::to_string(i);
}

std::string expected_note(int i) {
  if (i % 4 == 0) return "";
  std::string out = "备注" + std::to_string(i) + "：";
  for (int k = 0; k < i * 40; ++k) out += "长";
  return out;
}

// What python3-dbf wrote is what arrives; deleted records are counted and not given.
TEST_F(Dbf, ReadsWhatAnotherImplementationWrote) {
  const std::string script = std::string(LH_SOURCE_DIR) + "/tests/integration/adapters_dbf.py";
  ASSERT_EQ(std::system(("/usr/bin/python3 " + script + " " + path(".")).c_str()), 0)
      << "needs the Debian package python3-dbf";
  for (const char* name : {"db3.dbf", "vfp.dbf"}) {
    auto source = open_file(path(name), gb18030_, {});
    ASSERT_TRUE(source.ok()) << name << source.error().describe();
    EXPECT_THAT((*source)->columns(),
                ElementsAre("CODE", "NAME", "AMOUNT", "RATE", "SINCE", "OPEN", "NOTE"));
    const auto rows = read_rows(**source);
    ASSERT_EQ(rows.size(), 27U);
    for (const RawRow& row : rows) {
      const int i = static_cast<int>(row.number) - 1;
      ASSERT_FALSE(row.malformed) << row.malformed->describe();
      ASSERT_NE(i % 10, 7);
      const LocalDate day = LocalDate::make(2020, 1, 1).value().plus_days(i);
      char code[16];
      char company[64];
      std::snprintf(code, sizeof code, "CODE%04d", i);
      std::snprintf(company, sizeof company, "测试企业%03d有限公司", i);
      EXPECT_EQ(row.values[0], code);
      EXPECT_EQ(row.values[1], company);
      EXPECT_EQ(row.values[2], expected_amount(i));
      EXPECT_DOUBLE_EQ(std::stod(row.values[3]), i / 4.0);
      EXPECT_EQ(row.values[4], i % 5 == 0 ? "" : day.compact());
      EXPECT_EQ(row.values[5], i % 3 == 0 ? "true" : i % 3 == 1 ? "false" : "");
      EXPECT_EQ(row.values[6], expected_note(i));
    }
  }
}

TEST_F(Dbf, ValuesOfEachTypeAreExactOrRefused) {
  const Bytes fields = dbf_field("N", 'N', 20) + dbf_field("D", 'D', 8) + dbf_field("L", 'L', 1);
  Bytes bytes = dbf_head(0, 30, fields);
  bytes[4] = 8;
  using Record = std::pair<Bytes, Bytes>;  // the number, then date and truth
  for (const auto& [number, rest] :
       {Record("00123456789012345.01", "20240230T"), Record("-1", "        ?"),
        Record("+.5", "00000000f"), Record(Bytes(20, '*'), "20240101N"),
        Record("1e10", "20240101Y"), Record("1.2.3", "20240101 "), Record("1", "2024-1-1N"),
        Record("1", "20240101x")}) {
    bytes += Bytes(21 - number.size(), ' ') + number + rest;
  }
  const auto rows = read_any(write(bytes, "t.dbf"), utf8_);
  EXPECT_THAT(reasons_of(rows), ElementsAre("good", "good", "good", "row.number", "row.number",
                                            "row.number", "row.date", "row.enum"));
  EXPECT_THAT(rows[0].values, ElementsAre("00123456789012345.01", "20240230", "true"));
  EXPECT_THAT(rows[1].values, ElementsAre("-1", "", ""));
  EXPECT_THAT(rows[2].values, ElementsAre("+.5", "", "false"));
  EXPECT_EQ(rows[3].bytes.size(), 30U);
}

TEST_F(Dbf, AMemoFileThatIsMissingIsSaid) {
  const Bytes head = dbf_head(1, 11, dbf_field("M", 'M', 10), '\x83');
  EXPECT_THAT(why(head + " " + "         1"), HasSubstr("adapter.unsupported: DBF: the memo file"));
}

TEST_F(Dbf, MemosThatPointNowhereAreBadRows) {
  Bytes bytes = dbf_head(6, 11, dbf_field("M", 'M', 10), '\xF5');
  for (const char* number :
       {"         1", "          ", "      9999", "         2", "         3", "        x1"}) {
    bytes += Bytes(" ") + number;
  }
  Bytes memo(64, '\0');
  memo[7] = 64;  // bytes of a block
  const auto block = [&memo](const Bytes& head, const Bytes& text) {
    Bytes b = head + text;
    b.resize(64, '\0');
    memo += b;
  };
  block(Bytes("\0\0\0\1\0\0\0\4", 8), "text");
  block(Bytes("\0\0\0\1\x7F\0\0\0", 8), "a length that lies");
  block(Bytes("\0\0\0\0\0\0\0\4", 8), "a picture");
  write(memo, "t.FPT");
  const auto rows = read_any(write(bytes, "t.dbf"), utf8_);
  EXPECT_THAT(reasons_of(rows),
              ElementsAre("good", "good", "row.cut", "row.cut", "row.encoding", "row.cut"));
  EXPECT_THAT(rows[0].values, ElementsAre("text"));
  EXPECT_THAT(rows[0].bytes, ::testing::EndsWith(Bytes("\0\0\0\4text", 8)));
}

TEST_F(Dbf, HeadersThatLieAreRefused) {
  const Bytes field = dbf_field("A", 'C', 10);
  const Bytes row(11, ' ');
  EXPECT_EQ(why(dbf_head(1, 11, field) + row), "opened");
  EXPECT_THAT(why(dbf_head(1, 12, field) + row), HasSubstr("source.answer"));  // record size
  EXPECT_THAT(why(dbf_head(1, 0, field) + row), HasSubstr("source.answer"));
  EXPECT_THAT(why(dbf_head(1, 21, field + field) + row), HasSubstr("two fields"));
  EXPECT_THAT(why(dbf_head(1, 1, "")), HasSubstr("source.answer"));  // no fields
  EXPECT_THAT(why(dbf_head(1, 11, dbf_field("", 'C', 10))), HasSubstr("without a name"));
  EXPECT_THAT(why(dbf_head(1, 1, dbf_field("A", 'C', 0))), HasSubstr("source.answer"));
  EXPECT_THAT(why(dbf_head(1, 8, dbf_field("A", 'D', 7))), HasSubstr("its type cannot have"));
  EXPECT_THAT(why(dbf_head(1, 9, dbf_field("A", 'T', 8))), HasSubstr("adapter.unsupported"));
  EXPECT_THAT(why(dbf_head(1, 11, field, '\x04') + row), HasSubstr("adapter.unsupported"));
  EXPECT_THAT(why("\x03"), HasSubstr("source.answer"));
  Bytes endless = dbf_head(1, 11, field) + row;
  endless[64] = ' ';  // where the fields end
  EXPECT_THAT(why(endless), HasSubstr("source.answer"));
  Bytes long_header = dbf_head(1, 11, field) + row;
  long_header[9] = '\x7F';
  EXPECT_THAT(why(long_header), HasSubstr("the file ends inside it"));
  Bytes many;
  for (int i = 0; i < 600; ++i) many += dbf_field("F" + std::to_string(i), 'C', 1);
  EXPECT_THAT(why(dbf_head(1, 601, many) + row), HasSubstr("too many fields"));
}

TEST_F(Dbf, CountsThatLieShow) {
  const Bytes field = dbf_field("A", 'C', 3);
  EXPECT_THAT(reasons_of(read_any(write(dbf_head(4'000'000'000U, 4, field) + " one two"), utf8_)),
              ElementsAre("good", "good", "row.cut"));
  EXPECT_THAT(reasons_of(read_any(write(dbf_head(1, 4, field) + " one two\x1A"), utf8_)),
              ElementsAre("good", "row.width"));
  EXPECT_THAT(reasons_of(read_any(write(dbf_head(3, 4, field) + " one?two*del\x1A"), utf8_)),
              ElementsAre("good", "row.width"));
}

}  // namespace
}  // namespace lh::adapters::file
