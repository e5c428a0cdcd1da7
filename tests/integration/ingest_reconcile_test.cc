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
  // As deliveries: the last record of a key counts.
  Reconciliation compare_deliveries(std::string_view toml, const std::vector<std::string>& columns,
                                    const kits::Table& rows, const kits::Table& again) {
    const auto mapping = adapters::parse_mapping(toml).value();
    const LoadRequest request{mapping.name, kits::uscc_of(kits::kBureau), "administrator-1"};
    const auto policy = hub.catalogue.policy();
    const auto collection = hub.collection();
    const auto first = adapters::memory::make_source(columns, rows);
    auto last =
        find_last(collection.parts(), {request, mapping, *first, *policy, "/tmp", {}}).value();
    const auto source = adapters::memory::make_source(columns, again);
    auto out =
        reconcile(collection.parts(), {request, mapping, *source, *policy, "/tmp", {}, &last});
    failed = out.ok() ? "" : out.error().describe();
    return out.ok() ? std::move(*out) : Reconciliation();
  }
  static std::string told(const Reconciliation& r) {
    return "source " + std::to_string(r.only_in_source) + " store " +
           std::to_string(r.only_in_store) + " differs " + std::to_string(r.differs) + " same " +
           std::to_string(r.same);
  }
  kits::IngestHub hub;
  std::string failed;
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

// A company that was delivered, changed, and changed back: only the last counts.
TEST_F(ReconcileTest, OfDeliveriesTheLastOfAKeyCounts) {
  hub.companies({company_row(1), company_row(2), company_row(3)}).value();
  auto bad = company_row(3);
  bad[3] = "待定";
  const kits::Table rows{company_row(1, "旧"), company_row(2, "旧"), company_row(3),
                         company_row(1),       company_row(2, "新"), bad};
  EXPECT_EQ(told(compare(kCompanies, kCompanyColumns, rows)), "source 0 store 0 differs 6 same 4")
      << "of a source as it stands every row is compared";
  const auto r = compare_deliveries(kCompanies, kCompanyColumns, rows, rows);
  EXPECT_EQ(told(r), "source 0 store 0 differs 2 same 4");
  EXPECT_EQ(r.repeated, 4U);
  EXPECT_EQ(r.refused, 1U) << "a refused row says nothing: the one before it counts";
  for (const Difference& d : r.differences) EXPECT_EQ(d.row, 5U) << "the row that counts";
}

TEST_F(ReconcileTest, DeliveriesNameWhatIsMissingExtraAndChanged) {
  hub.companies({company_row(1), company_row(2), company_row(3)}).value();
  const kits::Table rows{company_row(4, "先"), company_row(1), company_row(4),
                         company_row(3, "建材销售")};
  const auto r = compare_deliveries(kCompanies, kCompanyColumns, rows, rows);
  EXPECT_EQ(told(r), "source 2 store 2 differs 2 same 2");
  for (const Difference& d : r.differences) {
    EXPECT_EQ(d.row, d.kind == DifferenceKind::kOnlyInSource ? 3U
                     : d.kind == DifferenceKind::kDiffers    ? 4U
                                                             : 0U);
  }
}

// An event that ends a licence is the last word on it.
TEST_F(ReconcileTest, AnEndOfALicenceCountsAsItsLastState) {
  std::string events(kFoodLicences);
  events.replace(events.find("status = \"valid\""), 16, "status = \"_state\"");
  events +=
      "_state = { column = \"state\", required = true, check = "
      "[\"one_of:valid|cancelled\"] }\n";
  auto columns = kFoodColumns;
  columns.push_back("state");
  const auto row = [](int number, const char* state) {
    auto out = kits::food_row(number, 1);
    out.push_back(state);
    return out;
  };
  hub.load(events, columns, {row(1, "valid"), row(2, "valid")}).value();
  hub.load(events, columns, {row(1, "cancelled")}).value();
  const kits::Table all{row(1, "valid"), row(2, "valid"), row(1, "cancelled")};
  EXPECT_EQ(told(compare_deliveries(events, columns, all, all)),
            "source 0 store 0 differs 0 same 2");
  const kits::Table more{row(1, "valid"), row(2, "valid"), row(1, "cancelled"),
                         row(2, "cancelled")};
  const auto r = compare_deliveries(events, columns, more, more);
  EXPECT_EQ(told(r), "source 0 store 0 differs 1 same 1");
  EXPECT_EQ(r.differences[0].fields, std::vector<std::string>{"status"});
}

TEST_F(ReconcileTest, DeliveriesThatChangeMeanwhileAreNotCompared) {
  hub.companies({company_row(1), company_row(2)}).value();
  const kits::Table rows{company_row(1), company_row(2)};
  for (const kits::Table& again :
       {kits::Table{company_row(1)}, kits::Table{company_row(1), company_row(2), company_row(3)}}) {
    compare_deliveries(kCompanies, kCompanyColumns, rows, again);
    EXPECT_TRUE(failed.starts_with("adapter.state")) << failed;
  }
}

// Against a map in memory, however little is buffered.
TEST(LastOfKey, IsTheLastOfItsKey) {
  kits::SeededRandom random(12);
  for (const std::size_t buffered : {1U, 3U, 50U, 100000U}) {
    LastOfKey last("/tmp", buffered);
    std::vector<Tag> keys;
    std::map<Tag, std::size_t> expected;
    for (std::size_t i = 0; i < 120; ++i) {
      Tag key{};
      key[0] = static_cast<std::uint8_t>(random.u64() % 30);
      key[15] = static_cast<std::uint8_t>(random.u64() % 2);
      keys.push_back(key);
      expected[key] = i;
      ASSERT_TRUE(last.note(key).ok());
    }
    ASSERT_TRUE(last.finish().ok());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(last.next().value() == Place::kLast, expected[keys[i]] == i) << buffered;
      EXPECT_EQ(last.end().ok(), i + 1 == keys.size());
    }
    EXPECT_EQ(last.next().error().reason(), Reason::kAdapterState);
  }
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
