// The file adapter on whole files: encodings, damage, limits, and the law that no row is lost.
#include <gmock/gmock.h>

#include <random>

#include "adapters/file/encoding.h"
#include "adapters_scratch.h"

namespace lh::adapters::file {
namespace {

using ::testing::ElementsAre;
using Rows = std::vector<std::vector<std::string>>;

class CsvSource : public Scratch {
 protected:
  FileSourceSettings utf8_;
  FileSourceSettings gb18030_ = [] {
    FileSourceSettings settings;
    settings.encoding = Encoding::kGb18030;
    return settings;
  }();
};

TEST_F(CsvSource, ReadsRowsWithTheirNumbersAndBytes) {
  auto source = open_csv(write("\xEF\xBB\xBFname, code \r\n\"a,1\",2\r\n\r\n测,3"), utf8_, {});
  ASSERT_TRUE(source.ok());
  EXPECT_THAT((*source)->columns(), ElementsAre("name", "code"));
  const auto rows = read_rows(**source);
  EXPECT_EQ(values_of(rows), (Rows{{"a,1", "2"}, {"测", "3"}}));
  EXPECT_EQ(rows[0].number, 1U);
  EXPECT_EQ(rows[0].bytes, "\"a,1\",2");
  EXPECT_EQ(rows[1].number, 2U);
  EXPECT_EQ(rows[1].bytes, "测,3");
  EXPECT_EQ((*source)->size_bytes(), (*source)->position_bytes());
}

TEST_F(CsvSource, ReadsGb18030WithFourByteAndNewCharacters) {
  const std::string text = "名称,代码\r\n测试企业\U00020BB7\u9FB4,\"甲,乙\"\r\n\uFE10丂狚,丙\r\n";
  const Bytes bytes = encode_gb18030(text).value();
  const auto rows = read_file(write(bytes), gb18030_);
  EXPECT_EQ(values_of(rows), (Rows{{"测试企业\U00020BB7\u9FB4", "甲,乙"}, {"\uFE10丂狚", "丙"}}));
  const auto marked = read_file(write("\x84\x31\x95\x33" + bytes), gb18030_);
  EXPECT_EQ(values_of(marked), values_of(rows));
}

TEST_F(CsvSource, DamagedRowsAreKeptWithTheirReasonAndTheOthersAreRead) {
  const auto rows = read_file(write(std::string("a,b\n") +
                                    "1,2\n"                     // good
                                    "1\n"                       // short
                                    "1,2,3\n"                   // long
                                    "\xFF\xFE,2\n"              // not UTF-8
                                    "\"1\"x,2\n"                // text behind a quote
                                    "1,\"2\n"                   // never closed
                                    "3,4\n" +                   // good
                                    std::string("1,\0\n", 4) +  // NUL
                                    "5,6"),                     // good, no line end
                              utf8_);
  EXPECT_THAT(reasons_of(rows),
              ElementsAre("good", "row.width", "row.width", "row.encoding", "row.quoting",
                          "row.quoting", "good", "row.encoding", "good"));
  EXPECT_EQ(rows[3].bytes, "\xFF\xFE,2");
  EXPECT_EQ(rows[5].bytes, "1,\"2");
  EXPECT_EQ(rows[7].bytes, ByteView("1,\0", 3));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].number, i + 1);
    EXPECT_EQ(rows[i].values.empty(), rows[i].malformed.has_value());
  }
}

TEST_F(CsvSource, ARowBeyondTheLimitKeepsItsBeginningAndCostsNoOtherRow) {
  for (const std::size_t size : {limits::kRowBytes + 1, limits::kRowBytes * 3}) {
    const auto rows = read_file(write("a,b\n1,2\n" + std::string(size, 'x') + "\n3,4\n"), utf8_);
    EXPECT_THAT(reasons_of(rows), ElementsAre("good", "row.too_long", "good"));
    EXPECT_EQ(rows[1].bytes.size(), limits::kRowBytes);
    EXPECT_EQ(rows[2].number, 3U);
  }
  const auto whole =
      read_file(write("a,b\n" + std::string(limits::kRowBytes - 2, 'x') + ",y\r\n3,4\n"), utf8_);
  EXPECT_THAT(reasons_of(whole), ElementsAre("good", "good"));
}

TEST_F(CsvSource, AnOpenQuoteDoesNotSwallowTheFile) {
  std::string text = "a,b\n\"open,2\n";
  for (int i = 0; i < 200'000; ++i) text += "row,number\n";  // 2.2 MB behind the quote
  const auto rows = read_file(write(text), utf8_);
  ASSERT_EQ(rows.size(), 200'001U);
  EXPECT_EQ(rows[0].malformed->reason(), Reason::kRowQuoting);
  for (std::size_t i = 1; i < rows.size(); ++i) ASSERT_FALSE(rows[i].malformed);
}

TEST_F(CsvSource, RefusesWhatItCannotOpen) {
  const auto reason = [this](const std::string& name) {
    const auto source = open_csv(name, utf8_, {});
    return source.ok() ? "opened" : std::string(source.error().id());
  };
  EXPECT_EQ(reason(path("absent.csv")), "file.unreadable");
  EXPECT_EQ(reason(path("")), "file.unreadable");  // a folder
  EXPECT_EQ(reason("/dev/null"), "file.unreadable");
  EXPECT_EQ(reason(write("")), "mapping.column_missing");
  EXPECT_EQ(reason(write("\xFF,b\n1,2\n")), "row.encoding");
  EXPECT_EQ(reason(write("\"a\"b,c\n")), "row.quoting");
  EXPECT_EQ(reason(write(std::string(2U << 20U, 'a'))), "row.too_long");
  utf8_.header = {"a", "c"};
  EXPECT_EQ(reason(write("a,b\n1,2\n")), "mapping.column_missing");
  EXPECT_EQ(reason(write("c,b,a\n1,2,3\n")), "opened");
}

TEST_F(CsvSource, AnotherDelimiterIsADelimiter) {
  utf8_.delimiter = '\t';
  EXPECT_EQ(values_of(read_file(write("a\tb\n1,5\t\"2\t3\"\n"), utf8_)), (Rows{{"1,5", "2\t3"}}));
}

TEST_F(CsvSource, OneColumnMayBeBlank) {
  EXPECT_EQ(values_of(read_file(write("a\n1\n\n2\n"), utf8_)), (Rows{{"1"}, {""}, {"2"}}));
}

std::string in_quotes(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

struct Written {
  Rows rows;
  std::string text;  // UTF-8, with a header line
};

Written write_random(std::mt19937& random, std::size_t rows) {
  const char* pieces[] = {"a", ",", "\"", "\n", "\r\n", "测试", "\U00020BB7", "\u9FB4", " ", "7"};
  Written out;
  out.text = "x,y,z\r\n";
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<std::string> row(3);
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (std::size_t n = random() % 40; n > 0; --n) row[i] += pieces[random() % 10];
      const bool must = row[i].find_first_of(",\"\r\n") != std::string::npos;
      out.text += (i > 0 ? "," : "") + (must || random() % 3 == 0 ? in_quotes(row[i]) : row[i]);
    }
    out.text += random() % 2 == 0 ? "\n" : "\r\n";
    out.rows.push_back(std::move(row));
  }
  return out;
}

// Law: what an honest writer wrote is read back equal, in both encodings, over many read buffers.
TEST_F(CsvSource, ReadsBackWhatAWriterWrote) {
  std::mt19937 random(42);
  const Written written = write_random(random, 6000);
  EXPECT_GT(written.text.size(), 800'000U);
  EXPECT_EQ(values_of(read_file(write(written.text), utf8_)), written.rows);
  const Bytes bytes = encode_gb18030(written.text).value();
  EXPECT_EQ(values_of(read_file(write(bytes), gb18030_)), written.rows);
}

// Law: a file cut anywhere gives the whole rows before the cut, and at most the last line of what
// was cut is wrong.
TEST_F(CsvSource, ATruncatedFileGivesTheRowsBeforeTheCut) {
  std::string text = "a,b\n";
  for (int i = 0; i < 40; ++i) text += "row" + std::to_string(i) + ",\"v,\"\"1\"\"\"\n";
  const Rows all = values_of(read_file(write(text), utf8_));
  ASSERT_EQ(all.size(), 40U);
  for (std::size_t cut = 4; cut <= text.size(); ++cut) {
    const auto rows = read_file(write(text.substr(0, cut)), utf8_);
    const auto lines = static_cast<std::size_t>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cut), '\n') - 1);
    ASSERT_GE(rows.size(), lines);
    ASSERT_LE(rows.size(), lines + 1);
    for (std::size_t i = 0; i < lines; ++i) ASSERT_EQ(rows[i].values, all[i]) << cut;
  }
}

// Law: whatever bytes are changed, every byte of the file is in some row's bytes, in a line end, or
// blank; numbers have no gap; and reading ends.
TEST_F(CsvSource, FlippedBytesLoseNoRow) {
  std::mt19937 random(99);
  for (int round = 0; round < 300; ++round) {
    const bool wide = round % 2 == 0;
    const Written written = write_random(random, 20);
    Bytes bytes = wide ? encode_gb18030(written.text).value() : written.text;
    for (std::size_t n = 1 + random() % 20; n > 0; --n) {
      bytes[7 + random() % (bytes.size() - 7)] = static_cast<char>(random() % 256);
    }
    const auto rows = read_file(write(bytes), wide ? gb18030_ : utf8_);
    std::size_t at = 7;  // behind the header line
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i].number, i + 1);
      ASSERT_EQ(rows[i].values.empty(), rows[i].malformed.has_value());
      while (at < bytes.size() && bytes.compare(at, rows[i].bytes.size(), rows[i].bytes) != 0) {
        ASSERT_TRUE(bytes[at] == '\r' || bytes[at] == '\n') << round;
        ++at;
      }
      at += rows[i].bytes.size();
    }
    ASSERT_EQ(bytes.find_first_not_of("\r\n", at), Bytes::npos) << round;
  }
}

}  // namespace
}  // namespace lh::adapters::file
