// Marks: the cursor moves only with its data, what a cut run must not forget, and what the log
// says.
#include <gtest/gtest.h>

#include "crypto/merkle.h"
#include "hub/ledger/fsck.h"
#include "hub/ledger/log/keys.h"
#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using namespace hub::ingest;  // NOLINT: a test of this room
using kits::company_row;
using kits::IngestHub;
using kits::kCompanies;
using kits::kCompanyColumns;
using kits::Table;
using kits::text_of;
using schemas::AuditEvent;

// Gives so many rows, then cannot be reached.
class BrokenSource final : public adapters::Source {
 public:
  BrokenSource(std::unique_ptr<adapters::Source> whole, std::size_t rows)
      : whole_(std::move(whole)), left_(rows) {}
  const std::vector<std::string>& columns() const override { return whole_->columns(); }
  Result<std::optional<adapters::RawRow>> next() override {
    if (left_ == 0) return Error(Reason::kSourceUnavailable, "gone");
    --left_;
    return whole_->next();
  }
  adapters::Cursor cursor() const override { return whole_->cursor(); }
  std::optional<std::uint64_t> size_bytes() const override { return whole_->size_bytes(); }
  std::uint64_t position_bytes() const override { return whole_->position_bytes(); }

 private:
  std::unique_ptr<adapters::Source> whole_;
  std::size_t left_;
};

Table companies(int count) {
  Table rows;
  for (int i = 1; i <= count; ++i) rows.push_back(company_row(i));
  return rows;
}
// The row after which the next run begins; 0 = at the beginning.
std::uint64_t resumes_after(const IngestHub& hub) {
  const auto cursor = start_cursor(*hub.store, "companies").value();
  if (cursor.value.empty()) return 0;
  return adapters::memory::open_source(kCompanyColumns, companies(1000), cursor)
      .value()
      ->position_bytes();
}
Result<LoadCounts> load_until(IngestHub& hub, const Table& rows, std::size_t reachable) {
  auto whole = adapters::memory::open_source(kCompanyColumns, rows,
                                             start_cursor(*hub.store, "companies").value());
  BrokenSource source(std::move(whole).value(), reachable);
  return hub.load_from(kCompanies, source);
}

TEST(Marks, ASourceThatBreaksOffIsReadOnFromThere) {
  IngestHub hub;
  const auto rows = companies(30);
  EXPECT_EQ(load_until(hub, rows, 12).error().reason(), Reason::kSourceUnavailable);
  EXPECT_EQ(resumes_after(hub), 12U);
  EXPECT_EQ(text_of(hub.companies(rows)), "read 18 new 18 changed 0 same 0 quarantined 0");
  EXPECT_EQ(resumes_after(hub), 0U) << "the end was reached: the next run is a whole one";
  EXPECT_EQ(text_of(hub.companies(rows)), "read 30 new 0 changed 0 same 30 quarantined 0");
}

TEST(Marks, TheCursorNeverPassesWhatIsNotStored) {
  const auto rows = companies(40);
  for (std::int64_t lost_after = 1; lost_after < 48; lost_after += 5) {
    IngestHub hub;
    hub.weather.lost_after = lost_after;
    ASSERT_FALSE(hub.companies(rows, 10).ok());
    hub.weather.lost_after = INT64_MAX;
    for (int i = 1; i <= static_cast<int>(resumes_after(hub)); ++i) {
      ASSERT_NE(hub.told(i), "unknown") << lost_after << " " << i;
      ASSERT_EQ(hub.told(i).find("no licence"), std::string::npos) << lost_after << " " << i;
    }
    ASSERT_TRUE(hub.companies(rows, 10).ok());
    EXPECT_EQ(hub.entries_of(AuditEvent::kLicenceCollected), 40U);
  }
}

TEST(Marks, AfterACutAContradictionOfTheSameRunIsStillOne) {
  IngestHub hub;
  Table rows = companies(20);
  rows.push_back(company_row(1, "别的范围"));
  ASSERT_FALSE(load_until(hub, rows, 15).ok());
  EXPECT_EQ(text_of(hub.companies(rows)), "read 6 new 5 changed 0 same 0 quarantined 1");
  EXPECT_EQ(hub.told(1).find("别的范围"), std::string::npos);
}

// In a second run the first row is same: only the run's memory knows that it came by. Were the
// cursor to pass it, the contradiction would be taken for a change after the cut.
TEST(Marks, TheCursorStaysBeforeWhatAnEarlierRunHadStored) {
  IngestHub hub;
  Table rows = companies(20);
  ASSERT_TRUE(hub.companies(rows).ok());
  rows.push_back(company_row(21));
  rows.push_back(company_row(1, "别的范围"));
  ASSERT_FALSE(load_until(hub, rows, 21).ok());
  EXPECT_EQ(resumes_after(hub), 0U);
  EXPECT_EQ(text_of(hub.companies(rows)), "read 22 new 0 changed 0 same 21 quarantined 1");
  EXPECT_EQ(hub.told(1).find("别的范围"), std::string::npos);
}

TEST(Marks, ACorrectedTableAfterACutAtTheBeginningIsAChangeNotAContradiction) {
  IngestHub hub;
  Table rows = companies(5);
  hub.weather.lost_after = 3;
  ASSERT_FALSE(hub.companies(rows).ok());
  hub.weather.lost_after = INT64_MAX;
  for (int i = 0; i < 5; ++i) rows[static_cast<std::size_t>(i)] = company_row(i + 1, "改正");
  const auto counts = hub.companies(rows);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->quarantined, 0U);
  EXPECT_EQ(counts->fresh + counts->changed, 5U);
}

TEST(Marks, LegalEntitiesShareAnEntryWithCountAndRoot) {
  IngestHub hub;
  ASSERT_TRUE(hub.companies(companies(450)).ok());
  hub::audit::SearchQuery query;
  query.event = AuditEvent::kBaseDataLoaded;
  const auto page = hub::audit::search(*hub.ledger, query).value();
  std::uint64_t counted = 0;
  for (const auto& hit : page.hits) {
    counted += hit.entry.count;
    EXPECT_LE(hit.entry.count, 200U);
    EXPECT_EQ(hit.entry.purpose, "companies");
    EXPECT_EQ(hit.entry.organisation, kits::kBureau);
    // The root is over the manifest that the ledger keeps for the entry.
    const auto manifest =
        hub.store->latest()
            .find(hub::store::OpenKey{hub::store::Family::kAudit,
                                      hub::ledger::log::manifest_key(hit.entry.index)})
            .value();
    ASSERT_TRUE(manifest.has_value());
    std::vector<Digest> leaves;
    for (const auto& row : hub::ledger::decode_manifest(*manifest).value()) {
      leaves.push_back(crypto::leaf_hash(Bytes(view(row.key)).append(view(row.value))));
    }
    EXPECT_EQ(hit.entry.rows_root, crypto::root_of_leaves(leaves));
    EXPECT_EQ(hit.entry.row_count, leaves.size());
  }
  EXPECT_EQ(counted, 450U);
  EXPECT_GE(page.hits.size(), 3U);
}

TEST(Marks, NaturalPersonsHaveAnEntryEachAndNothingOfThemIsInClear) {
  IngestHub hub;
  Table rows;
  for (int i = 1; i <= 25; ++i) rows.push_back(kits::person_row(i));
  rows.push_back({kits::test_person(26).value.reveal(), "", "测试街5号"});  // goes to quarantine
  EXPECT_EQ(text_of(hub.load(kits::kPeople, kits::kPersonColumns, rows)),
            "read 26 new 25 changed 0 same 0 quarantined 1");
  EXPECT_EQ(hub.entries_of(AuditEvent::kSubjectStored), 25U);
  EXPECT_EQ(hub.entries_of(AuditEvent::kBaseDataLoaded), 0U);
  const Bytes all = hub.everything();
  for (const auto& row : rows) {
    for (const auto& value : row) {
      EXPECT_TRUE(value.empty() || all.find(value) == Bytes::npos) << value;
    }
  }
  const auto subject = hub.directory->find(kits::test_person(7)).value();
  EXPECT_EQ(hub.ledger->chain_head(subject->tag)->sequence, 1U);
}

TEST(Marks, SoleTradersAreStoredLikeNaturalPersons) {
  IngestHub hub;
  Table rows{company_row(1), company_row(2)};
  rows[1][0] = kits::test_uscc(2, "92").text();
  ASSERT_EQ(text_of(hub.companies(rows)), "read 2 new 2 changed 0 same 0 quarantined 0");
  EXPECT_EQ(hub.entries_of(AuditEvent::kSubjectStored), 1U);
  EXPECT_EQ(hub.entries_of(AuditEvent::kBaseDataLoaded), 1U);
}

TEST(Marks, TheLogCountsWhatTheRunCounted) {
  IngestHub hub;
  Table rows = companies(25);
  rows[3][0] = "91";
  rows[4][3] = "昨天";
  ASSERT_TRUE(hub.companies(rows, 10).ok());
  hub::audit::SearchQuery query;
  query.event = AuditEvent::kIngestRun;
  const auto runs = hub::audit::search(*hub.ledger, query).value().hits;
  ASSERT_EQ(runs.size(), 3U);  // newest first
  EXPECT_EQ(runs[0].entry.object, "end read=5 new=5 changed=0 same=0 quarantined=0");
  EXPECT_EQ(runs[2].entry.object, "mark read=10 new=8 changed=0 same=0 quarantined=2");
  EXPECT_EQ(runs[0].entry.correlation, runs[2].entry.correlation);
  EXPECT_EQ(hub::audit::open_box_a(runs[0].entry, hub.keys)->officer_id, "administrator-1");
  query.event = AuditEvent::kQuarantined;
  const auto held = hub::audit::search(*hub.ledger, query).value().hits;
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].entry.count, 2U);
}

TEST(Marks, FsckTiesEveryRowOfALoadToItsEntry) {
  IngestHub hub;
  ASSERT_TRUE(hub.companies(companies(60), 25).ok());
  const auto reader = hub::audit::make_entry_reader();
  const auto report = hub::ledger::fsck(*hub.store, "", {hub.note_key()}, *reader, {}).value();
  for (const auto& finding : report.findings) ADD_FAILURE() << finding.where;
  EXPECT_GT(report.rows, 60U * 8);
}

TEST(Marks, ARunWithoutTheQuarantineKeyStoresNothing) {
  IngestHub hub;
  hub.keys.erase("quarantine", hub.random).value();
  const auto size = hub.ledger->state().size;
  EXPECT_EQ(hub.companies(companies(3)).error().reason(), Reason::kKeyMissing);
  EXPECT_EQ(hub.ledger->state().size, size);
}

}  // namespace
}  // namespace lh
