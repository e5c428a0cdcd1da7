// The decision about one material: the whole table, and the plan as text.
#include "hub/exchange/plan.h"

#include <gtest/gtest.h>

#include "schemas/json.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room

schemas::Material material(std::string source, std::string basis = "law", bool own = false) {
  schemas::Material m;
  m.code = "M";
  m.source = std::move(source);
  m.legal_basis = std::move(basis);
  m.issued_by_asker = own;
  return m;
}

// The model: the reason of the first question that is answered "no", in the order they are asked.
std::string model(const schemas::Material& m, const MaterialFacts& f) {
  if (m.legal_basis.empty()) return "not_demandable plan.no_legal_basis";
  if (m.issued_by_asker) return "own plan.issued_by_asker";
  if (m.source == "document") return "required plan.document_only";
  if (!f.rule_allows) return "required plan.no_rule";
  if (!f.subject_known) return "required plan.subject_not_named";
  if (f.obtainable && !f.held) return "obtainable plan.obtainable";
  if (f.obtainable && !f.held_valid) return "obtainable plan.obtainable_held_not_valid";
  if (!f.held) return "required plan.not_held";
  return f.held_valid ? "held plan.held_valid" : "required plan.held_not_valid";
}

TEST(DecideMaterial, WholeTable) {
  for (const char* source : {"licence", "base_data", "document"}) {
    for (unsigned bits = 0; bits < 128; ++bits) {
      const auto bit = [bits](unsigned n) { return (bits >> n & 1U) != 0; };
      const auto m = material(source, bit(0) ? "law" : "", bit(1));
      const MaterialFacts f{bit(2), bit(3), bit(4), bit(5), bit(6)};
      const auto said = decide_material(m, f);
      EXPECT_EQ(std::string(state_text(said.state)) + " " + std::string(said.because), model(m, f))
          << source << " " << bits;
    }
  }
}

TEST(DecideMaterial, WithoutARuleNothingTellsWhatIsHeld) {
  const auto m = material("licence");
  std::set<std::string_view> reasons;
  for (unsigned bits = 0; bits < 16; ++bits) {
    const auto bit = [bits](unsigned n) { return (bits >> n & 1U) != 0; };
    reasons.insert(decide_material(m, {bit(0), bit(1), bit(2), false, bit(3)}).because);
  }
  EXPECT_EQ(reasons, std::set<std::string_view>{"plan.no_rule"});
}

TEST(PlanJson, NamesEveryMemberOnce) {
  Plan plan;
  plan.case_id = "case_0";
  plan.matter = "m";
  PlanItem item;
  item.material = "M01";
  item.names = {"营业执照", "Business licence"};
  item.state = MaterialState::kHeld;
  item.because = "plan.held_valid";
  item.legal_basis = "law \"1\"";
  item.rule = "r";
  item.reference = "lhr1.x.y";
  item.licence_status = "valid";
  item.fields = {"a", "b"};
  plan.items = {item, PlanItem{}};
  const auto json = schemas::parse_json(plan_json(plan), 1U << 20U).value();
  const auto& items = *json.find("materials")->items();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(*items[0].find("state")->string(), "held");
  EXPECT_EQ(*items[0].find("legal_basis")->string(), "law \"1\"");
  EXPECT_EQ(*items[0].find("names")->find("chinese")->string(), "营业执照");
  EXPECT_EQ(items[0].find("fields")->items()->size(), 2U);
  EXPECT_EQ(items[1].find("reference"), nullptr);
  EXPECT_EQ(items[1].find("source"), nullptr);
}

TEST(PlanJson, AnObtainableMaterialNamesItsSource) {
  Plan plan;
  PlanItem item;
  item.state = MaterialState::kObtainable;
  item.source = PlanSource{"firms", "uscc", "", "2026-11-22T01:30:00.000Z"};
  plan.items = {item};
  const auto json = schemas::parse_json(plan_json(plan), 1U << 20U).value();
  const auto* source = (*json.find("materials")->items())[0].find("source");
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(*source->find("adapter")->string(), "firms");
  EXPECT_EQ(*source->find("freshness")->string(), "asked_at_fetch");
  EXPECT_EQ(*source->find("last_answer")->string(), "2026-11-22T01:30:00.000Z");
  EXPECT_EQ(source->find("organisation_name"), nullptr);
}

}  // namespace
}  // namespace lh
