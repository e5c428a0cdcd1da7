// What an adapter says of itself is read strictly where it matters.
#include <gtest/gtest.h>

#include "adapters/remote/description.h"

namespace lh::adapters::remote {
namespace {

TEST(Description, SaysColumnsKeyAndOperations) {
  const auto said =
      parse_description(R"({"contract":"licencehub.adapter/1","columns":["k","名称"],"key":["k"],)"
                        R"("operations":["changes","lookup","something new"],"vendor":"x"})");
  ASSERT_TRUE(said.ok()) << said.error().describe();
  EXPECT_EQ(said->columns, (std::vector<std::string>{"k", "名称"}));
  EXPECT_TRUE(said->changes);
  EXPECT_TRUE(said->lookup);
  EXPECT_FALSE(said->push);
}

TEST(Description, RefusesEverythingElse) {
  const std::string begin = R"({"contract":"licencehub.adapter/1",)";
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("<html>"),
        std::string(R"({"contract":"licencehub.adapter/2","columns":["k"]})"),
        begin + R"("columns":[]})", begin + R"("columns":["k","k"]})", begin + R"("columns":[1]})",
        begin + R"("columns":[""]})", begin + R"("columns":"k"})",
        begin + R"("columns":["k"],"key":["x"]})",
        begin + R"("columns":["k"],"operations":["lookup"]})",
        begin + R"("columns":["k"],"columns":["k"]})",
        begin + "\"columns\":[\"" + std::string(300, 'x') + "\"]}"}) {
    const auto said = parse_description(text);
    ASSERT_FALSE(said.ok()) << text;
    EXPECT_EQ(said.error().reason(), Reason::kSourceAnswer) << text;
  }
}

}  // namespace
}  // namespace lh::adapters::remote
