// A commitment signed by an assertion: by the applicant or who is entrusted with it, for this case,
// this material and this text, once; and nothing changes when it is anything else.
#include <gtest/gtest.h>

#include "base/cbor.h"
#include "crypto/digest.h"
#include "hub/exchange/rights/entrustments.h"
#include "hub/exchange/tickets/ticket_office.h"
#include "tests/unit/hub_exchange_rights_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using kits::reason_of;
using kits::text_of;

constexpr std::string_view kHygiene = "11990100MB990001310000000000002";

class SigningHub : public kits::RightsHub {
 public:
  SigningHub() {
    auto q = case_request("HYG-1");
    q.matter = kHygiene;
    case_id = text_of(open(q), "case_id");
    q.case_number = "HYG-2";
    other_case = text_of(open(q), "case_id");
    const auto* matter = catalogue.policy()->find_matter(kHygiene, local_date(clock.now()));
    for (const auto& m : matter->materials) {
      if (m.code != "H06") continue;
      text = crypto::sha256(m.commitment->text.chinese);
      english = crypto::sha256(m.commitment->text.english);
    }
    office_ = std::make_unique<TicketOffice>(exchange_parts(), assertions);
  }
  // What the claim says; a test changes one thing.
  struct Said {
    std::string case_id, material = "H06";
    Digest text{};
    SubjectId sub = kits::test_company(1);
  };
  Said said() const { return {case_id, "H06", text, kits::test_company(1)}; }
  std::string assertion(const Said& s) {
    kits::Assertion a;
    a.sub = s.sub;
    a.more = R"(,"commitment":{"case_id":")" + s.case_id + R"(","material":")" + s.material +
             R"(","text_sha256":")" + to_hex(view(s.text)) + "\"}";
    return RightsHub::sign(a);
  }
  Result<hub::access::Prepared> commit_with(const std::string& jws) {
    CommitmentRequest q{"H06", text, {}, officer(), jws};
    return office_->commit(CaseId::parse(case_id).value(), q, "{}", bureau(), *catalogue.policy());
  }
  SubjectNo number_of(const SubjectId& id) { return directory->find(id).value()->no; }
  void entrust(const SubjectId& agent, AgentAct act, std::optional<UtcTime> withdrawn = {}) {
    Entrustment e;
    e.id.value = random.array<16>();
    e.principal = number_of(kits::test_company(1));
    e.agent = number_of(agent);
    e.matters = {std::string(kHygiene)};
    e.acts = {act};
    e.given = clock.now();
    e.expires = clock.now().plus_ms(1000LL * 3600);
    e.withdrawn = withdrawn;
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kEntrustmentGiven;
    RightsHub::commit(facts, {entrustment_row(e)}).value();
  }
  std::size_t tickets() {
    return tickets_of(*store, number_of(kits::test_company(1)), gate.maintenance()).value().size();
  }

  std::unique_ptr<TicketOffice> office_;
  std::string case_id, other_case;
  Digest text{}, english{};
};

TEST(Signing, TheApplicantSignsAndTicketAndEntrySayHow) {
  SigningHub hub;
  const auto jws = hub.assertion(hub.said());
  const auto ticket = hub.answer(hub.commit_with(jws));
  EXPECT_EQ(text_of(*ticket.find("signed"), "method"), "assertion");
  EXPECT_EQ(text_of(*ticket.find("signed"), "by"), "applicant");
  EXPECT_EQ(text_of(ticket, "document_sha256"), to_hex(view(crypto::sha256(jws))));
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kCommitmentSigned);
  EXPECT_EQ(hub.last_entry().purpose, "assertion");
  EXPECT_EQ(hub.everything().find(jws), Bytes::npos) << "its digest is kept";
  const auto stored =
      tickets_of(*hub.store, hub.number_of(kits::test_company(1)), hub.gate.maintenance());
  EXPECT_EQ(stored.value().front().signing, Signing::kApplicant);
}

TEST(Signing, WhatIsBoundToAnythingElseSignsNothing) {
  SigningHub hub;
  const auto refused = [&hub](const auto& spoil) {
    auto s = hub.said();
    spoil(s);
    auto prepared = hub.commit_with(hub.assertion(s));
    const std::string reason(reason_of(prepared));
    EXPECT_FALSE(hub.perform(std::move(prepared)).ok());
    EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kRefused);
    return reason;
  };
  EXPECT_EQ(refused([&](auto& s) { s.case_id = hub.other_case; }), "assertion.invalid");
  EXPECT_EQ(refused([](auto& s) { s.material = "H09"; }), "assertion.invalid");
  EXPECT_EQ(refused([](auto& s) { s.text[0] ^= 1; }), "assertion.invalid");
  EXPECT_EQ(refused([&](auto& s) { s.text = hub.english; }), "assertion.invalid")
      << "the same promise in another language is another text";
  EXPECT_EQ(refused([](auto& s) { s.sub = kits::test_company(2); }), "assertion.invalid");
  EXPECT_EQ(refused([](auto& s) { s.sub = kits::test_person(1); }), "assertion.invalid");
  EXPECT_EQ(refused([](auto& s) { s.sub = kits::test_person(77); }), "assertion.invalid");
  EXPECT_EQ(reason_of(hub.commit_with(hub.of(kits::test_company(1)))), "assertion.invalid")
      << "an assertion without the claim";
  EXPECT_EQ(reason_of(hub.commit_with("x.y.z")), "assertion.invalid");
  EXPECT_EQ(hub.tickets(), 0U);
}

TEST(Signing, AnAssertionIsUsedOnceAndForThatOnly) {
  SigningHub hub;
  const auto jws = hub.assertion(hub.said());
  EXPECT_EQ(reason_of(hub.give([&] {
              auto q = hub.consent_request(ConsentKind::kConsent);
              q.assertion = jws;
              return q;
            }())),
            "assertion.invalid")
      << "it opens no consent";
  const auto ticket = hub.answer(hub.commit_with(jws));
  EXPECT_EQ(reason_of(hub.commit_with(jws)), "material.state");
  const auto id = TicketId::parse(text_of(ticket, "ticket")).value();
  const auto close = [&](TicketState outcome) {
    hub.answer(hub.office_->close(id, {outcome, "测试事由", std::nullopt, SigningHub::officer()},
                                  "{}", hub.bureau(), *hub.catalogue.policy()));
  };
  close(TicketState::kBreached);
  close(TicketState::kRepaired);
  EXPECT_EQ(reason_of(hub.commit_with(jws)), "assertion.invalid") << "used";
  const auto late = hub.assertion(hub.said());
  hub.clock.pass_ms(300LL * 1000);
  EXPECT_EQ(reason_of(hub.commit_with(late)), "assertion.invalid") << "expired";
  hub.answer(hub.commit_with(hub.assertion(hub.said())));
}

TEST(Signing, AnAgentSignsWhoIsEntrustedWithIt) {
  SigningHub hub;
  auto s = hub.said();
  auto known = SigningHub::case_request("AGENCY-1");  // an agency that is not of this case
  known.applicant = kits::test_company(2);
  hub.open(known);
  s.sub = kits::test_company(2);
  const auto sign = [&] { return hub.commit_with(hub.assertion(s)); };
  hub.entrust(s.sub, AgentAct::kOpenCase);
  EXPECT_EQ(reason_of(sign()), "assertion.invalid") << "entrusted with something else";
  hub.entrust(s.sub, AgentAct::kSignCommitment, hub.clock.now());
  EXPECT_EQ(reason_of(sign()), "assertion.invalid") << "withdrawn";
  hub.entrust(s.sub, AgentAct::kSignCommitment);
  const auto ticket = hub.answer(sign());
  EXPECT_EQ(text_of(*ticket.find("signed"), "by"), "agent");
  EXPECT_EQ(hub.last_entry().purpose, "assertion of an agent");
  EXPECT_EQ(hub.last_entry().subjects.size(), 4U) << "the people of the case, and the agent";
}

TEST(Signing, TicketsOfTheFirstFormatWereSignedOnPaper) {
  SigningHub hub;
  hub.answer(hub.commit_with(hub.assertion(hub.said())));
  const auto number = hub.number_of(kits::test_company(1));
  Bytes prefix("u");
  append_be64(prefix, number.value);
  const auto row =
      hub.store->latest().scan(hub::store::Family::kData, prefix, "", 10).value().front();
  Bytes payload(hub::ledger::parse_stored(row.value).value().payload);
  ASSERT_EQ(static_cast<unsigned char>(payload[0]), 0x8F) << "an array of 15";
  payload[0] = static_cast<char>(0x8E);
  payload[1] = 1;
  payload.pop_back();
  hub::audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kCommitmentSigned;
  hub.commit(facts, {{hub::store::Family::kData, row.key, payload}}).value();
  const auto stored = tickets_of(*hub.store, number, hub.gate.maintenance()).value().front();
  EXPECT_EQ(stored.signing, Signing::kPaper);
  EXPECT_EQ(stored.material, "H06");
}

TEST(Signing, RequestsAreReadStrictly) {
  const auto read = [](const std::string& signed_by) {
    const std::string text = R"({"material":"H06","text_sha256":")" + std::string(64, '0') +
                             R"(","signed":)" + signed_by +
                             R"(,"operator":{"id":"o","name":"测试人员001"}})";
    return commitment_request_from_json(schemas::parse_json(text, 1U << 17U).value());
  };
  EXPECT_EQ(read(R"({"method":"assertion","assertion":"a.b.c"})").value().assertion, "a.b.c");
  EXPECT_FALSE(read(R"({"method":"assertion"})").ok());
  EXPECT_FALSE(read(R"({"method":"assertion","assertion":""})").ok());
  EXPECT_FALSE(read(R"({"method":"paper","assertion":"a.b.c"})").ok());
  EXPECT_FALSE(read(R"({"method":"voice","assertion":"a.b.c"})").ok());
  const std::string scan = std::string(64, '1');
  EXPECT_TRUE(read(R"({"method":"paper","scan_sha256":")" + scan + "\"}").ok());
  EXPECT_FALSE(
      read(R"({"method":"assertion","assertion":"a.b.c","scan_sha256":")" + scan + "\"}").ok());
}

}  // namespace
}  // namespace lh
