#include "hub/access/definitions/align.h"

#include <algorithm>
#include <map>
#include <set>

#include "hub/access/definitions/shelves.h"

namespace lh::hub::access {
namespace {

using schemas::Json;
using schemas::Matter;
using schemas::ObjectReader;

constexpr std::size_t kMatters = 20'000;
constexpr std::size_t kMaterials = 200;

Status read_materials(ObjectReader& r, UpperMatter& m) {
  if (r.optional("materials") == nullptr) return {};
  m.has_materials = true;
  const Json* names = LH_TRY(r.array("materials"));
  if (names->items()->size() > kMaterials) {
    return Error(Reason::kImportInvalid, r.path("materials"));
  }
  for (const Json& name : *names->items()) {
    if (name.string() == nullptr) return Error(Reason::kJsonWrongType, r.path("materials"));
    m.materials.push_back(*name.string());
  }
  return {};
}

Result<UpperMatter> upper_matter_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  UpperMatter m;
  m.code = LH_TRY(r.string("code", 36));
  m.name = LH_TRY(r.string("name", 256));
  m.legal_basis = LH_TRY(r.string("legal_basis", 1024));
  m.matter_type = LH_TRY(r.optional_string("matter_type", 64)).value_or("");
  LH_TRY(read_materials(r, m));
  LH_TRY(r.finish());
  return m;
}

// Each name as often as it is asked for; what may not be demanded does not count.
std::multiset<std::string> demanded(const Matter& m) {
  std::multiset<std::string> out;
  for (const auto& material : m.materials) {
    if (!material.legal_basis.empty()) out.insert(material.names.chinese);
  }
  return out;
}

std::vector<std::string> differences_of(const UpperMatter& upper, const Matter& here) {
  std::vector<std::string> out;
  if (upper.name != here.names.chinese) out.emplace_back("name");
  if (upper.legal_basis != here.legal_basis) out.emplace_back("legal_basis");
  if (!upper.matter_type.empty() && upper.matter_type != here.matter_type) {
    out.emplace_back("matter_type");
  }
  if (!upper.has_materials) return out;
  const std::multiset<std::string> there(upper.materials.begin(), upper.materials.end());
  const auto ours = demanded(here);
  if (!std::includes(ours.begin(), ours.end(), there.begin(), there.end())) {
    out.emplace_back("fewer_materials");
  }
  if (!std::includes(there.begin(), there.end(), ours.begin(), ours.end())) {
    out.emplace_back("more_materials");
  }
  return out;
}

std::string_view alignment_text(Alignment a) {
  switch (a) {
    case Alignment::kAligned:
      return "aligned";
    case Alignment::kDiffers:
      return "differs";
    case Alignment::kOnlyHere:
      return "only_here";
    case Alignment::kOnlyThere:
      return "only_there";
  }
  LH_CHECK(false, "a state outside the list");
  return {};
}

}  // namespace

Result<UpperCatalogue> upper_catalogue_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "align"));
  UpperCatalogue out;
  out.source = LH_TRY(r.string("source", 128));
  out.prefix = LH_TRY(r.optional_string("prefix", 64)).value_or("");
  const Json* matters = LH_TRY(r.array("matters"));
  LH_TRY(r.finish());
  const std::size_t n = matters->items()->size();
  if (n == 0 || n > kMatters) return Error(Reason::kImportInvalid, r.path("matters"));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string where = r.path("matters[" + std::to_string(i) + "]");
    auto m = LH_TRY(upper_matter_from_json((*matters->items())[i], where));
    if (!seen.insert(m.code).second) return Error(Reason::kImportInvalid, where + ".code: twice");
    out.matters.push_back(std::move(m));
  }
  return out;
}

std::size_t AlignmentReport::count(Alignment s) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [s](const AlignmentRow& r) { return r.state == s; }));
}

AlignmentReport align(const UpperCatalogue& upper, const Policy& policy, LocalDate at) {
  std::map<std::string, const UpperMatter*, std::less<>> there;
  for (const UpperMatter& m : upper.matters) there.emplace(m.code, &m);
  AlignmentReport out;
  std::set<std::string> found;
  for (const auto& code : policy.shelves().ids_in_force(ObjectKind::kMatter, at)) {
    if (!code.starts_with(upper.prefix)) continue;
    const Matter& here = *policy.find_matter(code, at);
    AlignmentRow row{Alignment::kOnlyHere, here.catalogue_code, code, {}};
    const auto entry = there.find(here.catalogue_code);
    if (entry != there.end()) {
      found.insert(entry->first);
      row.differs = differences_of(*entry->second, here);
      row.state = row.differs.empty() ? Alignment::kAligned : Alignment::kDiffers;
    }
    out.rows.push_back(std::move(row));
  }
  for (const UpperMatter& m : upper.matters) {
    if (!found.contains(m.code)) out.rows.push_back({Alignment::kOnlyThere, m.code, "", {}});
  }
  return out;
}

Json alignment_to_json(const AlignmentReport& report) {
  Json counts = Json::object();
  for (const auto s :
       {Alignment::kAligned, Alignment::kDiffers, Alignment::kOnlyHere, Alignment::kOnlyThere}) {
    counts.set(std::string(alignment_text(s)), std::uint64_t{report.count(s)});
  }
  Json rows = Json::array();
  for (const AlignmentRow& row : report.rows) {
    if (row.state == Alignment::kAligned) continue;  // counted
    Json j = Json::object();
    j.set("state", alignment_text(row.state));
    if (!row.catalogue_code.empty()) j.set("catalogue_code", row.catalogue_code);
    if (!row.matter.empty()) j.set("matter", row.matter);
    if (!row.differs.empty()) {
      Json differs = Json::array();
      for (const auto& what : row.differs) differs.push(what);
      j.set("differs", std::move(differs));
    }
    rows.push(std::move(j));
  }
  Json out = Json::object();
  out.set("aligned", report.aligned()).set("counts", std::move(counts));
  out.set("matters", std::move(rows));
  return out;
}

}  // namespace lh::hub::access
