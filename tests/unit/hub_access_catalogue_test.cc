#include <gtest/gtest.h>

#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::access::Catalogue;
using hub::access::Draft;
using hub::access::ObjectKind;
using kits::AuditHub;

class CatalogueTest : public testing::Test {
 protected:
  void SetUp() override {
    hub_.open_ledger();
    rule_ = schemas::shipped_sharing_rules().front();
  }
  std::string rule_text() const { return schemas::to_text(schemas::sharing_rule_to_json(rule_)); }
  std::uint64_t store(const Result<std::vector<hub::ledger::RowWrite>>& rows) {
    hub::audit::EntryFacts f;
    f.event = schemas::AuditEvent::kCatalogueActivated;
    const auto recorded = hub_.commit(f, rows.value()).value();
    EXPECT_TRUE(catalogue_.load().ok());
    return recorded[0].index();
  }
  std::uint64_t store(const Result<hub::access::CatalogueRows>& rows) {
    hub::audit::EntryFacts f;
    f.event = schemas::AuditEvent::kCatalogueActivated;
    const auto recorded = hub_.commit(f, rows.value().rows, rows.value().preconditions).value();
    EXPECT_TRUE(catalogue_.load().ok());
    return recorded[0].index();
  }
  // What the shipped rule names.
  void activate_its_objects() {
    for (const auto& t : schemas::shipped_licence_types()) {
      store(catalogue_.activate(ObjectKind::kLicenceType,
                                schemas::to_text(schemas::licence_type_to_json(t))));
    }
    for (const auto& m : schemas::shipped_matters()) {
      store(catalogue_.activate(ObjectKind::kMatter, schemas::to_text(schemas::matter_to_json(m))));
    }
  }
  hub::access::Closing by(std::string who) const { return {std::move(who), hub_.clock.now()}; }
  Draft draft_of(std::string by) const {
    Draft d;
    d.kind = ObjectKind::kRule;
    d.object_id = rule_.id;
    d.definition = rule_text();
    d.drafted_by = std::move(by);
    return d;
  }
  AuditHub hub_;
  Catalogue catalogue_{*hub_.store};
  schemas::SharingRule rule_;
};

TEST_F(CatalogueTest, IsEmptyBeforeAnythingIsActive) {
  EXPECT_EQ(catalogue_.policy()->epoch(), 0U);
  ASSERT_TRUE(catalogue_.load().ok());
  EXPECT_TRUE(catalogue_.policy()->rules().empty());
}

TEST_F(CatalogueTest, TakesEveryShippedDefinitionAndGivesItBack) {
  for (const auto& t : schemas::shipped_licence_types()) {
    const auto json = schemas::to_text(schemas::licence_type_to_json(t));
    store(catalogue_.activate(ObjectKind::kLicenceType, json));
    EXPECT_NE(catalogue_.policy()->find_type(t.code.text(), t.effective.from), nullptr);
    EXPECT_EQ(catalogue_.policy()->find_type(t.code.text(), t.effective.from.plus_days(-1)),
              nullptr);
  }
  for (const auto& k : schemas::shipped_base_kinds()) {
    store(catalogue_.activate(ObjectKind::kBaseKind,
                              schemas::to_text(schemas::base_kind_to_json(k))));
    EXPECT_NE(catalogue_.policy()->find_base_kind(k.id), nullptr);
  }
  for (const auto& m : schemas::shipped_matters()) {
    store(catalogue_.activate(ObjectKind::kMatter, schemas::to_text(schemas::matter_to_json(m))));
    EXPECT_NE(catalogue_.policy()->find_matter(m.code, m.effective.from), nullptr);
  }
  for (const auto& r : schemas::shipped_sharing_rules()) {
    store(
        catalogue_.activate(ObjectKind::kRule, schemas::to_text(schemas::sharing_rule_to_json(r))));
    const auto rules = catalogue_.policy()->rules_for(r.matter, r.object, r.effective.from);
    EXPECT_FALSE(rules.empty());
  }
}

TEST_F(CatalogueTest, EpochIsTheIndexOfTheLastChange) {
  const auto index = store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  EXPECT_EQ(catalogue_.policy()->epoch(), index);
}

TEST_F(CatalogueTest, VersionIsNeverChanged) {
  store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  EXPECT_TRUE(catalogue_.activate(ObjectKind::kRule, rule_text())->empty()) << "the same again";
  rule_.legal_basis += "，另行规定";
  EXPECT_EQ(catalogue_.activate(ObjectKind::kRule, rule_text()).error().reason(),
            Reason::kDefinitionExists);
  ++rule_.version;
  EXPECT_EQ(catalogue_.activate(ObjectKind::kRule, rule_text())->size(), 1U);
}

TEST_F(CatalogueTest, GreatestVersionInForceWins) {
  store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  const LocalDate start = rule_.effective.from;
  rule_.version = 2;
  rule_.effective.from = start.plus_days(100);
  store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  const auto version_at = [&](LocalDate d) {
    const auto rules = catalogue_.policy()->rules_for(rule_.matter, rule_.object, d);
    return rules.size() == 1 ? rules[0]->version : 0;
  };
  EXPECT_EQ(version_at(start.plus_days(-1)), 0);
  EXPECT_EQ(version_at(start.plus_days(99)), 1);
  EXPECT_EQ(version_at(start.plus_days(100)), 2);
}

TEST_F(CatalogueTest, RequestKeepsItsPolicyWhileItChanges) {
  store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  const auto before = catalogue_.policy();
  rule_.version = 2;
  store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  EXPECT_EQ(before->rules().size(), 1U);
  EXPECT_EQ(catalogue_.policy()->rules().size(), 2U);
}

TEST_F(CatalogueTest, DraftBecomesActiveBySomebodyElse) {
  activate_its_objects();
  const auto [id, rows] = catalogue_.draft(draft_of("sys_a"), hub_.random).value();
  store(rows);
  EXPECT_TRUE(catalogue_.policy()->rules().empty()) << "a draft decides nothing";
  EXPECT_EQ(catalogue_.find_draft(id).value()->drafted_by, "sys_a");
  EXPECT_EQ(catalogue_.approve(id, by("sys_a")).error().reason(), Reason::kApproverSame);
  EXPECT_EQ(catalogue_.approve(id, by("")).error().reason(), Reason::kApproverSame);
  store(catalogue_.approve(id, by("sys_b")));
  EXPECT_EQ(catalogue_.policy()->rules().size(), 1U);
  EXPECT_FALSE(catalogue_.find_draft(id).value().has_value());
  EXPECT_EQ(catalogue_.approve(id, by("sys_b")).error().reason(), Reason::kChangeUnknown);
}

TEST_F(CatalogueTest, RefusesDefinitionsThatAreNotWhole) {
  EXPECT_FALSE(catalogue_.activate(ObjectKind::kRule, "{}").ok());
  EXPECT_FALSE(catalogue_.activate(ObjectKind::kRule, "").ok());
  EXPECT_FALSE(catalogue_.activate(ObjectKind::kMatter, rule_text()).ok()) << "another kind";
  auto draft = draft_of("sys_a");
  draft.object_id = "another.id";
  EXPECT_FALSE(catalogue_.draft(draft, hub_.random).ok());
  draft = draft_of("");
  EXPECT_FALSE(catalogue_.draft(draft, hub_.random).ok());
}

TEST_F(CatalogueTest, DamagedDefinitionStopsTheLoad) {
  store(catalogue_.activate(ObjectKind::kRule, rule_text()));
  const auto rows = hub_.store->latest().scan(hub::store::Family::kData, "T", "", 1).value();
  hub::store::Batch batch;
  batch.puts.push_back(
      {hub::store::Family::kData, rows[0].key, rows[0].value.substr(0, rows[0].value.size() - 1)});
  hub_.store->commit(batch, hub::store::Durability::kSynced).value();
  EXPECT_FALSE(catalogue_.load().ok());
  EXPECT_EQ(catalogue_.policy()->rules().size(), 1U) << "the last good policy stays";
}

}  // namespace
}  // namespace lh
