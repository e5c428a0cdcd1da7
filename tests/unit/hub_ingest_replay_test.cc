// Replay: what passes leaves quarantine with what it became, what fails keeps its place, nothing is
// lost and nothing old overwrites something newer.
#include <gtest/gtest.h>

#include "hub/ingest/repair/replay.h"
#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using namespace hub::ingest;  // NOLINT: a test of this room
using kits::company_row;
using kits::kCompanies;
using kits::kCompanyColumns;

// Rows of the memory source: values with U+001F between them.
Result<ReadAgain> reread(ReadAgain kept) {
  kept.row.values.clear();
  std::string_view rest = kept.row.bytes;
  for (;;) {
    const auto end = std::min(rest.find('\x1F'), rest.size());
    kept.row.values.emplace_back(rest.substr(0, end));
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  if (kept.row.values.size() != kept.columns.names.size()) {
    kept.row.malformed = Error(Reason::kRowWidth);
    kept.row.values.clear();
  }
  return kept;
}

std::vector<std::string> without_day(int number) {
  auto row = company_row(number);
  row[3] = "待定";
  return row;
}

class ReplayTest : public ::testing::Test {
 protected:
  Result<ReplayCounts> replay_all(std::string_view toml = kCompanies, const std::string& only = {},
                                  std::optional<Reason> reason = {}) {
    const auto mapping = adapters::parse_mapping(toml).value();
    const LoadRequest request{mapping.name, kits::uscc_of(kits::kBureau), "administrator-1"};
    const auto policy = hub.catalogue.policy();
    const Reread again = reread;
    const auto collection = hub.collection();
    return replay(collection.parts(), {request, mapping, *policy, again, only, reason});
  }
  std::string told(const Result<ReplayCounts>& c) {
    if (!c.ok()) return c.error().describe();
    return "read " + std::to_string(c->read) + " new " + std::to_string(c->fresh) + " changed " +
           std::to_string(c->changed) + " same " + std::to_string(c->same) + " stayed " +
           std::to_string(c->stayed);
  }
  void repair(const QuarantinedRow& held, RepairKind kind, const std::string& text) {
    QuarantinedRow row = held;
    row.state = kind == RepairKind::kGround ? HeldState::kDiscarded : HeldState::kRepaired;
    auto rows = restated(*hub.store, "companies", row).value();
    rows.push_back(
        repair_row("companies", row, {kind, "uid:7", UtcTime{5}, text}, hub.keys, hub.random)
            .value());
    hub.commit({}, std::move(rows)).value();
  }
  static std::string bytes_of(const std::vector<std::string>& values) {
    std::string out;
    for (const auto& value : values) out += (out.empty() ? "" : "\x1F") + value;
    return out;
  }
  std::string mended(std::string_view from, std::string_view to) {
    std::string out(kCompanies);
    return out.replace(out.find(from), from.size(), to);
  }
  kits::IngestHub hub;
};

TEST_F(ReplayTest, WhatStillFailsKeepsItsPlace) {
  hub.companies({company_row(1), without_day(2)}).value();
  const auto before = hub.refusals("companies");
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(told(replay_all()), "read 1 new 0 changed 0 same 0 stayed 1");
  EXPECT_EQ(hub.refusals("companies"), before);
}

TEST_F(ReplayTest, AMendedMappingLetsRowsPassAndTheyLeave) {
  hub.companies({company_row(1), without_day(2), without_day(3)}).value();
  const std::string toml = mended("establishment_date = { column = \"day\", convert = [\"date\"]",
                                  "establishment_date = { constant = \"2020-05-06\"");
  EXPECT_EQ(told(replay_all(toml)), "read 2 new 2 changed 0 same 0 stayed 0");
  EXPECT_TRUE(hub.quarantine("companies").empty());
  EXPECT_NE(hub.told(2).find("version 1"), std::string::npos) << hub.told(2);
  EXPECT_EQ(told(replay_all(toml)), "read 0 new 0 changed 0 same 0 stayed 0") << "once";
  EXPECT_GE(hub.entries_of(schemas::AuditEvent::kQuarantineReplayed), 2U);
}

TEST_F(ReplayTest, ANewReasonIsKept) {
  hub.companies({without_day(2)}).value();
  const std::string toml = mended("scope = { column = \"scope\" }",
                                  "scope = { column = \"scope\", check = [\"digits\"] }");
  EXPECT_EQ(told(replay_all(toml)), "read 1 new 0 changed 0 same 0 stayed 1");
  EXPECT_EQ(hub.quarantine("companies")[0].reason, Reason::kRowCheck);
  EXPECT_EQ(hub.quarantine("companies")[0].field, "business_scope");
  EXPECT_EQ(hub.quarantine("companies")[0].bytes, bytes_of(without_day(2))) << "bytes stay";
}

// More than one change of the ledger takes: each row is written whole with its new reason.
TEST_F(ReplayTest, ManyLargeRowsGetTheirNewReason) {
  kits::Table rows;
  for (int i = 1; i <= 8; ++i) {
    rows.push_back(without_day(i));
    rows.back()[2] = std::string(60'000, 'x');
  }
  hub.companies(rows).value();
  const std::string toml = mended("scope = { column = \"scope\" }",
                                  "scope = { column = \"scope\", check = [\"digits\"] }");
  EXPECT_EQ(told(replay_all(toml)), "read 8 new 0 changed 0 same 0 stayed 8");
  ASSERT_EQ(hub.quarantine("companies").size(), 8U);
  for (const auto& held : hub.quarantine("companies")) {
    EXPECT_EQ(held.field, "business_scope");
    EXPECT_GT(held.bytes.size(), 60'000U);
  }
}

TEST_F(ReplayTest, AReplacementHasALimitAndSaysIt) {
  hub.companies({without_day(2)}).value();
  const auto held = hub.quarantine("companies")[0];
  const auto made =
      repair_row("companies", held,
                 {RepairKind::kBytes, "uid:7", UtcTime{5}, Bytes(kMostRepairBytes + 1, 'x')},
                 hub.keys, hub.random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().reason(), Reason::kInputTooLarge);
  repair(held, RepairKind::kBytes, Bytes(kMostRepairBytes, 'x'));
  repair(held, RepairKind::kBytes, "short");
  EXPECT_EQ(find_repair(*hub.store, hub.keys, "companies", held).value()->text, "short");
}

TEST_F(ReplayTest, ARepairedRowPassesAndItsOriginalStaysAsEvidence) {
  hub.companies({without_day(2)}).value();
  const auto held = hub.quarantine("companies")[0];
  repair(held, RepairKind::kBytes, bytes_of(company_row(2)));
  EXPECT_EQ(told(replay_all()), "read 1 new 1 changed 0 same 0 stayed 0");
  EXPECT_TRUE(hub.quarantine("companies").empty());
  const auto kept = get_quarantined(*hub.store, hub.keys, "companies", row_id(held)).value();
  EXPECT_EQ(kept.state, HeldState::kPassed);
  EXPECT_EQ(kept.bytes, bytes_of(without_day(2)));
  const auto by = find_repair(*hub.store, hub.keys, "companies", kept).value();
  ASSERT_TRUE(by.has_value());
  EXPECT_EQ(by->officer, "uid:7");
  // The source still says the bad thing: it is known, and does not come back.
  EXPECT_EQ(kits::text_of(hub.companies({without_day(2)})),
            "read 1 new 0 changed 0 same 0 quarantined 1");
  EXPECT_TRUE(hub.quarantine("companies").empty());
}

TEST_F(ReplayTest, ValuesMayReplaceARowOfAnyKind) {
  hub.companies({without_day(2)}).value();
  const auto good = company_row(2);
  repair(hub.quarantine("companies")[0], RepairKind::kValues,
         "{\"day\":\"2020-05-06\",\"code\":\"" + good[0] +
             "\",\"name\":\"测试企业2\",\"scope\":\"\"}");
  EXPECT_EQ(told(replay_all()), "read 1 new 1 changed 0 same 0 stayed 0");
}

TEST_F(ReplayTest, ABadReplacementStaysWithTheReasonOfTheReplacement) {
  hub.companies({without_day(2), without_day(3)}).value();
  repair(hub.quarantine("companies")[0], RepairKind::kBytes, "too\x1Fshort");
  EXPECT_EQ(told(replay_all()), "read 2 new 0 changed 0 same 0 stayed 2");
  EXPECT_EQ(hub.quarantine("companies")[0].reason, Reason::kRowWidth);
  EXPECT_EQ(hub.quarantine("companies")[0].state, HeldState::kRepaired);
}

TEST_F(ReplayTest, BytesOfLongAgoDoNotOverwriteWhatIsNewer) {
  auto other = company_row(1, "建材");
  hub.companies({company_row(1), other}).value();  // row.conflict: the first one won
  ASSERT_EQ(hub.quarantine("companies")[0].reason, Reason::kRowConflict);
  const auto before = hub.told(1);
  EXPECT_EQ(told(replay_all()), "read 1 new 0 changed 0 same 0 stayed 1");
  EXPECT_EQ(hub.told(1), before);
  // Somebody decides that the second one is right.
  repair(hub.quarantine("companies")[0], RepairKind::kBytes, bytes_of(other));
  EXPECT_EQ(told(replay_all()), "read 1 new 0 changed 1 same 0 stayed 0");
  EXPECT_NE(hub.told(1).find("建材"), std::string::npos);
}

TEST_F(ReplayTest, TheSameAsStoredLeavesToo) {
  hub.companies({without_day(2)}).value();
  hub.companies({company_row(2)}).value();
  repair(hub.quarantine("companies")[0], RepairKind::kBytes, bytes_of(company_row(2)));
  EXPECT_EQ(told(replay_all()), "read 1 new 0 changed 0 same 1 stayed 0");
  EXPECT_TRUE(hub.quarantine("companies").empty());
}

TEST_F(ReplayTest, TwoRowsOfOneKeyFollowEachOther) {
  hub.companies({without_day(2), without_day(3)}).value();
  const auto held = hub.quarantine("companies");
  repair(held[0], RepairKind::kBytes, bytes_of(company_row(2, "甲")));
  repair(held[1], RepairKind::kBytes, bytes_of(company_row(2, "乙")));
  const auto counts = replay_all();
  EXPECT_EQ(told(counts), "read 2 new 1 changed 0 same 0 stayed 1") << "one run, one content";
  EXPECT_EQ(hub.quarantine("companies")[0].reason, Reason::kRowConflict);
}

TEST_F(ReplayTest, OneRowOrOneReasonCanBeChosen) {
  auto bad_code = company_row(4);
  bad_code[0].back() = bad_code[0].back() == 'X' ? 'Y' : 'X';
  hub.companies({without_day(2), without_day(3), bad_code}).value();
  const auto held = hub.quarantine("companies");
  ASSERT_EQ(held.size(), 3U);
  EXPECT_EQ(told(replay_all(kCompanies, row_id(held[1]))),
            "read 1 new 0 changed 0 same 0 stayed 1");
  EXPECT_EQ(told(replay_all(kCompanies, "2")), "read 1 new 0 changed 0 same 0 stayed 1");
  EXPECT_EQ(told(replay_all(kCompanies, {}, held[2].reason)),
            "read 1 new 0 changed 0 same 0 stayed 1");
  EXPECT_EQ(replay_all(kCompanies, "99").error().reason(), Reason::kQuarantineUnknown);
  EXPECT_EQ(replay_all(kCompanies, "x").error().reason(), Reason::kQuarantineUnknown);
}

TEST_F(ReplayTest, ADiscardedRowIsGoneAndStaysKnown) {
  hub.companies({without_day(2)}).value();
  const auto held = hub.quarantine("companies")[0];
  repair(held, RepairKind::kGround, "重复提交");
  EXPECT_TRUE(hub.quarantine("companies").empty());
  const auto kept = get_quarantined(*hub.store, hub.keys, "companies", row_id(held)).value();
  EXPECT_EQ(kept.state, HeldState::kDiscarded);
  EXPECT_TRUE(kept.bytes.empty());
  hub.companies({without_day(2)}).value();
  EXPECT_TRUE(hub.quarantine("companies").empty()) << "what was decided stays decided";
  EXPECT_EQ(told(replay_all()), "read 0 new 0 changed 0 same 0 stayed 0");
}

TEST_F(ReplayTest, CutAnywhereNothingIsLostAndTheNextReplayEndsIt) {
  kits::Table rows;
  for (int i = 1; i <= 12; ++i) rows.push_back(without_day(i));
  hub.companies(rows).value();
  const std::string toml = mended("establishment_date = { column = \"day\", convert = [\"date\"]",
                                  "establishment_date = { constant = \"2020-05-06\"");
  for (std::int64_t cut = 1; cut < 40; ++cut) {
    hub.weather.lost_after = hub.weather.changes + cut;
    const auto counts = replay_all(toml);
    hub.weather.lost_after = INT64_MAX;
    for (int i = 1; i <= 12; ++i) {  // in quarantine, or wholly stored
      const auto waits = hub.quarantine("companies");
      const bool held = std::any_of(waits.begin(), waits.end(), [i](const auto& row) {
        return row.number == static_cast<std::uint64_t>(i);
      });
      if (held) continue;
      EXPECT_NE(hub.told(i).find("version 1"), std::string::npos) << cut << " " << i;
    }
    if (counts.ok()) break;
  }
  EXPECT_EQ(told(replay_all(toml)), "read 0 new 0 changed 0 same 0 stayed 0");
  EXPECT_TRUE(hub.quarantine("companies").empty());
}

TEST_F(ReplayTest, StaleChangesAreMadeAgain) {
  hub.companies({without_day(1), without_day(2), without_day(3)}).value();
  hub.weather.stale_each = 3;
  const std::string toml = mended("establishment_date = { column = \"day\", convert = [\"date\"]",
                                  "establishment_date = { constant = \"2020-05-06\"");
  const auto counts = replay_all(toml);
  hub.weather.stale_each = 0;
  if (!counts.ok()) {
    EXPECT_EQ(counts.error().reason(), Reason::kStoreStale);
  }
  EXPECT_TRUE(replay_all(toml).ok());
  EXPECT_TRUE(hub.quarantine("companies").empty());
}

TEST_F(ReplayTest, CountsAreByReasonWithoutOpeningARow) {
  hub.companies({without_day(1), without_day(2), company_row(3)}).value();
  const auto counts = count_quarantine(*hub.store).value();
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].source, "companies");
  EXPECT_EQ(counts[0].reason, Reason::kRowDate);
  EXPECT_EQ(counts[0].field, "establishment_date");
  EXPECT_EQ(counts[0].rows, 2U);
}

TEST_F(ReplayTest, ReplacementsAreSealed) {
  hub.companies({without_day(2)}).value();
  repair(hub.quarantine("companies")[0], RepairKind::kBytes, "测试更正内容7731");
  EXPECT_EQ(hub.everything().find("测试更正内容7731"), Bytes::npos);
}

}  // namespace
}  // namespace lh
