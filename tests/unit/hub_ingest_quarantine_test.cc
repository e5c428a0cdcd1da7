// Quarantine: bytes come back exactly, whatever they are, and never stand in the store in clear.
#include <gtest/gtest.h>

#include "tests/unit/hub_ingest_kit.h"

namespace lh {
namespace {

using namespace hub::ingest;  // NOLINT: a test of this room
using kits::IngestHub;

void hold(IngestHub& hub, const std::string& source, const QuarantinedRow& row) {
  for (auto& part : quarantine_rows(source, row, hub.keys, hub.random).value()) {
    EXPECT_LE(part.key.size() + part.payload->size(), 200U << 10U) << "fits a change";
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kQuarantined;
    hub.commit(facts, {part}).value();
  }
}

TEST(Quarantine, GivesTheBytesBackExactly) {
  kits::SeededRandom random(5);
  IngestHub hub;
  std::vector<QuarantinedRow> rows;
  std::uint64_t number = 0;
  for (const std::size_t size : {0UL, 1UL, 300UL, 122879UL, 122880UL, 122881UL, 1048576UL}) {
    rows.push_back({++number, Reason::kRowEncoding, "name", "企业名称", random.bytes(size)});
    hold(hub, "dump", rows.back());
  }
  const auto held = hub.quarantine("dump");
  ASSERT_EQ(held.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(held[i].number, rows[i].number);
    EXPECT_EQ(held[i].reason, rows[i].reason);
    EXPECT_EQ(held[i].field, rows[i].field);
    EXPECT_EQ(held[i].column, rows[i].column);
    EXPECT_TRUE(held[i].bytes == rows[i].bytes) << i;
  }
}

TEST(Quarantine, IsSealed) {
  IngestHub hub;
  hold(hub, "dump",
       {1, Reason::kRowCheckDigit, "resident_id", "code", "测试人员001,bad-code-7731"});
  EXPECT_EQ(hub.everything().find("测试人员001"), Bytes::npos);
  EXPECT_EQ(hub.everything().find("bad-code-7731"), Bytes::npos);
}

TEST(Quarantine, ASourceSeesItsOwnRowsOnly) {
  IngestHub hub;
  hold(hub, "dump", {1, Reason::kRowWidth, {}, {}, "a"});
  hold(hub, "dump2", {2, Reason::kRowWidth, {}, {}, "b"});
  ASSERT_EQ(hub.quarantine("dump").size(), 1U);
  EXPECT_EQ(hub.quarantine("dump")[0].bytes, "a");
  EXPECT_EQ(hub.quarantine("dum").size(), 0U);
}

TEST(Quarantine, WhoeverLooksMayStop) {
  IngestHub hub;
  for (std::uint64_t i = 1; i <= 9; ++i) hold(hub, "dump", {i, Reason::kRowWidth, {}, {}, "x"});
  std::vector<std::uint64_t> seen;
  const Status ended =
      each_quarantined(*hub.store, hub.keys, "dump", [&seen](const QuarantinedRow& row) -> Status {
        seen.push_back(row.number);
        if (seen.size() == 4) return Error(Reason::kInputTooLarge);
        return ok_status();
      });
  EXPECT_EQ(ended.error().reason(), Reason::kInputTooLarge);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4}));
}

TEST(Quarantine, TheStateIsSeenWithoutTheKey) {
  IngestHub hub;
  hold(hub, "dump", {7, Reason::kRowWidth, {}, {}, "x"});
  auto row = hub.quarantine("dump").at(0);
  EXPECT_EQ(find_state(*hub.store, "dump", row).value(), HeldState::kHeld);
  EXPECT_FALSE(find_state(*hub.store, "dump2", row)->has_value());
  row.state = HeldState::kDiscarded;
  hub.commit({}, restated(*hub.store, "dump", row).value()).value();
  EXPECT_EQ(find_state(*hub.store, "dump", row).value(), HeldState::kDiscarded);
  EXPECT_FALSE(waits(HeldState::kDiscarded) || waits(HeldState::kPassed));
  hub.commit({}, removed(*hub.store, "dump", row).value()).value();
  EXPECT_FALSE(find_state(*hub.store, "dump", row)->has_value());
}

TEST(Quarantine, TheSameRowIsKnownAgainUnlessItsReasonIsAnother) {
  IngestHub hub;
  QuarantinedRow row{1, Reason::kRowDate, "day", "day", "x"};
  const auto held = [&] {
    return find_held(*hub.store, quarantine_rows("dump", row, hub.keys, hub.random).value())
        .value();
  };
  EXPECT_EQ(held(), Held::kNo);
  hold(hub, "dump", row);
  EXPECT_EQ(held(), Held::kYes);
  row.bytes = "y";
  EXPECT_EQ(held(), Held::kNo);
  row.bytes = "x";
  row.reason = Reason::kRowCheck;
  EXPECT_EQ(held(), Held::kNo);
}

TEST(Quarantine, AMovedOrChangedRowDoesNotOpen) {
  IngestHub hub;
  auto parts =
      quarantine_rows("dump", {1, Reason::kRowWidth, {}, {}, "bytes"}, hub.keys, hub.random)
          .value();
  parts[0].key[parts[0].key.size() - 20] ^= 1;  // another row number
  hub.commit({}, {parts[0]}).value();
  const auto take = [](const QuarantinedRow&) { return ok_status(); };
  EXPECT_EQ(each_quarantined(*hub.store, hub.keys, "dump", take).error().reason(),
            Reason::kSealBroken);
}

}  // namespace
}  // namespace lh
