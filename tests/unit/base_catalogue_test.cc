// Laws of the closed catalogue of reasons.
#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "base/error.h"

namespace lh {
namespace {

TEST(ErrorCatalogue, EveryReasonStandsAtItsOwnPlaceWithAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  std::size_t place = 0;
  for (const ReasonInfo& r : all_reasons()) {
    SCOPED_TRACE(r.id);
    EXPECT_EQ(static_cast<std::size_t>(r.reason), place++);
    EXPECT_TRUE(ids.insert(r.id).second);
    EXPECT_EQ(info(r.reason).id, r.id);
    EXPECT_EQ(reason_id(r.reason), r.id);
  }
  EXPECT_GT(place, 100U);
}

TEST(ErrorCatalogue, IdsAreTwoLowerCaseWordsWithADot) {
  for (const ReasonInfo& r : all_reasons()) {
    SCOPED_TRACE(r.id);
    const auto dot = r.id.find('.');
    ASSERT_NE(dot, std::string_view::npos);
    EXPECT_GT(dot, 0U);
    EXPECT_LT(dot + 1, r.id.size());
    EXPECT_EQ(r.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_."),
              std::string_view::npos);
    EXPECT_EQ(r.id.find('.', dot + 1), std::string_view::npos);
  }
}

TEST(ErrorCatalogue, EveryReasonSpeaksBothLanguagesAndHasAStatus) {
  for (const ReasonInfo& r : all_reasons()) {
    SCOPED_TRACE(r.id);
    EXPECT_TRUE(r.http_status == 200 || (r.http_status >= 400 && r.http_status < 600));
    EXPECT_TRUE(r.english.ends_with("."));
    EXPECT_TRUE(r.chinese.ends_with("。"));
    EXPECT_TRUE(is_utf8(r.chinese));
  }
}

TEST(ErrorCatalogue, ErrorDescribesItselfWithIdAndDetail) {
  EXPECT_EQ(Error(Reason::kIdFormat).describe(), "id.format");
  EXPECT_EQ(Error(Reason::kIdFormat, "18 characters").describe(), "id.format: 18 characters");
  EXPECT_EQ(Error(Reason::kStoreStale).id(), "store.stale");
}

}  // namespace
}  // namespace lh
