#include "crypto/seal.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "crypto/system_random.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(Bytes bytes) : bytes_(std::move(bytes)) {}
  void fill(std::uint8_t* out, std::size_t n) override {
    ASSERT_EQ(n, bytes_.size());
    std::copy(bytes_.begin(), bytes_.end(), out);
  }

 private:
  Bytes bytes_;
};

// draft-irtf-cfrg-xchacha-03, A.3.1: our form is that ciphertext between the nonce and nothing.
TEST(Seal, HoldsTheXChaChaVectorOfTheDraft) {
  const Bytes key =
      parse_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f").value();
  const Bytes nonce = parse_hex("404142434445464748494a4b4c4d4e4f5051525354555657").value();
  const Bytes aad = parse_hex("50515253c0c1c2c3c4c5c6c7").value();
  const std::string plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.";
  FixedRandom random(nonce);
  const Bytes sealed = seal(key, plain, aad, random);
  EXPECT_EQ(
      to_hex(sealed),
      "01" + to_hex(nonce) +
          "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3"
          "a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2b"
          "c369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8"
          "780acf49");
  EXPECT_EQ(open(key, sealed, aad).value(), plain);
}

class SealLaws : public ::testing::Test {
 protected:
  kits::SeededRandom random_{7};
  const Bytes key_ = random_.bytes(kSealKeyBytes);
};

TEST_F(SealLaws, OpensWhatItSealedAtEveryLength) {
  for (const std::size_t n : {0U, 1U, 15U, 16U, 17U, 300U, 4096U, 70000U}) {
    const Bytes plain = random_.bytes(n);
    const Bytes sealed = seal(key_, plain, "place", random_);
    EXPECT_EQ(sealed.size(), n + kSealOverhead);
    EXPECT_EQ(open(key_, sealed, "place").value(), plain);
    EXPECT_EQ(open_secret(key_, sealed, "place").value().bytes(), plain);
  }
}

// What is sealed under a nonce given apart is the same without its head.
TEST_F(SealLaws, UnderAGivenNonceItIsTheSameWithoutItsHead) {
  const Bytes plain(100, 'p');
  const Bytes whole = seal(key_, plain, "place", random_);
  SealNonce nonce{};
  std::copy_n(whole.begin() + 1, nonce.size(), nonce.begin());
  const Bytes body = seal_under(key_, nonce, plain, "place");
  EXPECT_EQ(body, whole.substr(1 + nonce.size()));
  EXPECT_EQ(open_under(key_, nonce, body, "place").value(), plain);
  EXPECT_FALSE(open_under(key_, nonce, body, "elsewhere").ok());
  EXPECT_FALSE(open_under(key_, nonce, ByteView(body).substr(1), "place").ok());
  EXPECT_EQ(open_under(key_, nonce, "short", "place").error().reason(), Reason::kSealBroken);
  ++nonce[0];
  EXPECT_FALSE(open_under(key_, nonce, body, "place").ok());
}

TEST_F(SealLaws, RefusesAnyFlippedBit) {
  const Bytes sealed = seal(key_, "证照", "place", random_);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const Result<Bytes> opened = open(key_, kits::flipped(sealed, i, bit), "place");
      ASSERT_FALSE(opened.ok()) << i << "." << bit;
      EXPECT_EQ(opened.error().reason(), Reason::kSealBroken);
    }
  }
}

TEST_F(SealLaws, RefusesEveryTruncationAndAnExtension) {
  const Bytes sealed = seal(key_, "some text", "place", random_);
  for (std::size_t n = 0; n < sealed.size(); ++n) {
    EXPECT_FALSE(open(key_, ByteView(sealed).substr(0, n), "place").ok()) << n;
    EXPECT_FALSE(open_secret(key_, ByteView(sealed).substr(0, n), "place").ok()) << n;
  }
  EXPECT_FALSE(open(key_, sealed + '\0', "place").ok());
}

TEST_F(SealLaws, RefusesAnotherPlaceOrKey) {
  const Bytes sealed = seal(key_, "some text", "place", random_);
  for (const char* aad : {"", "Place", "place ", "plac"})
    EXPECT_FALSE(open(key_, sealed, aad).ok());
  for (std::size_t i = 0; i < key_.size(); ++i) {
    EXPECT_FALSE(open(kits::flipped(key_, i), sealed, "place").ok());
  }
}

TEST_F(SealLaws, NeverSealsTheSameWayTwice) {
  EXPECT_NE(seal(key_, "text", "place", random_), seal(key_, "text", "place", random_));
}

TEST_F(SealLaws, StopsOnAKeyOfAnotherLength) {
  EXPECT_DEATH(seal("short", "text", "place", random_), "sealing key");
  EXPECT_DEATH(ignore(open("short", "text", "place"), "dies before"), "sealing key");
}

// Of every size, small ones drawn from one pool and large ones past it.
TEST(SystemRandom, DoesNotRepeatItself) {
  SystemRandom random;
  std::set<Bytes> seen;
  for (std::size_t round = 0; round < 40; ++round) {
    for (std::size_t n = 16; n < 300; n += 7) {
      std::vector<std::uint8_t> drawn(n);
      random.fill(drawn.data(), n);
      EXPECT_TRUE(seen.emplace(drawn.begin(), drawn.begin() + 16).second);
      EXPECT_TRUE(seen.emplace(drawn.end() - 16, drawn.end()).second || n < 32);
    }
  }
}

// What the parent has in its pool the child of a fork must not draw as well.
TEST(SystemRandom, AForkedChildDrawsItsOwn) {
  SystemRandom random;
  random.array<16>();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto drawn = random.array<16>();
    _exit(::write(ends[1], drawn.data(), drawn.size()) == 16 ? 0 : 1);
  }
  ::close(ends[1]);
  std::array<std::uint8_t, 16> theirs{};
  ASSERT_EQ(::read(ends[0], theirs.data(), theirs.size()), 16);
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(random.array<16>(), theirs);
  ::close(ends[0]);
}

}  // namespace
}  // namespace lh::crypto
