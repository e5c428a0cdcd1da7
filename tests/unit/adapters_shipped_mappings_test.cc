#include "adapters/shipped_mappings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/mapping.h"
#include "adapters/mapping_rules.h"
#include "schemas/catalogue.h"
#include "schemas/purpose.h"

namespace lh::adapters {
namespace {

const std::vector<schemas::FieldDefinition>* find_definitions(
    const OutputRule& output, const std::vector<schemas::LicenceType>& types,
    const std::vector<schemas::BaseKind>& kinds) {
  for (const auto& type : types) {
    if (output.kind == RecordKind::kLicence && type.code.text() == output.object) {
      return &type.fields;
    }
  }
  for (const auto& kind : kinds) {
    if (output.kind == RecordKind::kBaseData && kind.id == output.object) return &kind.fields;
  }
  return nullptr;
}

TEST(ShippedMappings, AreAllThere) {
  for (const char* name :
       {"legal-entities-hunan", "legal-entities-jilin.toml", "business-licences-southbend",
        "dirty-sample", "sample-population", "sample-legal-entities"}) {
    EXPECT_TRUE(find_shipped_mapping(name).has_value()) << name;
  }
  EXPECT_FALSE(find_shipped_mapping("nothing").has_value());
  EXPECT_FALSE(find_shipped_mapping("").has_value());
  EXPECT_GE(shipped_mapping_names().size(), 6U);
}

TEST(ShippedMappings, ParseAndCarryTheirFileName) {
  for (const std::string_view name : shipped_mapping_names()) {
    const auto mapping = parse_mapping(*find_shipped_mapping(name));
    ASSERT_TRUE(mapping.ok()) << name << ": " << mapping.error().describe();
    EXPECT_EQ(mapping->name + ".toml", name);
    EXPECT_FALSE(mapping->issuer_name.empty()) << name;
  }
}

TEST(ShippedMappings, FillOnlyFieldsTheirObjectHasAndEveryRequiredOne) {
  const auto types = schemas::shipped_licence_types();
  const auto kinds = schemas::shipped_base_kinds();
  for (const std::string_view name : shipped_mapping_names()) {
    const auto mapping = parse_mapping(*find_shipped_mapping(name)).value();
    for (const OutputRule& output : mapping.outputs) {
      const auto* definitions = find_definitions(output, types, kinds);
      ASSERT_NE(definitions, nullptr) << name << " " << output.object;
      for (const FieldRule& field : output.fields) {
        const auto same = [&field](const auto& d) { return d.name == field.name; };
        const bool known = std::any_of(definitions->begin(), definitions->end(), same);
        EXPECT_TRUE(known || field.name.starts_with('_')) << name << " " << field.name;
      }
      for (const auto& definition : *definitions) {
        const FieldRule* rule = find_field_rule(output, definition.name);
        const bool filled = rule != nullptr && (rule->required || !rule->constant.empty());
        EXPECT_TRUE(filled || !definition.required) << name << " " << definition.name;
      }
    }
  }
}

// The closed list of statuses is that of schemas.
TEST(ShippedMappings, StatusesAreThoseOfTheLicence) {
  for (int s = 0; s <= static_cast<int>(schemas::LicenceStatus::kExpired); ++s) {
    const auto text = schemas::status_text(static_cast<schemas::LicenceStatus>(s));
    EXPECT_TRUE(is_licence_status(text)) << text;
  }
  EXPECT_FALSE(is_licence_status("unknown"));
  EXPECT_FALSE(is_licence_status(""));
}

}  // namespace
}  // namespace lh::adapters
