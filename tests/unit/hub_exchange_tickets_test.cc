// Deferrals and commitments over time: terms, cards, reminders, what is missed and what is broken.
#include "hub/exchange/tickets/ticket_office.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "hub/exchange/tickets/ticket_json.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using kits::reason_of;
using kits::text_of;

constexpr std::string_view kHygiene = "11990100MB990001310000000000002";
constexpr std::int64_t kDay = 24LL * 3600 * 1000;

class Tickets : public testing::Test, protected kits::CaseHub {
 protected:
  Tickets() : office_(exchange_parts()) { open_hygiene("HYG-1"); }

  void open_hygiene(std::string number, int company = 1) {
    auto q = case_request(std::move(number));
    q.matter = kHygiene;
    q.applicant = kits::test_company(company);
    plan_ = open(q);
    id_ = CaseId::parse(text_of(plan_, "case_id")).value();
  }
  std::string material_state(std::string_view code) { return state(plan_, code); }
  void replan() { plan_ = answer(exchange->read_case(id_, bureau(), policy())); }
  const hub::access::Policy& policy() {
    kept_ = catalogue.policy();
    return *kept_;
  }
  Result<hub::access::Prepared> defer(std::string material) {
    return office_.defer(id_, {std::move(material), officer()}, "{}", bureau(), policy());
  }
  Result<hub::access::Prepared> sign(std::string material) {
    const auto* matter = policy().find_matter(kHygiene, local_date(clock.now()));
    Digest text{};
    for (const auto& m : matter->materials) {
      if (m.code == material) text = crypto::sha256(m.commitment->text.english);
    }
    return office_.commit(id_, {std::move(material), text, Digest{}, officer()}, "{}", bureau(),
                          policy());
  }
  Result<hub::access::Prepared> close(const schemas::Json& ticket, TicketState outcome,
                                      hub::access::Caller who) {
    const auto id = TicketId::parse(text_of(ticket, "ticket")).value();
    return office_.close(id, {outcome, "测试事由", std::nullopt, officer()}, "{}", who, policy());
  }
  Result<hub::access::Prepared> close(const schemas::Json& ticket, TicketState outcome) {
    return close(ticket, outcome, bureau());
  }
  void days_pass(int days) { clock.pass_ms(days * kDay); }
  // Gives the reminders that are due; how many there were.
  std::size_t remind() {
    auto due = office_.reminders(policy(), 100).value();
    for (auto& r : due) {
      hub::ledger::Change change = std::move(r.change);
      change.access = AccessId{random.array<16>()};
      change.entries.push_back(draft(r.facts));
      ledger->commit(std::move(change)).value();
    }
    return due.size();
  }

  TicketOffice office_;
  schemas::Json plan_;
  CaseId id_;
  std::shared_ptr<const hub::access::Policy> kept_;
};

TEST_F(Tickets, AMissedDeferralClosesTheWayUntilItIsMet) {
  EXPECT_EQ(material_state("H05"), "deferrable plan.deferral_allowed");
  const auto ticket = answer(defer("H05"));
  EXPECT_EQ(text_of(ticket, "due"), "2026-12-22") << "30 calendar days";
  replan();
  EXPECT_EQ(material_state("H05"), "deferrable plan.deferral_open");
  days_pass(30);
  replan();
  EXPECT_EQ(material_state("H05"), "deferrable plan.deferral_open") << "its day is the last one";
  days_pass(1);
  replan();
  EXPECT_EQ(material_state("H05"), "required plan.document_only");
  EXPECT_EQ(material_state("H06"), "required plan.document_only") << "no promise either";
  EXPECT_EQ(reason_of(defer("H09")), "deferral.missed");
  EXPECT_EQ(reason_of(sign("H09")), "deferral.missed");
  open_hygiene("HYG-OTHER", 2);
  EXPECT_EQ(material_state("H05"), "deferrable plan.deferral_allowed") << "somebody else's affair";
  open_hygiene("HYG-2");
  EXPECT_EQ(material_state("H05"), "required plan.document_only") << "a later case of the same";
  const auto ended = answer(close(ticket, TicketState::kEnded));
  EXPECT_NE(ended.find("late"), nullptr);
  replan();
  EXPECT_EQ(material_state("H05"), "deferrable plan.deferral_allowed");
}

TEST_F(Tickets, RemindersComeOnceEachAndTurnTheCard) {
  const auto ticket = answer(defer("H05"));  // reminders 7, 3 and 1 days before, and one after
  const auto card = [&] {
    const auto list = answer(office_.list({}, "{}", bureau(), policy()));
    return text_of((*list.find("tickets")->items())[0], "card");
  };
  EXPECT_EQ(remind(), 0U);
  EXPECT_EQ(card(), "green");
  for (const int days : {23, 4, 2}) {
    days_pass(days);
    EXPECT_EQ(remind(), 1U) << days;
    EXPECT_EQ(last_entry().purpose, "yellow") << "the entry says how urgent it is";
    EXPECT_EQ(remind(), 0U) << "not twice";
    EXPECT_EQ(card(), "yellow");
  }
  days_pass(2);
  EXPECT_EQ(remind(), 1U);
  const auto entry = last_entry();
  EXPECT_EQ(entry.event, schemas::AuditEvent::kDeferralReminded);
  EXPECT_EQ(entry.purpose, "red");
  EXPECT_EQ(card(), "red");
  days_pass(100);
  EXPECT_EQ(remind(), 0U);
  answer(close(ticket, TicketState::kEnded));
  EXPECT_EQ(remind(), 0U) << "what is closed is not reminded of";
}

// A hub that slept over several reminders gives one entry that stands for all of them.
TEST_F(Tickets, RemindersThatWereSleptOverAreOne) {
  answer(defer("H05"));
  days_pass(60);
  EXPECT_EQ(remind(), 1U);
  EXPECT_EQ(remind(), 0U);
}

// However many lie open and unmet: none keeps another from its reminder.
TEST_F(Tickets, NoneIsForgottenBehindManyOthers) {
  const auto like = answer(defer("H05"));
  const auto id = TicketId::parse(text_of(like, "ticket")).value();
  auto ticket = *find_ticket(*store, id, gate.maintenance()).value();
  hub::ledger::Change change;
  for (int i = 0; i < 600; ++i) {
    ticket.id = TicketId{random.array<16>()};
    ticket.commit_index = 0;
    write_ticket(ticket, change);
  }
  change.access = AccessId{random.array<16>()};
  change.entries.push_back(draft({}));
  ledger->commit(std::move(change)).value();
  days_pass(60);
  EXPECT_EQ(office_.reminders(policy(), 1000).value().size(), 601U);
  EXPECT_EQ(office_.reminders(policy(), 7).value().size(), 7U) << "as many as are asked for";
  std::size_t given = 0;
  for (std::size_t n = 0; (n = remind()) != 0;) given += n;
  EXPECT_EQ(given, 601U);
}

// The catalogue may forget the commitment; what was broken stays broken until it is repaired.
TEST_F(Tickets, ABreachOfWhatTheCatalogueForgotCountsUntilRepaired) {
  const auto ticket = answer(sign("H06"));
  auto matter = *policy().find_matter(kHygiene, local_date(clock.now()));
  matter.version = 2;
  for (auto& m : matter.materials) {
    if (m.code == "H06") m.commitment.reset();
  }
  activate_all(hub::access::ObjectKind::kMatter,
               {schemas::to_text(schemas::matter_to_json(matter))});
  const auto breached = answer(close(ticket, TicketState::kBreached));
  EXPECT_EQ(breached.find("counts_until"), nullptr);
  days_pass(366);
  hub::audit::ensure_months(keys, clock.now(), random).value();  // as housekeeping does
  EXPECT_EQ(reason_of(sign("H09")), "commitment.breached");
  answer(close(ticket, TicketState::kRepaired));
  EXPECT_EQ(reason_of(sign("H09")), "done");
}

TEST_F(Tickets, ABreachCountsAsLongAsTheCatalogueSays) {
  EXPECT_EQ(material_state("H06"), "commitment plan.commitment_allowed");
  const auto ticket = answer(sign("H06"));
  replan();
  EXPECT_EQ(material_state("H06"), "commitment plan.commitment_signed");
  const auto breached = answer(close(ticket, TicketState::kBreached));
  EXPECT_EQ(text_of(breached, "counts_until"), "2027-11-22");
  replan();
  EXPECT_EQ(material_state("H06"), "required plan.document_only");
  EXPECT_EQ(material_state("H05"), "required plan.document_only") << "nor a deferral";
  EXPECT_EQ(reason_of(sign("H06")), "commitment.breached");
  EXPECT_EQ(reason_of(close(ticket, TicketState::kMet)), "commitment.state");
  days_pass(365);
  replan();
  EXPECT_EQ(material_state("H06"), "required plan.document_only") << "its last day";
  days_pass(1);
  replan();
  EXPECT_EQ(material_state("H06"), "commitment plan.commitment_allowed");
}

TEST_F(Tickets, OthersHaveNoTicketOfOurs) {
  const auto ticket = answer(defer("H05"));
  EXPECT_EQ(reason_of(close(ticket, TicketState::kEnded, supervision())), "deferral.unknown");
  auto unknown = ticket;
  unknown.set("ticket", "tkt_00000000000000000000000000000000");
  EXPECT_EQ(reason_of(close(unknown, TicketState::kEnded)), "deferral.unknown");
  const auto list = answer(office_.list({}, "{}", supervision(), policy()));
  EXPECT_TRUE(list.find("tickets")->items()->empty());
  auto nobody = bureau();
  nobody.roles = {hub::access::Role::kVerify};
  EXPECT_EQ(reason_of(close(ticket, TicketState::kEnded, nobody)), "role.missing");
  EXPECT_EQ(reason_of(office_.list({}, "{}", nobody, policy())), "role.missing");
}

TEST_F(Tickets, TheListIsByDayAndInPages) {
  answer(defer("H05"));
  answer(defer("H09"));
  answer(sign("H06"));
  TicketQuery query;
  query.limit = 2;
  const auto first = answer(office_.list(query, "{}", bureau(), policy()));
  EXPECT_EQ(text_of((*first.find("tickets")->items())[0], "material"), "H09");
  EXPECT_EQ(text_of((*first.find("tickets")->items())[1], "material"), "H05");
  query.from = parse_hex(text_of(first, "next_cursor")).value();
  const auto second = answer(office_.list(query, "{}", bureau(), policy()));
  ASSERT_EQ(second.find("tickets")->items()->size(), 1U);
  EXPECT_EQ(text_of((*second.find("tickets")->items())[0], "material"), "H06");
  EXPECT_EQ(second.find("next_cursor"), nullptr);
}

TEST_F(Tickets, TwoWhoCloseAtOnceAreOne) {
  const auto ticket = answer(defer("H05"));
  auto one = close(ticket, TicketState::kEnded);
  auto two = close(ticket, TicketState::kEnded);
  EXPECT_TRUE(perform(std::move(one)).ok());
  const auto late = perform(std::move(two));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason(), Reason::kStoreStale);
}

// Nothing of the person is in a ticket's rows, and the ground given is in no row at all.
TEST_F(Tickets, RowsHoldCodesAndDatesOnly) {
  const auto ticket = answer(defer("H05"));
  answer(close(ticket, TicketState::kEnded));
  const Bytes all = everything();
  EXPECT_EQ(all.find("测试事由"), Bytes::npos);
  EXPECT_EQ(all.find("HYG-1"), Bytes::npos);
}

TEST_F(Tickets, AReplayGivesTheTicketAsItIs) {
  const auto ticket = answer(defer("H05"));
  const Bytes recipe = last_recipe;
  answer(close(ticket, TicketState::kEnded));
  const auto again = answer(office_.replay(recipe, bureau(), policy()));
  EXPECT_EQ(text_of(again, "ticket"), text_of(ticket, "ticket"));
  EXPECT_EQ(text_of(again, "state"), "ended");
  EXPECT_EQ(reason_of(office_.replay(recipe, supervision(), policy())), "deferral.unknown");
}

TEST(TicketRequests, AreReadStrictly) {
  const auto digest = std::string(64, 'a');
  const auto read = [](std::string_view text) {
    return close_request_from_json(schemas::parse_json(text, 4096).value());
  };
  const std::string officer = R"("operator":{"id":"o","name":"测试人员"})";
  EXPECT_TRUE(read(R"({"outcome":"met","ground":"g",)" + officer + "}").ok());
  const std::vector<std::string> refused = {
      R"({"outcome":"perhaps","ground":"g",)" + officer + "}",
      R"({"ground":"g",)" + officer + "}",
      R"({"outcome":"met","ground":"",)" + officer + "}",
      R"({"outcome":"met","ground":"g"})",
      R"({"outcome":"met","ground":"g","document_sha256":"zz",)" + officer + "}",
      R"({"outcome":"met","ground":"g","more":1,)" + officer + "}"};
  for (const std::string& bad : refused) {
    EXPECT_FALSE(read(bad).ok()) << bad;
  }
  const auto query = [](std::string_view text) {
    return ticket_query_from_json(schemas::parse_json(text, 4096).value());
  };
  EXPECT_TRUE(query("{}").ok());
  EXPECT_EQ(query(R"({"cursor":"00"})").error().reason(), Reason::kCursorInvalid);
  EXPECT_FALSE(query(R"({"limit":0})").ok());
  EXPECT_FALSE(query(R"({"card":"blue"})").ok());
}

}  // namespace
}  // namespace lh
