// Changes on their way: draft, filed, published, withdrawn; old drafts stay readable; a large
// catalogue is read once.
#include <gtest/gtest.h>

#include <iostream>

#include "base/cbor.h"
#include "hub/access/definitions/drafts.h"
#include "tests/unit/hub_access_kit.h"

namespace lh {
namespace {

using hub::access::Catalogue;
using hub::access::CatalogueRows;
using hub::access::ChangeState;
using hub::access::Draft;
using hub::access::ObjectKind;
using kits::small_matter;

class ChangesTest : public testing::Test {
 protected:
  void SetUp() override {
    hub_.open_ledger();
    activate(ObjectKind::kLicenceType, schemas::licence_type_to_json(kits::small_type(1)));
  }
  void activate(ObjectKind kind, const schemas::Json& json) {
    commit({catalogue_.activate(kind, schemas::to_text(json)).value(), {}}).value();
  }
  Result<std::vector<Recorded>> commit(CatalogueRows rows) {
    hub::audit::EntryFacts f;
    f.event = schemas::AuditEvent::kCatalogueActivated;
    auto recorded = hub_.commit(f, std::move(rows.rows), std::move(rows.preconditions));
    EXPECT_TRUE(catalogue_.load().ok());
    return recorded;
  }
  ChangeId draft(const schemas::Matter& m) {
    Draft d;
    d.kind = ObjectKind::kMatter;
    d.object_id = m.code;
    d.definition = schemas::to_text(schemas::matter_to_json(m));
    d.drafted_by = "sys_a";
    d.drafted_at = hub_.clock.now();
    auto made = catalogue_.draft(d, hub_.random).value();
    commit({std::move(made.second), {}}).value();
    return made.first;
  }
  hub::access::Closing by(std::string who) { return {std::move(who), hub_.clock.now()}; }
  hub::access::Filing filing() {
    return {"备案〔2026〕1号", "测试市司法局", "sys_c", hub_.clock.now()};
  }
  void demand_filing() {
    schemas::PublicationRule rule;
    rule.id = "publication";
    rule.effective.from = local_date(hub_.clock.now());
    rule.filing_required = {"matter"};
    activate(ObjectKind::kPublicationRule, schemas::publication_rule_to_json(rule));
  }
  kits::AuditHub hub_;
  Catalogue catalogue_{*hub_.store};
};

TEST_F(ChangesTest, FilingIsKeptWithTheChange) {
  const auto id = draft(small_matter("A", 1));
  commit(catalogue_.file(id, filing()).value()).value();
  const auto filed = catalogue_.find_draft(id).value().value();
  EXPECT_EQ(filed.state, ChangeState::kFiled);
  EXPECT_EQ(filed.filing->number, "备案〔2026〕1号");
  EXPECT_EQ(catalogue_.file(id, filing()).error().reason(), Reason::kChangeState) << "once";
  commit(catalogue_.approve(id, by("sys_b")).value()).value();
  const auto closed = catalogue_.find_closed(id).value().value();
  EXPECT_EQ(closed.state, ChangeState::kPublished);
  EXPECT_EQ(closed.filing->with, "测试市司法局");
  EXPECT_EQ(closed.closed_by, "sys_b");
  EXPECT_NE(catalogue_.policy()->find_matter("A", kits::kStart), nullptr);
}

TEST_F(ChangesTest, WhereARuleDemandsFilingItComesFirst) {
  demand_filing();
  const auto id = draft(small_matter("A", 1));
  EXPECT_EQ(catalogue_.approve(id, by("sys_b")).error().reason(), Reason::kChangeState);
  commit(catalogue_.file(id, filing()).value()).value();
  EXPECT_TRUE(catalogue_.approve(id, by("sys_b")).ok());
}

TEST_F(ChangesTest, AWithdrawnChangeIsNeverPublished) {
  const auto own = draft(small_matter("A", 1));
  const auto other = draft(small_matter("B", 1));
  EXPECT_EQ(catalogue_.drafts(10)->size(), 2U);
  commit(catalogue_.withdraw(own, by("sys_a")).value()).value();
  commit(catalogue_.withdraw(other, by("sys_b")).value()).value();
  EXPECT_EQ(catalogue_.find_closed(own).value()->state, ChangeState::kWithdrawn);
  EXPECT_EQ(catalogue_.find_closed(other).value()->state, ChangeState::kRejected);
  EXPECT_EQ(catalogue_.approve(own, by("sys_b")).error().reason(), Reason::kChangeUnknown);
  EXPECT_TRUE(catalogue_.drafts(10)->empty());
}

TEST_F(ChangesTest, OfTwoWhoDecideAtOnceOneIsTooLate) {
  const auto id = draft(small_matter("A", 1));
  auto approved = catalogue_.approve(id, by("sys_b")).value();
  auto withdrawn = catalogue_.withdraw(id, by("sys_c")).value();
  ASSERT_TRUE(commit(std::move(withdrawn)).ok());
  EXPECT_EQ(commit(std::move(approved)).error().reason(), Reason::kStoreStale);
  EXPECT_EQ(catalogue_.policy()->find_matter("A", kits::kStart), nullptr);
}

TEST_F(ChangesTest, TheSameVersionIsPublishedOnce) {
  const auto first = draft(small_matter("A", 1));
  auto other = small_matter("A", 1);
  other.legal_basis = "另一法";
  const auto second = draft(other);
  auto one = catalogue_.approve(first, by("sys_b")).value();
  auto two = catalogue_.approve(second, by("sys_b")).value();
  ASSERT_TRUE(commit(std::move(one)).ok());
  EXPECT_EQ(commit(std::move(two)).error().reason(), Reason::kStoreStale);
  EXPECT_EQ(catalogue_.approve(second, by("sys_b")).error().reason(), Reason::kDefinitionExists);
}

TEST_F(ChangesTest, SeveralArePublishedTogetherOrNone) {
  activate(ObjectKind::kLicenceType, schemas::licence_type_to_json(kits::small_type(2)));
  // Each alone is good, together they are a circle.
  const auto a = draft(small_matter("A", 1, {kits::licence_material("M", 2)}));
  const auto b = draft(small_matter("B", 2, {kits::licence_material("M", 1)}));
  const auto c = draft(small_matter("C", 1));
  const auto together = [this](std::vector<ChangeId> ids) {
    return catalogue_.approve(ids, by("sys_b"));
  };
  const auto circle = together({a, b});
  EXPECT_EQ(circle.error().reason(), Reason::kCircularProof);
  EXPECT_TRUE(circle.error().detail().starts_with(a.text()) ||
              circle.error().detail().starts_with(b.text()));
  EXPECT_EQ(together({a, a}).error().reason(), Reason::kDefinitionExists);
  EXPECT_EQ(together({a, ChangeId{}}).error().reason(), Reason::kChangeUnknown);
  EXPECT_EQ(together({}).error().reason(), Reason::kJsonValue);
  EXPECT_EQ(together(std::vector<ChangeId>(101, a)).error().reason(), Reason::kJsonValue);
  EXPECT_EQ(catalogue_.approve(std::vector{a, c}, by("sys_a")).error().reason(),
            Reason::kApproverSame);
  commit(together({c, a}).value()).value();
  EXPECT_TRUE(together({b}).ok()) << "C is a way out of the circle";
  EXPECT_EQ(catalogue_.drafts(10).value().size(), 1U);
}

TEST_F(ChangesTest, WhatADraftNamesIsLookedUpAgainWhenItIsApproved) {
  activate(ObjectKind::kLicenceType, schemas::licence_type_to_json(kits::small_type(2)));
  const auto a = draft(small_matter("A", 1, {kits::licence_material("M", 2)}));
  const auto b = draft(small_matter("B", 2, {kits::licence_material("M", 1)}));
  commit(catalogue_.approve(a, by("sys_b")).value()).value();
  EXPECT_EQ(catalogue_.approve(b, by("sys_b")).error().reason(), Reason::kCircularProof)
      << "each alone was good when it was drafted";
  Draft bad;
  bad.kind = ObjectKind::kMatter;
  bad.object_id = "C";
  bad.definition = schemas::to_text(schemas::matter_to_json(small_matter("C", 9)));
  bad.drafted_by = "sys_a";
  EXPECT_EQ(catalogue_.draft(bad, hub_.random).error().reason(), Reason::kTypeUnknown);
}

TEST(DraftRow, OfTheFirstFormatIsStillRead) {
  CborWriter w;
  w.array(4);
  w.uint(3);
  w.text("A");
  w.bytes("{}");
  w.text("sys_a");
  const auto old = hub::access::decode_draft(ChangeId{}, w.take()).value();
  EXPECT_EQ(old.object_id, "A");
  EXPECT_EQ(old.state, ChangeState::kDraft);
  EXPECT_FALSE(old.filing);
  const auto again = hub::access::decode_draft(ChangeId{}, hub::access::encode_draft(old)).value();
  EXPECT_EQ(again.drafted_by, "sys_a");
  EXPECT_FALSE(hub::access::decode_draft(ChangeId{}, "\x81\x01").ok());
}

// The second load of a catalogue takes over what it read before; both are measured.
TEST_F(ChangesTest, ALargeCatalogueIsReadOnce) {
  constexpr int kMatters = 300;
  std::vector<schemas::Material> materials;
  for (int i = 0; i < 10; ++i) {
    materials.push_back(kits::licence_material("M" + std::to_string(i), 1));
  }
  hub::store::Batch batch;
  for (int i = 0; i < kMatters; ++i) {
    const auto m = small_matter("MATTER-" + std::to_string(100000 + i), 0, materials);
    batch.puts.push_back(
        {hub::store::Family::kData, hub::access::definition_row(ObjectKind::kMatter, m.code, 1),
         Bytes(1, '\1') + Bytes(8, '\0') + schemas::to_text(schemas::matter_to_json(m))});
  }
  hub_.store->commit(batch, hub::store::Durability::kSynced).value();
  const SystemClock clock;
  const auto begun = clock.monotonic_us();
  catalogue_.load().value();
  const auto read = clock.monotonic_us();
  catalogue_.load().value();
  const auto again = clock.monotonic_us();
  std::cout << kMatters << " matters: read in " << (read - begun) << " us, taken over in "
            << (again - read) << " us\n";
  EXPECT_EQ(catalogue_.policy()->matters().size(), static_cast<std::size_t>(kMatters));
  EXPECT_LT(again - read, read - begun) << "what is known is not read again";
}

}  // namespace
}  // namespace lh
