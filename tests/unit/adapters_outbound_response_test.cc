// The strict reader of HTTP responses: however the bytes are cut, one message is one message.
#include "adapters/outbound/response_reader.h"

#include <gtest/gtest.h>

namespace lh::adapters::outbound {
namespace {

struct Read {
  std::string reason = "ok";  // or "more"
  HttpResponse response;
  bool keep_alive = false;
};

Read read(std::string_view bytes, std::size_t piece = 1 << 20, bool close = true,
          BodyRule rule = BodyRule::kAsAnnounced) {
  ResponseReader reader(100000, rule);
  while (!bytes.empty() && !reader.done()) {
    const auto taken = reader.take(bytes.substr(0, piece));
    if (!taken.ok()) return {std::string(taken.error().id()), {}};
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (!reader.done() && close) {
    const auto closed = reader.close();
    if (!closed.ok()) return {std::string(closed.error().id()), {}};
  }
  if (!reader.done()) return {"more", {}};
  const bool keep = reader.keep_alive();
  return {"ok", reader.take_response(), keep};
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

TEST(ResponseReader, AnyCutGivesTheSame) {
  const std::string chunked = kOk +
                              "Transfer-Encoding: Chunked\r\nX-A:  b \r\n\r\n"
                              "5;x=y\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nT: t\r\n\r\n";
  const std::string length = "HTTP/1.1 103 Early\r\nX: y\r\n\r\n" + kOk +
                             "Content-Length: 11\r\nX-A: b\r\n\r\nhello world";
  for (const std::string& text : {chunked, length}) {
    for (std::size_t piece = 1; piece < 70; ++piece) {
      const auto got = read(text, piece);
      ASSERT_EQ(got.reason, "ok") << piece;
      ASSERT_EQ(got.response.body, "hello world");
      ASSERT_EQ(got.response.headers.back(), std::make_pair(std::string("x-a"), std::string("b")));
      ASSERT_TRUE(got.keep_alive);
    }
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      ASSERT_EQ(read(std::string_view(text).substr(0, cut)).reason, "source.unavailable") << cut;
    }
  }
}

TEST(ResponseReader, BodiesEndWhereTheyAreSaidToEnd) {
  EXPECT_EQ(read("HTTP/1.0 200 OK\r\n\r\nuntil the end").response.body, "until the end");
  EXPECT_EQ(read(kOk + "Connection: close\r\n\r\nuntil").response.body, "until");
  EXPECT_EQ(read(kOk + "\r\nuntil").reason, "source.answer") << "no length on a kept connection";
  EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n", 1 << 20, false).reason, "ok");
  EXPECT_EQ(read("HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n", 1 << 20, false).reason, "ok");
  EXPECT_EQ(read(kOk + "Content-Length: 5\r\n\r\n", 1 << 20, false, BodyRule::kNone).reason, "ok");
  EXPECT_FALSE(read(kOk + "Content-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n").keep_alive)
      << "bytes nobody asked for";
}

TEST(ResponseReader, FramingThatReadersDisagreeAboutIsRefused) {
  for (const char* fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length: +1\r\n",
        "Content-Length: 0x1\r\n", "Content-Length: 1, 1\r\n", "Content-Length: \r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length : 1\r\n", "X: y\r\n folded\r\n",
        "X: a\x01\r\n", "X\r\n", ": x\r\n", "X: y\nContent-Length: 1\r\n",
        "Content-Encoding: gzip\r\nContent-Length: 1\r\n"}) {
    EXPECT_EQ(read(kOk + fields + "\r\nx").reason, "source.answer") << fields;
  }
  for (const char* line :
       {"HTTP/2 200 OK\r\n", "HTTP/1.1 20 OK\r\n", "HTTP/1.1 999 OK\r\n", "HTTP/1.1  200 OK\r\n",
        "ICY 200 OK\r\n", "HTTP/1.1 101 Switch\r\n\r\n", "HTTP/1.1 2000\r\n"}) {
    EXPECT_EQ(read(line + std::string("Content-Length: 0\r\n\r\n")).reason, "source.answer")
        << line;
  }
  for (const char* chunk :
       {"g\r\n", "\r\n", "-1\r\n", "1\r\nxy", "1\nx\r\n", "fffffffffffffffff\r\n"}) {
    EXPECT_NE(read(kOk + "Transfer-Encoding: chunked\r\n\r\n" + chunk + "\r\n0\r\n\r\n").reason,
              "ok")
        << chunk;
  }
}

TEST(ResponseReader, EverythingHasALimit) {
  EXPECT_EQ(read(kOk + "Content-Length: 100001\r\n\r\n").reason, "input.too_large");
  EXPECT_EQ(
      read(kOk + "Transfer-Encoding: chunked\r\n\r\n18fff\r\n" + std::string(0x18fff, 'x')).reason,
      "input.too_large");
  EXPECT_EQ(read("HTTP/1.0 200 OK\r\n\r\n" + std::string(100001, 'x')).reason, "input.too_large");
  EXPECT_EQ(read(kOk + "X: " + std::string(70000, 'x') + "\r\n\r\n").reason, "source.answer");
  EXPECT_EQ(read(kOk + std::string(70000, 'x')).reason, "source.answer") << "no line end";
  std::string many = kOk;
  for (int i = 0; i < 129; ++i) many += "X: y\r\n";
  EXPECT_EQ(read(many + "\r\n").reason, "source.answer");
  std::string interim;
  for (int i = 0; i < 5; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(read(interim + kOk + "Content-Length: 0\r\n\r\n").reason, "source.answer");
}

}  // namespace
}  // namespace lh::adapters::outbound
