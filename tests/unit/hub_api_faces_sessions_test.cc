// Tokens and use codes: bound to a certificate and a face, for half an hour, the oldest gives way.
// And the outcome whose answer is translated, whichever way it comes.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "hub/api/faces/follow.h"
#include "hub/api/faces/sessions.h"
#include "tests/kits/ledger_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using hub::api::Outcome;
using hub::api::Reply;
using hub::api::Response;
using hub::api::faces::Face;
using hub::api::faces::kSessionSeconds;
using hub::api::faces::Sessions;

class FaceSessions : public ::testing::Test {
 protected:
  Result<std::string> check(const Digest& who, const std::string& token) {
    return sessions.check(Face::kGuangdong, who, token, "access_token");
  }
  kits::SeededRandom random{7};
  kits::FakeClock clock;
  Sessions sessions{random, clock};
  Digest one{1}, two{2};
};

TEST_F(FaceSessions, TokenServesItsCertificateAndItsFaceOnly) {
  const auto token = sessions.open(Face::kGuangdong, one, "officer-1");
  EXPECT_EQ(check(one, token).value(), "officer-1");
  EXPECT_EQ(check(two, token).error().reason(), Reason::kReferenceUnknown);
  EXPECT_EQ(check(one, token).value(), "officer-1") << "the other one's try changed nothing";
  const auto other = sessions.check(Face::kNational, one, token, "head.accessToken");
  EXPECT_EQ(other.error().reason(), Reason::kReferenceUnknown);
  EXPECT_EQ(other.error().detail(), "head.accessToken");
  EXPECT_FALSE(check(one, "").ok());
  EXPECT_FALSE(check(one, token.substr(1)).ok());
}

TEST_F(FaceSessions, TokenEndsWithLogoutOfItsOwnCertificate) {
  const auto token = sessions.open(Face::kGuangdong, one, "a");
  sessions.close(two, token);
  EXPECT_TRUE(check(one, token).ok());
  sessions.close(one, token);
  EXPECT_FALSE(check(one, token).ok());
}

// A client that logs in and out around every use takes no room from its other sessions.
TEST_F(FaceSessions, SessionsThatEndedTakeNoRoom) {
  const auto kept = sessions.open(Face::kGuangdong, one, "kept");
  for (std::size_t i = 0; i < 2 * Sessions::kSessionsOfOne; ++i) {
    sessions.close(one, sessions.open(Face::kGuangdong, one, "short"));
  }
  EXPECT_TRUE(check(one, kept).ok());
}

TEST_F(FaceSessions, TokenAndCodeEndAfterHalfAnHour) {
  const auto token = sessions.open(Face::kGuangdong, one, "a");
  const auto code = sessions.grant(one, {"lhr1.x.y", {}});
  clock.monotonic += kSessionSeconds * 1000000 - 1;
  EXPECT_TRUE(check(one, token).ok());
  EXPECT_TRUE(sessions.find_grant(one, code).ok());
  clock.monotonic += 1;
  EXPECT_FALSE(check(one, token).ok());
  EXPECT_EQ(sessions.find_grant(one, code).error().detail(), "auth_code");
}

TEST_F(FaceSessions, OneCertificateCannotPushOutAnother) {
  const auto mine = sessions.open(Face::kGuangdong, one, "mine");
  const auto first = sessions.open(Face::kGuangdong, two, "first");
  for (std::size_t i = 0; i < Sessions::kSessionsOfOne; ++i) {
    sessions.open(Face::kGuangdong, two, "more");
  }
  EXPECT_TRUE(check(one, mine).ok());
  EXPECT_FALSE(check(two, first).ok()) << "its own oldest gave way";
}

TEST_F(FaceSessions, CodeHasTheFormOfTheFamilyAndIsNeverRepeated) {
  // domain.md 1.5 A: yyyyMMddHHmmssSSS + suffix
  clock.wall_ms = parse_time("2020-03-04T21:06:07.089Z").value().ms;
  const std::regex form("20200305050607089NC[0-9A-F]{32}");
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) {
    const auto code = sessions.grant(one, {"lhr1." + std::to_string(i), {}});
    EXPECT_TRUE(std::regex_match(code, form)) << code;
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 1000U);
  EXPECT_EQ(hub::api::faces::stamp_text(parse_time("2026-11-22").value()), "20261122000000000");
}

TEST_F(FaceSessions, CodeStandsForItsPurposeForItsCertificate) {
  schemas::Purpose purpose;
  purpose.matter = "m";
  purpose.case_number = "BIZ-1";
  const auto code = sessions.grant(one, {"lhr1.x.y", purpose});
  EXPECT_EQ(sessions.find_grant(one, code)->purpose.case_number, "BIZ-1");
  EXPECT_EQ(sessions.find_grant(one, code)->reference, "lhr1.x.y") << "and again, for archive";
  EXPECT_FALSE(sessions.find_grant(two, code).ok());
}

// ---- follow ---------------------------------------------------------------------------------

Response ok(std::string body) {
  return hub::api::json_response(200, std::move(body));
}
Response translated(const Response& r) {
  return ok("<" + r.body + ">");
}
std::string body_of(Outcome outcome) {
  auto* reply = std::get_if<Reply>(&outcome.get());
  return reply == nullptr ? "no reply" : reply->response.body;
}

TEST(FaceFollow, TranslatesOnlyTheLastAnswerOfEveryKind) {
  EXPECT_EQ(body_of(hub::api::faces::follow(ok("a"), translated)), "<a>");

  auto offload =
      hub::api::faces::follow(hub::api::Offload{[]() -> Outcome { return ok("b"); }}, translated);
  EXPECT_EQ(body_of(std::get<hub::api::Offload>(offload.get()).job()), "<b>");

  auto await = hub::api::faces::follow(
      hub::api::Await{[](const std::function<void(Outcome)>& go_on) { go_on(ok("c")); }},
      translated);
  std::string came;
  std::get<hub::api::Await>(await.get()).start([&came](Outcome o) {
    came = body_of(std::move(o));
  });
  EXPECT_EQ(came, "<c>");
}

TEST(FaceFollow, CommitIsUntouchedUntilItsEntryIsDurable) {
  int translations = 0;
  hub::api::Commit commit;
  commit.change.access = AccessId{Tag{9}};
  commit.next = [](Result<std::vector<Recorded>> recorded) -> Outcome {
    if (!recorded.ok()) return ok(std::string(recorded.error().id()));
    return hub::api::Offload{[]() -> Outcome { return ok("late"); }};
  };
  auto outcome = hub::api::faces::follow(std::move(commit), [&translations](const Response& r) {
    ++translations;
    return translated(r);
  });
  auto& kept = std::get<hub::api::Commit>(outcome.get());
  EXPECT_EQ(kept.change.access, AccessId{Tag{9}});
  EXPECT_EQ(translations, 0);
  EXPECT_EQ(body_of(kept.next(Error(Reason::kStoreFull))),
            "<" + std::string(reason_id(Reason::kStoreFull)) + ">");
  auto late = kept.next(std::vector<Recorded>{});
  EXPECT_EQ(translations, 1);
  EXPECT_EQ(body_of(std::get<hub::api::Offload>(late.get()).job()), "<late>");
}

TEST(FaceRefusal, ApplicationRefusalsAre200AndTroubleKeepsItsStatus) {
  struct Row {
    Reason reason;
    int status;
    bool retry;
  };
  for (const Row& row :
       {Row{Reason::kPurposeMissing, 200, false}, Row{Reason::kRuleNone, 200, false},
        Row{Reason::kNotImplemented, 200, false}, Row{Reason::kCallerNoCertificate, 401, false},
        Row{Reason::kTooManyRequests, 429, true}, Row{Reason::kAuditUnavailable, 503, true}}) {
    const auto problem = hub::api::problem(Error(row.reason, "data.x"), Language::kChinese);
    const auto refusal = hub::api::faces::refusal_of(problem);
    EXPECT_EQ(refusal.reason, reason_id(row.reason));
    EXPECT_EQ(refusal.title, info(row.reason).chinese);
    const auto r = hub::api::faces::refused_as(problem, schemas::Json::object());
    EXPECT_EQ(r.status, row.status) << refusal.reason;
    EXPECT_EQ(!r.headers.empty(), row.retry) << refusal.reason;
    EXPECT_EQ(r.content_type, "application/json");
  }
}

TEST(FaceQuery, OneValueWithoutEscapesOrNone) {
  using hub::api::faces::query_value;
  EXPECT_EQ(query_value("auth_code=A&access_token=B", "access_token").value(), "B");
  EXPECT_EQ(query_value("access_token=B=", "access_token").value(), "B=");
  for (const char* bad : {"", "x=1", "access_token", "access_token=", "access_token=a%41",
                          "access_token=a&access_token=a", "xaccess_token=a", "&&&=&"}) {
    const auto value = query_value(bad, "access_token");
    ASSERT_FALSE(value.ok()) << bad;
    EXPECT_EQ(value.error().detail(), "access_token");
  }
  EXPECT_FALSE(query_value("t=" + std::string(257, 'a'), "t").ok());
}

}  // namespace
}  // namespace lh
