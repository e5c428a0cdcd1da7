// The examples of the pages about these kinds are mappings of these kinds.
#include <gtest/gtest.h>

#include "adapters/message/message_kind.h"
#include "adapters_http_world.h"

namespace lh::adapters::http {
namespace {

class KindPages : public testing::Test {
 protected:
  static std::string page(const std::string& kind) {
    return kits::load_file(std::string(LH_SOURCE_DIR) + "/docs/formats/source-" + kind + ".md");
  }
  static std::string checked(const Kind& kind) {
    const std::string text = page(std::string(kind.name()));
    const auto begin = text.find("```toml\n");
    if (begin == std::string::npos) return "no example";
    const auto tree =
        parse_settings(text.substr(begin + 8, text.find("```", begin + 8) - begin - 8));
    if (!tree.ok()) return tree.error().describe();
    const auto said = kind.check(*tree->find("source"));
    return said.ok() ? "good" : said.error().describe();
  }
  MovedClock clock;
  crypto::SystemRandom random;
  NamedSecrets secrets;
  Surroundings with{clock, random, secrets, {}, false};
  Digests digests;
};

TEST_F(KindPages, EveryExampleIsGood) {
  EXPECT_EQ(checked(*make_kind(with, digests)), "good");
  EXPECT_EQ(checked(*soap::make_kind(with, digests)), "good");
  EXPECT_EQ(checked(*message::make_kind()), "good");
}

TEST_F(KindPages, EveryShippedProfileIsNamed) {
  const std::string text = page("http");
  for (const auto name : request::shipped_profiles()) {
    EXPECT_NE(text.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace lh::adapters::http
