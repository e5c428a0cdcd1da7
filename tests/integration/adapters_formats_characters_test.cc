// Every character of GB 18030 goes through every format, in both encodings.
#include "adapters_formats_kit.h"
#include "tests/kits/code_points.h"

namespace lh::adapters::file {
namespace {

class EveryFormat : public Scratch, public ::testing::WithParamInterface<Encoding> {
 protected:
  Encoding encoding() const { return GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(Encodings, EveryFormat,
                         ::testing::Values(Encoding::kUtf8, Encoding::kGb18030));

// Every code point that can be written and that XML knows, 60 a value.
class CodePoints {
 public:
  Rows rows;
  std::size_t written = 0;

  CodePoints() {
    for (char32_t from = 0x20; from < 0x110000; from += 60) add_block(from, 60);
  }

 private:
  void add_block(char32_t from, char32_t count) {
    std::string text;
    std::size_t characters = 0;
    for (char32_t c = from; c < std::min<char32_t>(from + count, 0x110000); ++c) {
      const bool none = (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF || c == 0x7F;
      if (none) continue;
      text += kits::utf8(c);
      ++characters;
    }
    if (characters == 0) return;
    if (encode_gb18030(text).ok()) {
      rows.push_back({std::to_string(from), "<" + text + ">"});
      written += characters;
    } else if (count > 1) {
      for (char32_t c = from; c < from + count; ++c) add_block(c, 1);
    }
  }
};

TEST_P(EveryFormat, EveryCharacterArrivesAsItWasWritten) {
  static const CodePoints all;  // the same for both
  EXPECT_GT(all.written, 1'110'000U);
  for (const FormatCase& format : every_format()) {
    const std::string path = write(format.write(all.rows, encoding()));
    auto source = open_file(path, format.settings(encoding()), {}).value();
    ASSERT_EQ(source->columns(), kit_columns()) << format.name;
    std::size_t n = 0;
    for (;; ++n) {
      const auto row = source->next();
      ASSERT_TRUE(row.ok());
      if (!*row) break;
      ASSERT_FALSE((*row)->malformed) << format.name << n << (*row)->malformed->describe();
      ASSERT_EQ((*row)->values, all.rows.at(n)) << format.name;
    }
    EXPECT_EQ(n, all.rows.size()) << format.name;
  }
}

}  // namespace
}  // namespace lh::adapters::file
