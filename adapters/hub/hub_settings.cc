#include "adapters/hub/hub_settings.h"

#include <algorithm>

#include "adapters/hub/hub_row.h"

namespace lh::adapters::hub {
namespace {

bool is_division_prefix(const std::string& text) {
  return text.size() >= 2 && text.size() <= 12 &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

Result<Place> read_place(const SettingsNode& table) {
  auto in = LH_TRY(SettingsReader::open(table, "hubs"));
  Place out;
  out.connection = LH_TRY(http::request::read_connection(in));
  if (out.connection.certificate_file.empty()) {
    return in.invalid("a hub is asked over https with a tls certificate and key");
  }
  out.trust = LH_TRY(in.required_text("trust"));
  out.divisions = LH_TRY(in.texts("divisions"));
  if (!std::all_of(out.divisions.begin(), out.divisions.end(), is_division_prefix)) {
    return in.invalid("divisions: 2 to 12 digits each");
  }
  LH_TRY(in.finish());
  return out;
}

bool holds(const std::string& prefix, std::string_view division) {
  return division.substr(0, prefix.size()) == prefix;
}

}  // namespace

std::vector<std::string> HubSettings::columns() const {
  std::vector<std::string> out = fields;
  for (const std::string_view name : kStatedColumns) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
  }
  return out;
}

Result<HubSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  LH_TRY(in.texts("header"));
  HubSettings out;
  out.matter = LH_TRY(in.required_text("matter"));
  out.material = LH_TRY(in.text("material"));
  out.type = LH_TRY(in.required_text("type"));
  out.scheme = LH_TRY(in.choice("scheme", {"uscc", "resident_id"}));
  out.legal_basis = LH_TRY(in.required_text("legal_basis"));
  out.cause = LH_TRY(in.required_text("cause"));
  out.operator_id = LH_TRY(in.required_text("operator_id"));
  out.operator_name = LH_TRY(in.required_text("operator_name"));
  out.region = LH_TRY(in.text("region"));
  out.fields = LH_TRY(in.texts("fields"));
  if (out.fields.empty()) return in.invalid("fields are missing: what the matter needs");
  if (std::any_of(out.fields.begin(), out.fields.end(), is_stated_column)) {
    return in.invalid(
        "fields: licence_record, licence_status, licence_from, licence_until are said by the hub "
        "itself");
  }
  out.stock_data = LH_TRY(in.flag("stock_data", Flag::kNo));
  out.page_rows = LH_TRY(in.number("page_rows", 1, 100, out.page_rows));
  for (const SettingsNode* table : LH_TRY(in.tables("hubs"))) {
    out.places.push_back(LH_TRY(read_place(*table)));
  }
  if (out.places.empty()) return in.invalid("[[source.hubs]]: name the hubs that are asked");
  LH_TRY(in.finish());
  return out;
}

Result<const Place*> place_of(const HubSettings& settings, std::string_view division) {
  const Place* best = nullptr;
  std::size_t longest = 0;
  bool tie = false;
  for (const Place& place : settings.places) {
    std::size_t match = place.divisions.empty() ? 1 : 0;
    for (const std::string& prefix : place.divisions) {
      if (holds(prefix, division)) match = std::max(match, prefix.size() + 1);
    }
    if (match == 0 && division.empty() && settings.places.size() == 1) match = 1;
    tie = match > 0 && match == longest ? true : match > longest ? false : tie;
    if (match > longest) best = &place;
    longest = std::max(longest, match);
  }
  if (best == nullptr || tie) {
    return Error(Reason::kSourceTarget, "no single hub is named for the division");
  }
  return best;
}

}  // namespace lh::adapters::hub
