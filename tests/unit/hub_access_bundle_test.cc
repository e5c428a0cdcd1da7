// Bundles: every material once, in the order of the asking, with who needs it.
#include <gtest/gtest.h>

#include <set>

#include "hub/access/definitions/bundles.h"
#include "tests/unit/hub_access_kit.h"

namespace lh {
namespace {

using hub::access::bundle_materials;
using hub::access::BundleMaterial;
using hub::access::Definitions;
using hub::access::Policy;
using kits::document_material;
using kits::licence_material;
using kits::small_matter;

schemas::Bundle bundle_of(std::vector<schemas::BundleStep> steps) {
  schemas::Bundle b;
  b.code = "BUNDLE";
  b.effective.from = kits::kStart;
  b.names = {"一件事", "Bundle"};
  b.legal_basis = "文件";
  b.steps = std::move(steps);
  return b;
}

schemas::BundleStep step(std::string matter, std::vector<std::string> after = {},
                         std::string applicant = "applicant") {
  return {std::move(matter), std::move(applicant), std::move(after)};
}

Definitions world(std::vector<schemas::Matter> matters) {
  Definitions all;
  for (int i = 1; i <= 6; ++i) all.types.push_back(kits::small_type(i));
  all.matters = std::move(matters);
  return all;
}

std::vector<BundleMaterial> list_of(const Definitions& all, const schemas::Bundle& b) {
  return bundle_materials(b, *Policy::make(all, 1), kits::kStart).value();
}

TEST(BundleMaterials, TheSameLicenceOfTheSamePersonIsAskedForOnce) {
  const auto all = world(
      {small_matter("A", 0, {licence_material("M1", 1)}),
       small_matter("B", 0, {licence_material("X9", 1), licence_material("X8", 1, "employee")})});
  const auto list = list_of(all, bundle_of({step("A"), step("B")}));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].material.code, "M1");
  ASSERT_EQ(list[0].needed_by.size(), 2U);
  EXPECT_EQ(list[0].needed_by[1].matter, "B");
  EXPECT_EQ(list[0].needed_by[1].material, "X9");
  EXPECT_EQ(list[1].material.subject, "employee");
}

TEST(BundleMaterials, DocumentsAreOneByCodeAndName) {
  const auto all = world({small_matter("A", 0, {document_material("M4", "平面图")}),
                          small_matter("B", 0, {document_material("M4", "平面图")}),
                          small_matter("C", 0, {document_material("M4", "租赁合同")})});
  const auto list = list_of(all, bundle_of({step("A"), step("B"), step("C")}));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].needed_by.size(), 2U);
  EXPECT_EQ(list[1].material.names.chinese, "租赁合同");
}

TEST(BundleMaterials, ResultOfAnEarlierMatterIsBroughtByNobody) {
  const auto all =
      world({small_matter("REG", 1), small_matter("FOOD", 2, {licence_material("M1", 1)}),
             small_matter("SIGN", 0, {licence_material("M1", 1)})});
  const auto list =
      list_of(all, bundle_of({step("REG"), step("FOOD", {"REG"}), step("SIGN", {"FOOD"})}));
  ASSERT_EQ(list.size(), 1U) << "SIGN waits for REG over FOOD";
  EXPECT_EQ(list[0].from_matter, "REG");
  const auto loose = list_of(all, bundle_of({step("REG"), step("FOOD", {"REG"}), step("SIGN")}));
  ASSERT_EQ(loose.size(), 2U) << "SIGN does not wait: its applicant brings the one there is";
  EXPECT_EQ(loose[1].from_matter, "");
}

TEST(BundleMaterials, TheApplicantOfAMatterMayBeTheEmployee) {
  const auto all = world({small_matter("HEALTH", 4, {licence_material("ID", 3)}),
                          small_matter("FOOD", 2,
                                       {licence_material("M3", 4, "employee"),
                                        licence_material("M9", 4, "legal_representative")})});
  const auto list =
      list_of(all, bundle_of({step("HEALTH", {}, "employee"), step("FOOD", {"HEALTH"})}));
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].material.subject, "employee") << "the employee's identity card";
  EXPECT_EQ(list[1].from_matter, "HEALTH");
  EXPECT_EQ(list[2].from_matter, "") << "the representative's is not what the employee applied for";
}

TEST(BundleMaterials, ADemandWithoutBasisDoesNotBecomeOneThroughOthers) {
  auto without = licence_material("M1", 1);
  without.legal_basis.clear();
  const auto all =
      world({small_matter("A", 0, {without}), small_matter("B", 0, {licence_material("M2", 1)}),
             small_matter("C", 0, {without})});
  const auto list = list_of(all, bundle_of({step("A"), step("B"), step("C")}));
  ASSERT_EQ(list.size(), 1U);
  ASSERT_EQ(list[0].needed_by.size(), 1U);
  EXPECT_EQ(list[0].needed_by[0].matter, "B");
  EXPECT_EQ(list[0].first_basis, licence_material("M2", 1).legal_basis);
  const auto none = list_of(all, bundle_of({step("A"), step("C")}));
  ASSERT_EQ(none.size(), 1U);
  EXPECT_TRUE(none[0].first_basis.empty());
  EXPECT_TRUE(none[0].needed_by.empty());
}

TEST(BundleMaterials, OwnDocumentsOfTwoDepartmentsAreTwo) {
  auto own = document_material("M5", "核查记录");
  own.issued_by_asker = true;
  auto all = world({small_matter("A", 0, {own}), small_matter("B", 0, {own})});
  EXPECT_EQ(list_of(all, bundle_of({step("A"), step("B")})).size(), 1U);
  all.matters[1].implementing_body = kits::test_uscc(7);
  EXPECT_EQ(list_of(all, bundle_of({step("A"), step("B")})).size(), 2U);
}

TEST(BundleMaterials, MergedTypesAreOne) {
  auto all = world({small_matter("A", 0, {licence_material("M1", 1)}),
                    small_matter("B", 0, {licence_material("M1", 2)})});
  all.types[1].merged_into = schemas::MergedInto{kits::type_code(1), kits::kStart};
  EXPECT_EQ(list_of(all, bundle_of({step("A"), step("B")})).size(), 1U);
}

TEST(BundleMaterials, AMatterThatIsNotInForceIsNamed) {
  const auto made = bundle_materials(bundle_of({step("A"), step("GONE")}),
                                     *Policy::make(world({small_matter("A", 0)}), 1), kits::kStart);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().reason(), Reason::kMatterUnknown);
  EXPECT_EQ(made.error().detail(), "GONE");
}

// Laws on random bundles: every demand with a basis stands in the list exactly once; entries of the
// list differ from each other; order is that of the first asking.
TEST(BundleMaterials, KeepsEveryDemandExactlyOnce) {
  kits::SeededRandom dice(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<schemas::Matter> matters;
    std::vector<schemas::BundleStep> steps;
    std::multiset<std::string> demands;
    const int n = 2 + static_cast<int>(dice.below(4));
    for (int i = 0; i < n; ++i) {
      const std::string code = "M" + std::to_string(i);
      std::vector<schemas::Material> list;
      for (std::uint64_t k = dice.below(6); k > 0; --k) {
        const std::string name = "D" + std::to_string(k);
        list.push_back(dice.below(2) == 0
                           ? licence_material(name, 1 + static_cast<int>(dice.below(5)),
                                              dice.below(2) == 0 ? "applicant" : "employee")
                           : document_material(name, "文书" + std::to_string(dice.below(2))));
        demands.insert(code + "/" + name);
      }
      matters.push_back(small_matter(code, static_cast<int>(dice.below(5)), std::move(list)));
      steps.push_back(step(code));
      if (i > 0 && dice.below(2) == 0) steps.back().after = {"M" + std::to_string(i - 1)};
    }
    std::multiset<std::string> found;
    std::set<std::string> keys;
    for (const auto& entry : list_of(world(matters), bundle_of(steps))) {
      for (const auto& need : entry.needed_by) found.insert(need.matter + "/" + need.material);
      const auto& m = entry.material;
      const std::string what =
          m.licence_type ? m.licence_type->text() : m.code + "|" + m.names.chinese;
      EXPECT_TRUE(keys.insert(m.subject + "|" + what + "|" + entry.from_matter).second);
    }
    ASSERT_EQ(found, demands) << "round " << round;
  }
}

}  // namespace
}  // namespace lh
