// References: nothing in the token, everything in the row, and every misuse a reason of its own.
#include "hub/exchange/reference.h"

#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using kits::CaseHub;
using kits::kDayMs;
using kits::reason_of;
using kits::text_of;

TEST(Reference, ComesBackAsItWasMadeAndTokensAreRandom) {
  CaseHub hub;
  ReferenceTarget t;
  t.caller.value[3] = 7;
  t.case_id.value[4] = 8;
  t.case_number_tag = "ab";
  t.matter = "m";
  t.material = "M01";
  t.licence.value[5] = 9;
  t.licence_version = 3;
  t.base_kind = "legal_entity";
  t.subject = SubjectNo{42};
  t.document[6] = 10;
  t.rule = "r";
  t.rule_version = 2;
  t.uses_left = 5;
  t.expires = UtcTime{123};
  auto made = hub.references->make(t, hub.random).value();
  EXPECT_NE(made.token, hub.references->make(t, hub.random)->token);
  EXPECT_TRUE(made.token.starts_with("lhr1.hub.test."));
  EXPECT_EQ(parse_base64url(made.token.substr(14))->size(), 32U);
  // The row cannot be found from the store's side: the key is an HMAC, the token is nowhere.
  EXPECT_EQ((made.row.key + *made.row.payload).find(made.token.substr(14)), Bytes::npos);
  hub.commit({}, {made.row}).value();
  const auto found = hub.references->find(made.token).value();
  EXPECT_EQ(found.target.caller, t.caller);
  EXPECT_EQ(found.target.case_id, t.case_id);
  EXPECT_EQ(found.target.case_number_tag, t.case_number_tag);
  EXPECT_EQ(found.target.matter, t.matter);
  EXPECT_EQ(found.target.material, t.material);
  EXPECT_EQ(found.target.licence, t.licence);
  EXPECT_EQ(found.target.licence_version, t.licence_version);
  EXPECT_EQ(found.target.base_kind, t.base_kind);
  EXPECT_EQ(found.target.subject, t.subject);
  EXPECT_EQ(found.target.document, t.document);
  EXPECT_EQ(found.target.rule, t.rule);
  EXPECT_EQ(found.target.rule_version, t.rule_version);
  EXPECT_EQ(found.target.uses_left, t.uses_left);
  EXPECT_EQ(found.target.expires, t.expires);
}

TEST(Reference, EveryOtherTokenIsUnknown) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto token = CaseHub::reference(plan, "M01");
  ASSERT_TRUE(hub.references->find(token).ok());
  std::vector<std::string> others = {"",
                                     "lhr1",
                                     "lhr1..",
                                     token + "A",
                                     token + " ",
                                     " " + token,
                                     "lhr2" + token.substr(4),
                                     std::string(100000, 'a'),
                                     "\0\xff",
                                     token.substr(0, token.size() - 1)};
  for (std::size_t i = 0; i < token.size(); ++i) others.push_back(kits::flipped(token, i));
  for (const auto& other : others) {
    const auto found = hub.references->find(other);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().reason(), Reason::kReferenceUnknown);
  }
}

TEST(ReferenceMisuse, EachHasItsOwnReasonAndAnEntry) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  hub.open(CaseHub::case_request("CASE-2"));
  const auto good = CaseHub::fetch_request(CaseHub::reference(plan, "M03"));
  const auto& policy = *hub.catalogue.policy();
  struct Misuse {
    const char* name;
    std::function<void(schemas::FetchRequest&)> change;
    hub::access::Caller caller;
    const char* reason;
  };
  const std::vector<Misuse> table = {
      {"other system of the same organisation", [](auto&) {}, hub.bureau(2), "reference.caller"},
      {"other organisation", [](auto&) {}, hub.supervision(), "reference.caller"},
      {"other case", [](auto& q) { q.purpose.case_number = "CASE-2"; }, hub.bureau(),
       "reference.purpose"},
      {"no such case", [](auto& q) { q.purpose.case_number = "x"; }, hub.bureau(),
       "reference.purpose"},
      {"undeclared purpose", [](auto& q) { q.purpose.matter = "harvest"; }, hub.bureau(),
       "purpose.not_registered"},
      {"no basis", [](auto& q) { q.purpose.legal_basis.clear(); }, hub.bureau(), "purpose.missing"},
      {"garbage", [](auto& q) { q.reference = "garbage"; }, hub.bureau(), "reference.unknown"},
      {"truncated", [](auto& q) { q.reference.pop_back(); }, hub.bureau(), "reference.unknown"},
      {"without the role", [](auto&) {}, hub.caller(kits::kBureau, {}), "role.missing"},
      {"good", [](auto&) {}, hub.bureau(), "done"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    auto q = good;
    row.change(q);
    auto prepared = hub.exchange->fetch(q, "{}", row.caller, policy);
    EXPECT_EQ(reason_of(prepared), row.reason);
    const auto* refused = std::get_if<hub::access::Refused>(&*prepared);
    if (refused == nullptr) continue;
    EXPECT_EQ(refused->facts.event, schemas::AuditEvent::kRefused);
    EXPECT_EQ(refused->facts.decision, hub::audit::Decision::kDeny);
    EXPECT_EQ(reason_id(refused->facts.reason), row.reason);
    EXPECT_EQ(refused->facts.organisation, row.caller.organisation.text());
    EXPECT_TRUE(refused->facts.officer.has_value());
    // Once the reference is known, the person concerned sees the attempt.
    EXPECT_EQ(refused->facts.subjects.size(),
              std::string_view(row.reason) == "reference.unknown" ? 0U : 1U);
  }
}

TEST(ReferenceMisuse, ExpiredStaleAndUsedUp) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M03"));
  hub.clock.pass_ms(30 * kDayMs);
  EXPECT_EQ(reason_of(hub.prepare(q)), "done");  // the last moment
  hub.clock.pass_ms(1);
  EXPECT_EQ(reason_of(hub.prepare(q)), "reference.expired");

  const auto fresh = hub.open(CaseHub::case_request());
  const auto again = CaseHub::fetch_request(CaseHub::reference(fresh, "M03"));
  EXPECT_EQ(reason_of(hub.prepare(again)), "done");
  auto next = kits::LicenceHub::health_request(2);
  next.supersedes = text_of(hub.health, "licence_id");
  next.change = schemas::ChangeKind::kChange;
  hub.issue(next);
  EXPECT_EQ(reason_of(hub.prepare(again)), "reference.stale");
  const auto newest = hub.open(CaseHub::case_request());
  EXPECT_EQ(reason_of(hub.prepare(CaseHub::fetch_request(CaseHub::reference(newest, "M03")))),
            "done");
}

TEST(ReferenceMisuse, ACountedReferenceIsUsedUpAndNotUsedTwiceAtOnce) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  auto found = hub.references->find(CaseHub::reference(plan, "M03")).value();
  found.target.uses_left = 2;
  hub.commit({}, {hub.references->rewrite(found).value()}).value();
  const auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M03"));
  auto one = hub.prepare(q);
  auto two = hub.prepare(q);  // prepared before the first one is stored
  EXPECT_TRUE(hub.perform(std::move(one)).ok());
  EXPECT_EQ(hub.perform(std::move(two)).error().reason(), Reason::kStoreStale);
  EXPECT_TRUE(hub.perform(hub.prepare(q)).ok());
  EXPECT_EQ(reason_of(hub.prepare(q)), "reference.used_up");
}

TEST(ReferenceMisuse, ADocumentThatIsNotTheOneItWasMadeFor) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  auto found = hub.references->find(CaseHub::reference(plan, "M03")).value();
  found.target.document[0] = static_cast<std::uint8_t>(found.target.document[0] ^ 1U);
  hub.commit({}, {hub.references->rewrite(found).value()}).value();
  EXPECT_EQ(reason_of(hub.prepare(CaseHub::fetch_request(CaseHub::reference(plan, "M03")))),
            "reference.digest");
}

// Everything but the log and what is derived from it.
std::string rows_of(const CaseHub& hub) {
  std::string all;
  for (const auto family : {hub::store::Family::kData, hub::store::Family::kKey}) {
    for (const auto& row : hub.store->latest().scan(family, "", "", 100000).value()) {
      all += row.key + '\n' + row.value + '\n';
    }
  }
  return all;
}

TEST(BadInput, ARefusalIsAnEntryAndChangesNothingElse) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto& policy = *hub.catalogue.policy();
  const auto good = CaseHub::fetch_request(CaseHub::reference(plan, "M03"));
  const auto fetch = [&](std::function<void(schemas::FetchRequest&)> change,
                         const hub::access::Caller& who) {
    auto q = good;
    change(q);
    return hub.exchange->fetch(q, "{}", who, policy);
  };
  const auto open = [&](std::function<void(schemas::CaseRequest&)> change) {
    auto q = CaseHub::case_request();
    change(q);
    return hub.exchange->open_case(q, "{}", hub.bureau(), policy);
  };
  const auto id = CaseId::parse(text_of(plan, "case_id")).value();
  const std::vector<std::pair<const char*, std::function<Result<hub::access::Prepared>()>>> table =
      {{"matter.unknown", [&] { return open([](auto& q) { q.matter = "unheard of"; }); }},
       {"case.conflict",
        [&] { return open([](auto& q) { q.applicant = kits::test_company(9); }); }},
       {"case.unknown", [&] { return hub.exchange->read_case(id, hub.supervision(), policy); }},
       {"reference.caller", [&] { return fetch([](auto&) {}, hub.supervision()); }},
       {"reference.unknown",
        [&] { return fetch([](auto& q) { q.reference += "A"; }, hub.bureau()); }},
       {"reference.purpose",
        [&] { return fetch([](auto& q) { q.purpose.case_number = "CASE-9"; }, hub.bureau()); }},
       {"purpose.not_registered",
        [&] { return fetch([](auto& q) { q.purpose.matter = "harvest"; }, hub.bureau()); }}};
  for (const auto& [reason, attempt] : table) {
    SCOPED_TRACE(reason);
    const std::string before = rows_of(hub);
    const auto size = hub.ledger->state().size;
    EXPECT_EQ(hub.perform(attempt()).error().id(), reason);
    EXPECT_EQ(hub.ledger->state().size, size + 1);
    const auto entry = hub.last_entry();
    EXPECT_EQ(entry.event, schemas::AuditEvent::kRefused);
    EXPECT_EQ(entry.decision, hub::audit::Decision::kDeny);
    EXPECT_EQ(entry.reason, reason);
    EXPECT_EQ(rows_of(hub), before);
  }
}

TEST(BadInput, AJumpOfTheClockReleasesNothingAndUsesNothingUp) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const std::string token = CaseHub::reference(plan, "M03");
  auto found = hub.references->find(token).value();
  found.target.uses_left = 1;
  hub.commit({}, {hub.references->rewrite(found).value()}).value();
  const auto q = CaseHub::fetch_request(token);
  const std::string before = rows_of(hub);
  const auto size = hub.ledger->state().size;
  hub.clock.wall_ms += 2 * kDayMs;  // and the monotonic clock stands still
  EXPECT_EQ(hub.perform(hub.prepare(q)).error().id(), "clock.jump");
  EXPECT_EQ(rows_of(hub), before);
  EXPECT_EQ(hub.ledger->state().size, size);
  hub.clock.wall_ms -= 2 * kDayMs;
  EXPECT_TRUE(hub.perform(hub.prepare(q)).ok());
  EXPECT_EQ(reason_of(hub.prepare(q)), "reference.used_up");
  // A step back: the log goes on with the time it has.
  const auto last = hub.last_entry().time;
  hub.clock.wall_ms -= 3600 * 1000;
  hub.open(CaseHub::case_request());
  EXPECT_GE(hub.last_entry().time, last);
}

}  // namespace
}  // namespace lh
