// Definitions beside each other: what they name must exist, code tables fill fields, merged types
// lead to the one that stands for them, proofs end.
#include <gtest/gtest.h>

#include "hub/access/definitions/checks.h"
#include "tests/unit/hub_access_kit.h"

namespace lh {
namespace {

using hub::access::check_definition;
using hub::access::Definition;
using hub::access::Definitions;
using hub::access::Policy;
using hub::access::PolicyMaker;
using hub::access::proof_state;
using hub::access::ProofStanding;
using kits::kStart;
using kits::licence_material;
using kits::on;
using kits::small_matter;
using kits::small_type;

std::string check(const Definitions& all, const Definition& d) {
  return kits::refused(check_definition(d, *PolicyMaker::with(*Policy::make(all, 1), {d})));
}

Definitions two_types() {
  Definitions all;
  all.types = {small_type(1), small_type(2)};
  all.kinds = schemas::shipped_base_kinds();
  return all;
}

TEST(Definitions, WhatIsShippedHoldsTogether) {
  Definitions all;
  all.types = schemas::shipped_licence_types();
  all.kinds = schemas::shipped_base_kinds();
  all.matters = schemas::shipped_matters();
  all.rules = schemas::shipped_sharing_rules();
  all.bundles = schemas::shipped_bundles();
  all.proofs = schemas::shipped_proofs();
  all.tables = schemas::shipped_code_tables();
  all.directory = schemas::shipped_directory();
  all.publication = schemas::shipped_publication_rules();
  const auto policy = Policy::make(all, 1);
  const auto each = [&](const auto& list) {
    for (const auto& d : list) {
      const Status s = check_definition(Definition(d), *policy);
      EXPECT_TRUE(s.ok()) << hub::access::id_of(Definition(d)) << " " << kits::refused(s);
    }
  };
  each(all.types), each(all.matters), each(all.rules), each(all.bundles), each(all.proofs);
  each(all.directory), each(all.kinds), each(all.tables), each(all.publication);
}

TEST(Definitions, EveryKindIsReadWrittenAndNamed) {
  for (std::size_t i = 0; i < std::size(schemas::kDefinitionKinds); ++i) {
    const auto kind = hub::access::parse_kind(schemas::kDefinitionKinds[i]).value();
    EXPECT_EQ(static_cast<std::size_t>(kind), i + 1);
    EXPECT_EQ(hub::access::kind_text(kind), schemas::kDefinitionKinds[i]);
    EXPECT_FALSE(hub::access::read_definition(kind, schemas::Json::object()).ok());
  }
  EXPECT_FALSE(hub::access::parse_kind("vehicle").ok());
  const Definition d = schemas::shipped_bundles().front();
  EXPECT_EQ(hub::access::kind_of(d), hub::access::ObjectKind::kBundle);
  const auto again =
      hub::access::read_definition(hub::access::kind_of(d), hub::access::write_definition(d));
  EXPECT_EQ(hub::access::id_of(*again), hub::access::id_of(d));
}

TEST(Definitions, AMatterNamesWhatExistsOnItsFirstDay) {
  Definitions all = two_types();
  EXPECT_EQ(check(all, small_matter("A", 1, {licence_material("M", 2)})), "good");
  EXPECT_EQ(check(all, small_matter("A", 3)), "licence_type.unknown");
  EXPECT_EQ(check(all, small_matter("A", 1, {licence_material("M", 3)})), "licence_type.unknown");
  all.types[1].effective.from = on("2026-06-01");
  auto matter = small_matter("A", 1, {licence_material("M", 2)});
  EXPECT_EQ(check(all, matter), "licence_type.unknown") << "not yet";
  matter.effective.from = on("2026-06-01");
  EXPECT_EQ(check(all, matter), "good");
  all.types[1].effective.until = on("2026-12-31");
  matter.effective.from = on("2027-01-01");
  EXPECT_EQ(check(all, matter), "licence_type.unknown") << "not any more";
  auto base = kits::document_material("M", "登记信息");
  base.source = "base_data";
  base.base_kind = "legal_entity";
  EXPECT_EQ(check(all, small_matter("A", 1, {base})), "good");
  all.kinds.clear();
  EXPECT_EQ(check(all, small_matter("A", 1, {base})), "definition.unknown");
}

TEST(Definitions, RulesBundlesAndTheDirectoryNameWhatExists) {
  Definitions all = two_types();
  auto rule = schemas::shipped_sharing_rules().front();
  rule.matter = "*";
  rule.object = kits::type_code(1).text();
  EXPECT_EQ(check(all, rule), "good");
  rule.matter = "A";
  EXPECT_EQ(check(all, rule), "matter.unknown");
  rule.matter = "*";
  rule.object = kits::type_code(9).text();
  EXPECT_EQ(check(all, rule), "licence_type.unknown");
  schemas::Bundle bundle = schemas::shipped_bundles().front();
  EXPECT_EQ(check(all, bundle), "matter.unknown");
  schemas::DirectoryEntry entry = schemas::shipped_directory().front();
  entry.object = kits::type_code(1).text();
  entry.attribute = "conditional";
  EXPECT_EQ(check(all, entry), "good");
  entry.attribute = "unconditional";
  EXPECT_EQ(check(all, entry), "definition.invalid") << "the type says conditional";
}

// ---- 证明事项 ----------------------------------------------------------------------------------

TEST(Proofs, EndOnTheirDay) {
  Definitions all = two_types();
  all.proofs = {kits::small_proof("P"), kits::small_proof("Q")};
  all.proofs[1].abolished =
      schemas::Abolished{on("2026-07-01"), schemas::ProofReplacement::kCommitment, std::nullopt};
  const auto policy = Policy::make(all, 1);
  EXPECT_EQ(proof_state(*policy, "P", on("2030-01-01")).standing, ProofStanding::kRetained);
  EXPECT_EQ(proof_state(*policy, "Q", on("2026-06-30")).standing, ProofStanding::kRetained);
  EXPECT_EQ(proof_state(*policy, "Q", on("2026-07-01")).standing, ProofStanding::kAbolished);
  EXPECT_EQ(proof_state(*policy, "Q", on("2026-07-01")).proof->abolished->replacement,
            schemas::ProofReplacement::kCommitment);
  EXPECT_EQ(proof_state(*policy, "Q", on("2025-07-01")).standing, ProofStanding::kNotListed);
  EXPECT_EQ(proof_state(*policy, "R", on("2026-07-01")).proof, nullptr);
}

TEST(Proofs, OnlyRetainedOnesMayBeDemanded) {
  Definitions all = two_types();
  all.proofs = {kits::small_proof("P")};
  auto m = kits::document_material("M", "居住证明");
  m.proof = "P";
  EXPECT_EQ(check(all, small_matter("A", 1, {m})), "good");
  all.proofs[0].abolished =
      schemas::Abolished{kStart, schemas::ProofReplacement::kOnlineVerification, std::nullopt};
  EXPECT_EQ(check(all, small_matter("A", 1, {m})), "matter.proof_abolished");
  m.proof = "Q";
  EXPECT_EQ(check(all, small_matter("A", 1, {m})), "matter.proof_not_retained");
  m.legal_basis.clear();
  EXPECT_EQ(check(all, small_matter("A", 1, {m})), "good") << "kept readable, never demanded";
}

// ---- 多证合一 ----------------------------------------------------------------------------------

TEST(MergedTypes, LeadToTheOneThatStandsForThem) {
  Definitions all;
  all.types = {small_type(1), small_type(2), small_type(3), small_type(4)};
  all.types[0].merged_into = schemas::MergedInto{kits::type_code(2), on("2026-03-01")};
  all.types[1].merged_into = schemas::MergedInto{kits::type_code(3), on("2026-09-01")};
  const auto policy = Policy::make(all, 1);
  const auto resolve = [&](int type, const char* day) {
    return policy->resolve_type(kits::type_code(type).text(), on(day));
  };
  EXPECT_EQ(resolve(1, "2026-02-28"), kits::type_code(1).text());
  EXPECT_EQ(resolve(1, "2026-03-01"), kits::type_code(2).text());
  EXPECT_EQ(resolve(1, "2026-09-01"), kits::type_code(3).text());
  EXPECT_EQ(resolve(4, "2026-09-01"), kits::type_code(4).text());
  EXPECT_EQ(policy->resolve_type("nothing", on("2026-09-01")), "nothing");
  EXPECT_EQ(policy->types_standing_for(kits::type_code(3).text(), on("2026-09-01")).size(), 3U);
  EXPECT_EQ(policy->types_standing_for(kits::type_code(3).text(), on("2026-03-01")).size(), 1U);
}

TEST(MergedTypes, StayMergedWhenTheirOwnDefinitionHasEnded) {
  Definitions all = two_types();
  all.types[0].merged_into = schemas::MergedInto{kits::type_code(2), on("2026-03-01")};
  all.types[0].effective.until = on("2026-12-31");
  const auto policy = Policy::make(all, 1);
  EXPECT_EQ(policy->resolve_type(kits::type_code(1).text(), on("2027-06-01")),
            kits::type_code(2).text());
}

TEST(MergedTypes, MustEndSomewhere) {
  Definitions all = two_types();
  auto merged = small_type(1);
  merged.merged_into = schemas::MergedInto{kits::type_code(2), kStart};
  EXPECT_EQ(check(all, merged), "good");
  all.types[1].merged_into = schemas::MergedInto{kits::type_code(1), kStart};
  EXPECT_EQ(check(all, merged), "definition.invalid") << "each into the other";
  EXPECT_EQ(Policy::make(all, 1)->resolve_type(kits::type_code(9).text(), kStart),
            kits::type_code(9).text());
  merged.merged_into = schemas::MergedInto{kits::type_code(9), kStart};
  EXPECT_EQ(check(all, merged), "licence_type.unknown");
}

// ---- code tables -----------------------------------------------------------------------------

TEST(CodeTables, FillTheFieldsOfADay) {
  Definitions all;
  all.types = {small_type(1)};
  auto& field = all.types[0].fields[0];
  field.kind = schemas::FieldKind::kCode;
  all.types[0].code_tables = {{field.name, "colours"}};
  EXPECT_EQ(check(all, all.types[0]), "definition.unknown");
  schemas::CodeTable table;
  table.id = "colours";
  table.effective.from = kStart;
  table.names = {"颜色", "Colours"};
  table.codes = {{"1", {"红", "red"}}};
  all.tables = {table};
  table.version = 2;
  table.effective.from = on("2026-07-01");
  table.codes.push_back({"2", {"蓝", "blue"}});
  all.tables.push_back(table);
  EXPECT_EQ(check(all, all.types[0]), "good");
  const auto policy = Policy::make(all, 1);
  const auto accepts = [&](const char* value, const char* day) {
    const auto* type = policy->find_type(kits::type_code(1).text(), on(day));
    return schemas::check_fields(type->fields, {{"number", value}}).ok();
  };
  EXPECT_TRUE(accepts("1", "2026-01-01"));
  EXPECT_FALSE(accepts("2", "2026-06-30"));
  EXPECT_TRUE(accepts("2", "2026-07-01"));
  EXPECT_FALSE(accepts("3", "2026-07-01"));
  const auto* type = policy->find_type(kits::type_code(1).text(), on("2026-07-01"));
  const auto json = schemas::to_text(schemas::licence_type_to_json(*type));
  EXPECT_NE(json.find("\"code_table\":\"colours\""), std::string::npos);
  EXPECT_EQ(json.find("\"codes\""), std::string::npos) << "they are the table's, not the type's";
}

TEST(PolicyMaker, AddsWithoutTouchingThePolicy) {
  const auto before = Policy::make(two_types(), 7);
  const auto after = PolicyMaker::with(*before, {Definition(small_type(3))});
  EXPECT_EQ(before->types().size(), 2U);
  EXPECT_EQ(after->types().size(), 3U);
  EXPECT_EQ(after->epoch(), 7U);
  auto changed = small_type(1);
  changed.sharing = "not_shared";
  EXPECT_EQ(PolicyMaker::with(*before, {Definition(changed)})
                ->find_type(kits::type_code(1).text(), kStart)
                ->sharing,
            "not_shared");
}

}  // namespace
}  // namespace lh
