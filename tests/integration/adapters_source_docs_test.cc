// Every example of the pages about the kinds "file" and "drop" is a source that its kind accepts.
#include <gmock/gmock.h>

#include "adapters_drop_kit.h"
#include "tests/kits/scratch_folder.h"

namespace lh::adapters {
namespace {

std::vector<std::string> toml_blocks(const std::string& page) {
  const std::string text =
      kits::load_file(std::string(LH_SOURCE_DIR) + "/docs/formats/" + page + ".md");
  std::vector<std::string> out;
  const std::string open = "```toml\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    out.push_back(text.substr(at, text.find("```", at) - at));
  }
  return out;
}

void expect_accepted(const Kind& kind, const std::string& page, std::size_t examples) {
  const auto blocks = toml_blocks(page);
  EXPECT_EQ(blocks.size(), examples);
  for (const std::string& block : blocks) {
    const auto node = parse_settings(block);
    ASSERT_TRUE(node.ok()) << node.error().describe() << block;
    const auto checked = kind.check(*node->find("source"));
    EXPECT_TRUE(checked.ok()) << checked.error().describe() << block;
  }
}

TEST(SourceDocs, ExamplesAreAccepted) {
  expect_accepted(*file::make_kind(), "source-file", 5);
  const drop::SteppedClock clock;
  drop::NoRandom random;
  const drop::MapSecrets secrets;
  const Surroundings around{clock, random, secrets, {}, false};
  expect_accepted(*drop::make_kind(around), "source-drop", 2);
}

}  // namespace
}  // namespace lh::adapters
