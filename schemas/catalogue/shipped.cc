// The definitions that are part of the binary: every file of schemas/data, taken in at build time.
#include "base/embedded.h"
#include "base/limits.h"
#include "schemas/catalogue_lists.h"
#include "schemas/division_table.h"

namespace lh::embedded {
std::span<const File> schema_files();  // made by tools/cmake/embed.cmake
}

namespace lh::schemas {
namespace {

// A shipped file that is not valid is a bug of this build, found by the unit tests.
template <class T>
std::vector<T> read_folder(std::string_view folder, Result<T> (*from_json)(const Json&)) {
  std::vector<T> out;
  for (const embedded::File& file : embedded::schema_files()) {
    if (!file.path.starts_with(folder)) continue;
    const auto json = parse_json(file.bytes, limits::kJsonBodyBytes);
    LH_CHECK(json.ok(), file.path);
    auto value = from_json(*json);
    LH_CHECK(value.ok(), std::string(file.path) + ": " + value.error().describe());
    out.push_back(std::move(value).value());
  }
  LH_CHECK(!out.empty(), folder);
  return out;
}

DivisionTable read_divisions() {
  for (const embedded::File& file : embedded::schema_files()) {
    if (file.path != "divisions/gb2260.csv") continue;
    auto table = DivisionTable::parse(file.bytes);
    LH_CHECK(table.ok(), table.error().describe());
    return std::move(table).value();
  }
  check_failed("schema_files()", "divisions/gb2260.csv is not there");
}

}  // namespace

std::vector<LicenceType> shipped_licence_types() {
  return read_folder<LicenceType>("types/", licence_type_from_json);
}

std::vector<BaseKind> shipped_base_kinds() {
  return read_folder<BaseKind>("base/", base_kind_from_json);
}

std::vector<Matter> shipped_matters() {
  return read_folder<Matter>("matters/", matter_from_json);
}

std::vector<SharingRule> shipped_sharing_rules() {
  return read_folder<SharingRule>("rules/", sharing_rule_from_json);
}

PlanRules shipped_plan_rules() {
  return std::move(read_folder<PlanRules>("plan/", plan_rules_from_json).front());
}

std::vector<Bundle> shipped_bundles() {
  return read_folder<Bundle>("bundles/", bundle_from_json);
}

std::vector<Proof> shipped_proofs() {
  return read_folder<Proof>("proofs/", proof_from_json);
}

std::vector<CodeTable> shipped_code_tables() {
  return read_folder<CodeTable>("tables/", code_table_from_json);
}

std::vector<DirectoryEntry> shipped_directory() {
  return read_folder<DirectoryEntry>("directory/", directory_entry_from_json);
}

std::vector<PublicationRule> shipped_publication_rules() {
  return read_folder<PublicationRule>("publication/", publication_rule_from_json);
}

const DivisionTable& DivisionTable::shipped() {
  static const DivisionTable kTable = read_divisions();
  return kTable;
}

}  // namespace lh::schemas
