// 四级四同: what differs between matters here and the entries of an upper level.
#include <gtest/gtest.h>

#include "hub/access/definitions/align.h"
#include "tests/unit/hub_access_kit.h"

namespace lh {
namespace {

using hub::access::Alignment;
using hub::access::AlignmentReport;
using hub::access::Definitions;
using hub::access::Policy;
using hub::access::UpperCatalogue;
using hub::access::UpperMatter;
using kits::small_matter;

schemas::Matter matter(const char* code, const char* entry) {
  auto m = small_matter(code, 0, {kits::document_material("M1", "申请书")});
  m.names.chinese = "事项";
  m.catalogue_code = entry;
  m.matter_type = "行政许可";
  return m;
}

UpperMatter upper(const char* code) {
  return {code, "事项", "某法", "行政许可", {"申请书"}, true};
}

AlignmentReport compare(std::vector<schemas::Matter> here, std::vector<UpperMatter> there) {
  Definitions all;
  all.matters = std::move(here);
  return align(UpperCatalogue{"upper", "", std::move(there)}, *Policy::make(all, 1), kits::kStart);
}

TEST(Align, EachMatterOfAnEntryIsCompared) {
  const auto report = compare({matter("A", "1"), matter("B", "1")}, {upper("1")});
  EXPECT_TRUE(report.aligned());
  EXPECT_EQ(report.count(Alignment::kAligned), 2U);
}

TEST(Align, NamesWhatDiffers) {
  auto other = matter("A", "1");
  other.names.chinese = "另一事项";
  other.legal_basis = "另一法";
  other.matter_type = "行政确认";
  other.materials = {kits::document_material("M1", "合同")};
  const auto report = compare({other}, {upper("1")});
  EXPECT_FALSE(report.aligned());
  EXPECT_EQ(report.rows.at(0).differs,
            (std::vector<std::string>{"name", "legal_basis", "matter_type", "fewer_materials",
                                      "more_materials"}));
}

TEST(Align, WhatMayNotBeDemandedIsNoMaterial) {
  auto old = matter("A", "1");
  old.materials.push_back(kits::document_material("M2", "旧证明"));
  EXPECT_EQ(compare({old}, {upper("1")}).rows.at(0).differs,
            std::vector<std::string>{"more_materials"});
  old.materials.back().legal_basis.clear();
  EXPECT_TRUE(compare({old}, {upper("1")}).aligned());
}

TEST(Align, TellsWhatStandsOnOneSideOnly) {
  const auto report = compare({matter("A", "1"), matter("B", "")}, {upper("1"), upper("2")});
  EXPECT_EQ(report.count(Alignment::kOnlyHere), 1U);
  EXPECT_EQ(report.count(Alignment::kOnlyThere), 1U);
  EXPECT_EQ(report.rows.back().catalogue_code, "2");
}

TEST(Align, RefusesAFileThatContradictsItself) {
  const auto read = [](std::string_view text) {
    const auto r =
        hub::access::upper_catalogue_from_json(schemas::parse_json(text, 1U << 20U).value());
    return r.ok() ? "accepted" : std::string(r.error().id());
  };
  const std::string one = R"({"code":"1","name":"n","legal_basis":"b"})";
  EXPECT_EQ(read(R"({"source":"s","matters":[)" + one + "]}"), "accepted");
  EXPECT_EQ(read(R"({"source":"s","matters":[)" + one + "," + one + "]}"),
            "catalogue.import_invalid");
  EXPECT_EQ(read(R"({"source":"s","matters":[]})"), "catalogue.import_invalid");
  EXPECT_EQ(read(R"({"source":"s","matters":[{"code":"1"}]})"), "json.missing_member");
}

}  // namespace
}  // namespace lh
