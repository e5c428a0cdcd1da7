#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "hub/edge/http/target.h"
#include "tests/kits/seeded_random.h"

namespace lh::hub::edge::http {
namespace {

TEST(EdgeTarget, CanonicalPathsAreDecodedOnce) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"/", "/", ""},
      {"/v1/cases", "/v1/cases", ""},
      {"/v1/cases/", "/v1/cases/", ""},
      {"/%41%7e", "/A~", ""},
      {"/%E8%AF%81%E7%85%A7", "/证照", ""},
      {"/a?b=%20c&d=/?", "/a", "b=%20c&d=/?"},
      {"/a?", "/a", ""},
      {"/a..b/.c/...", "/a..b/.c/...", ""},
      {"/a:b@c;d=e,f", "/a:b@c;d=e,f", ""},
  };
  for (const auto& [raw, path, query] : cases) {
    const auto t = parse_target(raw);
    ASSERT_TRUE(t.ok()) << raw;
    EXPECT_EQ(t->path, path);
    EXPECT_EQ(t->query, query);
  }
}

TEST(EdgeTarget, WhatCanBeReadInTwoWaysIsRefused) {
  for (const char* raw : {"",
                          "a",
                          "*",
                          "http://hub/",
                          "//",
                          "/a//b",
                          "/.",
                          "/..",
                          "/a/./b",
                          "/a/..",
                          "/%2e",
                          "/%2E%2e/a",
                          "/..;x",
                          "/.;/a",
                          "/a%2fb",
                          "/a%2Fb",
                          "/a%5cb",
                          "/a\\b",
                          "/%00",
                          "/%0a",
                          "/%1f",
                          "/%7f",
                          "/%25",
                          "/%252f",
                          "/%",
                          "/%4",
                          "/%4g",
                          "/%g4",
                          "/%c0%af",
                          "/%ff",
                          "/%ed%a0%80",
                          "/%f5%80%80%80",
                          "/a b",
                          "/a#b",
                          "/\"",
                          "/<",
                          "/{",
                          "/|",
                          "/^",
                          "/`",
                          "/\xe8\xaf\x81",
                          "/a?b=%",
                          "/a?b=%0d",
                          "/a?b c",
                          "/a?\xff",
                          "/a?b#c"}) {
    const auto t = parse_target(raw);
    ASSERT_FALSE(t.ok()) << raw;
    EXPECT_EQ(t.error().reason(), Reason::kHttpPath) << raw;
  }
}

TEST(EdgeTarget, LengthIsLimited) {
  const std::string longest = "/" + std::string(limits::kHttpTargetBytes - 1, 'a');
  EXPECT_TRUE(parse_target(longest).ok());
  EXPECT_EQ(parse_target(longest + "a").error().reason(), Reason::kHttpTargetTooLong);
}

// Whatever comes in: what comes out is canonical, and is itself when it is read again.
TEST(EdgeTarget, AcceptedPathsAreCanonical) {
  kits::SeededRandom random(20261122);
  const std::string_view pieces[] = {"/",  ".",  "..",  "%2e", "%2f", "%",      "a",
                                     "B",  "?",  ";",   "%41", "%00", "%c3%a9", "%e8%af",
                                     "\\", "//", "%25", "2e",  "#"};
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string raw = "/";
    for (std::uint64_t n = random.below(8); n > 0; --n)
      raw += pieces[random.below(std::size(pieces))];
    const auto t = parse_target(raw);
    if (!t.ok()) continue;
    ++accepted;
    const std::string path = t->path + "/";
    EXPECT_EQ(path[0], '/') << raw;
    EXPECT_EQ(path.find("/../"), std::string::npos) << raw;
    EXPECT_EQ(path.find("/./"), std::string::npos) << raw;
    EXPECT_EQ(t->path.find("//"), std::string::npos) << raw;
    EXPECT_EQ(path.find_first_of("%\\"), std::string::npos) << raw;
    EXPECT_TRUE(is_utf8(path)) << raw;
  }
  EXPECT_GT(accepted, 500);
}

}  // namespace
}  // namespace lh::hub::edge::http
