// Fixed width: places counted in bytes or characters, lines and records that are not as long as
// they must be.
#include <gmock/gmock.h>

#include "adapters_formats_kit.h"

namespace lh::adapters::file {
namespace {

using ::testing::ElementsAre;

constexpr const char* kPlaces =
    "[[columns]]\nname = \"code\"\nstart = 1\nlength = 4\n"
    "[[columns]]\nname = \"name\"\nstart = 6\nlength = 6\n";

class Fixed : public Scratch {
 protected:
  static FileSourceSettings fixed(const std::string& encoding, const std::string& more = "") {
    return settings_of("encoding = \"" + encoding + "\"\nformat = \"fixed\"\n" + more + kPlaces);
  }
};

TEST_F(Fixed, CountsBytesOfTheEncoding) {
  const Bytes line =
      encode_gb18030("0001|测试a  ").value();  // 测试 is four bytes: one blank is left
  const auto rows = read_any(write(line.substr(0, 11) + "\r\n"), fixed("gb18030"));
  EXPECT_EQ(values_of(rows), (Rows{{"0001", "测试a"}}));
  EXPECT_EQ(rows[0].bytes, line.substr(0, 11));
  EXPECT_EQ(values_of(read_any(write("0001|测试\n"), fixed("utf-8"))), (Rows{{"0001", "测试"}}));
}

TEST_F(Fixed, CountsCharactersWhenToldSo) {
  const auto settings = fixed("gb18030", "unit = \"characters\"\n");
  const Bytes line = encode_gb18030("0001|测试\U00020BB7a b\n").value();
  EXPECT_EQ(values_of(read_any(write(line), settings)), (Rows{{"0001", "测试\U00020BB7a b"}}));
}

// GB 18030: the second half of a character may look like a letter.
TEST_F(Fixed, AColumnThatCutsACharacterIsNoText) {
  const Bytes line =
      "0001\x81\x41"
      "bcdef";  // 丄 at bytes 5 and 6; the column begins at 6
  const auto rows = read_any(write(line + "\n"), fixed("gb18030"));
  EXPECT_THAT(reasons_of(rows), ElementsAre("row.encoding"));
  EXPECT_EQ(rows[0].bytes, line);
}

TEST_F(Fixed, LinesOfAnotherLengthAreBadRows) {
  const std::string text = "0001|abcdef\n0002|abcde\n0003|abcdefg\n\n0004|abcdef\n";
  EXPECT_THAT(reasons_of(read_any(write(text), fixed("utf-8"))),
              ElementsAre("good", "row.width", "row.width", "good"));
  const auto padded = read_any(write(text), fixed("utf-8", "short_lines = true\n"));
  EXPECT_THAT(reasons_of(padded), ElementsAre("good", "good", "row.width", "good"));
  EXPECT_THAT(padded[1].values, ElementsAre("0002", "abcde"));
}

TEST_F(Fixed, SkipsLinesBeforeTheFirstRow) {
  const auto rows =
      read_any(write("\xEF\xBB\xBFhead\n----\n0001|abcdef"), fixed("utf-8", "skip_lines = 2\n"));
  EXPECT_EQ(values_of(rows), (Rows{{"0001", "abcdef"}}));
}

TEST_F(Fixed, RecordsHaveNoLineEndAndTheLastMayBeCut) {
  const auto settings = fixed("utf-8", "record_length = 12\n");
  const std::string path = write("0001|abcdef\n0002|a\n   .\n0003");
  const auto rows = read_any(path, settings);
  EXPECT_THAT(reasons_of(rows), ElementsAre("good", "good", "row.cut"));
  EXPECT_THAT(rows[1].values, ElementsAre("0002", "a\n   ."));
  EXPECT_EQ(rows[2].bytes, "0003");
  auto source = open_file(path, settings, {}).value();
  read_rows(*source);
  EXPECT_EQ(reason_of_opening(path, settings, source->cursor()), "opened");
  const std::string grown = write("0001|abcdef\n0002|a\n   .\n0003|abcdef\n");
  EXPECT_EQ(reason_of_opening(grown, settings, source->cursor()), "cursor.invalid");
}

TEST_F(Fixed, TheMappingSaysWhereColumnsAre) {
  const auto refused = [](const std::string& toml) {
    const auto node = parse_settings("encoding = \"utf-8\"\nformat = \"fixed\"\n" + toml);
    const auto read = read_settings(*node);
    return read.ok() ? "accepted" : read.error().describe();
  };
  EXPECT_THAT(refused(""), ::testing::HasSubstr("columns are missing"));
  EXPECT_THAT(refused("[[columns]]\nname = \"a\"\nstart = 0\nlength = 1\n"),
              ::testing::HasSubstr("line 5: start is a number from 1"));
  EXPECT_THAT(refused("record_length = 9\n" + std::string(kPlaces)),
              ::testing::HasSubstr("behind the end"));
  EXPECT_THAT(refused("record_length = 20\nskip_lines = 1\n" + std::string(kPlaces)),
              ::testing::HasSubstr("without lines"));
  EXPECT_THAT(refused("delimiter = \";\"\n" + std::string(kPlaces)),
              ::testing::HasSubstr("line 3: the key delimiter is not known here"));
  EXPECT_THAT(refused(std::string(kPlaces) + kPlaces), ::testing::HasSubstr("already there"));
}

}  // namespace
}  // namespace lh::adapters::file
