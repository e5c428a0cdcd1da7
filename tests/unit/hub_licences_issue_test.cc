// Issuing: what is refused, what a version is, how the next one follows, what the store shows.
#include <gtest/gtest.h>

#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using namespace hub::licences;  // NOLINT: a test of this room
using kits::kDayMs;
using kits::kToday;
using kits::LicenceHub;
using kits::text_of;
using schemas::ChangeKind;

TEST(Issue, GivesNumberDocumentStatusAndQr) {
  LicenceHub hub;
  const auto licence = hub.issue(LicenceHub::health_request(1));
  const auto id = parse_licence_id(text_of(licence, "licence_id")).value();
  EXPECT_EQ(id.type(), kits::kHealthCertificate);
  EXPECT_EQ(id.issuer(), kits::kSupervision);
  EXPECT_EQ(id.version(), 1);
  EXPECT_EQ(id.serial().size(), 20U);
  EXPECT_EQ(text_of(licence, "status"), "valid");
  EXPECT_TRUE(text_of(licence, "qr").starts_with("lhq1." + id.text() + "."));
  EXPECT_TRUE(LicenceKey::parse(text_of(licence, "licence_key")).ok());
  const auto checked =
      check_document(text_of(licence, "document"), *hub.trust_store, hub.clock.now());
  EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(checked.licence_id, id.text());
  EXPECT_EQ(checked.claims.find("name")->string()->find("测试人员"), 0U);
}

TEST(Issue, BeginsToBeValidOnItsFirstDay) {
  LicenceHub hub;
  auto request = LicenceHub::health_request(1);
  request.valid_from = local_date(UtcTime{kToday}).plus_days(3);
  const auto licence = hub.issue(request);
  EXPECT_EQ(text_of(licence, "status"), "not_active");
  hub.clock.pass_ms(3 * kDayMs);
  const auto head = hub.head_of(text_of(licence, "licence_id"));
  EXPECT_EQ(hub.licences->status(head, hub.clock.now(), UtcTime::max())->status,
            schemas::LicenceStatus::kValid);
}

struct Refusal {
  const char* name;
  std::function<void(schemas::IssueRequest&)> change;
  const char* reason;
};
void PrintTo(const Refusal& r, std::ostream* out) {
  *out << r.name;
}
class IssueRefusal : public testing::TestWithParam<Refusal> {};
TEST_P(IssueRefusal, HasItsOwnReason) {
  LicenceHub hub;
  auto request = LicenceHub::health_request(1);
  GetParam().change(request);
  const auto entries = hub.ledger->state().size;
  auto prepared = hub.office->issue(request, "{}", hub.supervision(), *hub.catalogue.policy());
  EXPECT_EQ(kits::reason_of(prepared), GetParam().reason);
  EXPECT_FALSE(hub.perform(std::move(prepared)).ok());
  EXPECT_EQ(hub.ledger->state().size, entries + 1);  // the refusal, and nothing else
}
INSTANTIATE_TEST_SUITE_P(
    Table, IssueRefusal,
    testing::Values(
        Refusal{"ForeignIssuer", [](auto& q) { q.issuer = kits::uscc_of(kits::kBureau); },
                "licence.issuer"},
        Refusal{"UnknownType",
                [](auto& q) { q.type = parse_licence_type_code("11990100MB99000131ZZZ").value(); },
                "licence_type.unknown"},
        Refusal{"UnknownMatter", [](auto& q) { q.matter = "nothing"; }, "matter.unknown"},
        Refusal{"MissingField", [](auto& q) { q.fields.pop_back(); }, "licence.field"},
        Refusal{"UnknownField", [](auto& q) { q.fields.emplace_back("colour", "red"); },
                "licence.field"},
        Refusal{"BadFieldValue", [](auto& q) { q.fields.back().second = "2026-13-01"; },
                "licence.field"},
        Refusal{"HolderOfTheWrongKind",
                [](auto& q) { q.holders = {LicenceHub::holder(kits::test_company(1), "x")}; },
                "licence.holder"},
        Refusal{"HolderIsNotWhomItNames",
                [](auto& q) { q.holders = {LicenceHub::holder(kits::test_person(2), "x")}; },
                "licence.holder"},
        Refusal{"LocalHolder",
                [](auto& q) {
                  q.holders = {
                      LicenceHub::holder(parse_subject_id(IdScheme::kLocal, "7").value(), "x")};
                },
                "licence.holder"},
        Refusal{"NoHolder", [](auto& q) { q.holders.clear(); }, "licence.holder"},
        Refusal{"EndBeforeBeginning", [](auto& q) { q.valid_until = q.valid_from->plus_days(-1); },
                "licence.dates"},
        Refusal{"NoEndForATypeThatEnds", [](auto& q) { q.valid_until.reset(); }, "licence.dates"},
        Refusal{"LongerThanTheTypeAllows",
                [](auto& q) { q.valid_until = q.valid_from->plus_days(365); }, "licence.dates"},
        Refusal{"ChangeOfNothing", [](auto& q) { q.change = ChangeKind::kRenewal; }, "json.value"},
        Refusal{"SupersedesUnknown",
                [](auto& q) {
                  q.change = ChangeKind::kRenewal;
                  q.supersedes = "1.2.156.3005.2.x";
                },
                "licence.unknown"}),
    [](const auto& p) { return p.param.name; });

TEST(Issue, NeedsTheRole) {
  LicenceHub hub;
  EXPECT_EQ(
      kits::reason_of(hub.office->issue(LicenceHub::health_request(1), "{}",
                                        hub.caller(kits::kSupervision, {hub::access::Role::kFetch}),
                                        *hub.catalogue.policy())),
      "role.missing");
}

TEST(Issue, TheLastPossibleDayIsAccepted) {
  LicenceHub hub;
  auto request = LicenceHub::health_request(1);
  request.valid_until = request.valid_from->plus_days(364);  // one year of days
  EXPECT_FALSE(text_of(hub.issue(request), "licence_id").empty());
}

TEST(Issue, OneNumberOneLicenceUntilItHasEnded) {
  LicenceHub hub;
  const auto first = hub.issue(LicenceHub::health_request(1));
  EXPECT_EQ(kits::reason_of(hub.office->issue(LicenceHub::health_request(1), "{}",
                                              hub.supervision(), *hub.catalogue.policy())),
            "licence.exists");
  ASSERT_TRUE(hub.act(text_of(first, "licence_id"), schemas::StatusAction::kCancel).ok());
  const auto second = hub.issue(LicenceHub::health_request(1));
  EXPECT_NE(text_of(second, "licence_key"), text_of(first, "licence_key"));
}

TEST(Issue, RenewalIsTheNextVersionOfTheSameLicence) {
  LicenceHub hub;
  const auto first = hub.issue(LicenceHub::health_request(1));
  const auto first_id = text_of(first, "licence_id");
  hub.clock.pass_ms(200 * kDayMs);
  auto request = LicenceHub::health_request(1);
  request.supersedes = first_id;
  request.change = ChangeKind::kRenewal;
  request.valid_from = local_date(hub.clock.now());
  request.valid_until = request.valid_from->plus_days(300);
  const auto second = hub.issue(request);
  EXPECT_EQ(text_of(second, "licence_key"), text_of(first, "licence_key"));
  const auto id1 = parse_licence_id(first_id).value();
  const auto id2 = parse_licence_id(text_of(second, "licence_id")).value();
  EXPECT_EQ(id2.version(), 2);
  EXPECT_EQ(id2.serial(), id1.serial());
  const auto head = hub.head_of(first_id);
  const UtcTime now = hub.clock.now();
  EXPECT_EQ(hub.licences->status_of(head, 1, now, UtcTime::max())->status,
            schemas::LicenceStatus::kSuperseded);
  EXPECT_EQ(hub.licences->status_of(head, 2, now, UtcTime::max())->status,
            schemas::LicenceStatus::kValid);
  // The old one was what was valid then, and is still what was known then.
  EXPECT_EQ(hub.licences->status_of(head, 1, UtcTime{kToday}, UtcTime::max())->status,
            schemas::LicenceStatus::kValid);
  EXPECT_EQ(hub.licences->status_of(head, 1, now, UtcTime{kToday})->status,
            schemas::LicenceStatus::kValid);
  // Only the newest can be followed.
  EXPECT_EQ(
      kits::reason_of(hub.office->issue(request, "{}", hub.supervision(), *hub.catalogue.policy())),
      "licence.superseded");
}

TEST(Issue, VersionInForceStaysUntilTheNextOneBegins) {
  LicenceHub hub;
  const auto first = hub.issue(LicenceHub::health_request(1));
  auto request = LicenceHub::health_request(1);
  request.supersedes = text_of(first, "licence_id");
  request.change = ChangeKind::kRenewal;
  request.valid_from = local_date(UtcTime{kToday}).plus_days(100);
  request.valid_until = request.valid_from->plus_days(300);
  const auto second = hub.issue(request);
  EXPECT_EQ(text_of(second, "status"), "not_active");
  const auto head = hub.head_of(text_of(second, "licence_id"));
  EXPECT_EQ(version_in_force(head, UtcTime{kToday}), 1);
  EXPECT_EQ(version_in_force(head, UtcTime{kToday + 100 * kDayMs}), 2);
}

TEST(Issue, HoldersChangeByTransferOnly) {
  LicenceHub hub;
  const auto first = hub.issue(LicenceHub::business_request(1));
  auto request = LicenceHub::business_request(2);
  request.supersedes = text_of(first, "licence_id");
  request.change = ChangeKind::kChange;
  EXPECT_EQ(
      kits::reason_of(hub.office->issue(request, "{}", hub.supervision(), *hub.catalogue.policy())),
      "licence.holder");
  request.change = ChangeKind::kTransfer;
  const auto second = hub.issue(request);
  const auto permit = hub.gate.maintenance();
  const auto old_holder = hub.directory->find(kits::test_company(1)).value()->no;
  const auto new_holder = hub.directory->find(kits::test_company(2)).value()->no;
  const auto held = [&](SubjectNo no) {
    return hub.licences->find_holding(no, kits::kBusinessLicence, hub.clock.now(), permit)
        ->has_value();
  };
  EXPECT_FALSE(held(old_holder));
  EXPECT_TRUE(held(new_holder));
  // Each version opens with the key of its own holder.
  const auto head = hub.head_of(text_of(second, "licence_id"));
  EXPECT_TRUE(hub.licences->version(head, 1, permit).ok());
  EXPECT_TRUE(hub.licences->version(head, 2, permit).ok());
}

TEST(Issue, SuspendedOrEndedLicencesHaveNoNextVersion) {
  LicenceHub hub;
  const auto first = hub.issue(LicenceHub::health_request(1));
  auto request = LicenceHub::health_request(1);
  request.supersedes = text_of(first, "licence_id");
  request.change = ChangeKind::kChange;
  ASSERT_TRUE(hub.act(*request.supersedes, schemas::StatusAction::kSuspend).ok());
  EXPECT_EQ(
      kits::reason_of(hub.office->issue(request, "{}", hub.supervision(), *hub.catalogue.policy())),
      "licence.transition");
  ASSERT_TRUE(hub.act(*request.supersedes, schemas::StatusAction::kForfeit).ok());
  EXPECT_EQ(
      kits::reason_of(hub.office->issue(request, "{}", hub.supervision(), *hub.catalogue.policy())),
      "licence.transition");
}

TEST(Issue, TwoPreparedAtOnceForOneNumberAreNotBothStored) {
  LicenceHub hub;
  const auto policy = hub.catalogue.policy();
  auto one = hub.office->issue(LicenceHub::health_request(1), "{}", hub.supervision(), *policy);
  auto two = hub.office->issue(LicenceHub::health_request(1), "{}", hub.supervision(), *policy);
  EXPECT_TRUE(hub.perform(std::move(one)).ok());
  const auto second = hub.perform(std::move(two));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason(), Reason::kStoreStale);
}

TEST(Issue, NoPersonalValueStandsInTheStoreInClear) {
  LicenceHub hub;
  hub.issue(LicenceHub::health_request(1));
  hub.issue(LicenceHub::business_request(2, "92"));
  hub.issue(LicenceHub::business_request(3));
  const Bytes all = hub.everything();
  for (const std::string& value :
       {std::string("测试人员1"), kits::test_person(1).value.reveal(), std::string("HC-1"),
        std::string("测试企业2"), kits::test_uscc(2, "92").text(), std::string("测试人员777"),
        std::string("测试人员901"), std::string("officer-1")}) {
    EXPECT_EQ(all.find(value), Bytes::npos) << value;
    for (std::size_t shift = 0; shift < 3; ++shift) {  // nor in base64url, at any offset
      const auto text = to_base64url(std::string(shift, 'x') + value);
      if (text.size() > 12) {
        EXPECT_EQ(all.find(text.substr(4, text.size() - 8)), Bytes::npos) << value;
      }
    }
  }
}

TEST(Issue, ReplayGivesTheSameAnswerUnderANewEntry) {
  LicenceHub hub;
  const auto policy = hub.catalogue.policy();
  const auto first = hub.perform(
      hub.office->issue(LicenceHub::health_request(1), "{}", hub.supervision(), *policy));
  const Bytes recipe = hub.last_recipe;
  EXPECT_EQ(recipe.find("测试人员"), Bytes::npos);
  hub.clock.pass_ms(kDayMs);
  ASSERT_TRUE(hub.act(text_of(schemas::parse_json(*first, 1U << 20U).value(), "licence_id"),
                      schemas::StatusAction::kSuspend)
                  .ok());
  const auto size = hub.ledger->state().size;
  const auto again = hub.perform(hub.office->replay(recipe, hub.supervision(), *policy));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, *first);
  EXPECT_EQ(hub.ledger->state().size, size + 1);
  EXPECT_EQ(kits::reason_of(hub.office->replay(recipe, hub.bureau(), *policy)), "licence.issuer");
  EXPECT_FALSE(hub.office->replay("LX", hub.supervision(), *policy).ok());
}

}  // namespace
}  // namespace lh
