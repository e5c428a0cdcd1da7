// Reconciliation: what differs is named exactly, and no value of a person is in the outcome.
#include <gtest/gtest.h>

#include "hub/ingest/reconcile/reconcile.h"
#include "hub/ingest/reconcile/tag_sort.h"
#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using namespace hub::ingest;  // NOLINT: a test of this room
using kits::company_row;
using kits::kCompanies;
using kits::kCompanyColumns;
using kits::kFoodColumns;
using kits::kFoodLicences;
using kits::kPeople;
using kits::kPersonColumns;

class ReconcileTest : public ::testing::Test {
 protected:
  Reconciliation compare(std::string_view toml, const std::vector<std::string>& columns,
                         const kits::Table& rows) {
    const auto mapping = adapters::parse_mapping(toml).value();
    const auto source = adapters::memory::make_source(columns, rows);
    const LoadRequest request{mapping.name, kits::uscc_of(kits::kBureau), "administrator-1"};
    const auto policy = hub.catalogue.policy();
    const auto collection = hub.collection();
    return reconcile(collection.parts(), {request, mapping, *source, *policy, "/tmp", {}}).value();
  }
  static std::string told(const Reconciliation& r) {
    return "source " + std::to_string(r.only_in_source) + " store " +
           std::to_string(r.only_in_store) + " differs " + std::to_string(r.differs) + " same " +
           std::to_string(r.same);
  }
  kits::IngestHub hub;
};

TEST_F(ReconcileTest, NothingDiffersAfterALoad) {
  const kits::Table rows{company_row(1), company_row(2), company_row(3)};
  hub.companies(rows).value();
  const auto before = hub.data_rows();
  const auto r = compare(kCompanies, kCompanyColumns, rows);
  EXPECT_EQ(told(r), "source 0 store 0 differs 0 same 6") << "base data and licence of each";
  EXPECT_TRUE(r.clean());
  EXPECT_EQ(hub.data_rows(), before) << "nothing is changed";
  EXPECT_EQ(hub.entries_of(schemas::AuditEvent::kReconciled), 1U);
}

TEST_F(ReconcileTest, NamesExactlyWhatDiffers) {
  hub.companies({company_row(1), company_row(2), company_row(3)}).value();
  const auto r = compare(kCompanies, kCompanyColumns,
                         {company_row(1), company_row(3, "建材销售"), company_row(4)});
  EXPECT_EQ(told(r), "source 2 store 2 differs 2 same 2");
  for (const Difference& d : r.differences) {
    switch (d.kind) {
      case DifferenceKind::kDiffers:
        EXPECT_EQ(d.fields, std::vector<std::string>{"business_scope"});
        EXPECT_EQ(d.row, 2U);
        EXPECT_EQ(d.key, kits::test_uscc(3).text());
        break;
      case DifferenceKind::kOnlyInSource:
        EXPECT_EQ(d.row, 3U);
        EXPECT_EQ(d.key, kits::test_uscc(4).text());
        break;
      case DifferenceKind::kOnlyInStore:
        EXPECT_EQ(d.row, 0U);
        if (d.record == adapters::RecordKind::kBaseData) {
          EXPECT_EQ(d.key, kits::test_uscc(2).text());
        } else {
          EXPECT_FALSE(d.licence_id.empty());
        }
        break;
    }
  }
}

TEST_F(ReconcileTest, AStatusTheHubKnowsOtherwiseIsADifference) {
  std::string ended(kFoodLicences);
  ended.replace(ended.find("status = \"valid\""), 16, "status = \"cancelled\"");
  hub.load(kFoodLicences, kFoodColumns, {kits::food_row(1, 1), kits::food_row(2, 1)}).value();
  const auto r = compare(ended, kFoodColumns, {kits::food_row(1, 1), kits::food_row(2, 1)});
  EXPECT_EQ(told(r), "source 0 store 0 differs 2 same 0");
  EXPECT_EQ(r.differences[0].fields, std::vector<std::string>{"status"});
}

// Neither stands among the surface fields here: they are compared all the same.
TEST_F(ReconcileTest, AnotherHolderOrDivisionIsADifference) {
  const auto with = [](std::string_view from, const std::string& to, std::string_view toml) {
    std::string out(toml);
    return out.replace(out.find(from), from.size(), to);
  };
  const std::string fixed =
      with("uscc = { column = \"code\", check = [\"uscc\"], required = true }",
           "uscc = { constant = \"" + kits::test_uscc(1).text() +
               "\" }\n_who = { column = \"code\", required = true }",
           kFoodLicences);
  const std::string toml = with("id = \"uscc\"", "id = \"_who\"", fixed);
  hub.load(toml, kFoodColumns, {kits::food_row(1, 1), kits::food_row(2, 1)}).value();
  EXPECT_EQ(told(compare(toml, kFoodColumns, {kits::food_row(1, 1), kits::food_row(2, 1)})),
            "source 0 store 0 differs 0 same 2");
  const auto moved = compare(toml, kFoodColumns, {kits::food_row(1, 1), kits::food_row(2, 2)});
  EXPECT_EQ(told(moved), "source 0 store 0 differs 1 same 1");
  EXPECT_EQ(moved.differences[0].fields, std::vector<std::string>{"holder"});
  const auto elsewhere = compare(with("\"990100\"", "\"990102\"", toml), kFoodColumns,
                                 {kits::food_row(1, 1), kits::food_row(2, 1)});
  EXPECT_EQ(told(elsewhere), "source 0 store 0 differs 2 same 0");
  EXPECT_EQ(elsewhere.differences[0].fields, std::vector<std::string>{"division"});
}

TEST_F(ReconcileTest, ShowsNoKeyOfAPerson) {
  hub.load(kPeople, kPersonColumns, {kits::person_row(1), kits::person_row(2)}).value();
  auto moved = kits::person_row(1);
  moved[2] = "测试新街5号";
  const auto r = compare(kPeople, kPersonColumns, {moved, kits::person_row(3)});
  EXPECT_EQ(told(r), "source 1 store 1 differs 1 same 0");
  for (const Difference& d : r.differences) {
    for (int i = 1; i <= 3; ++i) {
      EXPECT_EQ(d.key.find(kits::test_person(i).value.reveal()), std::string::npos);
    }
    EXPECT_EQ(d.reference.size(), 32U);
  }
}

TEST_F(ReconcileTest, CountsRowsThatAreRefusedOrRepeated) {
  hub.companies({company_row(1)}).value();
  auto bad = company_row(2);
  bad[3] = "待定";
  const auto r = compare(kCompanies, kCompanyColumns, {company_row(1), bad, company_row(1)});
  EXPECT_EQ(r.rows, 3U);
  EXPECT_EQ(r.refused, 1U);
  EXPECT_EQ(r.repeated, 2U) << "base data and licence";
  EXPECT_EQ(r.only_in_store, 0U);
}

TEST(TagSort, GivesEveryTagInOrderHoweverManyRunsThereAre) {
  kits::SeededRandom random(11);
  for (const std::size_t buffered : {2U, 7U, 64U, 100000U}) {
    TagSort sort("/tmp", buffered);
    std::vector<Tag> expected;
    for (int i = 0; i < 60; ++i) {
      const Tag tag = to_array<16>(random.bytes(16)).value();
      for (int times = 0; times <= i % 3; ++times) {
        expected.push_back(tag);
        ASSERT_TRUE(sort.add(tag).ok());
      }
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_TRUE(sort.finish().ok());
    for (const Tag& tag : expected) ASSERT_EQ(sort.next().value(), tag) << buffered;
    EXPECT_FALSE(sort.next().value().has_value());
  }
}

TEST(TagSort, SaysWhenItCannotWrite) {
  TagSort sort("/nowhere/at/all", 1);
  EXPECT_EQ(sort.add(Tag{}).error().reason(), Reason::kFileUnwritable);
}

TEST(TagSort, OfNothingIsEmpty) {
  TagSort sort("/tmp");
  ASSERT_TRUE(sort.finish().ok());
  EXPECT_FALSE(sort.next().value().has_value());
}

}  // namespace
}  // namespace lh
