// Laws that hold for the files of every format, in both encodings.
#include <random>

#include "adapters_formats_kit.h"

namespace lh::adapters::file {
namespace {

class EveryFormat : public Scratch, public ::testing::WithParamInterface<Encoding> {
 protected:
  Encoding encoding() const { return GetParam(); }
  std::vector<Cursor> cursors(const std::string& path, const FileSourceSettings& settings) {
    auto source = open_file(path, settings, {}).value();
    std::vector<Cursor> out = {source->cursor()};
    for (;;) {
      const auto row = source->next();
      EXPECT_TRUE(row.ok());
      if (!row.ok() || !*row) return out;
      out.push_back(source->cursor());
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Encodings, EveryFormat,
                         ::testing::Values(Encoding::kUtf8, Encoding::kGb18030));

Rows some_rows(std::size_t n) {
  Rows out;
  for (std::size_t i = 0; i < n; ++i) {
    out.push_back({"row " + std::to_string(i), "测试\U00020BB7\"\\[{<&" + std::to_string(i * 7)});
  }
  return out;
}

// A killed load goes on at the cursor that was stored last: each row is given once.
TEST_P(EveryFormat, GoesOnAtEveryRow) {
  const Rows rows = some_rows(40);
  for (const FormatCase& format : every_format()) {
    const auto settings = format.settings(encoding());
    const std::string path = write(format.write(rows, encoding()));
    const auto all = read_any(path, settings);
    ASSERT_EQ(values_of(all), rows) << format.name;
    const auto at = cursors(path, settings);
    ASSERT_EQ(at.size(), all.size() + 1);
    for (std::size_t i = 0; i < at.size(); ++i) {
      const auto rest = read_any(path, settings, at[i]);
      ASSERT_EQ(rest.size(), all.size() - i) << format.name;
      for (std::size_t k = 0; k < rest.size(); ++k) {
        ASSERT_EQ(rest[k].number, all[i + k].number);
        ASSERT_EQ(rest[k].bytes, all[i + k].bytes);
        ASSERT_EQ(rest[k].values, all[i + k].values);
      }
    }
  }
}

TEST_P(EveryFormat, AFileThatGrewIsGoneOnWithAndAnotherIsRefused) {
  const Rows rows = some_rows(12);
  const Rows few(rows.begin(), rows.begin() + 5);
  Rows other = few;
  other[0][1] = "别的";
  for (const FormatCase& format : every_format()) {
    const auto settings = format.settings(encoding());
    const auto at = cursors(write(format.write(few, encoding())), settings);
    const auto rest = read_any(write(format.write(rows, encoding())), settings, at.back());
    EXPECT_EQ(values_of(rest), Rows(rows.begin() + 5, rows.end())) << format.name;
    EXPECT_EQ(reason_of_opening(write(format.write(other, encoding())), settings, at[3]),
              "cursor.invalid")
        << format.name;
    const std::string shorter = write(format.write({few[0]}, encoding()));
    EXPECT_EQ(reason_of_opening(shorter, settings, at[4]), "cursor.invalid") << format.name;
    for (const char* junk : {"x", "\x85\x01\x02\x03\x04", "\x84\x01\x02\x03\x04", "\x80"}) {
      EXPECT_EQ(reason_of_opening(shorter, settings, Cursor{junk}), "cursor.invalid");
    }
  }
}

// Law: the whole rows before a cut are given as they are, and a cut inside the rows shows.
TEST_P(EveryFormat, ATruncatedFileGivesTheRowsBeforeTheCut) {
  const Rows rows = some_rows(4);
  for (const FormatCase& format : every_format()) {
    const auto settings = format.settings(encoding());
    const Bytes bytes = format.write(rows, encoding());
    // Formats of one width are long and change little from byte to byte.
    const std::size_t step = bytes.size() > 1000 ? 7 : 1;
    for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
      auto source = open_file(write(bytes.substr(0, cut)), settings, {});
      if (!source.ok()) continue;  // cut inside the header
      const auto read = read_rows(**source);
      ASSERT_LE(read.size(), rows.size() + 1) << format.name << cut;
      for (std::size_t i = 0; i < read.size(); ++i) {
        // CSV and lines end where the file ends; a value cut short is the last row's.
        const bool last = i + 1 == read.size();
        const bool whole = !last || (format.name != "csv" && !read[i].malformed);
        ASSERT_TRUE(!whole || read[i].values == rows[i]) << format.name << cut;
      }
      // Formats that say where they end never look whole when they are not.
      const bool says = format.name == "json" || format.name == "dbf" || format.name == "xml";
      if (says && cut + 2 < bytes.size()) {
        ASSERT_TRUE(!read.empty() && read.back().malformed) << format.name << cut;
        ASSERT_EQ(read.back().malformed->id(), "row.cut") << format.name << cut;
      }
      ASSERT_FALSE((*source)->next().value());  // the end stays the end
      const auto again = open_file(write(bytes.substr(0, cut)), settings, (*source)->cursor());
      ASSERT_TRUE(again.ok()) << format.name << cut;
      ASSERT_FALSE((*again)->next().value()) << format.name << cut;
    }
  }
}

// Law: whatever bytes are changed, reading ends, numbers go up, and a row has values or a reason.
TEST_P(EveryFormat, FlippedBytesNeverStopTheLoad) {
  std::mt19937 random(7);
  const Rows rows = some_rows(12);
  for (const FormatCase& format : every_format()) {
    const auto settings = format.settings(encoding());
    const Bytes good = format.write(rows, encoding());
    for (int round = 0; round < 100; ++round) {
      Bytes bytes = good;
      for (std::size_t n = 1 + random() % 8; n > 0; --n) {
        bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
      }
      auto source = open_file(write(bytes), settings, {});
      if (!source.ok()) continue;  // the header
      std::uint64_t last = 0;
      for (const RawRow& row : read_rows(**source)) {
        ASSERT_GT(row.number, last);
        last = row.number;
        ASSERT_EQ(row.values.empty(), row.malformed.has_value()) << format.name << round;
        for (const auto& value : row.values) ASSERT_TRUE(is_utf8(value)) << format.name;
      }
    }
  }
}

// One row with bad bytes is one bad row: the ones around it are as they were.
TEST_P(EveryFormat, TextThatIsNotOfTheEncodingIsOneBadRow) {
  const Rows rows = some_rows(9);
  const Bytes mark = in_encoding(rows[4][0], encoding());  // "row 4"
  for (const ByteView bad : {ByteView("\x81 w 4", 5), ByteView("ro\xFF 4", 5),
                             ByteView("ro\0 4", 5), ByteView("\x81\x30\x81 4", 5)}) {
    for (const FormatCase& format : every_format()) {
      Bytes bytes = format.write(rows, encoding());
      const std::size_t at = bytes.find(mark);
      ASSERT_NE(at, Bytes::npos);
      bytes.replace(at, mark.size(), bad);
      const auto read = read_any(write(bytes), format.settings(encoding()));
      ASSERT_EQ(read.size(), rows.size()) << format.name;
      for (std::size_t i = 0; i < read.size(); ++i) {
        ASSERT_TRUE(i == 4 || read[i].values == rows[i]) << format.name;
      }
      ASSERT_TRUE(read[4].malformed) << format.name;
      EXPECT_EQ(read[4].malformed->id(), "row.encoding") << format.name;
      EXPECT_NE(read[4].bytes.find(bad), Bytes::npos) << format.name;
    }
  }
}

TEST_P(EveryFormat, HugeValuesArriveAndLongerOnesAreRefused) {
  for (const FormatCase& format : every_format()) {
    if (format.name.starts_with("fixed") || format.name == "dbf") continue;  // of one width
    std::string huge;
    while (huge.size() < 300'000) huge += "大字段\U00020BB7";
    std::string too_huge = huge;
    while (too_huge.size() < 3'000'000) too_huge += huge;
    const Rows rows = {{"1", "a"}, {"2", huge}, {"3", too_huge}, {"4", "b"}};
    const auto settings = format.settings(encoding());
    const auto read = read_any(write(format.write(rows, encoding())), settings);
    ASSERT_EQ(read.size(), 4U) << format.name;
    EXPECT_EQ(read[1].values, rows[1]) << format.name;
    ASSERT_TRUE(read[2].malformed) << format.name;
    // A quoted value of CSV is cut at its line end, the only place where it may be.
    EXPECT_EQ(read[2].malformed->id(), "row.too_long") << format.name;
    EXPECT_EQ(read[2].bytes.size(), settings.max_row_bytes) << format.name;
    EXPECT_EQ(read[3].values, rows[3]) << format.name;
  }
}

TEST_F(Scratch, FormatsHaveNoLookupAndNoPush) {
  const auto kind = make_kind();
  for (const FormatCase& format : every_format()) {
    const auto node = parse_settings("encoding = \"utf-8\"\n" + format.toml);
    ASSERT_TRUE(kind->check(*node).ok()) << format.name;
    EXPECT_EQ(kind->lookup(*node).error().id(), "adapter.unsupported");
    EXPECT_EQ(kind->push(*node).error().id(), "adapter.unsupported");
  }
}

}  // namespace
}  // namespace lh::adapters::file
