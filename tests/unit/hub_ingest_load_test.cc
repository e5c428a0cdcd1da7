// Laws of a load: twice is once, what is read is counted once, a cut run comes to the same end.
#include <gtest/gtest.h>

#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using namespace hub::ingest;  // NOLINT: a test of this room
using kits::company_row;
using kits::food_row;
using kits::IngestHub;
using kits::Table;
using kits::text_of;
using schemas::AuditEvent;

Table companies(int count) {
  Table rows;
  for (int i = 1; i <= count; ++i) rows.push_back(company_row(i));
  return rows;
}

TEST(Load, TwiceIsOnce) {
  IngestHub hub;
  const auto rows = companies(300);
  EXPECT_EQ(text_of(hub.companies(rows)), "read 300 new 300 changed 0 same 0 quarantined 0");
  const Bytes before = hub.data_rows();
  EXPECT_EQ(text_of(hub.companies(rows)), "read 300 new 0 changed 0 same 300 quarantined 0");
  EXPECT_EQ(hub.data_rows(), before);
  EXPECT_EQ(hub.entries_of(AuditEvent::kLicenceCollected), 300U);
  EXPECT_EQ(hub.entries_of(AuditEvent::kIngestRun), 2U);
}

TEST(Load, BaseDataAndLicenceAreOfOneSubject) {
  IngestHub hub;
  ASSERT_TRUE(hub.companies(companies(3)).ok());
  EXPECT_EQ(hub.told(2),
            "uscc=" + kits::test_uscc(2).text() + ";name=测试企业2;business_scope=食品销售;" +
                " version 1: enterprise_name=测试企业2;uscc=" + kits::test_uscc(2).text() +
                ";establishment_date=2020-05-06;business_scope=食品销售;");
  const auto subject = hub.directory->find(kits::test_company(2)).value();
  const auto key = hub.licences->find_by_alias("source/companies", kits::test_uscc(2).text());
  EXPECT_EQ(hub.licences->head(**key)->holders.front(), subject->no);
}

TEST(Load, ALaterRunWithOtherContentChanges) {
  IngestHub hub;
  auto rows = companies(5);
  ASSERT_TRUE(hub.companies(rows).ok());
  rows[2] = company_row(3, "餐饮服务");
  rows.push_back(company_row(6));
  EXPECT_EQ(text_of(hub.companies(rows)), "read 6 new 1 changed 1 same 4 quarantined 0");
  EXPECT_NE(hub.told(3).find("餐饮服务"), std::string::npos);
  EXPECT_NE(hub.told(3).find("version 2"), std::string::npos);
  EXPECT_EQ(text_of(hub.companies(rows)), "read 6 new 0 changed 0 same 6 quarantined 0");
}

TEST(Load, InOneRunTheFirstOfAKeyWins) {
  IngestHub hub;
  const Table rows{company_row(1), company_row(1), company_row(1, "别的范围"), company_row(2)};
  EXPECT_EQ(text_of(hub.companies(rows)), "read 4 new 2 changed 0 same 1 quarantined 1");
  const auto held = hub.quarantine("companies");
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].number, 3U);
  EXPECT_EQ(held[0].reason, Reason::kRowConflict);
  EXPECT_EQ(hub.told(1).find("别的范围"), std::string::npos);
  EXPECT_EQ(text_of(hub.companies(rows)), "read 4 new 0 changed 0 same 3 quarantined 1");
  EXPECT_EQ(hub.quarantine("companies").size(), 1U) << "the same bad row is not doubled";
}

// The licence office refuses what the mapping lets through (a required field is empty): the next
// row with the key has its chance, and one that is as bad as the first shares its fate.
TEST(Load, ARefusedRowDoesNotStandInTheWayOfTheNext) {
  IngestHub hub;
  const Table rows{food_row(1, 1, ""), food_row(1, 1, ""), food_row(1, 1), food_row(1, 1),
                   food_row(1, 1, "别的名称")};
  EXPECT_EQ(text_of(hub.load(kits::kFoodLicences, kits::kFoodColumns, rows)),
            "read 5 new 1 changed 0 same 1 quarantined 3");
  const auto held = hub.quarantine("food");
  ASSERT_EQ(held.size(), 3U);
  EXPECT_EQ(held[0].reason, Reason::kLicenceField);
  EXPECT_EQ(held[0].field, "operator_name");
  EXPECT_EQ(held[1].reason, Reason::kLicenceField);
  EXPECT_EQ(held[2].number, 5U);
  EXPECT_EQ(held[2].reason, Reason::kRowConflict);
}

TEST(Load, ManyLicencesOfOneNewHolderAreAllTaken) {
  IngestHub hub;
  Table rows;
  for (int i = 0; i < 60; ++i) rows.push_back(food_row(i, 1 + i % 3));
  EXPECT_EQ(text_of(hub.load(kits::kFoodLicences, kits::kFoodColumns, rows)),
            "read 60 new 60 changed 0 same 0 quarantined 0");
}

TEST(Load, ARowIsTakenWholeOrNotAtAll) {
  IngestHub hub;
  Table rows = companies(2);
  rows.push_back({kits::test_uscc(3).text(), std::string(700, 'x'), "范围", "2020-05-06"});
  EXPECT_EQ(text_of(hub.companies(rows)), "read 3 new 2 changed 0 same 0 quarantined 1");
  EXPECT_EQ(hub.told(3), "unknown");
  EXPECT_EQ(hub.quarantine("companies").at(0).reason, Reason::kLicenceField);
}

TEST(Load, StaleChangesArePreparedAgain) {
  IngestHub hub;
  hub.weather.stale_each = 3;
  const auto rows = companies(40);
  EXPECT_EQ(text_of(hub.companies(rows)), "read 40 new 40 changed 0 same 0 quarantined 0");
  hub.weather.stale_each = 0;
  EXPECT_EQ(text_of(hub.companies(rows)), "read 40 new 0 changed 0 same 40 quarantined 0");
  EXPECT_EQ(hub.entries_of(AuditEvent::kLicenceCollected), 40U);
}

// A made-up dirty table and, beside it, what a simple reading of the rules says about it.
struct Dirty {
  Table rows;
  LoadCounts counts;
  std::vector<std::string> refused;
};
Dirty dirty_table(std::uint64_t seed, std::size_t size) {
  kits::SeededRandom random(seed);
  Dirty out;
  std::map<std::string, std::vector<std::string>> first;
  for (std::size_t i = 1; i <= size; ++i) {
    auto row = company_row(static_cast<int>(1 + random.below(size / 2)),
                           random.below(3) == 0 ? "范围甲" : "范围乙");
    std::string reason;
    switch (random.below(12)) {
      case 0:
        row[0].back() = row[0].back() == 'A' ? 'B' : 'A';
        if (!parse_uscc(row[0]).ok()) reason = "row.check_digit";
        break;
      case 1:
        row.pop_back();
        reason = "row.width";
        break;
      case 2:
        row[3] = "2020-02-30";
        reason = "row.date";
        break;
      case 3:
        row[1] = std::string(600, 'y');
        reason = "licence.field";
        break;
      default:
        break;
    }
    ++out.counts.read;
    const auto known = first.find(row[0]);
    if (reason.empty() || reason == "licence.field") {
      if (known != first.end()) reason = known->second == row ? "same" : "row.conflict";
    }
    if (reason.empty()) {
      ++out.counts.fresh;
      first[row[0]] = row;
    } else if (reason == "same") {
      ++out.counts.same;
    } else {
      ++out.counts.quarantined;
      std::string bytes;
      for (const auto& value : row) bytes += (bytes.empty() ? "" : "\x1F") + value;
      out.refused.push_back(std::to_string(i) + " " + reason + " " + bytes);
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

class DirtyLoad : public testing::TestWithParam<std::uint64_t> {};

TEST_P(DirtyLoad, EveryRowIsCountedOnceAndNoneIsLost) {
  IngestHub hub;
  const Dirty dirty = dirty_table(GetParam(), 700);
  EXPECT_EQ(text_of(hub.companies(dirty.rows, 90)), text_of(dirty.counts));
  EXPECT_EQ(hub.refusals("companies"), dirty.refused);
}

TEST_P(DirtyLoad, ACutRunComesToTheSameEnd) {
  kits::SeededRandom random(GetParam() + 1000);
  const Dirty dirty = dirty_table(GetParam(), 300);
  IngestHub whole;
  ASSERT_TRUE(whole.companies(dirty.rows, 40).ok());
  IngestHub cut;
  std::uint64_t read = 0;
  for (int cuts = 0; cuts < 4; ++cuts) {
    cut.weather.lost_after = cut.weather.changes + static_cast<std::int64_t>(random.below(90));
    const auto counts = cut.companies(dirty.rows, 40);
    if (counts.ok()) break;
    EXPECT_EQ(counts.error().reason(), Reason::kAuditUnavailable);
  }
  cut.weather.lost_after = INT64_MAX;
  const auto last = cut.companies(dirty.rows, 40);
  ASSERT_TRUE(last.ok()) << last.error().describe();
  read = last->read;
  EXPECT_EQ(read, last->fresh + last->changed + last->same + last->quarantined);
  EXPECT_EQ(cut.refusals("companies"), dirty.refused);
  EXPECT_EQ(whole.refusals("companies"), dirty.refused);
  for (int i = 1; i <= 150; ++i) ASSERT_EQ(cut.told(i), whole.told(i)) << i;
  EXPECT_EQ(cut.entries_of(AuditEvent::kLicenceCollected), dirty.counts.fresh);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DirtyLoad, testing::Values(1, 2, 3));

}  // namespace
}  // namespace lh
