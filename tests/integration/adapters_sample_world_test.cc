#include "hub/app/sample_world.h"

#include <gtest/gtest.h>

#include <set>

#include "base/ids.h"

namespace lh::hub::app {
namespace {

TEST(SampleWorld, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const SampleWorld a = make_sample_world(1, {});
  EXPECT_EQ(a.people.size(), 60U);
  EXPECT_EQ(a.companies.size(), 40U);
  EXPECT_EQ(population_csv(a), population_csv(make_sample_world(1, {})));
  EXPECT_EQ(legal_entities_csv(a), legal_entities_csv(make_sample_world(1, {})));
  EXPECT_NE(population_csv(a), population_csv(make_sample_world(2, {})));
  EXPECT_NE(legal_entities_csv(a), legal_entities_csv(make_sample_world(2, {})));
}

// A bigger world begins with the smaller one's companies, so a benchmark can grow the
// demonstration.
TEST(SampleWorld, GrowsWithoutChangingItsCompaniesCodes) {
  const SampleWorld small = make_sample_world(1, {10, 20});
  const SampleWorld big = make_sample_world(1, {1000, 20});
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(small.companies[i].uscc, big.companies[i].uscc);
    EXPECT_EQ(small.people[i].resident_id, big.people[i].resident_id);
  }
}

TEST(SampleWorld, EveryIdentifierIsRightUniqueAndVisiblyInvented) {
  const SampleWorld world = make_sample_world(7, {20'000, 30'000});
  std::set<std::string> ids;
  for (const SamplePerson& p : world.people) {
    ASSERT_TRUE(parse_resident_id(p.resident_id).ok()) << p.resident_id;
    ASSERT_TRUE(p.resident_id.starts_with("990102"));
    ASSERT_EQ(p.resident_id.substr(6, 8), p.birth_date.compact());
    ASSERT_EQ((p.resident_id[16] - '0') % 2 == 1, p.sex == "男");
    ASSERT_TRUE(p.name.starts_with("测试人员"));
    ASSERT_TRUE(!p.card_until || p.card_issued < *p.card_until);
    ASSERT_TRUE(ids.insert(p.resident_id).second);
  }
  std::set<std::string> kinds;
  for (const SampleCompany& c : world.companies) {
    const auto uscc = parse_uscc(c.uscc);
    ASSERT_TRUE(uscc.ok()) << c.uscc;
    ASSERT_EQ(uscc->division(), "990102");
    ASSERT_TRUE(parse_organisation_code(uscc->organisation_code()).ok());
    ASSERT_TRUE(c.name.starts_with("测试企业"));
    ASSERT_LT(c.legal_representative, world.people.size());
    ASSERT_FALSE(c.employees.empty());
    ASSERT_EQ(c.capital_wan == 0, uscc->sole_trader());
    ASSERT_TRUE(ids.insert(c.uscc).second);
    kinds.insert(c.uscc.substr(0, 2));
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"91", "92", "93"}));
}

TEST(SampleWorld, TheFirstCompanyCanBeTheApplicantOfTheMainJob) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const SampleCompany first = make_sample_world(seed, {1, 1}).companies.at(0);
    EXPECT_NE(first.scope.find("食品"), std::string::npos);
    EXPECT_EQ(first.state, "存续");
    EXPECT_TRUE(first.uscc.starts_with("91"));
  }
}

}  // namespace
}  // namespace lh::hub::app
