// Collecting: twice is once, a change is a version, a status is a fact, and who signed is plain.
#include <gtest/gtest.h>

#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using namespace hub::licences;  // NOLINT: a test of this room
using kits::kDayMs;
using kits::kToday;
using kits::LicenceHub;
using Outcome = LicenceOffice::Outcome;
using schemas::LicenceStatus;

LicenceHead collected(LicenceHub& hub, const CollectRequest& q) {
  const auto key = hub.licences->find_by_alias("source/" + q.source, q.source_key).value();
  return hub.licences->head(*key).value();
}
LicenceStatus status_of(LicenceHub& hub, const CollectRequest& q) {
  return hub.licences->status(collected(hub, q), hub.clock.now(), UtcTime::max())->status;
}

TEST(Collect, TwiceIsOnce) {
  LicenceHub hub;
  const auto q = LicenceHub::collect_request(1);
  EXPECT_EQ(hub.collect(q).value(), Outcome::kNew);
  const auto size = hub.ledger->state().size;
  const Bytes before = hub.everything();
  EXPECT_EQ(hub.collect(q).value(), Outcome::kSame);
  EXPECT_EQ(hub.ledger->state().size, size);
  EXPECT_EQ(hub.everything(), before);
}

TEST(Collect, IsSignedByTheCollectorAndItsIssuerIndeterminate) {
  LicenceHub hub;
  const auto q = LicenceHub::collect_request(1);
  ASSERT_TRUE(hub.collect(q).ok());
  const auto head = collected(hub, q);
  EXPECT_EQ(head.attestation, Attestation::kStockData);
  EXPECT_EQ(head.signer.text(), kits::kBureau);
  const auto verdicts = hub.office->stored_verdicts(head, hub.clock.now(), UtcTime::max()).value();
  EXPECT_EQ(verdicts.integrity.verdict, pki::Verdict::kValid);
  EXPECT_EQ(verdicts.issuer.verdict, pki::Verdict::kIndeterminate);
  EXPECT_EQ(verdicts.issuer.reason, Reason::kIssuerStockData);
  EXPECT_EQ(verdicts.status.verdict, pki::Verdict::kValid);
}

TEST(Collect, ChangedContentOfTheSameSourceIsANewVersion) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  ASSERT_TRUE(hub.collect(q).ok());
  for (auto& [name, value] : q.fields) {
    if (name == "business_scope") value = "食品销售；餐饮";
  }
  EXPECT_EQ(hub.collect(q).value(), Outcome::kChanged);
  const auto head = collected(hub, q);
  EXPECT_EQ(head.version, 2);
  EXPECT_EQ(head.versions.size(), 2U);
  EXPECT_EQ(status_of(hub, q), LicenceStatus::kValid);
  EXPECT_EQ(hub.collect(q).value(), Outcome::kSame);
}

struct StatusCase {
  const char* name;
  const char* text;
  LicenceStatus status;
};
class CollectStatus : public testing::TestWithParam<StatusCase> {};
TEST_P(CollectStatus, BecomesAFact) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  q.status = GetParam().text;
  EXPECT_EQ(hub.collect(q).value(), Outcome::kNew);
  EXPECT_EQ(status_of(hub, q), GetParam().status);
  // The same licence met as valid first, with the status in a later run.
  auto later = LicenceHub::collect_request(2);
  EXPECT_EQ(hub.collect(later).value(), Outcome::kNew);
  hub.clock.pass_ms(kDayMs);
  later.status = GetParam().text;
  const auto second = hub.collect(later).value();
  if (later.status == "valid") {
    EXPECT_EQ(second, Outcome::kSame);
  } else if (later.status == "not_active") {
    EXPECT_EQ(second, Outcome::kConflict);
  } else {
    EXPECT_EQ(second, Outcome::kChanged);
    EXPECT_EQ(status_of(hub, later), GetParam().status);
    EXPECT_EQ(collected(hub, later).version, 1);  // a status makes no version
    EXPECT_EQ(hub.licences->status(collected(hub, later), UtcTime{kToday}, UtcTime::max())->status,
              LicenceStatus::kValid);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Table, CollectStatus,
    testing::Values(StatusCase{"Valid", "valid", LicenceStatus::kValid},
                    StatusCase{"NotActive", "not_active", LicenceStatus::kNotActive},
                    StatusCase{"Suspended", "suspended", LicenceStatus::kSuspended},
                    StatusCase{"Expired", "expired", LicenceStatus::kExpired},
                    StatusCase{"Cancelled", "cancelled", LicenceStatus::kCancelled},
                    StatusCase{"Revoked", "revoked", LicenceStatus::kRevoked},
                    StatusCase{"Forfeited", "forfeited", LicenceStatus::kForfeited}),
    [](const auto& p) { return p.param.name; });

TEST(Collect, WhatHasEndedDoesNotComeBack) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  q.status = "cancelled";
  ASSERT_TRUE(hub.collect(q).ok());
  q.status = "valid";
  EXPECT_EQ(hub.collect(q).value(), Outcome::kConflict);
  EXPECT_EQ(status_of(hub, q), LicenceStatus::kCancelled);
}

TEST(Collect, LapsedLicencesCanRunAgain) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  q.status = "expired";
  ASSERT_TRUE(hub.collect(q).ok());
  EXPECT_EQ(status_of(hub, q), LicenceStatus::kExpired);
  hub.clock.pass_ms(kDayMs);
  q.status = "valid";
  EXPECT_EQ(hub.collect(q).value(), Outcome::kChanged);
  EXPECT_EQ(status_of(hub, q), LicenceStatus::kValid);
}

TEST(Collect, AnotherSourceWithTheSameNumberIsAConflict) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  ASSERT_TRUE(hub.collect(q).ok());
  q.source = "another dump";
  EXPECT_EQ(hub.collect(q).value(), Outcome::kConflict);
}

TEST(Collect, LocalHoldersOfTwoSourcesAreTwoSubjects) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  q.type = "11990100MB99000131005";
  q.holders = {LicenceHub::holder(parse_subject_id(IdScheme::kLocal, "7").value(), "Test Shop")};
  q.fields = {{"licence_type_name", "Shop"},
              {"business_name", "Test Shop"},
              {"year", "2026"},
              {"licence_number", "N-1"}};
  q.local_source = "register-a";
  q.source = "register-a";
  q.source_key = "N-1";
  EXPECT_EQ(hub.collect(q).value(), Outcome::kNew);
  const auto a = collected(hub, q).holders.front();
  q.local_source = q.source = "register-b";
  q.source_key = "N-1";
  for (auto& [name, value] : q.fields) {
    if (name == "licence_number") value = "N-2";
  }
  EXPECT_EQ(hub.collect(q).value(), Outcome::kNew);
  EXPECT_NE(collected(hub, q).holders.front(), a);
  q.local_source.clear();
  q.source_key = "N-3";
  EXPECT_EQ(hub.collect(q).error().reason(), Reason::kLicenceHolder);
}

TEST(Collect, RefusesWhatIsNotAnIssuedLicenceOrNotKnown) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  q.status = "denied";
  EXPECT_EQ(hub.collect(q).error().reason(), Reason::kJsonValue);
  q = LicenceHub::collect_request(1);
  q.type = "nothing";
  EXPECT_EQ(hub.collect(q).error().reason(), Reason::kTypeUnknown);
  q = LicenceHub::collect_request(1);
  q.collector = kits::test_uscc(9);
  EXPECT_EQ(hub.collect(q).error().reason(), Reason::kKeyMissing);
  q = LicenceHub::collect_request(1);
  q.fields.pop_back();
  q.fields.pop_back();
  EXPECT_EQ(hub.collect(q).error().reason(), Reason::kLicenceField);
  q = LicenceHub::collect_request(1);
  q.source_key.clear();
  EXPECT_EQ(hub.collect(q).error().reason(), Reason::kInputMalformed);
}

TEST(Collect, NothingOfASoleTraderStandsInTheStoreInClear) {
  LicenceHub hub;
  auto q = LicenceHub::collect_request(1);
  const auto like = LicenceHub::business_request(4, "92");
  q.holders = like.holders;
  q.fields = like.fields;
  q.source_key = kits::test_uscc(4, "92").text();
  ASSERT_TRUE(hub.collect(q).ok());
  const Bytes all = hub.everything();
  EXPECT_EQ(all.find("测试企业4"), Bytes::npos);
  EXPECT_EQ(all.find(kits::test_uscc(4, "92").text()), Bytes::npos);
  EXPECT_EQ(all.find("测试人员777"), Bytes::npos);
}

}  // namespace
}  // namespace lh
