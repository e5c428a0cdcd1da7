#include <gtest/gtest.h>

#include "hub/edge/http/reply.h"

namespace lh::hub::edge::http {
namespace {

std::string wire(const api::Response& r, BodyOnWire body = BodyOnWire::kSend,
                 Persistence p = Persistence::kKeepAlive) {
  return to_wire(r, body, p);
}

TEST(EdgeReply, IsExactlyThis) {
  EXPECT_EQ(wire({200, "application/json", {{"etag", "\"x\""}}, "{}"}),
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
            "etag: \"x\"\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            "strict-transport-security: max-age=31536000\r\n\r\n{}");
}

TEST(EdgeReply, GivenHeadersTakeTheDefaultsPlace) {
  const std::string w = wire({200, "text/plain", {{"cache-control", "max-age=60"}}, ""});
  EXPECT_NE(w.find("cache-control: max-age=60\r\n"), std::string::npos);
  EXPECT_EQ(w.find("no-store"), std::string::npos);
}

TEST(EdgeReply, HeaderThatWouldSplitTheAnswerIsDropped) {
  const std::string w = wire(
      {200, "text/plain", {{"location", "/a\r\nset-cookie: b"}, {"x y", "1"}, {"good", "1"}}, ""});
  EXPECT_EQ(w.find("set-cookie"), std::string::npos);
  EXPECT_EQ(w.find("x y"), std::string::npos);
  EXPECT_NE(w.find("good: 1\r\n"), std::string::npos);
}

TEST(EdgeReply, FramingIsTheEdgesOwn) {
  const std::string w =
      wire({200,
            "text/plain",
            {{"Content-Length", "9"}, {"transfer-encoding", "x"}, {"connection", "x"}},
            "ab"});
  EXPECT_EQ(w.find("9\r\n"), std::string::npos);
  EXPECT_EQ(w.find("transfer-encoding"), std::string::npos);
  EXPECT_EQ(w.find("connection"), std::string::npos);
  EXPECT_NE(w.find("content-length: 2\r\n"), std::string::npos);
}

TEST(EdgeReply, HeadAndBodilessStatusesSendNoBody) {
  const std::string head = wire({200, "text/plain", {}, "abc"}, BodyOnWire::kOmit);
  EXPECT_NE(head.find("content-length: 3\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  for (const int status : {204, 304}) {
    const std::string w = wire({status, "text/plain", {}, "abc"});
    EXPECT_EQ(w.find("content-length"), std::string::npos);
    EXPECT_TRUE(w.ends_with("\r\n\r\n"));
  }
}

TEST(EdgeReply, EveryReasonOfTheCatalogueHasAPhrase) {
  for (const ReasonInfo& r : all_reasons()) {
    EXPECT_EQ(wire({r.http_status, "", {}, ""}).find(" Status\r\n"), std::string::npos) << r.id;
  }
}

TEST(EdgeReply, ClosingIsAnnounced) {
  EXPECT_NE(wire({200, "", {}, ""}, BodyOnWire::kSend, Persistence::kClose)
                .find("\r\nconnection: close\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace lh::hub::edge::http
