// Predicates: yes, no or cannot tell, signed, and never the value.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_answer_kit.h"

namespace lh {
namespace {

using kits::AnswerHub;
using kits::text_of;

TEST(Predicate, AnswersYesAndNoOverWhatIsHeld) {
  AnswerHub hub;
  EXPECT_EQ(hub.told("M01", R"({"ask":"holds_valid"})"), "yes");
  EXPECT_EQ(
      hub.told("M01", R"({"ask":"field_equals","field":"enterprise_name","value":"测试企业1"})"),
      "yes");
  EXPECT_EQ(
      hub.told("M01", R"({"ask":"field_equals","field":"enterprise_name","value":"测试企业2"})"),
      "no");
  EXPECT_EQ(hub.told("M01",
                     R"({"ask":"field_before","field":"establishment_date","value":"2021-01-01"})"),
            "yes");
  EXPECT_EQ(
      hub.told("M01", R"({"ask":"field_after","field":"establishment_date","value":"2021-01-01"})"),
      "no");
  EXPECT_EQ(hub.told("M02", R"({"ask":"age_at_least","field":"resident_id","value":"18"})"), "yes");
  EXPECT_EQ(hub.told("M06", R"({"ask":"field_equals","field":"domicile","value":"测试路 ２号"})"),
            "yes");
  EXPECT_EQ(
      hub.told("M01", R"({"ask":"holds_valid","field":"enterprise_name","value":"测试企业1"})"),
      "yes");
}

TEST(Predicate, CannotTellSaysWhy) {
  AnswerHub hub;
  EXPECT_EQ(hub.told("M01", R"({"ask":"field_equals","field":"domicile","value":"x"})"),
            "cannot_tell field_absent");
  ASSERT_TRUE(hub.act(text_of(hub.health, "licence_id"), schemas::StatusAction::kRevoke).ok());
  EXPECT_EQ(hub.told("M03", R"({"ask":"holds_valid"})"), "no status.revoked");
  EXPECT_EQ(hub.told("M03", R"({"ask":"field_equals","field":"name","value":"测试人员2"})"),
            "cannot_tell status.revoked");
  auto other = AnswerHub::case_request("CASE-2");
  other.related = {{"employee", kits::test_person(7)}};
  hub.case_id = text_of(hub.open(other), "case_id");
  const auto as_case_2 = [&hub](std::string_view material) {
    std::string text = hub.body(material, R"({"ask":"holds_valid"})");
    text.replace(text.find("CASE-1"), 6, "CASE-2");
    const auto answer = hub.answer(hub.ask(text));
    return text_of(answer, "answer") + " " + text_of(answer, "because");
  };
  EXPECT_EQ(as_case_2("M03"), "cannot_tell not_held");
  EXPECT_EQ(as_case_2("M02"), "cannot_tell subject_not_named");
}

TEST(Predicate, OneOfSeveralLicencesWithTheValueIsEnough) {
  AnswerHub hub;
  for (const char* number : {"HC-901", "HC-902"}) {
    auto q = AnswerHub::health_request(2);
    q.fields[0].second = number;
    q.fields.emplace_back("occupation_category", std::string("类别") + number);
    hub.issue(q);
  }
  const auto with = [&hub](std::string_view category) {
    return hub.told("M03", R"({"ask":"holds_valid","field":"occupation_category","value":")" +
                               std::string(category) + "\"}");
  };
  EXPECT_EQ(with("类别HC-901"), "yes");
  EXPECT_EQ(with("类别 ＨＣ-902"), "yes");
  EXPECT_EQ(with("类别HC-903"), "no");
}

TEST(Predicate, SamePersonComparesTwoMaterialsOfTheCase) {
  AnswerHub hub;
  const char* ask = R"({"ask":"same_person","field":"legal_representative",)"
                    R"("other":{"material":"M02","field":"name"}})";
  EXPECT_EQ(hub.told("M01", ask), "no");  // 测试人员777 on the licence, 测试人员1 on the card
  // The other side is gated by itself.
  EXPECT_EQ(hub.told("M01", R"({"ask":"same_person","field":"legal_representative",)"
                            R"("other":{"material":"M02","field":"address"}})"),
            "rule.field_withheld");
  auto q = AnswerHub::business_request(5);
  q.fields[2].second = "测试人员1";
  hub.issue(q);
  auto other = AnswerHub::case_request("CASE-1-5");
  other.applicant = kits::test_company(5);
  hub.case_id = text_of(hub.open(other), "case_id");
  std::string text = hub.body("M01", ask);
  text.replace(text.find("CASE-1"), 6, "CASE-1-5");
  const auto answer = hub.answer(hub.ask(text));
  EXPECT_EQ(text_of(answer, "answer"), "yes");
  EXPECT_EQ(schemas::to_text(answer).find("测试人员1"), std::string::npos);
  EXPECT_EQ(hub.last_entry().subjects.size(), 2U);
}

TEST(Predicate, TheStatementIsSignedAndHoldsNoValue) {
  AnswerHub hub;
  ASSERT_EQ(
      hub.told("M01", R"({"ask":"field_equals","field":"enterprise_name","value":"测试企业1"})"),
      "yes");
  const auto jws = crypto::parse_jws(text_of(hub.last, "statement")).value();
  const auto* signer = hub.signers.find(kits::uscc_of(kits::kBureau));
  EXPECT_TRUE(
      verify_jws(jws, crypto::jose_name(signer->key.algorithm()), signer->key.public_key()).ok());
  EXPECT_NE(jws.header.find("predicate+jwt"), Bytes::npos);
  EXPECT_EQ(jws.payload.find("测试企业1"), Bytes::npos);
  EXPECT_EQ(jws.payload.find(kits::test_uscc(1).text()), Bytes::npos);
  const auto payload = schemas::parse_json(jws.payload, 10000).value();
  EXPECT_EQ(text_of(payload, "answer"), "yes");
  EXPECT_EQ(text_of(payload, "aud"), kits::kBureau);
  EXPECT_EQ(text_of(payload, "question_digest"),
            to_base64url(view(crypto::sha256(text_of(hub.last, "disclosure")))));
}

TEST(Predicate, TheEntrySaysWhatWasAskedAndNotTheValue) {
  AnswerHub hub;
  hub.told("M02", R"({"ask":"field_equals","field":"name","value":"测试人员1"})");
  const auto entry = hub.last_entry();
  EXPECT_EQ(entry.event, schemas::AuditEvent::kPredicateAnswered);
  EXPECT_EQ(entry.rule, "approval.food.identity_card");
  EXPECT_EQ(entry.object, kits::kIdentityCard);
  const auto box = hub::audit::open_box_a(entry, hub.keys).value();
  EXPECT_EQ(box.fields, std::vector<std::string>{"field_equals name"});
  EXPECT_EQ(hub.everything().find("测试人员1"), Bytes::npos);
}

TEST(Predicate, ModesOfTheRuleDecide) {
  AnswerHub hub;
  const char* name = R"({"ask":"field_equals","field":"name","value":"测试人员1"})";
  hub.change_rule("approval.food.identity_card",
                  [](auto& rule) { rule.mode = schemas::RuleMode::kPredicate; });
  EXPECT_EQ(hub.told("M02", name), "yes");
  EXPECT_EQ(hub.told("M02", R"({"ask":"field_equals","field":"address","value":"x"})"),
            "rule.field_withheld");
  hub.change_rule("approval.food.identity_card",
                  [](auto& rule) { rule.mode = schemas::RuleMode::kVerifyOnly; });
  EXPECT_EQ(hub.told("M02", name), "rule.field_withheld");
  EXPECT_EQ(hub.told("M02", R"({"ask":"holds_valid"})"), "rule.field_withheld");
  hub.change_rule("approval.food.identity_card",
                  [](auto& rule) { rule.effect = schemas::RuleEffect::kDeny; });
  EXPECT_EQ(hub.told("M02", name), "rule.denied");
}

TEST(Predicate, AValueCannotBeFoundByAsking) {
  AnswerHub hub;
  const auto name = [&hub](int i) {
    return hub.told("M02", R"({"ask":"field_equals","field":"name","value":"测试人员)" +
                               std::to_string(i) + "\"}");
  };
  for (int i = 2; i <= 5; ++i) EXPECT_EQ(name(i), "no");
  EXPECT_EQ(name(1), "yes");
  EXPECT_EQ(name(3), "no") << "a question asked before is not counted again";
  EXPECT_EQ(name(6), "http.too_many_requests");
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kRefused);
  EXPECT_EQ(hub.told("M02", R"({"ask":"field_equals","field":"resident_id","value":"x"})"), "no")
      << "each field is counted by itself";
  // By reference the same case is meant, and the same count.
  std::string text =
      hub.body("M02", R"({"ask":"field_equals","field":"name","value":"测试人员9"})");
  const auto from = text.find("\"case_id\""), to = text.find("\"purpose\"");
  text.replace(from, to - from, R"("reference":")" + AnswerHub::reference(hub.plan, "M02") + "\",");
  EXPECT_EQ(kits::reason_of(hub.ask(text)), "http.too_many_requests");
}

TEST(Predicate, ForeignCasesMaterialsAndPurposesAreRefused) {
  AnswerHub hub;
  const char* ask = R"({"ask":"holds_valid"})";
  const std::string good = hub.body("M01", ask);
  EXPECT_EQ(kits::reason_of(hub.ask_as(hub.supervision(), good)), "case.unknown");
  std::string text = good;
  text.replace(text.find(hub.case_id), hub.case_id.size(), std::string(hub.case_id.size(), '0'));
  EXPECT_EQ(kits::reason_of(hub.ask(text)), "case.unknown");
  EXPECT_EQ(hub.told("M99", ask), "material.unknown");
  EXPECT_EQ(hub.told("M04", ask), "licence_type.unknown");
  text = good;
  text.replace(text.find("CASE-1"), 6, "CASE-9");
  EXPECT_EQ(kits::reason_of(hub.ask(text)), "reference.purpose");
  EXPECT_EQ(kits::reason_of(hub.ask_as(hub.caller(kits::kBureau, {}), good)), "role.missing");
  text = good;
  text.replace(text.find("\"legal_basis\":\"law\","), 20, "");
  EXPECT_NE(kits::reason_of(hub.ask(text)), "done");
}

}  // namespace
}  // namespace lh
