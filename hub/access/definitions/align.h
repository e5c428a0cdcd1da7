// 四级四同: are the matters here those of the upper level's catalogue — same code, name, legal
// basis and kind of matter at each level? Pure.
#pragma once

#include "hub/access/catalogue.h"

namespace lh::hub::access {

struct UpperMatter {
  std::string code;  // basic code (目录清单)
  std::string name;  // Chinese
  std::string legal_basis;
  std::string matter_type;             // empty: not compared
  std::vector<std::string> materials;  // Chinese names
  bool has_materials = false;          // materials are compared
};
struct UpperCatalogue {
  std::string source;
  std::string prefix;  // of codes of matters here that are compared; empty: all
  std::vector<UpperMatter> matters;
};
// {source, prefix?, matters: [{code, name, legal_basis, matter_type?, materials?: [names]}…]}.
// Errors: json.*, catalogue.import_invalid (a code stands twice; none or too many).
Result<UpperCatalogue> upper_catalogue_from_json(const schemas::Json& j);

enum class Alignment : std::uint8_t { kAligned, kDiffers, kOnlyHere, kOnlyThere };
struct AlignmentRow {
  Alignment state = Alignment::kAligned;
  std::string catalogue_code;  // empty: a matter here that names no entry of a catalogue
  std::string matter;          // code here; empty when only there
  // Of kDiffers: "name", "legal_basis", "matter_type", "fewer_materials", "more_materials".
  std::vector<std::string> differs;
};
struct AlignmentReport {
  std::vector<AlignmentRow> rows;  // by the code here, then those only there
  std::size_t count(Alignment s) const;
  bool aligned() const { return count(Alignment::kAligned) == rows.size(); }
};
// The matters in force that day. An entry may be implemented by several matters; each is compared.
AlignmentReport align(const UpperCatalogue& upper, const Policy& policy, LocalDate at);
schemas::Json alignment_to_json(const AlignmentReport& report);

}  // namespace lh::hub::access
