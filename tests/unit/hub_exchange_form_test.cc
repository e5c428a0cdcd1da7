// Forms: each value with where it comes from; what contradicts itself is shown, not chosen.
#include <gtest/gtest.h>

#include <random>

#include "hub/exchange/forms/filled_form.h"
#include "hub/exchange/forms/form_desk.h"
#include "tests/unit/hub_exchange_answer_kit.h"

namespace lh {
namespace {

using hub::exchange::FormFrame;
using hub::exchange::FormMaterial;
using hub::exchange::MaterialFields;
using kits::AnswerHub;
using kits::text_of;

class FormHub : public AnswerHub {
 public:
  FormHub() {
    auto parts = exchange_parts();
    forms = std::make_unique<hub::exchange::FormDesk>(parts, schemas::shipped_forms());
  }
  Result<hub::access::Prepared> fill_as(const hub::access::Caller& who, std::string form,
                                        std::string number = "CASE-1") {
    const std::string text = R"({"case_id":")" + case_id + R"(","form":")" + std::move(form) +
                             R"(","purpose":)" + purpose_text(number) + "}";
    const auto request =
        LH_TRY(hub::exchange::form_request_from_json(LH_TRY(schemas::parse_json(text, 10000))));
    return forms->fill(request, text, who, *catalogue.policy());
  }
  schemas::Json fill() { return answer(fill_as(bureau(), "food_business_application")); }

  std::unique_ptr<hub::exchange::FormDesk> forms;
};

const schemas::Json& field(const schemas::Json& answer, std::string_view name) {
  static const schemas::Json kNone;
  const auto* found = answer.find("fields")->find(name);
  return found == nullptr ? kNone : *found;
}
std::string why(const schemas::Json& one, std::size_t i) {
  return text_of((*one.find("missing")->items())[i], "why");
}

TEST(Form, EachValueSaysWhereItComesFrom) {
  FormHub hub;
  const auto answer = hub.fill();
  const auto& name = field(answer, "operator_name");
  EXPECT_EQ(text_of(name, "value"), "测试企业1");
  EXPECT_EQ(text_of(*name.find("from"), "material"), "M01");
  EXPECT_EQ(text_of(*name.find("from"), "field"), "enterprise_name");
  EXPECT_EQ(text_of(*name.find("from"), "verdict"), "valid");
  EXPECT_FALSE(text_of(*name.find("from"), "licence_id").empty());
  EXPECT_EQ(text_of(name.find("confirmed_by")->items()->front(), "material"), "M06");
  const auto& place = field(answer, "domicile");  // not on the licence
  EXPECT_EQ(text_of(place, "value"), "测试路2号");
  EXPECT_EQ(text_of(*place.find("from"), "material"), "M06");
  const auto& capital = field(answer, "registered_capital");
  EXPECT_EQ(why(capital, 0), "rule.field_withheld");
  EXPECT_EQ(why(field(answer, "health_certificate_until"), 0), "field_absent");
}

TEST(Form, SourcesThatContradictEachOtherAreShownAndNoneIsChosen) {
  FormHub hub;
  const auto answer = hub.fill();
  const auto& one = field(answer, "legal_representative_name");
  EXPECT_EQ(one.find("value"), nullptr);
  const auto& told = *one.find("conflict")->items();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(text_of(told[0], "value"), "测试人员1");
  EXPECT_EQ(text_of(told[1], "value"), "测试人员777");
  EXPECT_EQ(text_of(*told[1].find("from"), "material"), "M01");
}

TEST(Form, OnlyWhatIsGoodTodayFillsAForm) {
  FormHub hub;
  ASSERT_TRUE(hub.act(text_of(hub.health, "licence_id"), schemas::StatusAction::kRevoke).ok());
  EXPECT_EQ(why(field(hub.fill(), "employee_name"), 0), "status.revoked");
}

TEST(Form, IsOneEntryAboutAllItsPeople) {
  FormHub hub;
  hub.fill();
  const auto entry = hub.last_entry();
  EXPECT_EQ(entry.event, schemas::AuditEvent::kFormFilled);
  EXPECT_EQ(entry.object, "food_business_application");
  EXPECT_EQ(entry.subjects.size(), 3U);
  EXPECT_EQ(entry.matter, kits::kFoodMatter);
  const auto fields = hub::audit::open_box_a(entry, hub.keys).value().fields;
  EXPECT_NE(std::find(fields.begin(), fields.end(), "M02.resident_id"), fields.end());
  EXPECT_EQ(std::find(fields.begin(), fields.end(), "M01.registered_capital"), fields.end());
}

TEST(Form, RulesHoldForEachMaterialByItself) {
  FormHub hub;
  hub.change_rule("approval.food.identity_card",
                  [](auto& rule) { rule.mode = schemas::RuleMode::kPredicate; });
  const auto answer = hub.fill();
  EXPECT_EQ(why(field(answer, "legal_representative_id"), 0), "rule.field_withheld");
  EXPECT_EQ(schemas::to_text(answer).find(kits::test_person(1).value.reveal()), std::string::npos);
  EXPECT_EQ(text_of(field(answer, "operator_name"), "value"), "测试企业1");
}

TEST(Form, ForeignCasesFormsAndCallersAreRefused) {
  FormHub hub;
  const char* form = "food_business_application";
  EXPECT_EQ(kits::reason_of(hub.fill_as(hub.supervision(), form)), "case.unknown");
  EXPECT_EQ(kits::reason_of(hub.fill_as(hub.bureau(), "nothing")), "definition.unknown");
  EXPECT_EQ(kits::reason_of(hub.fill_as(hub.bureau(), form, "CASE-2")), "reference.purpose");
  EXPECT_EQ(kits::reason_of(hub.fill_as(hub.caller(kits::kBureau, {}), form)), "role.missing");
  for (const char* rule : {"business_licence", "identity_card", "health_certificate",
                           "legal_entity", "food_business_licence"}) {
    hub.change_rule("approval.food." + std::string(rule),
                    [](auto& r) { r.mode = schemas::RuleMode::kVerifyOnly; });
  }
  EXPECT_EQ(kits::reason_of(hub.fill_as(hub.bureau(), form)), "rule.field_withheld");
}

TEST(Form, ShippedFormsNameMaterialsAndFieldsThatExist) {
  FormHub hub;
  const auto& policy = *hub.catalogue.policy();
  const auto today = local_date(hub.clock.now());
  for (const auto& form : schemas::shipped_forms()) {
    const auto* matter = policy.find_matter(form.matter, today);
    ASSERT_NE(matter, nullptr) << form.id;
    for (const auto& f : form.fields) {
      for (const auto& source : f.sources) {
        const auto material =
            std::find_if(matter->materials.begin(), matter->materials.end(),
                         [&source](const auto& m) { return m.code == source.material; });
        ASSERT_NE(material, matter->materials.end()) << source.material;
        const auto& fields = material->source == "licence"
                                 ? policy.find_type(material->licence_type->text(), today)->fields
                                 : policy.find_base_kind(material->base_kind)->fields;
        EXPECT_TRUE(std::any_of(fields.begin(), fields.end(),
                                [&source](const auto& d) { return d.name == source.field; }))
            << source.material << "." << source.field;
      }
    }
  }
}

// Random frames: a value is chosen only when every source that has one agrees, and never from a
// material that may not be used.
TEST(Form, NeverChoosesWhatIsContradictedOrWithheld) {
  std::mt19937_64 rng(20261122);
  const std::vector<std::string> values{"甲", "乙", "Ａ", "a"};
  for (int round = 0; round < 3000; ++round) {
    FormFrame frame{{}, "case", "now", {}};
    schemas::FormField one{"f", {}, {}};
    MaterialFields fields;
    std::set<std::string> usable;
    for (std::uint64_t i = 0, n = 1 + rng() % 4; i < n; ++i) {
      const std::string code = "M" + std::to_string(i);
      FormMaterial m{code, rng() % 4 == 0 ? "status.revoked" : "", {}, {}, {}};
      if (rng() % 4 != 0) m.released = {"x"};
      const std::string& value = values[rng() % values.size()];
      const bool held = rng() % 4 != 0;
      fields.push_back(held ? std::optional(schemas::Fields{{"x", value}}) : std::nullopt);
      if (held && m.why.empty() && !m.released.empty()) {
        usable.insert(hub::exchange::normalised(value));
      }
      frame.materials.push_back(std::move(m));
      one.sources.push_back({code, "x"});
    }
    frame.form.fields = {one};
    const auto answer =
        schemas::parse_json(hub::exchange::filled_form(fields, frame), 100000).value();
    const auto& got = field(answer, "f");
    EXPECT_EQ(got.find("missing") != nullptr, usable.empty());
    EXPECT_EQ(got.find("conflict") != nullptr, usable.size() > 1);
    EXPECT_EQ(got.find("value") != nullptr, usable.size() == 1);
  }
}

}  // namespace
}  // namespace lh
