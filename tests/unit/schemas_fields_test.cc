// Surface fields: each kind takes what it should and nothing else, for values and for definitions.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "schemas/fields.h"

namespace lh::schemas {
namespace {

FieldDefinition defined(FieldKind kind) {
  FieldDefinition d;
  d.name = "f";
  d.chinese = "项";
  d.english = "Field";
  d.kind = kind;
  return d;
}

// ---- values by kind --------------------------------------------------------------------------

struct Value {
  const char* name;
  FieldKind kind;
  std::string text;
  bool good;
};
void PrintTo(const Value& v, std::ostream* out) {
  *out << v.name;
}

class FieldValue : public testing::TestWithParam<Value> {};

TEST_P(FieldValue, IsCheckedByItsKind) {
  FieldDefinition d = defined(GetParam().kind);
  if (d.kind == FieldKind::kCode) d.codes = {{"1", "男"}, {"2", "女"}};
  if (d.kind == FieldKind::kIdentifier) d.identifier = "uscc";
  const auto r = check_fields({d}, {{"f", GetParam().text}});
  EXPECT_EQ(r.ok(), GetParam().good);
  if (!r.ok()) {
    EXPECT_EQ(r.error().reason(), Reason::kLicenceField);
    EXPECT_EQ(r.error().detail(), "f: not valid for its kind");
  }
}

constexpr auto kText = FieldKind::kText;
constexpr auto kDate = FieldKind::kDate;
constexpr auto kCode = FieldKind::kCode;
constexpr auto kAmount = FieldKind::kAmount;
constexpr auto kInteger = FieldKind::kInteger;
constexpr auto kIdentifier = FieldKind::kIdentifier;
constexpr auto kList = FieldKind::kList;

INSTANTIATE_TEST_SUITE_P(
    Kinds, FieldValue,
    testing::Values(
        Value{"text", kText, "食品销售；餐饮", true},
        Value{"text_lines", kText, "一\n二\t三", true},
        Value{"text_escape", kText, "a\x1B[2J", false}, Value{"text_return", kText, "a\r\n", false},
        Value{"text_delete", kText, "a\x7F", false}, Value{"date", kDate, "2024-02-29", true},
        Value{"date_no_leap", kDate, "2023-02-29", false},
        Value{"date_compact", kDate, "20240229", false},
        Value{"date_slash", kDate, "2024/02/28", false},
        Value{"date_time", kDate, "2024-02-28T00:00:00Z", false},
        Value{"date_chinese", kDate, "2024年2月28日", false}, Value{"code", kCode, "2", true},
        Value{"code_label", kCode, "女", false}, Value{"code_unknown", kCode, "3", false},
        Value{"amount", kAmount, "2000000.00 CNY", true},
        Value{"amount_whole", kAmount, "0 USD", true},
        Value{"amount_fraction", kAmount, "0.5 CNY", true},
        Value{"amount_negative", kAmount, "-0.50 CNY", true},
        Value{"amount_no_currency", kAmount, "2000000.00", false},
        Value{"amount_chinese_currency", kAmount, "200 万元", false},
        Value{"amount_lower", kAmount, "2 cny", false},
        Value{"amount_comma", kAmount, "2,000 CNY", false},
        Value{"amount_leading_zero", kAmount, "02 CNY", false},
        Value{"amount_no_fraction", kAmount, "2. CNY", false},
        Value{"amount_exponent", kAmount, "2e6 CNY", false},
        Value{"amount_two_spaces", kAmount, "2  CNY", false},
        Value{"amount_sign_only", kAmount, "- CNY", false},
        Value{"amount_two_signs", kAmount, "--2 CNY", false},
        Value{"amount_16_digits", kAmount, "1000000000000000 CNY", false},
        Value{"integer", kInteger, "2023", true}, Value{"integer_zero", kInteger, "0", true},
        Value{"integer_negative", kInteger, "-5", true},
        Value{"integer_minus_zero", kInteger, "-0", false},
        Value{"integer_leading_zero", kInteger, "007", false},
        Value{"integer_plus", kInteger, "+1", false},
        Value{"integer_fraction", kInteger, "1.0", false},
        Value{"integer_space", kInteger, " 1", false},
        Value{"integer_full_width", kInteger, "１", false},
        Value{"integer_16_digits", kInteger, "1000000000000000", false},
        Value{"uscc", kIdentifier, "91350100M000100Y43", true},
        Value{"uscc_wrong_check", kIdentifier, "91350100M000100Y44", false},
        Value{"uscc_lower_case", kIdentifier, "91350100m000100y43", false},
        Value{"list", kList, "热食类食品制售\n冷食类食品制售", true},
        Value{"list_empty_item", kList, "a\n\nb", false},
        Value{"list_ends_empty", kList, "a\n", false},
        Value{"list_begins_empty", kList, "\na", false}),
    [](const auto& i) { return i.param.name; });

TEST(CheckFields, ChecksEachIdentifierByItsOwnRule) {
  FieldDefinition d = defined(kIdentifier);
  d.identifier = "resident_id";
  EXPECT_TRUE(check_fields({d}, {{"f", "11010519491231002X"}}).ok());  // printed in GB 11643-1999
  EXPECT_FALSE(check_fields({d}, {{"f", "110105194912310020"}}).ok());
  d.identifier = "organisation_code";
  EXPECT_TRUE(check_fields({d}, {{"f", "M000100Y4"}}).ok());
  EXPECT_FALSE(check_fields({d}, {{"f", "M000100Y5"}}).ok());
}

TEST(CheckFields, GivesTheOrderOfTheDefinition) {
  FieldDefinition a = defined(kText);
  FieldDefinition b = defined(kText);
  FieldDefinition c = defined(kText);
  a.name = "a";
  b.name = "b";
  c.name = "c";
  const Fields out = check_fields({a, b, c}, {{"c", "3"}, {"a", "1"}}).value();
  EXPECT_EQ(out, (Fields{{"a", "1"}, {"c", "3"}}));
  EXPECT_EQ(*find_field(out, "c"), "3");
  EXPECT_EQ(find_field(out, "b"), nullptr);
}

TEST(CheckFields, TreatsAnEmptyValueAsAbsent) {
  FieldDefinition d = defined(kDate);
  EXPECT_TRUE(check_fields({d}, {{"f", ""}}).value().empty());
  d.required = true;
  EXPECT_EQ(check_fields({d}, {{"f", ""}}).error().detail(), "f: required");
  EXPECT_EQ(check_fields({d}, {}).error().detail(), "f: required");
}

TEST(CheckFields, RefusesUnknownRepeatedAndTooLong) {
  FieldDefinition d = defined(kText);
  d.max_bytes = 3;
  EXPECT_EQ(check_fields({d}, {{"g", "1"}}).error().detail(), "g: not a field of this type");
  EXPECT_EQ(check_fields({d}, {{"f", "1"}, {"f", "1"}}).error().detail(), "f: given twice");
  EXPECT_TRUE(check_fields({d}, {{"f", "证"}}).ok());
  EXPECT_EQ(check_fields({d}, {{"f", "证照"}}).error().detail(), "f: too long");
  EXPECT_EQ(check_fields({d}, {{"f", "\xFF"}}).error().detail(), "f: not UTF-8");
}

// The error names the field, never the value; a "name" that is a value is not repeated either.
TEST(CheckFields, ErrorsHoldNoValue) {
  FieldDefinition d = defined(kIdentifier);
  d.identifier = "resident_id";
  const auto wrong = check_fields({d}, {{"f", "110105194912310020"}});
  EXPECT_EQ(wrong.error().detail().find("1949"), std::string::npos);
  const auto name = check_fields({d}, {{"110105194912310020", "x"}});
  EXPECT_EQ(name.error().detail().find("1949"), std::string::npos);
}

TEST(FieldsJson, TakesTextsOnlyAndKeepsOrder) {
  const Json j = parse_json(R"({"b":"2","a":"1"})", 1024).value();
  const Fields fields = fields_from_json(j, "w").value();
  EXPECT_EQ(fields, (Fields{{"b", "2"}, {"a", "1"}}));
  EXPECT_EQ(to_text(fields_to_json(fields)), R"({"b":"2","a":"1"})");
  for (const char* bad : {R"({"a":1})", R"({"a":null})", R"({"a":["1"]})", R"({"a":{}})", "[]"}) {
    const auto r = fields_from_json(parse_json(bad, 1024).value(), "w");
    ASSERT_FALSE(r.ok()) << bad;
    EXPECT_EQ(r.error().reason(), Reason::kJsonWrongType) << bad;
  }
}

// ---- definitions -----------------------------------------------------------------------------

struct Definition {
  const char* name;
  const char* json;
};
void PrintTo(const Definition& d, std::ostream* out) {
  *out << d.name;
}

class BadDefinition : public testing::TestWithParam<Definition> {};

TEST_P(BadDefinition, IsRefused) {
  const auto r = field_definitions_from_json(parse_json(GetParam().json, 4096).value());
  EXPECT_FALSE(r.ok());
}

INSTANTIATE_TEST_SUITE_P(
    Fields, BadDefinition,
    testing::Values(
        Definition{"no_array", "{}"}, Definition{"none", "[]"}, Definition{"no_object", "[1]"},
        Definition{"no_kind", R"([{"name":"a","chinese":"甲","english":"A"}])"},
        Definition{"no_chinese", R"([{"name":"a","english":"A","kind":"text"}])"},
        Definition{"empty_english", R"([{"name":"a","chinese":"甲","english":"","kind":"text"}])"},
        Definition{"unknown_member",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"text","x":1}])"},
        Definition{"unknown_kind", R"([{"name":"a","chinese":"甲","english":"A","kind":"blob"}])"},
        Definition{"camel_case",
                   R"([{"name":"certNo","chinese":"甲","english":"A","kind":"text"}])"},
        Definition{"digit_first", R"([{"name":"1a","chinese":"甲","english":"A","kind":"text"}])"},
        Definition{"twice", R"([{"name":"a","chinese":"甲","english":"A","kind":"text"},
                                {"name":"a","chinese":"乙","english":"B","kind":"text"}])"},
        Definition{"code_without_codes",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"code"}])"},
        Definition{"empty_codes",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"code","codes":{}}])"},
        Definition{"label_no_text",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"code","codes":{"1":1}}])"},
        Definition{
            "codes_of_text",
            R"([{"name":"a","chinese":"甲","english":"A","kind":"text","codes":{"1":"x"}}])"},
        Definition{"identifier_without_scheme",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"identifier"}])"},
        Definition{"identifier_unknown",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"identifier",
                        "identifier":"iban"}])"},
        Definition{
            "identifier_of_text",
            R"([{"name":"a","chinese":"甲","english":"A","kind":"text","identifier":"uscc"}])"},
        Definition{
            "privacy_unknown",
            R"([{"name":"a","chinese":"甲","english":"A","kind":"text","privacy":"secret"}])"},
        Definition{"resident_number_not_personal",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"identifier",
                        "identifier":"resident_id"}])"},
        Definition{"bytes_zero",
                   R"([{"name":"a","chinese":"甲","english":"A","kind":"text","max_bytes":0}])"},
        Definition{
            "bytes_beyond_limit",
            R"([{"name":"a","chinese":"甲","english":"A","kind":"text","max_bytes":65537}])"},
        Definition{
            "required_text",
            R"([{"name":"a","chinese":"甲","english":"A","kind":"text","required":"yes"}])"}),
    [](const auto& i) { return i.param.name; });

TEST(FieldDefinitions, MakeTheRoundToJsonAndBack) {
  const char* text =
      R"([{"name":"sex","chinese":"性别","english":"Sex","kind":"code","codes":{"1":"男","2":"女"},)"
      R"("privacy":"personal","required":true,"max_bytes":4},)"
      R"({"name":"zzbh","chinese":"证照编号","english":"Number","pinyin":"ZZBH","kind":"text"},)"
      R"({"name":"uscc","chinese":"代码","english":"Code","kind":"identifier","identifier":"uscc"}])";
  const auto definitions = field_definitions_from_json(parse_json(text, 4096).value()).value();
  EXPECT_EQ(to_text(field_definitions_to_json(definitions)), text);
  EXPECT_EQ(definitions[0].privacy, FieldPrivacy::kPersonal);
  EXPECT_EQ(definitions[0].codes[1].second, "女");
  EXPECT_EQ(definitions[1].max_bytes, 512U);
}

}  // namespace
}  // namespace lh::schemas
