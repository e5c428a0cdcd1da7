#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/commit_key.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

std::string hex(const Digest& d) {
  return to_hex(view(d));
}
Bytes from_hex(std::string_view text) {
  return parse_hex(text).value();
}

// FIPS 180-4 examples (NIST, "SHA256.pdf").
TEST(Sha256, AgreesWithTheExamplesOfNist) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(ByteView())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(Bytes(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPartsIsTheDigestOfTheirConcatenation) {
  kits::SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    const Bytes a = random.bytes(random.below(100));
    const Bytes b = random.bytes(random.below(100));
    const Bytes c = random.bytes(random.below(3));
    EXPECT_EQ(sha256(a, b, c), sha256(a + b + c));
  }
}

TEST(Sha256, StreamedInAnyPiecesIsTheDigestOfTheWhole) {
  kits::SeededRandom random(2);
  for (int i = 0; i < 100; ++i) {
    const Bytes all = random.bytes(random.below(500));
    Sha256Stream stream;
    for (ByteView rest = all; !rest.empty();) {
      const ByteView piece = rest.substr(0, 1 + random.below(70));
      stream.update(piece);
      rest.remove_prefix(piece.size());
    }
    EXPECT_EQ(stream.finish(), sha256(all));
  }
}

// One object may be open while the thread's own context works.
TEST(Sha256, StreamIsNotDisturbedByOtherDigestsOfTheThread) {
  Sha256Stream stream;
  stream.update("a");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  stream.update("bc");
  EXPECT_EQ(stream.finish(), sha256("abc"));
}

TEST(Sha256, WorksOnManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) EXPECT_EQ(sha256("a", "b", "c"), sha256("abc"));
    });
  }
  for (auto& t : threads) t.join();
}

struct HmacVector {
  const char* name;
  std::string key;
  std::string data;
  const char* mac;
};

// RFC 4231 section 4 (case 5 is a truncated output, which we do not make).
TEST(HmacSha256, AgreesWithRfc4231) {
  const HmacVector vectors[] = {
      {"case 1", std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"case 2", "Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {"case 3", std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {"case 4", from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
       std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {"case 6", std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {"case 7", std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const auto& v : vectors) {
    SCOPED_TRACE(v.name);
    EXPECT_EQ(hex(hmac_sha256(v.key, v.data)), v.mac);
    const HmacKey kept(v.key);
    EXPECT_EQ(hex(kept.of(v.data)), v.mac);
    EXPECT_EQ(hex(kept.of(v.data)), v.mac) << "the second time";
  }
}

TEST(HmacSha256, HashesTheKeyOnlyWhenItIsLongerThanABlock) {
  const Bytes block(64, 'k');
  EXPECT_NE(hmac_sha256(block, "x"), hmac_sha256(view(sha256(block)), "x"));
  const Bytes longer(65, 'k');
  EXPECT_EQ(hmac_sha256(longer, "x"), hmac_sha256(view(sha256(longer)), "x"));
}

TEST(HmacSha256, AKeptKeyDigestsAsTheKeyItselfAtEveryLength) {
  kits::SeededRandom random(11);
  for (std::size_t n = 0; n < 200; ++n) {
    Bytes key(n, '\0'), data(199 - n, '\0');
    random.fill(reinterpret_cast<std::uint8_t*>(key.data()), key.size());
    random.fill(reinterpret_cast<std::uint8_t*>(data.data()), data.size());
    ASSERT_EQ(HmacKey(key).of(data), hmac_sha256(key, data)) << n;
  }
}

TEST(HmacSha256DeathTest, AKeyThatWasNeverGivenDigestsNothing) {
  EXPECT_DEATH(static_cast<void>(HmacKey().of("x")), "no key");
}

// Made with CPython's hashlib.blake2b(data, key=…, digest_size=16).
TEST(Blake2bMac, AgreesWithPython) {
  Bytes key32(32, '\0');
  for (std::size_t i = 0; i < key32.size(); ++i) key32[i] = static_cast<char>(i);
  Bytes all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  const Secret key = Secret::copy_of(key32);
  EXPECT_EQ(to_hex(view(blake2b_mac(key, "abc"))), "1a64be47e4729d951c302ee543f97cf3");
  EXPECT_EQ(to_hex(view(blake2b_mac(key, ""))), "3daf97bce7888fd59773c66bf647459c");
  EXPECT_EQ(to_hex(view(blake2b_mac(Secret::copy_of(all.substr(0, 64)), all))),
            "f609d4dc43273912b1ac3eaa655b7141");
}

TEST(CommitKey, CommitsUnderItsOwnKeyOnly) {
  kits::SeededRandom random(3);
  const CommitKey a(random);
  const CommitKey b(random);
  EXPECT_EQ(a.commit("request"), hmac_sha256(a.bytes(), "request"));
  EXPECT_NE(a.commit("request"), b.commit("request"));
  const CommitKey again(to_array<32>(a.bytes()).value());
  EXPECT_EQ(again.commit("request"), a.commit("request"));
}

}  // namespace
}  // namespace lh::crypto
