// A material of a matter: what may take its place, and what must not.
#include <gtest/gtest.h>

#include "schemas/catalogue.h"

namespace lh::schemas {
namespace {

Json names(const char* chinese) {
  return Json::object().set("chinese", chinese).set("english", "text");
}

Json deferral() {
  Json j = Json::object();
  j.set("days", 20).set("count", "working").set("legal_basis", "容缺受理清单");
  j.set("remind_before", Json::array().push(5).push(1)).set("consequence", names("退件"));
  return j;
}

Json commitment() {
  Json j = Json::object();
  j.set("text", names("本人承诺")).set("days", 60).set("count", "calendar");
  j.set("breach_days", 365).set("legal_basis", "告知承诺制").set("consequence", names("撤销许可"));
  return j;
}

Json material() {
  Json j = Json::object();
  j.set("code", "M01").set("names", names("营业执照")).set("source", "licence");
  j.set("licence_type", "11990100MB99000131001")
      .set("legal_basis", "法")
      .set("subject", "applicant");
  return j;
}

Result<Matter> read(Json m) {
  auto matter = matter_to_json(shipped_matters().front());
  matter.set("materials", Json::array().push(std::move(m)));
  return matter_from_json(matter);
}

std::string refusal(Json m) {
  const auto matter = read(std::move(m));
  return matter.ok() ? "accepted" : std::string(matter.error().id());
}

TEST(Material, MakesTheRoundWithAllItMaySay) {
  Json m = material();
  m.set("yes_no_suffices", true).set("proof", "P-001").set("max_age_days", 90);
  m.set("trust", "issuer_signed").set("deferral", deferral()).set("commitment", commitment());
  const auto matter = read(m);
  ASSERT_TRUE(matter.ok()) << matter.error().describe();
  const Material& read_back = matter->materials.front();
  EXPECT_EQ(read_back.trust, Trust::kIssuerSigned);
  EXPECT_EQ(read_back.max_age_days, 90);
  EXPECT_EQ(read_back.deferral->remind_before, (std::vector<int>{5, 1}));
  EXPECT_EQ(read_back.commitment->check.count, DayCount::kCalendar);
  const auto json = matter_to_json(*matter);
  EXPECT_EQ(to_text(matter_to_json(matter_from_json(json).value())), to_text(json));
}

TEST(Material, RefusesWhatContradictsItself) {
  Json own = material();
  EXPECT_EQ(refusal(own.set("issued_by_asker", true).set("deferral", deferral())),
            "matter.invalid");
  Json nobody = Json::object();
  nobody.set("code", "M").set("names", names("证明")).set("source", "document");
  nobody.set("subject", "applicant").set("not_demandable", true).set("commitment", commitment());
  EXPECT_EQ(refusal(nobody), "matter.invalid");
  Json paper = Json::object();
  paper.set("code", "M").set("names", names("平面图")).set("source", "document");
  paper.set("subject", "applicant").set("legal_basis", "法").set("max_age_days", 5);
  EXPECT_EQ(refusal(paper), "json.value");
}

TEST(Material, EachPartIsReadStrictly) {
  const auto with = [](std::string name, Json value) {
    return refusal(material().set(std::move(name), std::move(value)));
  };
  EXPECT_EQ(with("trust", "blind"), "json.value");
  EXPECT_EQ(with("max_age_days", 0), "json.value");
  EXPECT_EQ(with("proof", "甲"), "json.value");
  EXPECT_EQ(with("deferral", deferral().set("days", 0)), "json.value");
  EXPECT_EQ(with("deferral", deferral().set("count", "moons")), "json.value");
  EXPECT_EQ(with("deferral", deferral().set("legal_basis", "")), "json.value");
  EXPECT_EQ(with("deferral", deferral().set("surprise", 1)), "json.unknown_member");
  EXPECT_EQ(with("deferral", deferral().set("remind_before", Json::array().push(1).push(5))),
            "json.value");
  EXPECT_EQ(with("commitment", commitment().set("breach_days", -1)), "json.value");
  Json silent = commitment();
  silent.set("text", Json::object().set("chinese", "").set("english", "x"));
  EXPECT_EQ(with("commitment", silent), "json.value");
}

TEST(PlanRulesJson, IsReadStrictly) {
  const auto rule = [](const char* id) {
    Json j = Json::object();
    return j.set("id", id)
        .set("when", Json::array())
        .set("state", "held")
        .set("names", names("甲"));
  };
  const auto file = [&](Json::Array rules) {
    return Json::object().set("version", 1).set("rules", Json(std::move(rules)));
  };
  EXPECT_TRUE(plan_rules_from_json(file({rule("plan.a"), rule("plan.b")})).ok());
  EXPECT_FALSE(plan_rules_from_json(file({rule("plan.a"), rule("plan.a")})).ok());
  EXPECT_FALSE(plan_rules_from_json(file({rule("held")})).ok());
  EXPECT_FALSE(plan_rules_from_json(file({})).ok());
  EXPECT_FALSE(plan_rules_from_json(file({rule("plan.a").set("x", 1)})).ok());
  EXPECT_GE(shipped_plan_rules().rules.size(), 20U);
}

}  // namespace
}  // namespace lh::schemas
