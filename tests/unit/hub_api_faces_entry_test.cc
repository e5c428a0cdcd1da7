// Signing in to a face: the entry first, then the answer; nothing of the token or of what was sent
// is in the log.
#include <gtest/gtest.h>

#include "hub/api/faces/follow.h"
#include "hub/api/faces/session_entry.h"
#include "hub/api/faces/sessions.h"
#include "hub/audit/receipt.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::api::Commit;
using hub::api::Outcome;
using hub::api::Reply;
using hub::api::Response;
using hub::api::faces::Face;
using hub::api::faces::Sessions;

class FaceEntry : public ::testing::Test {
 protected:
  FaceEntry() {
    hub.open_ledger();
    caller.organisation = kits::test_uscc(1);
    caller.division = "990100";
    caller.certificate = hub.random.array<32>();
  }
  // As a face signs in: the token is made when the answer is.
  Outcome sign_in() {
    auto recorded =
        hub::api::faces::record_session({*hub.maker, hub.random, hub.clock, kits::kToyOrigin},
                                        caller, {"license-app login", 17, Language::kChinese});
    return hub::api::faces::follow(std::move(recorded), [this](const Response& r) {
      const auto answer = hub::api::faces::answer_of(r);
      if (!answer) return r;
      token = sessions.open(Face::kGuangdong, caller.certificate, "officer-1");
      return hub::api::faces::answered(schemas::Json::object(), *answer);
    });
  }
  static Response response_of(Outcome outcome) { return std::get<Reply>(outcome.get()).response; }
  kits::AuditHub hub;
  Sessions sessions{hub.random, hub.clock};
  hub::access::Caller caller;
  std::string token;
};

TEST_F(FaceEntry, TokenIsMadeOnlyWhenTheEntryIsDurable) {
  auto outcome = sign_in();
  auto& commit = std::get<Commit>(outcome.get());
  EXPECT_EQ(token, "");
  ASSERT_EQ(commit.change.entries.size(), 1U);
  EXPECT_TRUE(commit.change.rows.empty());
  const auto answer =
      response_of(commit.next(hub.ledger->commit(std::move(commit.change)).value()));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(sessions.check(Face::kGuangdong, caller.certificate, token, "access_token").ok());
  const auto body = schemas::parse_json(answer.body, 1U << 20U).value();
  const auto receipt = hub::audit::parse_receipt(schemas::to_text(*body.find("receipt"))).value();
  EXPECT_TRUE(hub::audit::verify_receipt(receipt, {hub.note_key()}).ok());
  EXPECT_EQ(hub::audit::parse_entry(receipt.entry)->event, schemas::AuditEvent::kCallerSignedIn);
}

TEST_F(FaceEntry, WithoutItsEntryThereIsNoToken) {
  for (const Reason reason : {Reason::kStoreFull, Reason::kAuditUnavailable}) {
    auto outcome = sign_in();
    const auto answer = response_of(std::get<Commit>(outcome.get()).next(Error(reason)));
    EXPECT_GE(answer.status, 500);
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(token, "");
  }
}

TEST_F(FaceEntry, SaysWhoAndWhatAndNothingElse) {
  auto outcome = sign_in();
  auto& commit = std::get<Commit>(outcome.get());
  const auto recorded = hub.ledger->commit(std::move(commit.change)).value();
  const Bytes bytes = recorded.front().entry();
  const auto entry = hub::audit::parse_entry(bytes).value();
  EXPECT_EQ(entry.decision, hub::audit::Decision::kAllow);
  EXPECT_EQ(entry.organisation, caller.organisation.text());
  EXPECT_EQ(entry.system, caller.system.text());
  EXPECT_EQ(entry.division, "990100");
  EXPECT_EQ(entry.object, "license-app login");
  EXPECT_EQ(entry.policy_epoch, 17U);
  EXPECT_EQ(entry.certificate, caller.certificate);
  // A digest of a request with a password in it, or of a token, would be something to try out.
  EXPECT_FALSE(entry.request.has_value());
  EXPECT_FALSE(entry.answer.has_value());
  EXPECT_TRUE(entry.subjects.empty());
  EXPECT_FALSE(hub::audit::open_box_a(entry, hub.keys).ok()) << "there is nothing to seal";
}

TEST_F(FaceEntry, NoTwoSignInsShareAnAccess) {
  auto one = sign_in();
  auto two = sign_in();
  EXPECT_NE(std::get<Commit>(one.get()).change.access.value,
            std::get<Commit>(two.get()).change.access.value);
}

}  // namespace
}  // namespace lh
