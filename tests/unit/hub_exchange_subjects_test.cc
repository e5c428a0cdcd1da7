// Base data in and out: purpose-bound, by rule, unknown and forbidden told apart only where a rule
// allows to ask.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using kits::CaseHub;
using kits::text_of;

SubjectUpsert upsert(int company, std::string name = "测试企业") {
  return {kits::test_company(company),
          "legal_entity",
          {{"uscc", kits::test_uscc(company).text()}, {"name", std::move(name)}}};
}
SubjectQuery query(int company) {
  SubjectQuery q;
  q.id = kits::test_company(company);
  q.kind = "legal_entity";
  q.purpose = CaseHub::fetch_request("").purpose;
  return q;
}

struct Subjects {
  Result<hub::access::Prepared> put(const SubjectUpsert& u) {
    return hub.people->upsert(u, {hub.bureau(), *hub.catalogue.policy(), "{}"});
  }
  Result<hub::access::Prepared> get(const SubjectQuery& q) {
    return hub.people->query(q, {hub.bureau(), *hub.catalogue.policy(), "{}"});
  }
  CaseHub hub;
};

TEST(Subjects, NewChangedSameAndReadBack) {
  Subjects s;
  EXPECT_EQ(text_of(s.hub.answer(s.put(upsert(9, "一"))), "outcome"), "new");
  EXPECT_EQ(text_of(s.hub.answer(s.put(upsert(9, "一"))), "outcome"), "same");
  EXPECT_EQ(text_of(s.hub.answer(s.put(upsert(9, "二"))), "outcome"), "changed");
  const auto answer = s.hub.answer(s.get(query(9)));
  EXPECT_EQ(text_of(*answer.find("fields"), "name"), "二");
  EXPECT_EQ(s.hub.last_entry().event, schemas::AuditEvent::kSubjectRead);
  EXPECT_EQ(s.hub.last_entry().subjects.size(), 1U);
}

TEST(Subjects, AskedFieldsOnlyAndWithheldNamed) {
  Subjects s;
  s.hub.answer(s.put(upsert(9)));
  auto q = query(9);
  q.fields = {"uscc", "no_such_field"};
  const auto answer = s.hub.answer(s.get(q));
  EXPECT_EQ(answer.find("fields")->members()->size(), 1U);
  EXPECT_EQ(answer.find("withheld")->items()->size(), 1U);
}

TEST(Subjects, RefusalsOfReading) {
  Subjects s;
  EXPECT_EQ(kits::reason_of(s.get(query(99))), "subject.unknown");
  auto q = query(1);
  q.purpose.matter = "harvest";
  EXPECT_EQ(kits::reason_of(s.get(q)), "purpose.not_registered");
  q = query(1);
  q.kind = "unheard of";
  EXPECT_EQ(kits::reason_of(s.get(q)), "licence_type.unknown");
  q.kind = "natural_person";  // no rule for it, whether it is known or not
  EXPECT_EQ(kits::reason_of(s.get(q)), "rule.none");
}

TEST(Subjects, RefusalsOfWriting) {
  Subjects s;
  const auto& policy = *s.hub.catalogue.policy();
  EXPECT_EQ(kits::reason_of(s.hub.people->upsert(upsert(9), {s.hub.supervision(), policy, ""})),
            "role.missing");
  auto u = upsert(9);
  u.kind = "natural_person";
  EXPECT_EQ(kits::reason_of(s.put(u)), "id.unknown_scheme");
  u = upsert(9);
  u.fields = {{"colour", "red"}};
  EXPECT_EQ(kits::reason_of(s.put(u)), "licence.field");
  u.kind = "测试人员1";
  auto prepared = s.put(u);
  EXPECT_EQ(kits::reason_of(prepared), "licence_type.unknown");
  EXPECT_TRUE(std::get<hub::access::Refused>(*prepared).facts.object.empty());
}

TEST(Subjects, ReplayOfAWriteGivesTheFirstOutcome) {
  Subjects s;
  const auto first = s.hub.perform(s.put(upsert(9))).value();
  const Bytes recipe = s.hub.last_recipe;
  const auto again =
      s.hub.perform(s.hub.people->replay(recipe, s.hub.bureau(), *s.hub.catalogue.policy()));
  EXPECT_EQ(again.value(), first);
}

TEST(SubjectRequests, AreReadStrictly) {
  const auto id = kits::test_uscc(1).text();
  const auto put = [](std::string_view text) {
    const auto r = subject_upsert_from_json(schemas::parse_json(text, 1U << 20U).value());
    return r.ok() ? std::string("ok") : std::string(r.error().id());
  };
  const std::string head = R"({"scheme":"uscc","id":")" + id + R"(","kind":"legal_entity",)";
  EXPECT_EQ(put(head + R"("fields":{"name":"x"}})"), "ok");
  EXPECT_EQ(put(head + R"("fields":[]})"), "json.wrong_type");
  EXPECT_EQ(put(head + R"("fields":{},"more":1})"), "json.unknown_member");
  EXPECT_EQ(put(R"({"scheme":"uscc","id":"x","kind":"k","fields":{}})"), "id.format");
  EXPECT_EQ(put(R"({"scheme":"x","id":"x","kind":"k","fields":{}})"), "id.unknown_scheme");
  const auto get = [](std::string_view text) {
    const auto r = subject_query_from_json(schemas::parse_json(text, 1U << 20U).value());
    return r.ok() ? std::string("ok") : std::string(r.error().id());
  };
  EXPECT_EQ(get(head.substr(0, head.size() - 1) + "}"), "json.missing_member");
  const std::string purpose =
      R"("purpose":{"matter":"m","case_number":"c","cause":"x","legal_basis":"l","operator":)"
      R"({"id":"o","name":"n"},"channel":"counter"})";
  EXPECT_EQ(get(head + purpose + "}"), "ok");
  EXPECT_EQ(get(head + purpose + R"(,"fields":[]})"), "json.value");
  EXPECT_EQ(get(head + purpose + R"(,"fields":[1]})"), "json.wrong_type");
}

}  // namespace
}  // namespace lh
