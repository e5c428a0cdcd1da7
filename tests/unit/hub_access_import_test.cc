// Differences and imports: what is new, changed, the same, missing; nothing half.
#include <gtest/gtest.h>

#include "hub/access/definitions/import.h"
#include "tests/unit/hub_access_kit.h"

namespace lh {
namespace {

using hub::access::Definitions;
using hub::access::Draft;
using hub::access::ImportReport;
using hub::access::ImportState;
using hub::access::Policy;
using kits::licence_material;
using kits::small_matter;
using schemas::Json;

Json json_of(std::string_view text) {
  return schemas::parse_json(text, 1U << 20U).value();
}

TEST(Differences, NameTheItemsOfLists) {
  const Json was = json_of(R"({"a":1,"list":[{"code":"M1","x":1},{"code":"M2","x":2}],"t":[1,2]})");
  const Json now = json_of(R"({"a":1,"list":[{"code":"M2","x":3},{"code":"M3"}],"t":[2,1],"b":0})");
  const auto list = hub::access::differences(was, now);
  ASSERT_EQ(list.size(), 5U);
  EXPECT_EQ(list[0].path, "list[M1]");
  EXPECT_TRUE(list[0].now.is_null());
  EXPECT_EQ(list[1].path, "list[M2].x");
  EXPECT_EQ(list[2].path, "list[M3]");
  EXPECT_EQ(list[3].path, "t") << "a list without names differs as a whole";
  EXPECT_EQ(list[4].path, "b");
  EXPECT_TRUE(hub::access::differences(was, was).empty());
  EXPECT_EQ(hub::access::differences(json_of(R"([{"code":"1"},{"code":"2"}])"),
                                     json_of(R"([{"code":"2"},{"code":"1"}])"))
                .size(),
            1U)
      << "another order is a difference";
}

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    all_.types = {kits::small_type(1), kits::small_type(2)};
    all_.matters = {small_matter("A-1", 1), small_matter("A-2", 2), small_matter("B-1", 2)};
  }
  static Json item(const schemas::Matter& m) {
    Json j = Json::object();
    j.set("kind", "matter");
    j.set("definition", hub::access::content_of(schemas::matter_to_json(m)));
    return j;
  }
  static Json file(std::vector<Json> items) {
    Json j = Json::object();
    j.set("source", "upper").set("prefix", "A-").set("effective_from", "2026-07-01");
    j.set("definitions", Json(std::move(items)));
    return j;
  }
  Result<ImportReport> plan(const Json& body, const std::vector<Draft>& open = {}) const {
    const auto request = LH_TRY(hub::access::import_request_from_json(body));
    return plan_import(request, *Policy::make(all_, 1), open);
  }
  std::string refusal(const Json& body) const {
    const auto r = plan(body);
    return r.ok() ? "accepted" : r.error().describe();
  }
  Definitions all_;
};

TEST_F(ImportTest, SortsNewChangedSameAndMissing) {
  auto changed = small_matter("A-1", 1);
  changed.legal_basis = "新法";
  const auto report = plan(file({item(changed), item(small_matter("A-3", 2))})).value();
  ASSERT_EQ(report.rows.size(), 2U);
  EXPECT_EQ(report.rows[0].state, ImportState::kChanged);
  EXPECT_EQ(report.rows[0].version, 2);
  ASSERT_EQ(report.rows[0].differences.size(), 1U);
  EXPECT_EQ(report.rows[0].differences[0].path, "legal_basis");
  EXPECT_EQ(report.rows[1].state, ImportState::kNew);
  EXPECT_EQ(report.rows[1].version, 1);
  ASSERT_EQ(report.missing.size(), 1U) << "A-2; B-1 is of another prefix";
  EXPECT_EQ(report.missing[0].second, "A-2");
  EXPECT_EQ(plan(file({item(small_matter("A-1", 1))}))->count(ImportState::kSame), 1U);
}

TEST_F(ImportTest, DraftsTheNextVersionFromTheGivenDay) {
  all_.matters.push_back(small_matter("A-1", 1));
  all_.matters.back().version = 4;
  all_.matters.back().effective.from = kits::on("2027-01-01");
  auto changed = small_matter("A-1", 1);
  changed.names.english = "Another name";
  const auto report = plan(file({item(changed)})).value();
  EXPECT_EQ(report.rows[0].version, 5) << "one above the greatest known, in force or not";
  const auto read = schemas::matter_from_json(json_of(report.rows[0].definition)).value();
  EXPECT_EQ(read.version, 5);
  EXPECT_EQ(read.effective.from.text(), "2026-07-01");
  kits::SeededRandom random(1);
  const auto rows = hub::access::import_rows(report, "sys", UtcTime{1}, random);
  EXPECT_EQ(rows.size(), 1U);
}

TEST_F(ImportTest, TheSameFileTwiceDraftsOnce) {
  const Json body = file({item(small_matter("A-9", 2))});
  const auto first = plan(body).value();
  Draft draft;
  draft.kind = hub::access::ObjectKind::kMatter;
  draft.definition = first.rows[0].definition;
  const auto second = plan(body, {draft}).value();
  EXPECT_EQ(second.rows[0].state, ImportState::kWaiting);
  kits::SeededRandom random(1);
  EXPECT_TRUE(hub::access::import_rows(second, "sys", UtcTime{1}, random).empty());
}

TEST_F(ImportTest, DefinitionsOfOneFileMayNameEachOther) {
  Json type = Json::object();
  type.set("kind", "licence_type").set("definition", licence_type_to_json(kits::small_type(5)));
  const Json body = file({item(small_matter("A-5", 5)), type});
  EXPECT_EQ(plan(body)->count(ImportState::kNew), 2U);
  EXPECT_EQ(refusal(file({item(small_matter("A-5", 5))})),
            "catalogue.import_invalid: definitions[0]: licence_type.unknown: result_type");
}

TEST_F(ImportTest, RefusesTheWholeFileForOneItem) {
  auto bad = item(small_matter("A-8", 1));
  bad.members()->back().second.set("legal_basis", "");
  EXPECT_EQ(refusal(file({item(small_matter("A-1", 1)), bad})),
            "catalogue.import_invalid: definitions[1]: json.value: matter.legal_basis: empty");
  const auto same = item(small_matter("A-1", 1));
  EXPECT_NE(refusal(file({same, same})).find("definitions[1]: json.value: is there twice"),
            std::string::npos);
  EXPECT_NE(refusal(file({})).find("catalogue.import_invalid"), std::string::npos);
  Json strange = item(small_matter("A-1", 1));
  strange.set("kind", "vehicle");
  EXPECT_NE(refusal(file({strange})).find("definitions[0]"), std::string::npos);
  EXPECT_NE(refusal(file({item(small_matter("A-5", 1, {licence_material("M", 2)})),
                          item(small_matter("A-2", 2, {licence_material("M", 1)})),
                          item(small_matter("A-1", 1, {licence_material("M", 2)})),
                          item(small_matter("B-1", 2, {licence_material("M", 1)}))}))
                .find("matter.circular_proof"),
            std::string::npos);
  Json more = file({item(small_matter("A-1", 1))});
  more.set("surprise", 1);
  EXPECT_NE(refusal(more).find("json.unknown_member"), std::string::npos);
}

}  // namespace
}  // namespace lh
