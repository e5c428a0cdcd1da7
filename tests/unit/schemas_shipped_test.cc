// The definitions that are part of the binary: valid, complete, and they say what they promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "schemas/catalogue.h"
#include "schemas/division_table.h"
#include "schemas/sample_parties.h"

namespace lh::schemas {
namespace {

const LicenceType& type_of(const std::vector<LicenceType>& types, std::string_view code) {
  const auto it = std::find_if(types.begin(), types.end(),
                               [code](const LicenceType& t) { return t.code.text() == code; });
  EXPECT_NE(it, types.end()) << code;
  return *it;
}

const FieldDefinition* field_of(const std::vector<FieldDefinition>& fields, std::string_view name) {
  const auto it = std::find_if(fields.begin(), fields.end(),
                               [name](const FieldDefinition& d) { return d.name == name; });
  return it == fields.end() ? nullptr : &*it;
}

// to_json and from_json are inverse on everything shipped: the text is the same after a round.
template <class T, class Read, class Write>
void round_trip(const std::vector<T>& all, Read read, Write write) {
  ASSERT_FALSE(all.empty());
  for (const T& t : all) {
    const Json json = write(t);
    const std::string text = to_text(json);
    const auto again = read(parse_json(text, 1U << 20U).value());
    ASSERT_TRUE(again.ok()) << again.error().describe();
    EXPECT_EQ(to_text(write(*again)), text);
  }
}

TEST(ShippedTest, EveryDefinitionMakesTheRoundToJsonAndBack) {
  round_trip(shipped_licence_types(), licence_type_from_json, licence_type_to_json);
  round_trip(shipped_base_kinds(), base_kind_from_json, base_kind_to_json);
  round_trip(shipped_matters(), matter_from_json, matter_to_json);
  round_trip(shipped_sharing_rules(), sharing_rule_from_json, sharing_rule_to_json);
}

TEST(ShippedTest, HasTheTypesOfTheWalkingLine) {
  const auto types = shipped_licence_types();
  EXPECT_EQ(type_of(types, sample::kBusinessLicence).names.chinese, "营业执照");
  EXPECT_EQ(type_of(types, sample::kFoodBusinessLicence).names.chinese, "食品经营许可证");
  EXPECT_EQ(type_of(types, sample::kIdentityCard).names.chinese, "居民身份证");
  EXPECT_EQ(type_of(types, sample::kHealthCertificate).names.chinese, "健康证明");
  EXPECT_EQ(type_of(types, sample::kLocalBusinessLicence).holder, HolderKind::kEither);
}

TEST(ShippedTest, EveryFieldHasBothNames) {
  for (const LicenceType& t : shipped_licence_types()) {
    for (const FieldDefinition& d : t.fields) {
      EXPECT_FALSE(d.chinese.empty()) << t.code.text() << " " << d.name;
      EXPECT_FALSE(d.english.empty()) << t.code.text() << " " << d.name;
    }
  }
}

// GB/T 36903 as public tables and OFD files name it: the four domestic types carry the same
// surface.
TEST(ShippedTest, TheCommonSurfaceHasItsNationalNames) {
  const std::vector<std::pair<std::string, std::string>> common = {
      {"certificate_name", "ZZMC"},
      {"certificate_number", "ZZBH"},
      {"certificate_issuing_authority_name", "ZZBFJG"},
      {"certificate_issuing_authority_code", "ZZBFJGDM"},
      {"certificate_issued_date", "ZZBFRQ"},
      {"certificate_effective_date", "ZZYXQQSRQ"},
      {"certificate_expiring_date", "ZZYXQJZRQ"},
      {"certificate_holder_name", "CZZT"},
      {"certificate_holder_code", "CZZTDM"},
      {"certificate_holder_type", "CZZTDMLXDM"},
      {"certificate_area_code", "FZJGSSXZQHDM"}};
  for (const LicenceType& t : shipped_licence_types()) {
    if (t.code.text() == sample::kLocalBusinessLicence) continue;
    for (const auto& [name, pinyin] : common) {
      const FieldDefinition* d = field_of(t.fields, name);
      ASSERT_NE(d, nullptr) << t.code.text() << " " << name;
      EXPECT_EQ(d->pinyin, pinyin) << t.code.text() << " " << name;
    }
  }
}

TEST(ShippedTest, BaseDataUsesTheNationalCodeLists) {
  for (const BaseKind& k : shipped_base_kinds()) {
    if (k.id != "natural_person") continue;
    const auto codes = [&k](std::string_view field) {
      std::set<std::string> out;
      for (const auto& [code, label] : field_of(k.fields, field)->codes) out.insert(code);
      return out;
    };
    EXPECT_EQ(codes("sex"), (std::set<std::string>{"0", "1", "2", "9"}));  // GB/T 2261.1
    EXPECT_EQ(codes("marital_status"),                                     // GB/T 2261.2
              (std::set<std::string>{"10", "20", "30", "40", "90"}));
  }
}

// The company dumps hold name, code, date, type, capital, scope, province, city and address, and
// the last six are N/A in some rows: nothing else may be demanded.
TEST(ShippedTest, DemandsOfABusinessLicenceOnlyWhatADumpHas) {
  const auto types = shipped_licence_types();
  std::set<std::string> required;
  for (const FieldDefinition& d : type_of(types, sample::kBusinessLicence).fields) {
    if (d.required) required.insert(d.name);
  }
  EXPECT_EQ(required, (std::set<std::string>{"enterprise_name", "uscc", "establishment_date"}));
}

TEST(ShippedTest, KeepsEverythingOnAnIdentityCardPersonal) {
  const auto types = shipped_licence_types();
  for (const FieldDefinition& d : type_of(types, sample::kIdentityCard).fields) {
    const bool about_person =
        d.name == "name" || d.name == "sex" || d.name == "nationality" || d.name == "birth_date" ||
        d.name == "address" || d.name == "resident_id" || d.name == "certificate_number" ||
        d.name.starts_with("certificate_holder_name") || d.name == "certificate_holder_code";
    EXPECT_EQ(d.privacy == FieldPrivacy::kPersonal, about_person) << d.name;
  }
}

TEST(ShippedTest, TheFoodMatterShowsEveryStateOfAPlan) {
  const auto matters = shipped_matters();
  const auto it = std::find_if(matters.begin(), matters.end(), [](const Matter& m) {
    return m.code == sample::kFoodBusinessMatter;
  });
  ASSERT_NE(it, matters.end());
  EXPECT_EQ(it->result_type->text(), sample::kFoodBusinessLicence);
  EXPECT_EQ(it->implementing_body.text(), sample::kApprovalBureau);
  int not_demandable = 0;
  int own = 0;
  int documents = 0;
  std::set<std::string> held;
  for (const Material& m : it->materials) {
    if (m.legal_basis.empty()) ++not_demandable;
    if (m.issued_by_asker) ++own;
    if (m.source == "document" && !m.legal_basis.empty() && !m.issued_by_asker) ++documents;
    if (m.licence_type) held.insert(m.licence_type->text());
  }
  EXPECT_EQ(not_demandable, 1);
  EXPECT_EQ(own, 1);
  EXPECT_EQ(documents, 1);
  EXPECT_EQ(held, (std::set<std::string>{std::string(sample::kBusinessLicence),
                                         std::string(sample::kIdentityCard),
                                         std::string(sample::kHealthCertificate)}));
}

// Every rule speaks of things that exist: a field that nobody has would be a silent refusal.
TEST(ShippedTest, RulesNameKnownCallersObjectsAndFields) {
  const auto types = shipped_licence_types();
  const auto kinds = shipped_base_kinds();
  const auto matters = shipped_matters();
  for (const SharingRule& rule : shipped_sharing_rules()) {
    const std::vector<FieldDefinition>* fields = nullptr;
    for (const LicenceType& t : types) {
      if (t.code.text() == rule.object) fields = &t.fields;
    }
    for (const BaseKind& k : kinds) {
      if (k.id == rule.object) fields = &k.fields;
    }
    ASSERT_NE(fields, nullptr) << rule.id;
    EXPECT_TRUE(std::any_of(matters.begin(), matters.end(), [&rule](const Matter& m) {
      return m.code == rule.matter;
    })) << rule.id;
    EXPECT_FALSE(rule.legal_basis.empty()) << rule.id;
    for (const std::string& name : rule.fields) {
      EXPECT_NE(field_of(*fields, name), nullptr) << rule.id << " " << name;
    }
    for (const std::string& caller : rule.callers) {
      EXPECT_TRUE(caller == sample::kApprovalBureau || caller == sample::kMarketSupervision)
          << rule.id << " names " << caller;
    }
  }
}

TEST(ShippedTest, WithholdsTheAddressOfAnIdentityCard) {
  for (const SharingRule& rule : shipped_sharing_rules()) {
    if (rule.object != sample::kIdentityCard) continue;
    EXPECT_EQ(rule.fields, (std::vector<std::string>{"name", "resident_id"}));
  }
}

TEST(ShippedTest, SamplePartiesAreFictitiousButWellFormed) {
  for (const auto code : {sample::kApprovalBureau, sample::kMarketSupervision,
                          sample::kPublicSecurity, sample::kHealthCommission}) {
    const auto uscc = parse_uscc(code);
    ASSERT_TRUE(uscc.ok()) << code;
    EXPECT_TRUE(uscc->division().starts_with("99")) << code;
    EXPECT_TRUE(parse_organisation_code(uscc->organisation_code()).ok()) << code;
  }
}

}  // namespace
}  // namespace lh::schemas
