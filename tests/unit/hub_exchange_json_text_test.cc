// JSON written without a tree is the JSON of the tree.
#include <gtest/gtest.h>

#include <random>

#include "hub/exchange/plan/json_text.h"
#include "schemas/json.h"

namespace lh {
namespace {

using hub::exchange::JsonText;
using schemas::Json;

std::string some_text(std::mt19937& dice) {
  static const std::vector<std::string> kParts = {"a", "\"", "\\", "证照", "\n", "\x01", " ", "é"};
  std::string out;
  for (std::size_t n = dice() % 6; n > 0; --n) out += kParts[dice() % kParts.size()];
  return out;
}

// The same value written both ways.
Json grow(std::mt19937& dice, JsonText& text, int depth) {
  const auto kind = depth == 0 ? dice() % 2 : dice() % 4;
  if (kind == 0) {
    const auto n = static_cast<std::int64_t>(dice()) - (std::int64_t{1} << 31);
    text.number(n);
    return n;
  }
  if (kind == 1) {
    const std::string s = some_text(dice);
    text.text(s);
    return s;
  }
  const std::size_t items = dice() % 4;
  if (kind == 2) {
    Json out = Json::array();
    text.begin_array();
    for (std::size_t i = 0; i < items; ++i) out.push(grow(dice, text, depth - 1));
    text.end();
    return out;
  }
  Json out = Json::object();
  text.begin_object();
  for (std::size_t i = 0; i < items; ++i) {
    const std::string name = std::to_string(i) + some_text(dice);
    text.name(name);
    out.set(name, grow(dice, text, depth - 1));
  }
  text.end();
  return out;
}

TEST(JsonText, IsTheTextOfTheTree) {
  std::mt19937 dice(1);
  for (int i = 0; i < 2000; ++i) {
    JsonText text(16);
    const Json tree = grow(dice, text, 4);
    ASSERT_EQ(text.take(), schemas::to_text(tree)) << i;
  }
}

TEST(JsonText, MembersAndNames) {
  JsonText text(64);
  text.begin_object().set("a", "x").set("n", 5).set_filled("none", "").set_filled("b", "y");
  text.set("names", schemas::Names{"证照", "licence"}).end();
  EXPECT_EQ(text.take(),
            R"({"a":"x","n":5,"b":"y","names":{"chinese":"证照","english":"licence"}})");
}

TEST(JsonTextDeath, WhatIsNotBalancedDoesNotLeave) {
  EXPECT_DEATH({ JsonText(8).end(); }, "open");
  EXPECT_DEATH({ JsonText(8).begin_array().name("a"); }, "object");
  EXPECT_DEATH({ JsonText(8).begin_object().take(); }, "open");
}

}  // namespace
}  // namespace lh
