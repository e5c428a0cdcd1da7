// Bundles, proofs, code tables, the sharing directory, publication, chapters of types: each good
// file is taken, each single wrong change refused.
#include <gtest/gtest.h>

#include "schemas/catalogue_lists.h"
#include "schemas/sample_parties.h"

namespace lh::schemas {
namespace {

Json with(Json j, std::string name, Json value) {
  return j.set(std::move(name), std::move(value));
}

template <class T>
std::string refusal(const Result<T>& r) {
  return r.ok() ? "accepted" : std::string(r.error().id());
}

template <class T, class Read, class Write>
void makes_the_round(const std::vector<T>& all, Read read, Write write) {
  ASSERT_FALSE(all.empty());
  for (const T& d : all) {
    const Json json = write(d);
    const auto again = read(json);
    ASSERT_TRUE(again.ok()) << again.error().describe();
    EXPECT_EQ(to_text(write(*again)), to_text(json));
    EXPECT_EQ(refusal(read(with(json, "surprise", 1))), "json.unknown_member");
    for (std::size_t i = 0; i < json.members()->size(); ++i) {
      Json less = json;
      const std::string name = json.members()->at(i).first;
      less.members()->erase(less.members()->begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_NE(refusal(read(less)), "accepted") << name;
    }
  }
}

TEST(CatalogueLists, EveryMemberIsNeededAndNoneMayBeAdded) {
  makes_the_round(shipped_bundles(), bundle_from_json, bundle_to_json);
  makes_the_round(shipped_proofs(), proof_from_json, proof_to_json);
  makes_the_round(shipped_code_tables(), code_table_from_json, code_table_to_json);
  makes_the_round(shipped_directory(), directory_entry_from_json, directory_entry_to_json);
  makes_the_round(shipped_publication_rules(), publication_rule_from_json,
                  publication_rule_to_json);
}

TEST(BundleJson, WaitsOnlyForWhatStandsBeforeIt) {
  const Json good = bundle_to_json(shipped_bundles().front());
  const auto steps = [&](std::string_view text) {
    return refusal(bundle_from_json(with(good, "matters", parse_json(text, 4096).value())));
  };
  EXPECT_EQ(steps(R"([{"matter":"A"},{"matter":"B","after":["A"]}])"), "accepted");
  EXPECT_EQ(steps(R"([{"matter":"A","after":["B"]},{"matter":"B"}])"), "definition.invalid");
  EXPECT_EQ(steps(R"([{"matter":"A"},{"matter":"B","after":["B"]}])"), "definition.invalid");
  EXPECT_EQ(steps(R"([{"matter":"A"},{"matter":"A"}])"), "definition.invalid");
  EXPECT_EQ(steps(R"([{"matter":"A"}])"), "definition.invalid");
  EXPECT_EQ(steps(R"([{"matter":"A"},{"matter":"B","applicant":"neighbour"}])"), "json.value");
  EXPECT_EQ(steps(R"([{"matter":"A b"},{"matter":"B"}])"), "json.value");
}

TEST(ProofJson, SaysWhatTakesItsPlace) {
  const auto read = [](std::string_view more) {
    const std::string text =
        R"({"code":"P","version":1,"effective":{"from":"2026-01-01"},"names":{"chinese":"证明",)"
        R"("english":"Proof"},"legal_basis":"x",)" +
        std::string(more) + "}";
    return refusal(proof_from_json(parse_json(text, 4096).value()));
  };
  const std::string ended = R"("state":"abolished","abolished_from":"2026-02-01")";
  EXPECT_EQ(read(R"("state":"retained")"), "accepted");
  EXPECT_EQ(read(ended), "json.missing_member");
  EXPECT_EQ(read(ended + R"(,"replacement":"commitment")"), "accepted");
  EXPECT_EQ(read(ended + R"(,"replacement":"trust")"), "json.value");
  EXPECT_EQ(read(ended + R"(,"replacement":"licence")"), "definition.invalid");
  const std::string type = R"(,"licence_type":")" + std::string(sample::kBusinessLicence) + "\"";
  EXPECT_EQ(read(ended + R"(,"replacement":"licence")" + type), "accepted");
  EXPECT_EQ(read(ended + R"(,"replacement":"commitment")" + type), "definition.invalid");
  EXPECT_EQ(read(R"("state":"retained","replacement":"commitment")"), "definition.invalid");
  EXPECT_EQ(read(R"("state":"retained","abolished_from":"2026-02-01")"), "definition.invalid");
  EXPECT_EQ(read(R"("state":"abolished","replacement":"commitment")"), "json.missing_member");
}

TEST(DirectoryJson, WhatIsNotSharedFreelySaysWhy) {
  const Json good = directory_entry_to_json(shipped_directory().front());
  const auto reason = [&](std::string name, Json value) {
    return refusal(directory_entry_from_json(with(good, std::move(name), std::move(value))));
  };
  EXPECT_EQ(reason("legal_basis", ""), "definition.invalid");
  EXPECT_EQ(reason("attribute", "perhaps"), "json.value");
  EXPECT_EQ(reason("object", "vehicle"), "id.format");
  EXPECT_EQ(reason("update_cycle", "sometimes"), "json.value");
  EXPECT_EQ(reason("provider", "11990100MB99000132"), "id.check_digit");
  EXPECT_EQ(refusal(directory_entry_from_json(
                with(with(good, "attribute", "not_shared"), "open", "conditional"))),
            "definition.invalid");
  EXPECT_EQ(refusal(directory_entry_from_json(
                with(with(good, "attribute", "unconditional"), "legal_basis", Json()))),
            "accepted");
}

TEST(PublicationJson, ThereIsOne) {
  const Json good = publication_rule_to_json(shipped_publication_rules().front());
  const auto kinds = [&](const char* kind) {
    return refusal(
        publication_rule_from_json(with(good, "filing_required", Json::array().push(kind))));
  };
  EXPECT_EQ(kinds("matter"), "accepted");
  EXPECT_EQ(kinds("vehicle"), "json.value");
  EXPECT_EQ(refusal(publication_rule_from_json(with(good, "id", "another"))), "json.value");
}

// ---- chapters and mergers of licence types ---------------------------------------------------

LicenceType chaptered() {
  for (auto& t : shipped_licence_types()) {
    if (t.merged_into) return t;
  }
  return {};
}

TEST(TypeChapters, AreCarriedAndTheirShapeIsChecked) {
  const LicenceType type = chaptered();
  EXPECT_EQ(type.chapters.style->seals.size(), 1U);
  EXPECT_EQ(type.chapters.verification.size(), 3U);
  EXPECT_EQ(type.code_tables.size(), 1U);
  const Json good = licence_type_to_json(type);
  const auto reason = [&](std::string name, std::string_view text) {
    return refusal(
        licence_type_from_json(with(good, std::move(name), parse_json(text, 4096).value())));
  };
  EXPECT_EQ(reason("style", R"({"paper":"A9","seals":[]})"), "json.value");
  EXPECT_EQ(reason("style", R"({"paper":"A4","seals":[{"page":0,"left_mm":1,"top_mm":1}]})"),
            "json.value");
  EXPECT_EQ(reason("style", R"({"paper":"A4"})"), "json.missing_member");
  EXPECT_EQ(reason("verification", R"({"methods":["magic"]})"), "json.value");
  EXPECT_EQ(reason("verification", R"({"methods":[]})"), "licence_type.invalid");
  EXPECT_EQ(reason("cataloguing", R"({"category":"x","levels":["moon"]})"), "json.value");
  EXPECT_EQ(reason("coding", R"({"serial_rule":""})"), "json.value");
  EXPECT_EQ(reason("requirements", R"({"standard":"x","scope":"y","more":1})"),
            "json.unknown_member");
  EXPECT_EQ(reason("style", "null"), "accepted") << "every chapter may be absent";
  EXPECT_EQ(reason("merged_into", R"({"type":"11990100MB99000131006","from":"2026-01-01"})"),
            "licence_type.invalid");
  EXPECT_EQ(reason("merged_into", R"({"type":"11990100MB99000131001"})"), "json.missing_member");
}

TEST(CodeTableOfAField, StandsInsteadOfItsCodes) {
  const auto read = [](std::string_view field) {
    Json type = licence_type_to_json(chaptered());
    type.set("number_field", "f")
        .set("fields", Json::array().push(parse_json(field, 4096).value()));
    return refusal(licence_type_from_json(type));
  };
  const std::string f = R"({"name":"f","chinese":"x","english":"x",)";
  EXPECT_EQ(read(f + R"("kind":"code","code_table":"t"})"), "accepted");
  EXPECT_EQ(read(f + R"("kind":"code","code_table":"t","codes":{"1":"x"}})"), "json.value");
  EXPECT_EQ(read(f + R"("kind":"text","code_table":"t"})"), "json.value");
  EXPECT_EQ(read(f + R"("kind":"code"})"), "json.value");
  Json base = base_kind_to_json(shipped_base_kinds().front());
  base.set("fields",
           Json::array().push(parse_json(f + R"("kind":"code","code_table":"t"})", 4096).value()));
  EXPECT_NE(refusal(base_kind_from_json(base)), "accepted");
}

TEST(MatterPlace, IsOfAKnownLevel) {
  const Json good = matter_to_json(shipped_matters().front());
  EXPECT_EQ(refusal(matter_from_json(with(good, "level", "city"))), "accepted");
  EXPECT_EQ(refusal(matter_from_json(with(good, "level", "moon"))), "json.value");
  EXPECT_EQ(refusal(matter_from_json(with(good, "catalogue_code", "a b"))), "json.value");
  Json placed = with(with(good, "catalogue_code", "000131001000"), "matter_type", "行政许可");
  const auto m = matter_from_json(placed).value();
  EXPECT_EQ(to_text(matter_to_json(m)), to_text(placed));
}

}  // namespace
}  // namespace lh::schemas
