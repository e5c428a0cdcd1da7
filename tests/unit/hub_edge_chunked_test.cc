#include <gtest/gtest.h>

#include "hub/edge/http/chunked.h"
#include "tests/kits/seeded_random.h"

namespace lh::hub::edge::http {
namespace {

struct Decoded {
  Reason reason = Reason::kVerdictGood;
  std::string body;
  std::size_t used = 0;
  bool done = false;
};

// Feeds `pieces` bytes at a time.
Decoded decode(std::string_view in, std::size_t pieces, std::size_t limit = 1000) {
  ChunkedDecoder d(limit);
  Decoded out;
  while (out.used < in.size() && !d.done()) {
    const auto n = d.take(in.substr(out.used, pieces), out.body);
    if (!n.ok()) {
      out.reason = n.error().reason();
      return out;
    }
    out.used += *n;
  }
  out.done = d.done();
  return out;
}

TEST(EdgeChunked, RandomBodiesComeBackHoweverTheyAreCut) {
  kits::SeededRandom random(7);
  for (int i = 0; i < 300; ++i) {
    std::string body;
    std::string wire;
    for (std::uint64_t n = random.below(6); n > 0; --n) {
      const Bytes chunk = random.bytes(1 + random.below(100));
      char size[32];
      std::snprintf(size, sizeof size, random.below(2) != 0 ? "%zx\r\n" : "%03zX\r\n",
                    chunk.size());
      wire += size + chunk + "\r\n";
      body += chunk;
    }
    wire += "0\r\n\r\n";
    for (const std::size_t pieces :
         {std::size_t{1}, std::size_t{2}, 1 + random.below(50), wire.size()}) {
      const Decoded d = decode(wire + "GET /next", pieces);
      EXPECT_EQ(d.reason, Reason::kVerdictGood);
      EXPECT_TRUE(d.done);
      EXPECT_EQ(d.body, body);
      EXPECT_EQ(d.used, wire.size());
    }
  }
}

TEST(EdgeChunked, AnythingElseIsRefused) {
  for (const char* wire :
       {"\r\n", "g\r\n", " 5\r\nhello\r\n", "5 \r\n", "5;a\r\n", "5\nhello", "5\rhello", "-1\r\n",
        "+1\r\n", "0x1\r\n", "000000005\r\n", "5\r\nhelloX", "5\r\nhello\n", "5\r\nhello\r\r",
        "0\r\nX: y\r\n", "0\r\n\n", "0\n\n", "0;a\r\n\r\n"}) {
    for (const std::size_t pieces : {1U, 100U}) {
      EXPECT_EQ(decode(wire, pieces).reason, Reason::kHttpFraming) << wire;
    }
  }
}

TEST(EdgeChunked, LimitHoldsOverAllChunks) {
  EXPECT_TRUE(decode("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", 3, 10).done);
  EXPECT_EQ(decode("5\r\nhello\r\n6\r\n", 3, 10).reason, Reason::kInputTooLarge);
  EXPECT_EQ(decode("FFFFFFFF\r\n", 3, 10).reason, Reason::kInputTooLarge);
}

}  // namespace
}  // namespace lh::hub::edge::http
