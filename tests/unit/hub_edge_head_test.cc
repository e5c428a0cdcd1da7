#include <gtest/gtest.h>

#include "base/limits.h"
#include "hub/edge/http/head.h"

namespace lh::hub::edge::http {
namespace {

constexpr std::string_view kHead = "GET /a HTTP/1.1\r\nHost: hub\r\nX: y z\r\n\r\n";

Reason scan_reason(std::string_view bytes) {
  HeadScanner s;
  const auto r = s.scan(bytes);
  return r.ok() ? Reason::kVerdictGood : r.error().reason();
}

TEST(EdgeHead, IsFoundWhereverItIsCut) {
  const std::string all = std::string(kHead) + "GET /next";
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    HeadScanner s;
    const auto first = s.scan(std::string_view(all).substr(0, cut));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(*first, cut < kHead.size() ? 0U : kHead.size()) << cut;
    if (*first == 0) {
      EXPECT_EQ(s.scan(all).value(), kHead.size());
    }
  }
}

TEST(EdgeHead, IsFoundByteByByte) {
  HeadScanner s;
  for (std::size_t n = 1; n < kHead.size(); ++n) {
    EXPECT_EQ(s.scan(kHead.substr(0, n)).value(), 0U);
  }
  EXPECT_EQ(s.scan(kHead).value(), kHead.size());
}

TEST(EdgeHead, AmbiguousBytesAreRefusedBeforeTheHeadEnds) {
  const std::pair<const char*, const char*> cases[] = {
      {"leading empty line", "\r\n"},
      {"leading line feed", "\n"},
      {"bare line feed", "GET / HTTP/1.1\n"},
      {"bare line feed in a field", "GET / HTTP/1.1\r\nX: a\nY: b\r\n"},
      {"bare carriage return", "GET / HTTP/1.1\r\nX: a\rb\r\n"},
      {"folded with a space", "GET / HTTP/1.1\r\nX: a\r\n b\r\n"},
      {"folded with a tab", "GET / HTTP/1.1\r\nX: a\r\n\tb\r\n"},
      {"escape", "GET / HTTP/1.1\r\nX: \x1b\r\n"},
      {"delete", "GET / HTTP/1.1\r\nX: \x7f\r\n"},
  };
  for (const auto& [name, bytes] : cases) {
    EXPECT_EQ(scan_reason(bytes), Reason::kHttpMalformed) << name;
  }
  EXPECT_EQ(scan_reason(std::string_view("GET / HTTP/1.1\r\nX: \0\r\n", 22)),
            Reason::kHttpMalformed);
  EXPECT_EQ(scan_reason("GET / HTTP/1.1\r\nX: a\tb\r\n"), Reason::kVerdictGood);
}

TEST(EdgeHead, LimitsHoldAtTheByte) {
  const std::string line = "GET / HTTP/1.1\r\n";
  const auto field_of = [](std::size_t n) { return "X: " + std::string(n - 5, 'a') + "\r\n"; };
  const std::size_t room = limits::kHttpHeaderBytes - line.size() - 2;
  EXPECT_EQ(scan_reason(line + field_of(room) + "\r\n"), Reason::kVerdictGood);
  EXPECT_EQ(scan_reason(line + field_of(room + 1) + "\r\n"), Reason::kHttpHeaderTooLarge);
  EXPECT_EQ(scan_reason(line + std::string(limits::kHttpHeaderBytes, 'a')),
            Reason::kHttpHeaderTooLarge);
  EXPECT_EQ(scan_reason("GET /" + std::string(limits::kHttpTargetBytes + 100, 'a')),
            Reason::kHttpTargetTooLong);
  std::string many = line;
  for (std::size_t i = 0; i < limits::kHttpHeaderFields; ++i) many += "X: y\r\n";
  EXPECT_EQ(scan_reason(many + "\r\n"), Reason::kVerdictGood);
  EXPECT_EQ(scan_reason(many + "X: y\r\n\r\n"), Reason::kHttpHeaderTooLarge);
}

TEST(EdgeHead, FieldsAreReadWithoutTheSpaceAroundThem) {
  Head head;
  const std::string_view text = "POST /a?b HTTP/1.1\r\nHost:hub\r\nX:  y z \t\r\nEmpty:\r\n\r\n";
  ASSERT_TRUE(read_head(text, head).ok());
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a?b");
  EXPECT_EQ(head.version, 11);
  ASSERT_EQ(head.fields.size(), 3U);
  EXPECT_EQ(head.fields[1].value, "y z");
  EXPECT_EQ(first_value(head, "host"), "hub");
  EXPECT_EQ(first_value(head, "empty"), "");
  EXPECT_EQ(first_value(head, "absent"), "");
}

TEST(EdgeHead, ReadingAgainForgetsTheLastOne) {
  Head head;
  ASSERT_TRUE(read_head(kHead, head).ok());
  ASSERT_TRUE(read_head("GET /b HTTP/1.1\r\n\r\n", head).ok());
  EXPECT_TRUE(head.fields.empty());
  EXPECT_FALSE(read_head("GET /b HTTP/1.1\r\nHost: hub\r\n", head).ok());  // not a whole head
}

}  // namespace
}  // namespace lh::hub::edge::http
