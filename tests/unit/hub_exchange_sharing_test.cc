// An application becomes sharing rules only by review and grant of others, and is seen by its
// parties only; what was granted ends with its term or by withdrawal.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_sharing_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using hub::access::Role;
using kits::reason_of;
using kits::SharingHub;
using kits::text_of;
using Move = ApplicationMove;
using State = ApplicationState;

TEST(Sharing, IsGrantedByOthersForItsTermAndEndsWithIt) {
  SharingHub hub;
  EXPECT_EQ(hub.decided(hub.today), "rule.none");
  const auto id = hub.applied();
  EXPECT_EQ(hub.state(hub.judge(hub.provider(), id, "accept")), "accepted");
  EXPECT_EQ(hub.decided(hub.today), "rule.none") << "accepted is not granted";
  const auto before = hub.catalogue.policy();
  EXPECT_EQ(hub.state(hub.judge(hub.security(), id, "grant")), "granted");
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kSharingGranted);
  EXPECT_EQ(hub.decided(hub.today), "verdict.good name address");
  EXPECT_EQ(hub.decided(hub.today.plus_days(30)), "verdict.good name address");
  EXPECT_EQ(hub.decided(hub.today.plus_days(31)), "ended");
  EXPECT_LT(before->epoch(), hub.catalogue.policy()->epoch()) << "a new state of the policy";
}

TEST(Sharing, AWithdrawnGrantEndsAtOnceAndTakesNothingFromOtherRules) {
  SharingHub hub;
  const auto id = hub.applied();
  hub.state(hub.judge(hub.provider(), id, "accept"));
  hub.state(hub.judge(hub.security(), id, "grant"));
  schemas::SharingRule other;
  other.id = "other";
  other.effective.from = hub.today;
  other.callers = {std::string(kits::kSupervision)};
  other.divisions = {"*"};
  other.matter = kits::kFoodMatter;
  other.object = kits::kIdentityCard;
  other.fields = {"sex"};
  other.legal_basis = "law";
  EXPECT_EQ(hub.state(hub.judge(hub.provider(), id, "end")), "ended");
  EXPECT_EQ(hub.decided(hub.today), "ended");
  EXPECT_EQ(hub.decided(hub.today.plus_days(3)), "ended");
  hub.activate_all(hub::access::ObjectKind::kRule,
                   {schemas::to_text(schemas::sharing_rule_to_json(other))});
  EXPECT_EQ(hub.decided(hub.today), "verdict.good sex");
  EXPECT_EQ(reason_of(hub.judge(hub.provider(), id, "end")), "application.state");
}

TEST(Sharing, NobodyJudgesTheOwnApplicationAndTwoPeopleDecide) {
  SharingHub hub;
  const auto id = hub.applied();
  auto own = hub.applicant();
  own.roles = {Role::kApprove};
  EXPECT_EQ(reason_of(hub.judge(own, id, "accept")), "application.same_party");
  EXPECT_EQ(reason_of(hub.judge(hub.applicant(), id, "accept")), "role.missing");
  EXPECT_EQ(reason_of(hub.judge(hub.security(), id, "grant")), "application.state");
  hub.state(hub.judge(hub.provider(), id, "accept"));
  own.roles = {Role::kSecurityAdmin};
  EXPECT_EQ(reason_of(hub.judge(own, id, "grant")), "application.same_party");
  auto both = hub.provider();
  both.roles = {Role::kSecurityAdmin};
  EXPECT_EQ(reason_of(hub.judge(both, id, "grant")), "application.same_party")
      << "the system that accepted";
  EXPECT_EQ(hub.state(hub.judge(hub.security(), id, "refuse")), "refused");
}

TEST(Sharing, IsSeenByItsPartiesAndAdministratorsOnly) {
  SharingHub hub;
  const auto id = hub.applied();
  EXPECT_EQ(hub.seen_by(hub.applicant()), 1U);
  EXPECT_EQ(hub.seen_by(hub.provider()), 1U);
  EXPECT_EQ(hub.seen_by(hub.security()), 1U);
  EXPECT_EQ(hub.seen_by(hub.stranger()), 0U);
  const auto foreign = hub.judge(hub.stranger(), id, "accept");
  const auto unknown = hub.judge(hub.stranger(), ApplicationId{}.text(), "accept");
  const auto nonsense = hub.judge(hub.stranger(), "x", "accept");
  EXPECT_EQ(reason_of(foreign), "application.unknown");
  const auto detail = [](const auto& p) { return std::get<1>(*p).error.detail(); };
  EXPECT_EQ(reason_of(unknown), reason_of(foreign));
  EXPECT_EQ(detail(unknown), detail(foreign));
  EXPECT_EQ(reason_of(nonsense), reason_of(foreign));
}

TEST(Sharing, IsReturnedCorrectedAndHasItsDeadlines) {
  SharingHub hub;
  const auto first = hub.answer(hub.apply(hub.request()));
  const auto id = text_of(first, "application_id");
  const auto due = schemas::due_after(hub.today, {10, 3, {}}, schemas::shipped_special_days());
  EXPECT_EQ(text_of(first, "due"), due.text());
  EXPECT_EQ(text_of(first, "light"), "green");
  hub.clock.pass_ms(16LL * 86400000);
  const auto list = hub.answer(
      hub.as(hub.security(), [](const auto& d, const auto& call) { return d.list({}, call); }));
  EXPECT_EQ(text_of(list.find("applications")->items()->front(), "light"), "red");
  EXPECT_EQ(hub.state(hub.judge(hub.provider(), id, "return")), "returned");
  auto better = hub.request();
  better.terms.fields = {"name"};
  const auto correct = [&](const ApplicationRequest& q) {
    return hub.as(hub.applicant(),
                  [&](const auto& d, const auto& call) { return d.correct(id, q, call); });
  };
  auto moved = better;
  moved.terms.object = kits::kHealthCertificate;
  moved.terms.fields = {"certificate_number"};
  EXPECT_EQ(reason_of(correct(moved)), "application.invalid");
  EXPECT_EQ(hub.state(correct(better)), "applied");
  EXPECT_EQ(reason_of(correct(better)), "application.state");
  hub.state(hub.judge(hub.provider(), id, "accept"));
  hub.state(hub.judge(hub.security(), id, "grant"));
  EXPECT_EQ(hub.decided(local_date(hub.clock.now())), "verdict.good name");
}

TEST(Sharing, AsksOnlyForWhatThereIsAndTheMatterAsksFor) {
  SharingHub hub;
  const auto refused = [&hub](const auto& spoil) {
    auto q = hub.request();
    spoil(q.terms);
    return std::string(reason_of(hub.apply(q)));
  };
  EXPECT_EQ(refused([](auto& t) { t.object = "x"; }), "licence_type.unknown");
  EXPECT_EQ(refused([](auto& t) { t.fields = {"*"}; }), "application.invalid");
  EXPECT_EQ(refused([](auto& t) { t.fields = {"name", "name"}; }), "application.invalid");
  EXPECT_EQ(refused([](auto& t) { t.fields = {}; }), "application.invalid");
  EXPECT_EQ(refused([](auto& t) { t.matters = {"x"}; }), "matter.unknown");
  EXPECT_EQ(refused([](auto& t) { t.matters = {"11990100MB9900048K0000000000001"}; }),
            "application.invalid")
      << "a matter that does not ask for the object";
  EXPECT_EQ(refused([](auto& t) { t.divisions = {"*"}; }), "application.invalid");
  EXPECT_EQ(refused([](auto& t) { t.until = t.from.plus_days(-1); }), "application.invalid");
  EXPECT_EQ(refused([](auto& t) { t.until = t.from.plus_days(4000); }), "application.invalid");
  EXPECT_EQ(refused([](auto&) {}), "done");
  const auto own = hub.as(hub.bureau(), [&hub](const auto& d, const auto& call) {
    return d.apply(hub.request(), call);
  });
  EXPECT_EQ(reason_of(own), "application.same_party");
}

TEST(Sharing, TheSameCallAgainIsTheSameApplication) {
  SharingHub hub;
  const auto one = hub.answer(hub.apply(hub.request(), "key-1"));
  const auto two = hub.answer(hub.apply(hub.request(), "key-1"));
  const auto three = hub.answer(hub.apply(hub.request(), "key-2"));
  EXPECT_EQ(text_of(one, "application_id"), text_of(two, "application_id"));
  EXPECT_NE(text_of(one, "application_id"), text_of(three, "application_id"));
  EXPECT_EQ(hub.seen_by(hub.applicant()), 2U);
}

// The table of the states against every pair, written out once more.
TEST(Sharing, NoStateMovesOtherwise) {
  const std::map<std::pair<State, Move>, State> allowed = {
      {{State::kApplied, Move::kAccept}, State::kAccepted},
      {{State::kApplied, Move::kReturn}, State::kReturned},
      {{State::kApplied, Move::kRefuse}, State::kRefused},
      {{State::kReturned, Move::kCorrect}, State::kApplied},
      {{State::kAccepted, Move::kGrant}, State::kGranted},
      {{State::kAccepted, Move::kDecline}, State::kRefused},
      {{State::kGranted, Move::kEnd}, State::kEnded}};
  for (int s = 1; s <= 6; ++s) {
    for (int m = 0; m <= 6; ++m) {
      const std::pair key{static_cast<State>(s), static_cast<Move>(m)};
      const auto to = next_state(key.first, key.second);
      EXPECT_EQ(to.ok(), allowed.contains(key)) << s << " " << m;
      if (to.ok()) {
        EXPECT_EQ(*to, allowed.at(key));
      }
    }
  }
}

TEST(Deadlines, TheLightTurnsYellowAndRed) {
  const auto day = [](const char* text) { return parse_date(text).value(); };
  const auto& special = schemas::shipped_special_days();
  using schemas::Light;
  EXPECT_EQ(light_of(day("2026-11-20"), day("2026-11-23"), 3, special), Light::kRed);
  EXPECT_EQ(light_of(day("2026-11-23"), day("2026-11-20"), 1, special), Light::kYellow);
  EXPECT_EQ(light_of(day("2026-11-24"), day("2026-11-20"), 1, special), Light::kGreen);
  kits::SeededRandom dice(11);
  for (int i = 0; i < 500; ++i) {
    const auto from = day("2026-01-01").plus_days(static_cast<std::int32_t>(dice.below(360)));
    const int n = static_cast<int>(1 + dice.below(20));
    const auto due = schemas::due_after(from, {n, 0, {}}, special);
    EXPECT_EQ(light_of(due, from, n, special), Light::kYellow) << from.text();
    EXPECT_EQ(light_of(due, from, n - 1, special), Light::kGreen) << from.text();
    EXPECT_EQ(light_of(due, due.plus_days(1), n, special), Light::kRed) << from.text();
  }
}

TEST(Deadlines, TablesAreReadStrictly) {
  const std::string header = "id,working_days,warn_days,basis\n";
  EXPECT_TRUE(schemas::DeadlineTable::parse(header + "a,1,0,law, and more\n").ok());
  for (const char* bad :
       {"a,-1,0,x\n", "a,1,0\n", "a,1001,0,x\n", ",1,0,x\n", "a,1,0,x\na,1,0,x\n"}) {
    EXPECT_FALSE(schemas::DeadlineTable::parse(header + bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace lh
