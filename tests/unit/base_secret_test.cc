#include "base/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

namespace lh {
namespace {

TEST(Secret, HoldsACopyAndComparesByContent) {
  const Secret a = Secret::copy_of("key");
  const Secret b = a.clone();
  EXPECT_EQ(a.bytes(), "key");
  EXPECT_TRUE(a == b);
  EXPECT_NE(a.data(), b.data());
  EXPECT_FALSE(a == Secret::copy_of("kez"));
  EXPECT_FALSE(a == Secret::copy_of("keyy"));
  EXPECT_TRUE(Secret() == Secret());
  EXPECT_TRUE(Secret::copy_of("").empty());
}

TEST(Secret, MovesAndLeavesNothingBehind) {
  Secret a = Secret::copy_of("key");
  Secret b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(b.bytes(), "key");
  Secret c = Secret::copy_of("other");
  c = std::move(b);
  EXPECT_EQ(c.bytes(), "key");
  Secret& same = c;
  c = std::move(same);
  EXPECT_EQ(c.bytes(), "key");
}

TEST(Secret, MemoryIsWipedWhenGivenBack) {
  const std::uint8_t* place = nullptr;
  {
    const Secret a = Secret::copy_of(std::string(64, 'x'));
    place = a.data();
  }
  // The arena is mapped for the life of the process, so the place may still be looked at.
  EXPECT_TRUE(std::all_of(place, place + 64, [](std::uint8_t b) { return b == 0; }));
  const Secret again = Secret::zeroed(64);
  EXPECT_TRUE(std::all_of(again.data(), again.data() + 64, [](std::uint8_t b) { return b == 0; }));
}

TEST(Secret, GivesMemoryBackInAnyOrder) {
  std::mt19937 generator(8);
  // Many times the arena in total: the test fails if given-back blocks do not grow together again.
  for (int round = 0; round < 20; ++round) {
    std::vector<Secret> held;
    held.reserve(400);
    for (int i = 0; i < 400; ++i) held.push_back(Secret::zeroed(1 + generator() % 8192));
    std::shuffle(held.begin(), held.end(), generator);
  }
  EXPECT_EQ(Secret::zeroed((std::size_t{4} << 20U) - 4096).size(), (std::size_t{4} << 20U) - 4096);
}

TEST(Secret, NeighboursDoNotShareBytes) {
  std::vector<Secret> held;
  held.reserve(200);
  for (int i = 0; i < 200; ++i) {
    held.push_back(
        Secret::copy_of(std::string(static_cast<std::size_t>(1 + i % 70), static_cast<char>(i))));
  }
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(held[static_cast<std::size_t>(i)].bytes(),
              std::string(static_cast<std::size_t>(1 + i % 70), static_cast<char>(i)));
  }
}

TEST(Secret, ManyThreadsTakeAndGive) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string text(static_cast<std::size_t>(1 + (i * 7) % 90),
                               static_cast<char>('a' + t));
        const Secret s = Secret::copy_of(text);
        ASSERT_EQ(s.bytes(), text);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(SecretDeathTest, MoreThanTheArenaIsABugNotUnlockedMemory) {
  EXPECT_DEATH(Secret::zeroed((std::size_t{4} << 20U) + 1), "larger than the memory for secrets");
  const Secret half = Secret::zeroed(std::size_t{3} << 20U);
  EXPECT_DEATH(Secret::zeroed(std::size_t{2} << 20U), "used up");
}

TEST(Wipe, OverwritesAndClears) {
  std::string s = "a passphrase longer than a short string holds";
  const char* place = s.data();
  const std::size_t n = s.size();
  wipe(s);
  EXPECT_TRUE(s.empty());
  EXPECT_GE(s.capacity(), n);
  EXPECT_TRUE(std::all_of(place, place + n, [](char c) { return c == 0; }));
}

}  // namespace
}  // namespace lh
