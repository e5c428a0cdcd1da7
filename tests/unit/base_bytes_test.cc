#include "base/bytes.h"

#include <gtest/gtest.h>

#include <random>

namespace lh {
namespace {

Bytes random_bytes(std::mt19937& generator, std::size_t n) {
  Bytes out(n, '\0');
  for (char& c : out) c = static_cast<char>(generator() & 0xFFU);
  return out;
}

// RFC 4648 section 10.
struct Rfc4648 {
  const char* plain;
  const char* base64;
  const char* hex;
};
constexpr Rfc4648 kRfc4648[] = {
    {"", "", ""},
    {"f", "Zg==", "66"},
    {"fo", "Zm8=", "666f"},
    {"foo", "Zm9v", "666f6f"},
    {"foob", "Zm9vYg==", "666f6f62"},
    {"fooba", "Zm9vYmE=", "666f6f6261"},
    {"foobar", "Zm9vYmFy", "666f6f626172"},
};

TEST(Bytes, WritesAndReadsTheVectorsOfRfc4648) {
  for (const auto& v : kRfc4648) {
    SCOPED_TRACE(v.plain);
    EXPECT_EQ(to_base64(v.plain), v.base64);
    EXPECT_EQ(to_hex(v.plain), v.hex);
    EXPECT_EQ(parse_base64(v.base64).value(), v.plain);
    EXPECT_EQ(parse_hex(v.hex).value(), v.plain);
  }
}

TEST(Bytes, UrlFormDiffersInTwoSymbolsAndHasNoPadding) {
  const Bytes v("\xFB\xFF\xBF\x3E", 4);
  EXPECT_EQ(to_base64(v), "+/+/Pg==");
  EXPECT_EQ(to_base64url(v), "-_-_Pg");
  EXPECT_EQ(parse_base64url("-_-_Pg").value(), v);
}

TEST(Bytes, RoundTripsEveryLength) {
  std::mt19937 generator(1);
  for (std::size_t n = 0; n < 200; ++n) {
    const Bytes v = random_bytes(generator, n);
    EXPECT_EQ(parse_base64(to_base64(v)).value(), v);
    EXPECT_EQ(parse_base64url(to_base64url(v)).value(), v);
    EXPECT_EQ(parse_hex(to_hex(v)).value(), v);
  }
}

// Two spellings of the same bytes would be two documents with one meaning.
TEST(Bytes, RefusesEverySpellingThatItWouldNotWrite) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm8==", "====", "=",
                           "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm-v", "Zm_v", "Zm9v=", "Zg==Zg"}) {
    EXPECT_FALSE(parse_base64(text).ok()) << text;
  }
  for (const char* text : {"Z", "Zg==", "Zm8=", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9v ", "Zm9vY"}) {
    EXPECT_FALSE(parse_base64url(text).ok()) << text;
  }
  for (const char* text : {"6", "666", "6g", "0x66", "66 ", " 66", "6 6"}) {
    EXPECT_FALSE(parse_hex(text).ok()) << text;
  }
  EXPECT_EQ(parse_hex("6G").error().reason(), Reason::kInputMalformed);
}

TEST(Bytes, AcceptedTextIsTheTextItWrites) {
  std::mt19937 generator(2);
  constexpr char kSymbols[] = "ABZaz019+/-_= ";
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text(generator() % 9, 'A');
    for (char& c : text) c = kSymbols[generator() % (sizeof kSymbols - 1)];
    if (const auto v = parse_base64(text); v.ok()) {
      ++accepted;
      EXPECT_EQ(to_base64(*v), text);
    }
    if (const auto v = parse_base64url(text); v.ok()) {
      EXPECT_EQ(to_base64url(*v), text);
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(Bytes, BigEndianNumbersRoundTrip) {
  for (const std::uint64_t v : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xFF},
                                std::uint64_t{0x0123456789ABCDEF}, ~std::uint64_t{0}}) {
    Bytes out;
    append_be64(out, v);
    append_be32(out, static_cast<std::uint32_t>(v));
    append_be16(out, static_cast<std::uint16_t>(v));
    ASSERT_EQ(out.size(), 14U);
    EXPECT_EQ(read_be64(out), v);
    EXPECT_EQ(read_be32(ByteView(out).substr(8)), static_cast<std::uint32_t>(v));
    EXPECT_EQ(read_be16(ByteView(out).substr(12)), static_cast<std::uint16_t>(v));
  }
  Bytes one;
  append_be32(one, 0x01020304);
  EXPECT_EQ(to_hex(one), "01020304");
}

TEST(Bytes, ArraysTakeExactlyTheirLength) {
  EXPECT_TRUE(to_array<4>("abcd").ok());
  EXPECT_FALSE(to_array<4>("abc").ok());
  EXPECT_FALSE(to_array<4>("abcde").ok());
  EXPECT_EQ(view(to_array<4>("abcd").value()), "abcd");
}

TEST(Bytes, ConstantTimeComparisonComparesEveryByte) {
  const Bytes a = "0123456789";
  EXPECT_TRUE(equal_constant_time(a, a));
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_FALSE(equal_constant_time(a, "012345678"));
  for (std::size_t i = 0; i < a.size(); ++i) {
    Bytes b = a;
    b[i] = static_cast<char>(b[i] ^ 0x80);
    EXPECT_FALSE(equal_constant_time(a, b)) << i;
  }
}

TEST(Bytes, KnowsUtf8) {
  for (const char* text : {"", "plain", "\u00e9", "\u4e2d\u6587", "\U00020bb7", "\uffff",
                           "\U0010ffff", "\ud7ff", "\ue000"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x80\x80", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xE4\xB8", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xE4\xB8z"}) {
    EXPECT_FALSE(is_utf8(text)) << to_hex(text);
  }
  // One wrong byte is found wherever it stands in text of any length.
  for (std::size_t n = 1; n <= 40; ++n) {
    for (std::size_t i = 0; i < n; ++i) {
      std::string text(n, 'a');
      EXPECT_TRUE(is_utf8(text));
      text[i] = '\x80';
      EXPECT_FALSE(is_utf8(text)) << n << " " << i;
    }
  }
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace lh
