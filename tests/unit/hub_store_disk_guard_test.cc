#include "hub/store/disk_guard.h"

#include <gtest/gtest.h>

#include "hub/store/crc32c.h"

namespace lh::hub::store {
namespace {

DiskGuard guard_with(std::uint64_t free_bytes) {
  return DiskGuard("nowhere", DiskLimits{1000, 200},
                   [free_bytes](const std::string&) -> Result<DiskState> {
                     return DiskState{free_bytes, 10000};
                   });
}

TEST(DiskGuard, RefusesWritingBelowTheWatermark) {
  EXPECT_TRUE(guard_with(1000).check().ok());
  EXPECT_EQ(guard_with(999).check().error().reason(), Reason::kStoreFull);
}

TEST(DiskGuard, LetsTheStoreOpenWithHalfABallastOfRoom) {
  EXPECT_TRUE(guard_with(200).check_start().ok());
  EXPECT_TRUE(guard_with(100).check_start().ok());
  EXPECT_EQ(guard_with(99).check_start().error().reason(), Reason::kStoreFull);
}

TEST(DiskGuard, PassesOnThatTheDiskCannotBeAsked) {
  const DiskGuard guard("nowhere", DiskLimits{}, [](const std::string&) -> Result<DiskState> {
    return Error(Reason::kFileUnreadable);
  });
  EXPECT_EQ(guard.check().error().reason(), Reason::kFileUnreadable);
}

TEST(DiskGuard, MakesNoBallastWithoutRoomForIt) {
  EXPECT_EQ(guard_with(1199).ensure_ballast().error().reason(), Reason::kStoreFull);
}

// RFC 3720 B.4, and the check value of the CRC catalogue.
TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(Bytes(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(Bytes(32, '\xff')), 0x62a8ab43U);
  Bytes rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<char>(i));
  EXPECT_EQ(crc32c(rising), 0x46dd794eU);
  EXPECT_EQ(crc32c_extend(crc32c(rising.substr(0, 5)), rising.substr(5)), 0x46dd794eU);
}

}  // namespace
}  // namespace lh::hub::store
