// The strict reader: what it accepts, what it refuses and by which name. The cases follow the
// classes of the public JSON test suites (grammar, numbers, strings, UTF-8, structure) and add what
// RFC 8259 leaves open. Every text is checked by what the reader as a whole does, so a change of
// the library below shows here.
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "base/limits.h"
#include "schemas/json.h"

namespace lh::schemas {
namespace {

using namespace std::string_literals;

constexpr std::size_t kMax = 1U << 20U;

struct Case {
  const char* name;
  std::string text;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}
std::string case_name(const testing::TestParamInfo<Case>& i) {
  return i.param.name;
}

struct Refused {
  const char* name;
  std::string text;
  Reason reason;
};
void PrintTo(const Refused& c, std::ostream* out) {
  *out << c.name;
}

std::string repeat(std::string_view part, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += part;
  return out;
}

std::string nested(std::size_t n) {
  return repeat("[", n) + repeat("]", n);
}

std::string nested_objects(std::size_t n) {
  return repeat("{\"a\":", n) + "1" + repeat("}", n);
}

std::string many_members(std::size_t n, std::string_view last) {
  std::string out = "{";
  for (std::size_t i = 0; i < n; ++i) out += "\"m" + std::to_string(i) + "\":0,";
  return out + "\"" + std::string(last) + "\":0}";
}

// ---- accepted --------------------------------------------------------------------------------

class Accepts : public testing::TestWithParam<Case> {};

TEST_P(Accepts, Text) {
  const auto r = parse_json(GetParam().text, kMax);
  ASSERT_TRUE(r.ok()) << r.error().describe();
  // What was read can be written, and reads back as the same.
  const std::string text = to_text(*r);
  EXPECT_EQ(to_text(parse_json(text, kMax).value()), text);
}

INSTANTIATE_TEST_SUITE_P(
    Json, Accepts,
    testing::Values(
        Case{"null_alone", "null"}, Case{"true_alone", "true"}, Case{"string_alone", "\"a\""},
        Case{"number_alone", "42"}, Case{"zero_alone", "0"}, Case{"minus_zero", "[-0]"},
        Case{"white_space", " \t\r\n[ 1 ,\n2 ] \r\n\t "}, Case{"empty_array", "[]"},
        Case{"empty_object", "{}"}, Case{"empty_name", "{\"\":0}"}, Case{"empty_string", "[\"\"]"},
        Case{"final_line_feed", "{\"a\":1}\n"}, Case{"largest_integer", "[9007199254740991]"},
        Case{"smallest_integer", "[-9007199254740991]"}, Case{"fraction", "[1.5]"},
        Case{"exponent", "[1e2]"}, Case{"exponent_plus", "[1E+2]"},
        Case{"exponent_minus", "[1e-2]"}, Case{"tiny", "[1e-300]"},
        Case{"many_digits_of_fraction", "[3.141592653589793238462643]"},
        Case{"underflow_to_zero", "[123e-10000000]"}, Case{"chinese", "{\"证照\":\"营业执照\"}"},
        Case{"beyond_bmp", "[\"\xF0\xA0\x80\x80\"]"}, Case{"noncharacter", "[\"\xEF\xBF\xBF\"]"},
        Case{"escapes", R"(["\"\\\/\b\f\n\r\t\u00e9"])"},
        Case{"surrogate_pair", R"(["\uD840\uDC00"])"},
        Case{"escaped_control", R"(["\u0001\u001f"])"}, Case{"delete_character", "[\"\x7F\"]"},
        Case{"bom_inside", "[\"\xEF\xBB\xBF\"]"}, Case{"depth_32", nested(32)},
        Case{"depth_32_objects", nested_objects(32)},
        Case{"same_name_apart", R"([{"a":1},{"a":1}])"},
        Case{"same_name_nested", R"({"a":{"a":1}})"}, Case{"names_by_case", R"({"a":1,"A":2})"},
        Case{"seventeen_members", many_members(16, "z")},
        Case{"most_members", many_members(limits::kJsonMembers - 1, "z")},
        Case{"wide_array", "[" + repeat("0,", 20000) + "0]"}),
    case_name);

// ---- refused ---------------------------------------------------------------------------------

class Refuses : public testing::TestWithParam<Refused> {};

TEST_P(Refuses, Text) {
  // A copy of the exact size: reading behind the end is found by the address sanitizer.
  const std::string& text = GetParam().text;
  const std::unique_ptr<char[]> exact(new char[text.size() + 1]);
  std::copy(text.begin(), text.end(), exact.get());
  const auto r = parse_json(std::string_view(exact.get(), text.size()), kMax);
  ASSERT_FALSE(r.ok()) << to_text(*r);
  EXPECT_EQ(reason_id(r.error().reason()), reason_id(GetParam().reason));
}

std::string refused_name(const testing::TestParamInfo<Refused>& i) {
  return i.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, Refuses,
    testing::Values(Refused{"empty", "", Reason::kJsonSyntax},
                    Refused{"space", " ", Reason::kJsonSyntax},
                    Refused{"open_array", "[1", Reason::kJsonSyntax},
                    Refused{"open_object", "{\"a\":1", Reason::kJsonSyntax},
                    Refused{"open_string", "[\"a", Reason::kJsonSyntax},
                    Refused{"open_escape", "[\"\\", Reason::kJsonSyntax},
                    Refused{"closed_wrongly", "[1}", Reason::kJsonSyntax},
                    Refused{"lone_bracket", "]", Reason::kJsonSyntax},
                    Refused{"comma_after_last", "[1,]", Reason::kJsonSyntax},
                    Refused{"comma_after_member", "{\"a\":1,}", Reason::kJsonSyntax},
                    Refused{"comma_first", "[,1]", Reason::kJsonSyntax},
                    Refused{"two_commas", "[1,,2]", Reason::kJsonSyntax},
                    Refused{"no_comma", "[1 2]", Reason::kJsonSyntax},
                    Refused{"colon_in_array", "[1:2]", Reason::kJsonSyntax},
                    Refused{"no_colon", "{\"a\" 1}", Reason::kJsonSyntax},
                    Refused{"two_colons", "{\"a\"::1}", Reason::kJsonSyntax},
                    Refused{"no_value", "{\"a\":}", Reason::kJsonSyntax},
                    Refused{"bare_name", "{a:1}", Reason::kJsonSyntax},
                    Refused{"number_as_name", "{1:1}", Reason::kJsonSyntax},
                    Refused{"single_quotes", "['a']", Reason::kJsonSyntax},
                    Refused{"comment", "[1/*x*/]", Reason::kJsonSyntax},
                    Refused{"line_comment", "[1]//x\n", Reason::kJsonTrailing},
                    Refused{"capital_true", "[True]", Reason::kJsonSyntax},
                    Refused{"short_null", "[nul]", Reason::kJsonSyntax},
                    Refused{"long_null", "[nulll]", Reason::kJsonSyntax},
                    Refused{"nan", "[NaN]", Reason::kJsonSyntax},
                    Refused{"infinity", "[-Infinity]", Reason::kJsonSyntax},
                    Refused{"undefined", "undefined", Reason::kJsonSyntax},
                    Refused{"form_feed", "[\f1]", Reason::kJsonSyntax},
                    Refused{"no_break_space", "[\xC2\xA0]", Reason::kJsonSyntax},
                    Refused{"nul_between", "[1,\0"s + "2]", Reason::kJsonSyntax},
                    Refused{"raw_nul_in_string", "[\"a\0b\"]"s, Reason::kJsonSyntax},
                    Refused{"raw_tab", "[\"\t\"]", Reason::kJsonSyntax},
                    Refused{"raw_line_feed", "[\"\n\"]", Reason::kJsonSyntax},
                    Refused{"bad_escape", R"(["\x41"])", Reason::kJsonSyntax},
                    Refused{"short_escape", R"(["\u00"])", Reason::kJsonSyntax},
                    Refused{"escape_not_hex", R"(["\u00g0"])", Reason::kJsonSyntax},
                    Refused{"escape_capital_u", R"(["\U0041"])", Reason::kJsonSyntax}),
    refused_name);

INSTANTIATE_TEST_SUITE_P(
    Numbers, Refuses,
    testing::Values(Refused{"two_to_53", "[9007199254740992]", Reason::kJsonNumber},
                    Refused{"minus_two_to_53", "[-9007199254740992]", Reason::kJsonNumber},
                    Refused{"int64_max", "[9223372036854775807]", Reason::kJsonNumber},
                    Refused{"uint64_max", "[18446744073709551615]", Reason::kJsonNumber},
                    Refused{"above_uint64", "[18446744073709551616]", Reason::kJsonNumber},
                    Refused{"thirty_digits", "[123456789012345678901234567890]",
                            Reason::kJsonNumber},
                    Refused{"as_double", "[9007199254740992.0]", Reason::kJsonNumber},
                    Refused{"large_exponent", "[1e300]", Reason::kJsonNumber},
                    Refused{"overflow", "[1e400]", Reason::kJsonNumber},
                    Refused{"huge_exponent", "[0.4e99999999999]", Reason::kJsonNumber},
                    Refused{"alone_too_large", "9007199254740993", Reason::kJsonNumber},
                    Refused{"leading_zero", "[01]", Reason::kJsonSyntax},
                    Refused{"minus_leading_zero", "[-01]", Reason::kJsonSyntax},
                    Refused{"plus", "[+1]", Reason::kJsonSyntax},
                    Refused{"minus_alone", "[-]", Reason::kJsonSyntax},
                    Refused{"no_fraction", "[1.]", Reason::kJsonSyntax},
                    Refused{"no_integer", "[.5]", Reason::kJsonSyntax},
                    Refused{"no_exponent", "[1e]", Reason::kJsonSyntax},
                    Refused{"no_exponent_digits", "[1e+]", Reason::kJsonSyntax},
                    Refused{"hexadecimal", "[0x1]", Reason::kJsonSyntax},
                    Refused{"two_points", "[1.2.3]", Reason::kJsonSyntax},
                    Refused{"thousands", "[1 000]", Reason::kJsonSyntax},
                    Refused{"full_width_digit", "[\xEF\xBC\x91]", Reason::kJsonSyntax}),
    refused_name);

INSTANTIATE_TEST_SUITE_P(
    Text, Refuses,
    testing::Values(Refused{"bom", "\xEF\xBB\xBF[1]", Reason::kJsonBom},
                    Refused{"utf16", "[\0\"\0"s, Reason::kJsonSyntax},
                    Refused{"utf16_bom", "\xFF\xFE[\0]\0"s, Reason::kInputEncoding},
                    Refused{"latin1", "[\"\xE9\"]", Reason::kInputEncoding},
                    Refused{"gb18030", "[\"\xD5\xD5\"]", Reason::kInputEncoding},
                    Refused{"overlong_slash", "[\"\xC0\xAF\"]", Reason::kInputEncoding},
                    Refused{"overlong_nul", "[\"\xC0\x80\"]", Reason::kInputEncoding},
                    Refused{"raw_surrogate", "[\"\xED\xA0\x80\"]", Reason::kInputEncoding},
                    Refused{"above_10ffff", "[\"\xF4\x90\x80\x80\"]", Reason::kInputEncoding},
                    Refused{"cut_character", "[\"\xE8\xAF\"]", Reason::kInputEncoding},
                    Refused{"bad_utf8_outside", "[1]\xFF", Reason::kInputEncoding},
                    Refused{"escaped_nul", R"(["a\u0000b"])", Reason::kJsonNul},
                    Refused{"escaped_nul_in_name", R"({"a\u0000":1})", Reason::kJsonNul},
                    Refused{"lone_high_surrogate", R"(["\uD800"])", Reason::kJsonSyntax},
                    Refused{"lone_low_surrogate", R"(["\uDC00"])", Reason::kJsonSyntax},
                    Refused{"high_then_letter", R"(["\uD800\u0041"])", Reason::kJsonSyntax},
                    Refused{"high_then_plain", R"(["\uD800x"])", Reason::kJsonSyntax},
                    Refused{"high_high", R"(["\uD800\uD800\uDC00"])", Reason::kJsonSyntax},
                    Refused{"low_then_high", R"(["\uDC00\uD800"])", Reason::kJsonSyntax},
                    Refused{"lone_surrogate_name", R"({"\uDEAD":1})", Reason::kJsonSyntax}),
    refused_name);

INSTANTIATE_TEST_SUITE_P(
    Structure, Refuses,
    testing::Values(
        Refused{"duplicate", R"({"a":1,"a":1})", Reason::kJsonDuplicateKey},
        Refused{"duplicate_by_escape", R"({"a":1,"\u0061":2})", Reason::kJsonDuplicateKey},
        Refused{"duplicate_empty", R"({"":1,"":2})", Reason::kJsonDuplicateKey},
        Refused{"duplicate_deep", R"([[{"x":{"k":1,"b":2,"k":3}}]])", Reason::kJsonDuplicateKey},
        Refused{"duplicate_of_many", many_members(16, "m3"), Reason::kJsonDuplicateKey},
        Refused{"duplicate_of_thousands", many_members(3000, "m2999"), Reason::kJsonDuplicateKey},
        Refused{"depth_33", nested(33), Reason::kJsonDepth},
        Refused{"depth_33_objects", nested_objects(33), Reason::kJsonDepth},
        Refused{"depth_40", nested(40), Reason::kJsonDepth},
        Refused{"depth_100000", nested(100000), Reason::kJsonDepth},
        Refused{"open_100000", repeat("[", 100000), Reason::kJsonSyntax},
        Refused{"open_objects", repeat("{\"\":", 100000), Reason::kJsonSyntax},
        Refused{"two_values", "1 2", Reason::kJsonTrailing},
        Refused{"two_objects", "{}{}", Reason::kJsonTrailing},
        Refused{"two_lines", "{\"a\":1}\n{\"a\":2}\n", Reason::kJsonTrailing},
        Refused{"bracket_after", "[1]]", Reason::kJsonTrailing},
        Refused{"comma_after", "[1],", Reason::kJsonTrailing},
        Refused{"word_after", "{\"a\":true}x", Reason::kJsonTrailing},
        Refused{"string_after", "\"a\"\"b\"", Reason::kJsonTrailing},
        Refused{"nul_after", "[1]\0"s, Reason::kJsonTrailing},
        Refused{"bracket_in_string", "[\"]\"]x", Reason::kJsonTrailing},
        Refused{"too_many_members", many_members(limits::kJsonMembers, "z"),
                Reason::kInputTooLarge}),
    refused_name);

// ---- laws ------------------------------------------------------------------------------------

TEST(JsonReader, RefusesTextBeyondTheLimitBeforeReadingIt) {
  EXPECT_TRUE(parse_json("[1]", 3).ok());
  EXPECT_EQ(parse_json("[1]", 2).error().reason(), Reason::kInputTooLarge);
  EXPECT_EQ(parse_json("{{{{", 2).error().reason(), Reason::kInputTooLarge);
}

// A cut text is never taken for a whole one, wherever the cut is.
TEST(JsonReader, RefusesEveryProperPrefix) {
  const std::string text = R"({"证":[1,-2.5e1,true,null,"\u8bc1\n",{"b":[]}],"z":{}})";
  ASSERT_TRUE(parse_json(text, kMax).ok());
  for (std::size_t n = 0; n < text.size(); ++n) {
    EXPECT_FALSE(parse_json(std::string_view(text).substr(0, n), kMax).ok()) << n;
  }
}

// The reader keeps a parser per thread: a refusal leaves nothing behind for the next text.
TEST(JsonReader, ARefusalDoesNotTouchTheNextText) {
  for (int round = 0; round < 50; ++round) {
    EXPECT_FALSE(parse_json(repeat("[", 1000 + static_cast<std::size_t>(round)), kMax).ok());
    EXPECT_FALSE(parse_json("{\"a\":1}x", kMax).ok());
    EXPECT_EQ(to_text(parse_json("{\"a\":[1,2]}", kMax).value()), "{\"a\":[1,2]}");
    const std::string large = "[\"" + repeat("x", 70000) + "\"]";  // beyond the kept parser
    EXPECT_EQ(parse_json(large, kMax).value().items()->at(0).string()->size(), 70000U);
    EXPECT_EQ(to_text(parse_json("[]", kMax).value()), "[]");
  }
}

TEST(JsonReader, ThreadsReadSideBySide) {
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([t, &good] {
      const std::string text = "{\"thread\":" + std::to_string(t) + "}";
      for (int i = 0; i < 200; ++i) {
        if (to_text(parse_json(text, kMax).value()) == text) ++good[t];
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(good, std::vector<int>(4, 200));
}

TEST(JsonReader, KeepsKindsApart) {
  const Json j = parse_json(R"([1,1.0,"1",true,null,-0])", kMax).value();
  const auto& items = *j.items();
  ASSERT_NE(items[0].integer(), nullptr);
  EXPECT_EQ(items[0].number(), nullptr);
  ASSERT_NE(items[1].number(), nullptr);
  EXPECT_EQ(items[1].integer(), nullptr);
  EXPECT_NE(items[2].string(), nullptr);
  EXPECT_NE(items[3].boolean(), nullptr);
  EXPECT_TRUE(items[4].is_null());
  ASSERT_NE(items[5].integer(), nullptr);
  EXPECT_EQ(*items[5].integer(), 0);
}

TEST(JsonReader, KeepsTheOrderOfMembers) {
  EXPECT_EQ(to_text(parse_json(R"({ "b":1, "a":2, "":3 })", kMax).value()),
            R"({"b":1,"a":2,"":3})");
}

}  // namespace
}  // namespace lh::schemas
