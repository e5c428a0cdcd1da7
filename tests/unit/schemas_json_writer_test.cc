// The tree, the writer and the object reader: rounds over random trees, exact bytes, strictness.
#include <gtest/gtest.h>

#include <random>

#include "schemas/json.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kMax = 1U << 20U;

// ---- random trees ----------------------------------------------------------------------------

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Json value(int depth) {
    switch (below(depth > 0 ? 8 : 6)) {
      case 0:
        return Json();
      case 1:
        return Json(below(2) == 1);
      case 2:
        return Json(std::int64_t{below(1000)} - 500);
      case 3:
        return Json(edge_integer());
      case 4:
        return Json(number());
      case 5:
        return Json(text());
      case 6:
        return array(depth);
      default:
        return object(depth);
    }
  }

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

 private:
  std::int64_t edge_integer() {
    constexpr std::int64_t kLargest = 9007199254740991;
    const std::int64_t n = kLargest - below(3);
    return below(2) == 0 ? n : -n;
  }

  double number() {
    const double d = std::uniform_real_distribution<double>(-1e6, 1e6)(random_);
    return below(2) == 0 ? d : d * 1e-200;
  }

  std::string text() {
    static const std::vector<std::string> kParts = {"a",
                                                    "\"",
                                                    "\\",
                                                    "/",
                                                    "\n",
                                                    "\r",
                                                    "\t",
                                                    "\b",
                                                    "\f",
                                                    "\x01",
                                                    "\x1F",
                                                    "\x7F",
                                                    "é",
                                                    "证照",
                                                    "\xF0\xA0\x80\x80",
                                                    "\xEF\xBF\xBF",
                                                    "\\u0041",
                                                    "{}",
                                                    " ",
                                                    ","};
    std::string out;
    for (int n = below(8); n > 0; --n) {
      out += kParts[static_cast<std::size_t>(below(static_cast<int>(kParts.size())))];
    }
    return out;
  }

  Json array(int depth) {
    Json out = Json::array();
    for (int n = below(5); n > 0; --n) out.push(value(depth - 1));
    return out;
  }

  Json object(int depth) {
    Json out = Json::object();
    for (int n = below(below(10) == 0 ? 40 : 5); n > 0; --n) out.set(text(), value(depth - 1));
    return out;
  }

  std::mt19937 random_;
};

TEST(JsonWriter, WhatIsWrittenReadsBackTheSame) {
  Generator generator(20261122);
  for (int i = 0; i < 3000; ++i) {
    const Json value = generator.value(5);
    const std::string text = to_text(value);
    const auto again = parse_json(text, kMax);
    ASSERT_TRUE(again.ok()) << again.error().describe() << "\n" << text;
    ASSERT_EQ(to_text(*again), text);
  }
}

// A text with one byte changed is refused or read as something that makes its own round; never a
// crash, never a tree that cannot be written.
TEST(JsonWriter, ChangedBytesNeverBreakTheReader) {
  Generator generator(4711);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = to_text(generator.value(4));
    const auto at = static_cast<std::size_t>(generator.below(static_cast<int>(text.size())));
    text[at] = static_cast<char>(generator.below(256));
    const auto r = parse_json(text, kMax);
    if (!r.ok()) {
      ++refused;
      continue;
    }
    const std::string written = to_text(*r);
    ASSERT_EQ(to_text(parse_json(written, kMax).value()), written);
  }
  EXPECT_GT(refused, 500);
}

// ---- exact bytes -----------------------------------------------------------------------------

TEST(JsonWriter, EscapesWhatRfc8259DemandsAndNothingElse) {
  EXPECT_EQ(to_text(Json("\"\\/\b\f\n\r\t\x01\x1F\x7F证")),
            "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7F证\"");
}

TEST(JsonWriter, KeepsDoublesDoubles) {
  EXPECT_EQ(to_text(Json(1.0)), "1.0");
  EXPECT_EQ(to_text(Json(0.1)), "0.1");
  EXPECT_EQ(to_text(Json(-2.5)), "-2.5");
  EXPECT_EQ(to_text(Json(1)), "1");
}

TEST(JsonWriter, IsCompact) {
  Json j = Json::object();
  j.set("a", Json::array().push(1).push(Json()).push(true)).set("b", Json::object());
  EXPECT_EQ(to_text(j), R"({"a":[1,null,true],"b":{}})");
}

TEST(JsonWriterDeathTest, RefusesWhatTheReaderWouldRefuse) {
  EXPECT_DEATH(to_text(Json(std::int64_t{9007199254740992})), "2\\^53");
  EXPECT_DEATH(to_text(Json(~std::uint64_t{0} >> 1U)), "2\\^53");
  EXPECT_DEATH(to_text(Json(1e300)), "2\\^53");
  EXPECT_DEATH(to_text(Json("\xFF")), "UTF-8");
}

// ---- the tree --------------------------------------------------------------------------------

TEST(JsonTree, SetReplacesInPlace) {
  Json j;
  j.set("a", 1).set("b", 2).set("a", 3);
  EXPECT_EQ(to_text(j), R"({"a":3,"b":2})");
  EXPECT_EQ(*j.find("a")->integer(), 3);
  EXPECT_EQ(j.find("c"), nullptr);
  EXPECT_EQ(Json(1).find("a"), nullptr);
}

TEST(JsonTree, SetAndPushChangeTheKind) {
  Json j("text");
  j.push(1);
  EXPECT_EQ(to_text(j), "[1]");
  j.set("a", 1);
  EXPECT_EQ(to_text(j), R"({"a":1})");
}

// ---- ObjectReader ----------------------------------------------------------------------------

TEST(ObjectReaderTest, ReadsEveryKind) {
  const Json j = parse_json(R"({"s":"x","i":7,"b":true,"o":{},"a":[],"n":null})", kMax).value();
  ObjectReader r = ObjectReader::open(j, "here").value();
  EXPECT_EQ(r.string("s").value(), "x");
  EXPECT_EQ(r.integer("i").value(), 7);
  EXPECT_EQ(r.optional_boolean("b").value(), true);
  EXPECT_NE(r.object("o").value(), nullptr);
  EXPECT_NE(r.array("a").value(), nullptr);
  EXPECT_EQ(r.optional_string("n").value(), std::nullopt);
  EXPECT_EQ(r.optional_integer("absent").value(), std::nullopt);
  EXPECT_EQ(r.optional("absent"), nullptr);
  EXPECT_TRUE(r.finish().ok());
}

TEST(ObjectReaderTest, RefusesMembersNobodyAskedFor) {
  const Json j = parse_json(R"({"a":1,"extra":2})", kMax).value();
  ObjectReader r = ObjectReader::open(j, "purpose").value();
  EXPECT_TRUE(r.integer("a").ok());
  EXPECT_EQ(r.finish().error().reason(), Reason::kJsonUnknownMember);
  EXPECT_EQ(r.finish().error().detail(), "purpose.extra");
}

TEST(ObjectReaderTest, NamesTheMemberAndTheReason) {
  const Json j =
      parse_json(R"({"s":1,"i":"x","f":1.5,"o":[],"a":{},"b":0,"n":null})", kMax).value();
  ObjectReader r = ObjectReader::open(j, "w").value();
  EXPECT_EQ(r.string("s").error().reason(), Reason::kJsonWrongType);
  EXPECT_EQ(r.integer("i").error().reason(), Reason::kJsonWrongType);
  EXPECT_EQ(r.integer("f").error().reason(), Reason::kJsonWrongType);
  EXPECT_EQ(r.object("o").error().reason(), Reason::kJsonWrongType);
  EXPECT_EQ(r.array("a").error().reason(), Reason::kJsonWrongType);
  EXPECT_EQ(r.optional_boolean("b").error().reason(), Reason::kJsonWrongType);
  EXPECT_EQ(r.string("n").error().reason(), Reason::kJsonMissingMember);
  EXPECT_EQ(r.string("absent").error().detail(), "w.absent");
  EXPECT_EQ(ObjectReader::open(Json(1), "w").error().reason(), Reason::kJsonWrongType);
}

TEST(ObjectReaderTest, BoundsTexts) {
  const Json j = parse_json(R"({"s":"12345"})", kMax).value();
  EXPECT_TRUE(ObjectReader::open(j, "w").value().string("s", 5).ok());
  EXPECT_EQ(ObjectReader::open(j, "w").value().string("s", 4).error().reason(), Reason::kJsonValue);
}

// A name is only repeated in an error when it looks like one: personal values put in the place of a
// name do not reach the log, and neither do control characters nor cut UTF-8.
TEST(ObjectReaderTest, NeverRepeatsWhatIsNoName) {
  for (const std::string& name :
       {std::string("11010519491231002X"), std::string("测试人员001"), std::string("a\nb"),
        std::string("a b"), std::string(65, 'a'), std::string()}) {
    EXPECT_EQ(shown_name(name), "(not a name)") << name;
    Json j = Json::object();
    j.set(name, 1);
    EXPECT_EQ(ObjectReader::open(j, "w").value().finish().error().detail(), "w.(not a name)");
  }
  EXPECT_EQ(shown_name("valid_from"), "valid_from");
}

}  // namespace
}  // namespace lh::schemas
