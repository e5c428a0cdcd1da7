// Licence types, base kinds, matters and sharing rules: each good file is taken, and each single
// wrong change of it is refused by name.
#include <gtest/gtest.h>

#include "schemas/catalogue.h"
#include "schemas/sample_parties.h"

namespace lh::schemas {
namespace {

Json shipped_type() {
  return licence_type_to_json(shipped_licence_types().front());
}
Json shipped_matter() {
  return matter_to_json(shipped_matters().front());
}
Json shipped_rule() {
  return sharing_rule_to_json(shipped_sharing_rules().front());
}

Json without(Json j, std::string_view name) {
  auto& members = *j.members();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].first == name) members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return j;
}

Json with(Json j, std::string name, Json value) {
  return j.set(std::move(name), std::move(value));
}

template <class T>
std::string refusal(const Result<T>& r) {
  return r.ok() ? "accepted" : std::string(r.error().id());
}

// ---- every member is needed, none may be added -------------------------------------------------

template <class Read>
void needs_every_member(const Json& good, Read read, const std::vector<std::string>& needed) {
  ASSERT_TRUE(read(good).ok());
  for (const std::string& name : needed) {
    ASSERT_NE(good.find(name), nullptr) << name;
    EXPECT_NE(refusal(read(without(good, name))), "accepted") << name;
  }
  EXPECT_EQ(refusal(read(with(good, "surprise", 1))), "json.unknown_member");
  EXPECT_EQ(refusal(read(Json::array())), "json.wrong_type");
}

TEST(Catalogue, NothingThatDecidesHasADefault) {
  needs_every_member(shipped_type(), licence_type_from_json,
                     {"code", "version", "effective", "names", "defining_authority", "holder",
                      "sharing", "number_field", "fields"});
  needs_every_member(shipped_matter(), matter_from_json,
                     {"code", "version", "effective", "names", "implementing_body", "division",
                      "legal_basis", "materials"});
  needs_every_member(shipped_rule(), sharing_rule_from_json,
                     {"id", "version", "effective", "effect", "mode", "callers", "divisions",
                      "matter", "object", "fields", "legal_basis"});
  needs_every_member(base_kind_to_json(shipped_base_kinds().front()), base_kind_from_json,
                     {"id", "version", "names", "fields"});
}

// ---- licence types ---------------------------------------------------------------------------

TEST(LicenceTypeJson, RefusesEachWrongMember) {
  const Json good = shipped_type();
  const auto reason = [&](std::string name, Json value) {
    return refusal(licence_type_from_json(with(good, std::move(name), std::move(value))));
  };
  EXPECT_EQ(reason("code", "11990100MB99000132001"), "id.check_digit");
  EXPECT_EQ(reason("code", "short"), "id.format");
  EXPECT_EQ(reason("code", "11990100MB9900021U001"), "licence_type.invalid");  // not its own body's
  EXPECT_EQ(reason("defining_authority", sample::kMarketSupervision), "licence_type.invalid");
  EXPECT_EQ(reason("number_field", "nothing"), "licence_type.invalid");
  EXPECT_EQ(reason("holder", "anyone"), "json.value");
  EXPECT_EQ(reason("sharing", "maybe"), "json.value");
  EXPECT_EQ(reason("validity_years", 0), "json.value");
  EXPECT_EQ(reason("validity_years", 1.5), "json.wrong_type");
  EXPECT_EQ(reason("version", 0), "json.value");
  EXPECT_EQ(reason("version", 1000), "json.value");
  EXPECT_EQ(reason("fields", Json::array()), "json.value");
  EXPECT_EQ(reason("names", Json::object().set("chinese", "证")), "json.missing_member");
  EXPECT_EQ(reason("names", Json::object().set("chinese", "证").set("english", "")), "json.value");
}

TEST(LicenceTypeJson, ReadsTheInterval) {
  const auto at = [](Json effective) {
    return licence_type_from_json(with(shipped_type(), "effective", std::move(effective)));
  };
  const auto t = at(Json::object().set("from", "2026-01-01").set("until", "2026-12-31")).value();
  EXPECT_FALSE(t.effective.covers(parse_date("2025-12-31").value()));
  EXPECT_TRUE(t.effective.covers(parse_date("2026-01-01").value()));
  EXPECT_TRUE(t.effective.covers(parse_date("2026-12-31").value()));  // both ends inclusive
  EXPECT_FALSE(t.effective.covers(parse_date("2027-01-01").value()));
  EXPECT_TRUE(at(Json::object().set("from", "2026-01-01"))
                  .value()
                  .effective.covers(parse_date("2999-01-01").value()));
  EXPECT_EQ(refusal(at(Json::object().set("from", "2026-02-30"))), "date.format");
  EXPECT_EQ(refusal(at(Json::object().set("from", "2026-01-02").set("until", "2026-01-01"))),
            "json.value");
  EXPECT_EQ(refusal(at(Json::object().set("until", "2026-01-01"))), "json.missing_member");
}

TEST(BaseKindJson, KnowsThreeKinds) {
  const Json good = base_kind_to_json(shipped_base_kinds().front());
  EXPECT_EQ(refusal(base_kind_from_json(with(good, "id", "vehicle"))), "json.value");
}

// ---- matters ---------------------------------------------------------------------------------

Json material(std::string_view source) {
  Json m = Json::object();
  m.set("code", "M1").set("names", Json::object().set("chinese", "平面图").set("english", "Plan"));
  m.set("source", source).set("legal_basis", "某办法第一条").set("subject", "applicant");
  return m;
}

std::string with_materials(std::vector<Json> materials) {
  return refusal(matter_from_json(with(shipped_matter(), "materials", Json(std::move(materials)))));
}

TEST(MatterJson, DemandsNothingWithoutALegalBasis) {
  EXPECT_EQ(with_materials({material("document")}), "accepted");
  EXPECT_EQ(with_materials({without(material("document"), "legal_basis")}),
            "matter.material_without_basis");
  EXPECT_EQ(with_materials({with(material("document"), "legal_basis", "")}),
            "matter.material_without_basis");
  EXPECT_EQ(
      with_materials({with(without(material("document"), "legal_basis"), "not_demandable", false)}),
      "matter.material_without_basis");
  EXPECT_EQ(with_materials({with(material("document"), "not_demandable", true)}), "matter.invalid");
}

TEST(MatterJson, KeepsAnOldDemandReadableWhenItSaysSo) {
  const Json old = with(without(material("document"), "legal_basis"), "not_demandable", true);
  const auto m = matter_from_json(with(shipped_matter(), "materials", Json::array().push(old)));
  ASSERT_TRUE(m.ok()) << m.error().describe();
  EXPECT_TRUE(m->materials.front().legal_basis.empty());
  EXPECT_EQ(to_text(*matter_to_json(*m).find("materials")),
            R"([{"code":"M1","names":{"chinese":"平面图","english":"Plan"},"source":"document",)"
            R"("not_demandable":true,"subject":"applicant"}])");
}

TEST(MatterJson, RefusesOpenEndedDemands) {
  for (const char* name : {"其他材料", "其它资料", "法律法规规定的其他材料", "有关材料", "相关证明",
                           "与许可有关的相关文件", "营业执照等", "身份证明等材料"}) {
    Json names = Json::object().set("chinese", name).set("english", "Papers");
    EXPECT_EQ(with_materials({with(material("document"), "names", names)}), "matter.invalid")
        << name;
  }
  Json names = Json::object().set("chinese", "文书").set("english", "Any Other Documents");
  EXPECT_EQ(with_materials({with(material("document"), "names", names)}), "matter.invalid");
  names = Json::object().set("chinese", "相关场所布局平面图").set("english", "Plan of the place");
  EXPECT_EQ(with_materials({with(material("document"), "names", names)}), "accepted");
}

TEST(MatterJson, SourceAndItsObjectGoTogether) {
  const Json licence = with(material("licence"), "licence_type", sample::kIdentityCard);
  EXPECT_EQ(with_materials({licence}), "accepted");
  EXPECT_EQ(with_materials({material("licence")}), "matter.invalid");
  EXPECT_EQ(with_materials({with(material("document"), "licence_type", sample::kIdentityCard)}),
            "matter.invalid");
  EXPECT_EQ(with_materials({with(material("licence"), "licence_type", "x")}), "id.format");
  EXPECT_EQ(with_materials({with(material("base_data"), "base_kind", "legal_entity")}), "accepted");
  EXPECT_EQ(with_materials({material("base_data")}), "matter.invalid");
  EXPECT_EQ(with_materials({with(material("base_data"), "base_kind", "vehicle")}),
            "matter.invalid");
  EXPECT_EQ(with_materials({with(material("document"), "base_kind", "vehicle")}), "matter.invalid");
  EXPECT_EQ(with_materials({with(licence, "base_kind", "legal_entity")}), "matter.invalid");
  EXPECT_EQ(with_materials({material("web")}), "json.value");
}

TEST(MatterJson, RefusesWrongMaterials) {
  EXPECT_EQ(with_materials({material("document"), material("document")}), "matter.invalid");
  EXPECT_EQ(with_materials({with(material("document"), "subject", "neighbour")}), "json.value");
  EXPECT_EQ(with_materials({with(material("document"), "code", "a b")}), "json.value");
  EXPECT_EQ(with_materials({with(material("document"), "copies", 3)}), "json.unknown_member");
  EXPECT_EQ(with_materials({Json(1)}), "json.wrong_type");
  EXPECT_EQ(with_materials(std::vector<Json>(201, Json(1))), "matter.invalid");
  EXPECT_EQ(with_materials({}), "accepted");  // a matter may ask for nothing
}

TEST(MatterJson, RefusesWrongMembers) {
  const auto reason = [](std::string name, Json value) {
    return refusal(matter_from_json(with(shipped_matter(), std::move(name), std::move(value))));
  };
  EXPECT_EQ(reason("code", std::string(37, '1')), "json.value");
  EXPECT_EQ(reason("code", "食品"), "json.value");
  EXPECT_EQ(reason("division", "99"), "id.format");
  EXPECT_EQ(reason("implementing_body", "11990100MB99000132"), "id.check_digit");
  EXPECT_EQ(reason("legal_basis", ""), "json.value");
  EXPECT_EQ(reason("result_type", "x"), "id.format");
}

// ---- sharing rules ---------------------------------------------------------------------------

TEST(SharingRuleJson, RefusesEachWrongMember) {
  const auto reason = [](std::string name, Json value) {
    return refusal(sharing_rule_from_json(with(shipped_rule(), std::move(name), std::move(value))));
  };
  const auto texts = [](const char* t) { return Json::array().push(t); };
  EXPECT_EQ(reason("id", "Rule 1"), "json.value");
  EXPECT_EQ(reason("effect", "perhaps"), "json.value");
  EXPECT_EQ(reason("mode", "all"), "json.value");
  EXPECT_EQ(reason("callers", Json::array()), "rule.invalid");
  EXPECT_EQ(reason("callers", texts("11990100MB99000132")), "id.check_digit");
  EXPECT_EQ(reason("callers", "*"), "json.wrong_type");
  EXPECT_EQ(reason("divisions", Json::array()), "rule.invalid");
  EXPECT_EQ(reason("divisions", texts("99")), "id.format");
  EXPECT_EQ(reason("object", "vehicle"), "id.format");
  EXPECT_EQ(reason("fields", Json::array()), "rule.invalid");
  EXPECT_EQ(reason("fields", Json::array().push("a").push("a")), "json.value");
  EXPECT_EQ(reason("legal_basis", ""), "rule.invalid");
  EXPECT_EQ(reason("consent_needed", "no"), "json.wrong_type");
  EXPECT_EQ(reason("object", "legal_entity"), "accepted");
  EXPECT_EQ(reason("divisions", texts("*")), "accepted");
}

TEST(SharingRuleJson, OnlyVerifyOnlyNamesNoField) {
  Json rule = with(without(shipped_rule(), "fields"), "mode", "verify_only");
  ASSERT_TRUE(sharing_rule_from_json(rule).ok());
  EXPECT_EQ(sharing_rule_from_json(rule)->mode, RuleMode::kVerifyOnly);
  EXPECT_EQ(refusal(sharing_rule_from_json(with(rule, "mode", "predicate"))), "rule.invalid");
}

TEST(SharingRuleJson, KeepsEffectModeAndConsent) {
  Json rule = with(with(shipped_rule(), "effect", "deny"), "mode", "predicate");
  rule.set("consent_needed", true).set("roles", Json::array().push("approver"));
  const auto r = sharing_rule_from_json(rule).value();
  EXPECT_EQ(r.effect, RuleEffect::kDeny);
  EXPECT_EQ(r.mode, RuleMode::kPredicate);
  EXPECT_TRUE(r.consent_needed);
  EXPECT_EQ(r.roles, std::vector<std::string>{"approver"});
  EXPECT_EQ(to_text(sharing_rule_to_json(sharing_rule_from_json(sharing_rule_to_json(r)).value())),
            to_text(sharing_rule_to_json(r)));
}

}  // namespace
}  // namespace lh::schemas
