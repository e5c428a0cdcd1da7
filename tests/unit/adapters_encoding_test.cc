#include <gtest/gtest.h>

#include "adapters/file/encoding.h"
#include "tests/kits/code_points.h"

namespace lh::adapters::file {
namespace {

// Law: what can be written in GB18030 reads back as itself; and no byte of a character that is not
// ASCII is a comma, a quote or a line end, so rows may be cut before they are decoded.
class EveryCharacter {
 public:
  std::size_t written = 0;

  void try_text(const std::string& text, const Bytes& bytes) {
    ASSERT_TRUE(decoder_.decode(bytes, back_)) << text;
    ASSERT_EQ(back_, text);
    ASSERT_EQ(bytes.find_first_of(",\"\r\n\t;"), Bytes::npos) << text;
  }

  void try_block(char32_t from, char32_t count) {
    std::string text;
    std::size_t characters = 0;
    for (char32_t c = from; c < from + count; ++c) {
      if (c < 0x80 || (c >= 0xD800 && c < 0xE000)) continue;
      text += kits::utf8(c);
      ++characters;
    }
    const auto bytes = encode_gb18030(text);
    if (bytes.ok()) {
      written += characters;
      try_text(text, *bytes);
    } else if (count > 1) {
      for (char32_t c = from; c < from + count; ++c) try_block(c, 1);
    }
  }

 private:
  Decoder decoder_ = Decoder::create(Encoding::kGb18030).value();
  std::string back_;
};

TEST(Gb18030, EveryCharacterReadsBackAndHidesNoDelimiter) {
  EveryCharacter every;
  for (char32_t block = 0; block < 0x110000; block += 256) {
    every.try_block(block, 256);
    if (HasFatalFailure()) return;
  }
  // GB 18030-2022 covers all of Unicode; iconv leaves out a few private-use places.
  EXPECT_GT(every.written, 1'110'000U);
}

TEST(Gb18030, FourByteAndTwentyTwentyTwoCharacters) {
  Decoder decoder = Decoder::create(Encoding::kGb18030).value();
  std::string out;
  ASSERT_TRUE(decoder.decode("\xFE\x59\xA6\xD9", out));
  EXPECT_EQ(out, "\u9FB4\uFE10");
  ASSERT_TRUE(decoder.decode("\x95\x32\x82\x36", out));
  EXPECT_EQ(out, "\U00020000");
  ASSERT_TRUE(decoder.decode("\xB2\xE2\xCA\xD4", out));
  EXPECT_EQ(out, "测试");
}

TEST(Decoder, RefusesWhatIsNotText) {
  for (const Encoding encoding : {Encoding::kUtf8, Encoding::kGb18030}) {
    Decoder decoder = Decoder::create(encoding).value();
    std::string out;
    EXPECT_TRUE(decoder.decode("plain, text", out));
    EXPECT_EQ(out, "plain, text");
    EXPECT_TRUE(decoder.decode("", out));
    EXPECT_EQ(out, "");
    EXPECT_FALSE(decoder.decode(ByteView("a\0b", 3), out));
    EXPECT_FALSE(decoder.decode("\x81", out));
    EXPECT_FALSE(decoder.decode("\x81,", out));
    EXPECT_FALSE(decoder.decode("\xFF\xFF", out));
    EXPECT_TRUE(decoder.decode("after a failure", out));  // no state is left over
    EXPECT_EQ(out, "after a failure");
  }
  Decoder decoder = Decoder::create(Encoding::kUtf8).value();
  std::string out;
  for (const char* bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE6\xB5", "\xB2\xE2"}) {
    EXPECT_FALSE(decoder.decode(bad, out)) << bad;
  }
}

}  // namespace
}  // namespace lh::adapters::file
