// Check characters: vectors of others, and the errors the schemes promise to find.
#include <gtest/gtest.h>

#include <random>

#include "base/ids.h"

namespace lh {
namespace {

using Check = std::optional<char> (*)(std::string_view);

struct Scheme {
  const char* name;
  Check check;
  std::string_view alphabet;
  std::size_t length;  // without the check character
};

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const Scheme kSchemes[] = {
    {"MOD 11-2", mod11_2, kDigits, 17},
    {"GB 32100", mod31_3, kUsccAlphabet, 17},
    {"MOD 37,36", mod37_36, kAlphanumeric, 48},
};

std::string random_text(std::mt19937& generator, const Scheme& s) {
  std::string text(s.length, '0');
  for (char& c : text) c = s.alphabet[generator() % s.alphabet.size()];
  return text;
}

bool valid(const Scheme& s, const std::string& text) {
  return s.check(std::string_view(text).substr(0, s.length)) == text[s.length];
}

// The changes of the character at i that the scheme does not notice.
int unnoticed_changes(const Scheme& s, const std::string& text, std::size_t i) {
  int unnoticed = 0;
  for (const char c : s.alphabet) {
    std::string changed = text;
    changed[i] = c;
    if (c != text[i] && valid(s, changed)) ++unnoticed;
  }
  return unnoticed;
}

TEST(CheckCharacters, EverySingleChangedCharacterIsFound) {
  std::mt19937 generator(4);
  for (const Scheme& s : kSchemes) {
    SCOPED_TRACE(s.name);
    for (int round = 0; round < 20; ++round) {
      std::string text = random_text(generator, s);
      text += *s.check(text);
      ASSERT_TRUE(valid(s, text));
      for (std::size_t i = 0; i < s.length; ++i)
        ASSERT_EQ(unnoticed_changes(s, text, i), 0) << text;
    }
  }
}

// MOD 11-2 and GB 32100 are pure systems with different weights of neighbours over a prime modulus:
// every exchange of neighbours is found.
TEST(CheckCharacters, PureSystemsFindEveryExchangeOfNeighbours) {
  std::mt19937 generator(5);
  for (const Scheme& s : {kSchemes[0], kSchemes[1]}) {
    SCOPED_TRACE(s.name);
    for (int round = 0; round < 200; ++round) {
      std::string text = random_text(generator, s);
      text += *s.check(text);
      for (std::size_t i = 0; i + 1 < s.length; ++i) {
        if (text[i] == text[i + 1]) continue;
        std::string changed = text;
        std::swap(changed[i], changed[i + 1]);
        ASSERT_FALSE(valid(s, changed)) << text << " " << changed;
      }
    }
  }
}

// ISO/IEC 7064 promises nearly all for a hybrid system: what passes is one exchange in many.
TEST(CheckCharacters, HybridSystemFindsNearlyEveryExchangeOfNeighbours) {
  std::mt19937 generator(6);
  const Scheme& s = kSchemes[2];
  int tried = 0;
  int missed = 0;
  for (int round = 0; round < 500; ++round) {
    std::string text = random_text(generator, s);
    text += *s.check(text);
    for (std::size_t i = 0; i + 1 < s.length; ++i) {
      if (text[i] == text[i + 1]) continue;
      std::string changed = text;
      std::swap(changed[i], changed[i + 1]);
      ++tried;
      if (valid(s, changed)) ++missed;
    }
  }
  EXPECT_GT(tried, 20'000);
  EXPECT_LT(missed * 100, tried);  // under 1 %
}

TEST(CheckCharacters, GivesNothingForTextOutsideTheAlphabetOrLength) {
  EXPECT_FALSE(mod11_2("1101051949123100"));    // 16
  EXPECT_FALSE(mod11_2("110105194912310021"));  // 18
  EXPECT_FALSE(mod11_2("1101051949123100A"));
  EXPECT_FALSE(mod31_3("91350100M000100Y"));   // 16
  EXPECT_FALSE(mod31_3("91350100I000100Y4"));  // I
  EXPECT_FALSE(mod31_3("91350100m000100Y4"));  // lower case
  EXPECT_FALSE(mod11_10_org("M000100"));
  EXPECT_FALSE(mod11_10_org("M000100y"));
  EXPECT_FALSE(mod37_36(""));
  EXPECT_FALSE(mod37_36("A12.25"));
  EXPECT_FALSE(mod37_36("a12425"));
  EXPECT_FALSE(mod37_36(std::string_view("A\0B", 3)));
}

// ISO/IEC 7064's own example, and the identifiers of reference 1.4 without OID and dots.
TEST(CheckCharacters, Mod3736AgreesWithPublicVectors) {
  EXPECT_EQ(mod37_36("A12425GABC1234002"), 'M');
  EXPECT_EQ(mod37_36("11100000000013338W01111430000006122244L20230000403001"), 'U');
  EXPECT_EQ(mod37_36("11100000MB03271699022340100000000016001"), '9');
}

TEST(CheckCharacters, OrganisationCodesInsidePublicUsccsPass) {
  for (const std::string_view uscc :
       {"91350100M000100Y43", "11100000000013338W", "11430000006122244L", "11110000000021135M",
        "11330105002500287C", "91310000MA7CX0HM9U", "11310000MB2F056267"}) {
    EXPECT_EQ(mod11_10_org(uscc.substr(8, 8)), uscc[16]) << uscc;
  }
}

}  // namespace
}  // namespace lh
