// Circular proofs against an oracle: a person who begins with nothing obtains what can be
// obtained; a matter is circular when it is never reached and waits for itself.
#include <gtest/gtest.h>

#include <set>

#include "hub/access/definitions/checks.h"
#include "tests/unit/hub_access_kit.h"

namespace lh {
namespace {

using hub::access::check_definition;
using hub::access::Definitions;
using hub::access::Policy;
using hub::access::ProofGraph;
using kits::licence_material;
using kits::small_matter;

Definitions with_types(int count) {
  Definitions all;
  for (int i = 1; i <= count; ++i) all.types.push_back(kits::small_type(i));
  return all;
}

std::vector<std::string> circle(const Definitions& all, const char* code) {
  return ProofGraph(*Policy::make(all, 1), kits::kStart).circle_of(code);
}

TEST(CircularProof, NamesTheCircleOfTwo) {
  Definitions all = with_types(2);
  all.matters = {small_matter("A", 1, {licence_material("M1", 2)}),
                 small_matter("B", 2, {licence_material("M1", 1)})};
  EXPECT_EQ(circle(all, "A"), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(circle(all, "B"), (std::vector<std::string>{"B", "A"}));
  const auto policy = Policy::make(all, 1);
  const Status s = check_definition(all.matters[0], *policy);
  EXPECT_EQ(kits::refused(s), "matter.circular_proof");
  EXPECT_EQ(s.error().detail(), "A -> B -> A");
}

TEST(CircularProof, NamesACircleOfAnyLength) {
  constexpr int kLength = 40;
  Definitions all = with_types(kLength);
  for (int i = 1; i <= kLength; ++i) {
    all.matters.push_back(
        small_matter("M" + std::to_string(i), i, {licence_material("D", i % kLength + 1)}));
  }
  EXPECT_EQ(circle(all, "M7").size(), static_cast<std::size_t>(kLength));
  all.matters[20].materials.clear();  // one that asks for nothing opens it
  EXPECT_TRUE(circle(all, "M7").empty());
}

TEST(CircularProof, ARenewalDemandsItsOwnResult) {
  Definitions all = with_types(2);
  all.matters = {small_matter("RENEW", 1, {licence_material("M1", 1)})};
  EXPECT_TRUE(circle(all, "RENEW").empty()) << "the applicant's own old licence";
  all.matters[0].materials[0].subject = "employee";
  EXPECT_EQ(circle(all, "RENEW"), std::vector<std::string>{"RENEW"}) << "somebody else's";
}

TEST(CircularProof, AWayAroundIsNoCircle) {
  Definitions all = with_types(2);
  all.matters = {small_matter("FIRST", 1), small_matter("CHANGE", 1, {licence_material("M", 2)}),
                 small_matter("B", 2, {licence_material("M", 1)})};
  EXPECT_TRUE(circle(all, "CHANGE").empty()) << "FIRST gives what B asks for";
  all.matters[0].division = "990200";
  EXPECT_FALSE(circle(all, "CHANGE").empty()) << "a neighbour's matter does not help";
  all.matters[0].division = "990000";
  EXPECT_TRUE(circle(all, "CHANGE").empty()) << "the province's does";
}

TEST(CircularProof, WhatNobodyMayDemandOrIsTheirOwnDoesNotCount) {
  Definitions all = with_types(2);
  all.matters = {small_matter("A", 1, {licence_material("M1", 2)}),
                 small_matter("B", 2, {licence_material("M1", 1)})};
  all.matters[1].materials[0].legal_basis.clear();
  EXPECT_TRUE(circle(all, "A").empty());
  all.matters[1].materials[0] = licence_material("M1", 1);
  all.matters[1].materials[0].issued_by_asker = true;
  EXPECT_TRUE(circle(all, "A").empty());
}

TEST(CircularProof, SeesThroughMergers) {
  Definitions all = with_types(3);
  all.types[2].merged_into = schemas::MergedInto{kits::type_code(1), kits::kStart};
  all.matters = {small_matter("A", 1, {licence_material("M1", 2)}),
                 small_matter("B", 2, {licence_material("M1", 3)})};
  EXPECT_EQ(circle(all, "A"), (std::vector<std::string>{"A", "B"}));
}

// ---- the oracle ------------------------------------------------------------------------------

struct Oracle {
  const std::vector<schemas::Matter>& matters;
  static bool counts(const schemas::Matter& m, const schemas::Material& d) {
    return d.licence_type && !(m.result_type == d.licence_type && d.subject == "applicant");
  }
  bool issued_here(const LicenceTypeCode& type) const {
    return std::any_of(matters.begin(), matters.end(),
                       [&](const auto& m) { return m.result_type == type; });
  }
  std::set<std::string> obtained() const {
    std::set<std::string> done;
    std::set<LicenceTypeCode> have;
    for (std::size_t round = 0; round <= matters.size(); ++round) {
      for (const auto& m : matters) {
        const bool can = std::all_of(m.materials.begin(), m.materials.end(), [&](const auto& d) {
          return !counts(m, d) || have.contains(*d.licence_type) || !issued_here(*d.licence_type);
        });
        if (!can) continue;
        done.insert(m.code);
        if (m.result_type) have.insert(*m.result_type);
      }
    }
    return done;
  }
  // Waits for itself: a way back over matters that are never reached (closure by squaring).
  bool circular(std::size_t start) const {
    const auto done = obtained();
    const std::size_t n = matters.size();
    std::vector<std::vector<bool>> way(n, std::vector<bool>(n));
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (done.contains(matters[i].code) || done.contains(matters[j].code)) continue;
        for (const auto& d : matters[i].materials) {
          if (counts(matters[i], d) && matters[j].result_type == d.licence_type) way[i][j] = true;
        }
      }
    }
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          if (way[i][k] && way[k][j]) way[i][j] = true;
        }
      }
    }
    return way[start][start];
  }
};

TEST(CircularProof, AgreesWithAPersonWhoTriesEverything) {
  kits::SeededRandom dice(20260101);
  int circles = 0;
  for (int round = 0; round < 300; ++round) {
    const int types = 2 + static_cast<int>(dice.below(5));
    Definitions all = with_types(types);
    const int n = 2 + static_cast<int>(dice.below(7));
    for (int i = 0; i < n; ++i) {
      std::vector<schemas::Material> materials;
      for (std::uint64_t k = dice.below(3); k > 0; --k) {
        materials.push_back(licence_material(
            "D" + std::to_string(k), 1 + static_cast<int>(dice.below(static_cast<unsigned>(types))),
            dice.below(4) == 0 ? "employee" : "applicant"));
      }
      all.matters.push_back(small_matter(
          "M" + std::to_string(i), static_cast<int>(dice.below(static_cast<unsigned>(types + 1))),
          std::move(materials)));
    }
    const auto policy = Policy::make(all, 1);
    const ProofGraph graph(*policy, kits::kStart);
    const Oracle oracle{all.matters};
    for (std::size_t i = 0; i < all.matters.size(); ++i) {
      const auto found = graph.circle_of(all.matters[i].code);
      ASSERT_EQ(!found.empty(), oracle.circular(i)) << "round " << round << " matter " << i;
      if (found.empty()) continue;
      ++circles;
      EXPECT_EQ(found.front(), all.matters[i].code);
      EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
    }
  }
  EXPECT_GT(circles, 50) << "the dice make circles";
}

}  // namespace
}  // namespace lh
