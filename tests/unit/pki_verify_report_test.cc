#include "pki/verify_report.h"

#include <gtest/gtest.h>

namespace lh::pki {
namespace {

TEST(VerifyReport, IsIndeterminateWhenNothingWasChecked) {
  const VerifyReport r;
  EXPECT_EQ(r.verdict(), Verdict::kIndeterminate);
  EXPECT_EQ(r.reason(), Reason::kVerdictNotChecked);
}

TEST(VerifyReport, IsValidOnlyWhenCompleteAndWithoutFindings) {
  VerifyReport r;
  r.note(Reason::kIssuerStockData, "payload");
  EXPECT_EQ(r.verdict(), Verdict::kIndeterminate);
  r.complete();
  EXPECT_EQ(r.verdict(), Verdict::kValid);
  EXPECT_EQ(r.reason(), Reason::kVerdictGood);
}

TEST(VerifyReport, FailureBeatsUndecidedWhateverTheOrder) {
  VerifyReport r;
  r.complete();
  r.undecided(Reason::kTrustMissing, "chain");
  EXPECT_EQ(r.verdict(), Verdict::kIndeterminate);
  EXPECT_EQ(r.reason(), Reason::kTrustMissing);
  r.fail(Reason::kChainExpired, "certificate[0]");
  r.fail(Reason::kChainRevoked, "certificate[0]");
  EXPECT_EQ(r.verdict(), Verdict::kInvalid);
  EXPECT_EQ(r.reason(), Reason::kChainExpired);
}

TEST(VerifyReport, FailsWithoutBeingComplete) {
  VerifyReport r;
  r.fail(Reason::kChainEmpty, "chain");
  EXPECT_EQ(r.verdict(), Verdict::kInvalid);
}

TEST(VerifyReport, MergeBringsFindingsUnderTheirPlace) {
  VerifyReport part;
  part.fail(Reason::kChainSerial, "certificate[0].serialNumber");
  part.complete();
  VerifyReport whole;
  whole.complete();
  whole.merge(part, "x5c.");
  EXPECT_EQ(whole.verdict(), Verdict::kInvalid);
  ASSERT_EQ(whole.findings().size(), 1U);
  EXPECT_EQ(whole.findings()[0].where, "x5c.certificate[0].serialNumber");
}

TEST(VerifyReport, MergeOfAnUnfinishedPartIsNeverValid) {
  VerifyReport whole;
  whole.merge(VerifyReport(), "x5c");
  whole.complete();
  EXPECT_EQ(whole.verdict(), Verdict::kIndeterminate);
  EXPECT_EQ(whole.reason(), Reason::kVerdictNotChecked);
}

TEST(VerifyReport, MergeOfAGoodPartStaysGood) {
  VerifyReport part;
  part.complete();
  VerifyReport whole;
  whole.merge(part, "x5c");
  whole.complete();
  EXPECT_EQ(whole.verdict(), Verdict::kValid);
}

TEST(Verdict, HasThreeWords) {
  EXPECT_EQ(verdict_text(Verdict::kValid), "valid");
  EXPECT_EQ(verdict_text(Verdict::kInvalid), "invalid");
  EXPECT_EQ(verdict_text(Verdict::kIndeterminate), "indeterminate");
}

}  // namespace
}  // namespace lh::pki
