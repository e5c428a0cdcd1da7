// The outbox as rows: what was written is read, in the order of time, each state for itself.
#include "hub/exchange/calls/outbox.h"

#include <gtest/gtest.h>

#include "hub/store/memory_store.h"
#include "tests/kits/ledger_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room

TEST(Outbox, TheWaitDoublesWithinAQuarterUntilAnHour) {
  kits::SeededRandom random(7);
  for (std::uint32_t n = 1; n < 16; ++n) {
    const std::int64_t whole = std::min<std::int64_t>(2000LL << (n - 1), 3'600'000);
    for (int i = 0; i < 200; ++i) {
      const auto wait = wait_after(n, random);
      ASSERT_TRUE(wait.has_value());
      EXPECT_GE(*wait, whole - whole / 4);
      EXPECT_LE(*wait, whole + whole / 4);
    }
  }
  EXPECT_FALSE(wait_after(16, random).has_value());
}

OutboxRow row_about(PushAbout about, std::int64_t ms, kits::SeededRandom& random) {
  OutboxRow row;
  row.adapter = "firms";
  row.at.ms = ms;
  row.id = random.array<16>();
  row.about = about;
  if (about == PushAbout::kLicence) {
    row.licence = LicenceKey{random.array<16>()};
  } else {
    row.subject = SubjectNo{random.u64()};
    row.kind = "legal_entity";
  }
  row.version = static_cast<int>(1 + random.u64() % 9);
  row.event = "changed";
  row.effective.ms = ms - 5;
  row.attempts = 3;
  row.next.ms = ms + 7;
  row.reason = "source.unavailable";
  return row;
}

TEST(Outbox, WhatWasWrittenIsReadOfEitherKindInTheOrderOfTime) {
  kits::SeededRandom random(8);
  const auto store = hub::store::make_memory_store();
  std::vector<OutboxRow> written;
  for (std::int64_t i = 0; i < 20; ++i) {
    const auto about = random.u64() % 2 == 0 ? PushAbout::kLicence : PushAbout::kBaseData;
    written.push_back(row_about(about, 1000 + i, random));
    const auto put = outbox_row(written.back());
    hub::store::Batch batch;
    Bytes value(1, hub::ledger::kValueFormat);
    append_be64(value, static_cast<std::uint64_t>(i));
    batch.puts.push_back({put.family, put.key, value + *put.payload});
    ASSERT_TRUE(store->commit(batch, hub::store::Durability::kSynced).ok());
  }
  const auto read = list_outbox(*store, "firms", PushState::kWaiting, 100).value();
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].about, written[i].about);
    EXPECT_EQ(read[i].licence, written[i].licence);
    EXPECT_EQ(read[i].subject, written[i].subject);
    EXPECT_EQ(read[i].kind, written[i].kind);
    EXPECT_EQ(outbox_row(read[i]).key, outbox_row(written[i]).key);
    EXPECT_EQ(outbox_row(read[i]).payload, outbox_row(written[i]).payload);
    EXPECT_EQ(read[i].commit_index, i);
  }
}

TEST(Outbox, RowsOfAnotherShapeAreCorrupt) {
  kits::SeededRandom random(9);
  for (const auto about : {PushAbout::kLicence, PushAbout::kBaseData}) {
    const auto put = outbox_row(row_about(about, 1000, random));
    for (std::size_t cut = 0; cut < put.payload->size(); ++cut) {
      const auto store = hub::store::make_memory_store();
      hub::store::Batch batch;
      Bytes value(1, hub::ledger::kValueFormat);
      append_be64(value, 1);
      batch.puts.push_back({put.family, put.key, value + put.payload->substr(0, cut)});
      ASSERT_TRUE(store->commit(batch, hub::store::Durability::kSynced).ok());
      const auto read = list_outbox(*store, "firms", PushState::kWaiting, 9);
      ASSERT_FALSE(read.ok()) << cut;
      EXPECT_EQ(read.error().reason(), Reason::kStoreCorrupt);
    }
  }
}

}  // namespace
}  // namespace lh
