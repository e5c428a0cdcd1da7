#include "schemas/audit_events.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"

namespace lh::schemas {
namespace {

TEST(AuditEvents, NumbersAndIdsAreUsedOnce) {
  std::set<std::uint64_t> numbers;
  std::set<std::string_view> ids;
  for (const AuditEventInfo& e : all_events()) {
    EXPECT_TRUE(numbers.insert(static_cast<std::uint64_t>(e.event)).second) << e.id;
    EXPECT_TRUE(ids.insert(e.id).second) << e.id;
  }
}

TEST(AuditEvents, EveryEventIsFoundByNumberAndHasBothTexts) {
  for (const AuditEventInfo& e : all_events()) {
    EXPECT_EQ(find_event(static_cast<std::uint64_t>(e.event)), &e);
    EXPECT_EQ(event_id(e.event), e.id);
    EXPECT_TRUE(e.english.ends_with(".")) << e.id;
    EXPECT_TRUE(e.chinese.ends_with("。")) << e.id;
    EXPECT_TRUE(is_utf8(e.chinese)) << e.id;
  }
}

TEST(AuditEvents, UnknownNumbersAreNull) {
  EXPECT_EQ(find_event(0), nullptr);
  EXPECT_EQ(find_event(65536 + 1), nullptr);  // not cut to 16 bits
  EXPECT_EQ(find_event(~std::uint64_t{0}), nullptr);
}

// The numbers stand in stored entries: these never change.
TEST(AuditEvents, StoredNumbersAreFixed) {
  EXPECT_EQ(static_cast<int>(AuditEvent::kLogOpened), 1);
  EXPECT_EQ(static_cast<int>(AuditEvent::kLicenceIssued), 50);
  EXPECT_EQ(static_cast<int>(AuditEvent::kFetched), 62);
  EXPECT_EQ(static_cast<int>(AuditEvent::kRefused), 70);
}

}  // namespace
}  // namespace lh::schemas
