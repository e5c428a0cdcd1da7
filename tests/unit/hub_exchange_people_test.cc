// Acts on who is who and on flags, over a hub in memory: every subject touched is named, refusals
// have their reasons, and what both of a merge hold is found by either.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using hub::exchange::Asking;
using hub::exchange::SubjectQuery;
using kits::CaseHub;
using kits::reason_of;
using kits::text_of;

using Decision = hub::exchange::IdentityDecision::Decision;

struct People {
  Asking as(const hub::access::Caller& caller) { return {caller, *policy, "{}"}; }
  Asking writer() { return as(bureau); }
  std::string_view put(int company, std::string name, std::optional<LocalDate> from = {}) {
    outcome = text_of(hub.answer(hub.people->upsert(
                          {kits::test_company(company),
                           "legal_entity",
                           {{"uscc", kits::test_uscc(company).text()}, {"name", std::move(name)}},
                           from},
                          writer())),
                      "outcome");
    return outcome;
  }
  SubjectQuery query(int company) {
    SubjectQuery q;
    q.id = kits::test_company(company);
    q.kind = "legal_entity";
    q.purpose = CaseHub::fetch_request("").purpose;
    return q;
  }
  schemas::Json ask(const SubjectQuery& q) { return hub.answer(hub.people->query(q, writer())); }
  std::string name_of(int company) { return text_of(*ask(query(company)).find("fields"), "name"); }
  hub::exchange::MergeRequest tie(int from, int into) {
    return {kits::test_company(from), kits::test_company(into), "重复登记", CaseHub::officer()};
  }
  // Another system of the bureau, and another officer.
  hub::access::Caller second(std::set<hub::access::Role> roles = {
                                 hub::access::Role::kSubjectsWrite}) const {
    return hub.caller(kits::kBureau, std::move(roles), 7);
  }
  static hub::exchange::IdentityDecision decision(const std::string& change,
                                                  hub::exchange::MergeRequest tie,
                                                  Decision decision = Decision::kConfirm) {
    tie.officer.id = "officer-second";
    return {ChangeId::parse(change).value(), decision, std::move(tie)};
  }
  std::string propose(const hub::exchange::MergeRequest& q) {
    return text_of(hub.answer(hub.people->merge(q, writer())), "change_id");
  }
  Result<hub::access::Prepared> decide(const hub::exchange::IdentityDecision& q,
                                       const hub::access::Caller& who) {
    return hub.people->decide(q, as(who));
  }
  void join(int from, int into) {
    hub.answer(decide(decision(propose(tie(from, into)), tie(from, into)), second()));
  }
  void part(int from, int into) {
    const auto change =
        text_of(hub.answer(hub.people->split(tie(from, into), writer())), "change_id");
    hub.answer(decide(decision(change, tie(from, into)), second()));
  }
  hub::exchange::FlagRequest flag(int company) {
    return {kits::test_company(company), "abnormal_operation",
            "测试条例 第一条",           "未公示",
            local_date(hub.clock.now()), {},
            CaseHub::officer()};
  }
  CaseHub hub;
  hub::access::Caller bureau = hub.bureau();
  hub::access::Caller supervision = hub.supervision();
  std::shared_ptr<const hub::access::Policy> policy = hub.catalogue.policy();
  std::string outcome;
};

TEST(People, EveryWriteNeedsItsRole) {
  People p;
  p.put(5, "五");
  const auto nobody = p.as(p.supervision);
  EXPECT_EQ(reason_of(p.hub.people->merge(p.tie(5, 1), nobody)), "role.missing");
  EXPECT_EQ(reason_of(p.hub.people->split(p.tie(5, 1), nobody)), "role.missing");
  EXPECT_EQ(reason_of(p.hub.people->put_flag(p.flag(5), nobody)), "role.missing");
  EXPECT_EQ(reason_of(p.hub.people->end_flag({p.flag(5).id, "x", "y", {}, {}}, nobody)),
            "role.missing");
  EXPECT_EQ(reason_of(p.hub.people->add_alias({p.flag(5).id, p.flag(5).id, "g", {}}, nobody)),
            "role.missing");
  EXPECT_EQ(
      reason_of(p.hub.people->correct({p.flag(5).id, "legal_entity", {}, 1, "g", {}}, nobody)),
      "role.missing");
}

TEST(People, AMergeNamesBothAndJoinsWhatBothHold) {
  People p;
  p.put(5, "五");  // company 1 holds a business licence
  auto before = p.hub.case_request("CASE-5");
  before.applicant = kits::test_company(5);
  EXPECT_EQ(p.hub.state(p.hub.open(before), "M01").substr(0, 8), "required");
  p.join(1, 5);
  EXPECT_EQ(p.hub.last_entry().event, schemas::AuditEvent::kSubjectMerged);
  EXPECT_EQ(p.hub.last_entry().subjects.size(), 2U);
  EXPECT_EQ(p.name_of(1), "五");
  EXPECT_EQ(p.hub.last_entry().subjects.size(), 2U) << "a read of what two hold";
  const auto plan = p.hub.open(before);
  EXPECT_EQ(p.hub.state(plan, "M01").substr(0, 4), "held");
  const auto fetched = p.hub.fetch(CaseHub::fetch_request(p.hub.reference(plan, "M01"), "CASE-5"));
  EXPECT_EQ(text_of(*fetched.find("fields"), "enterprise_name"), "测试企业1");
  EXPECT_EQ(p.hub.last_entry().subjects.size(), 2U);
  // A case that was opened for the one who is no longer a subject of its own is still its case.
  auto own = p.hub.case_request("CASE-6");
  EXPECT_EQ(p.hub.state(p.hub.open(own), "M01").substr(0, 4), "held");
  p.part(1, 5);
  EXPECT_EQ(p.name_of(1), "测试企业1");
  EXPECT_EQ(p.hub.state(p.hub.open(before), "M01").substr(0, 8), "required");
}

TEST(People, AProposalChangesNothingUntilASecondPersonConfirms) {
  People p;
  p.put(5, "五");
  const auto change = p.propose(p.tie(1, 5));
  EXPECT_EQ(p.hub.last_entry().event, schemas::AuditEvent::kSubjectMerged);
  EXPECT_EQ(p.hub.last_entry().purpose, "proposed");
  EXPECT_EQ(p.hub.last_entry().subjects.size(), 2U);
  EXPECT_EQ(p.name_of(1), "测试企业1") << "still two";
  const auto good = People::decision(change, p.tie(1, 5));
  EXPECT_EQ(reason_of(p.decide(good, p.bureau)), "change.same_administrator");
  auto same_officer = good;
  same_officer.tie.officer = CaseHub::officer();
  EXPECT_EQ(reason_of(p.decide(same_officer, p.second())), "change.same_administrator")
      << "another system in the same hands";
  EXPECT_EQ(reason_of(p.decide(good, p.second({hub::access::Role::kFetch}))), "role.missing");
  const auto other = p.hub.caller(kits::kSupervision, {hub::access::Role::kSubjectsWrite}, 7);
  EXPECT_EQ(reason_of(p.decide(good, other)), "change.unknown") << "as one that does not exist";
  EXPECT_EQ(reason_of(p.decide(People::decision(ChangeId{}.text(), p.tie(1, 5)), p.second())),
            "change.unknown");
  p.put(6, "六");
  for (const auto& [from, into] : {std::pair{1, 6}, {6, 5}, {5, 1}}) {
    EXPECT_EQ(reason_of(p.decide(People::decision(change, p.tie(from, into)), p.second())),
              "subject.merge_invalid")
        << "not the two that were proposed";
  }
  EXPECT_EQ(p.name_of(1), "测试企业1");
  p.hub.answer(p.decide(good, p.second({hub::access::Role::kApprove})));
  EXPECT_EQ(p.hub.last_entry().purpose, "confirmed");
  EXPECT_EQ(p.name_of(1), "五");
  EXPECT_EQ(reason_of(p.decide(good, p.second())), "change.state");
}

TEST(People, AProposalIsRejectedByOthersAndWithdrawnByItsAuthor) {
  People p;
  p.put(5, "五");
  for (const bool own : {true, false}) {
    const auto change = p.propose(p.tie(1, 5));
    const auto no = People::decision(change, p.tie(1, 5), Decision::kReject);
    const auto answer = p.hub.answer(p.decide(no, own ? p.bureau : p.second()));
    EXPECT_EQ(text_of(answer, "outcome"), own ? "withdrawn" : "rejected");
    EXPECT_EQ(reason_of(p.decide(People::decision(change, p.tie(1, 5)), p.second())),
              "change.state");
  }
  EXPECT_EQ(p.name_of(1), "测试企业1");
}

TEST(People, AProposalThatIsOutOfDateIsRefusedAndOneOfTwoDeciders) {
  People p;
  p.put(5, "五");
  p.put(6, "六");
  const auto first = p.propose(p.tie(1, 5));
  const auto second = p.propose(p.tie(1, 6));
  const auto good = People::decision(first, p.tie(1, 5));
  auto one = p.decide(good, p.second());
  auto two = p.decide(People::decision(first, p.tie(1, 5), Decision::kReject), p.second());
  EXPECT_TRUE(p.hub.perform(std::move(one)).ok());
  EXPECT_EQ(p.hub.perform(std::move(two)).error().reason(), Reason::kStoreStale);
  EXPECT_EQ(reason_of(p.decide(People::decision(second, p.tie(1, 6)), p.second())),
            "subject.merged")
      << "1 is merged by now";
}

TEST(People, PersonsAndEntitiesAreNeverOne) {
  People p;
  hub::exchange::MergeRequest q{kits::test_person(1), kits::test_company(1), "g", {}};
  EXPECT_EQ(reason_of(p.hub.people->merge(q, p.writer())), "subject.merge_invalid");
  EXPECT_EQ(reason_of(p.hub.people->add_alias(
                {kits::test_company(1), kits::test_person(9), "g", {}}, p.writer())),
            "id.unknown_scheme");
  q = p.tie(77, 1);
  EXPECT_EQ(reason_of(p.hub.people->merge(q, p.writer())), "subject.unknown");
}

TEST(People, ACorrectionCountsTheReadsOfWhatWasWrong) {
  People p;
  p.put(5, "五");
  for (int i = 0; i < 3; ++i) p.name_of(5);
  EXPECT_EQ(reason_of(p.hub.people->query(
                [&] {
                  auto q = p.query(5);
                  q.purpose.matter = "harvest";
                  return q;
                }(),
                p.writer())),
            "purpose.not_registered");  // a refusal is no access
  const schemas::Fields right{{"uscc", kits::test_uscc(5).text()}, {"name", "伍"}};
  const auto answer = p.hub.answer(p.hub.people->correct(
      {kits::test_company(5), "legal_entity", right, 1, "登记错误", CaseHub::officer()},
      p.writer()));
  EXPECT_EQ(*answer.find("accesses")->integer(), 3);
  EXPECT_EQ(*answer.find("version")->integer(), 2);
  EXPECT_EQ(p.hub.last_entry().event, schemas::AuditEvent::kSubjectCorrected);
  EXPECT_EQ(p.name_of(5), "伍");
  EXPECT_EQ(reason_of(p.hub.people->correct(
                {kits::test_company(5), "legal_entity", right, 9, "g", {}}, p.writer())),
            "json.value");
}

TEST(People, FlagsAreGivenWithEveryReadAndFetchWhateverTheRule) {
  People p;
  p.put(1, "测试企业1");
  auto bare = p.flag(1);
  bare.legal_basis.clear();
  EXPECT_EQ(reason_of(p.hub.people->put_flag(bare, p.writer())), "flag.invalid");
  bare = p.flag(1);
  bare.kind = "favourite";
  EXPECT_EQ(reason_of(p.hub.people->put_flag(bare, p.writer())), "flag.unknown");
  bare = p.flag(1);
  bare.id = kits::test_person(1);
  EXPECT_EQ(reason_of(p.hub.people->put_flag(bare, p.writer())), "flag.invalid");
  EXPECT_TRUE(p.ask(p.query(1)).find("flags")->items()->empty());
  p.hub.answer(p.hub.people->put_flag(p.flag(1), p.writer()));
  EXPECT_EQ(p.hub.last_entry().event, schemas::AuditEvent::kSubjectFlagged);
  auto narrow = p.query(1);
  narrow.fields = {"uscc"};
  const auto read = p.ask(narrow);
  ASSERT_EQ(read.find("flags")->items()->size(), 1U);
  EXPECT_EQ(text_of(read.find("flags")->items()->front(), "legal_basis"), "测试条例 第一条");
  p.hub.answer(p.hub.people->end_flag(
      {kits::test_company(1), "abnormal_operation", "信用修复", {}, {}}, p.writer()));
  EXPECT_TRUE(p.ask(p.query(1)).find("flags")->items()->empty());
}

TEST(People, HistoryShowsReleasedFieldsOnly) {
  People p;
  p.put(5, "一", parse_date("2025-01-01").value());
  p.put(5, "二", parse_date("2025-06-01").value());
  auto q = p.query(5);
  q.fields = {"uscc"};
  q.history = SubjectQuery::History::kAsked;
  const auto answer = p.ask(q);
  ASSERT_EQ(answer.find("history")->items()->size(), 2U);
  const auto text = schemas::to_text(answer);
  EXPECT_EQ(text.find("二"), std::string::npos) << "a withheld value left by its history";
  q.fields = {"name"};
  EXPECT_EQ(text_of(*p.ask(q).find("history")->items()->front().find("changed"), "name"), "二");
}

TEST(People, ReplayOfEveryWriteGivesTheSameAnswerAndAsksForTheRoleAgain) {
  People p;
  p.put(5, "五");
  const auto merged = p.hub.perform(p.hub.people->merge(p.tie(1, 5), p.writer())).value();
  const Bytes recipe = p.hub.last_recipe;
  EXPECT_EQ(p.hub.perform(p.hub.people->replay(recipe, p.bureau, *p.policy)).value(), merged);
  EXPECT_EQ(reason_of(p.hub.people->replay(recipe, p.supervision, *p.policy)), "role.missing");
  // Of the first version of the hub, kept for 72 hours.
  EXPECT_EQ(p.hub.perform(p.hub.people->replay("ES{\"a\":1}", p.bureau, *p.policy)).value(),
            "{\"a\":1}");
}

}  // namespace
}  // namespace lh
