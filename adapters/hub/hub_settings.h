// The [source] table of the kind "hub". Format: docs/formats/source-hub.md.
#pragma once

#include <string>
#include <vector>

#include "adapters/http/request/connection.h"

namespace lh::adapters::hub {

// One hub that is asked, and whose licences it is trusted for.
struct Place {
  http::request::Connection connection;
  std::vector<std::string> divisions;  // prefixes; empty: every division
  std::string trust;                   // folder: *.pem of its issuers, *.vkey of its log
};

struct HubSettings {
  std::vector<Place> places;  // at least one
  std::string matter;         // as it is registered for us there
  std::string material;       // of that matter's plan; empty: no lookup
  std::string type;           // licence type code
  std::string scheme;         // of the holder's identifier
  std::string legal_basis;
  std::string cause;
  std::string operator_id;  // who asks, where a call names nobody
  std::string operator_name;
  std::string region;
  std::vector<std::string> fields;
  Flag stock_data = Flag::kNo;  // a pull takes what was collected from stock data there, too
  std::size_t page_rows = 100;

  std::vector<std::string> columns() const;  // fields, and what the hub says beside them
};

// Errors: mapping.invalid with the line.
Result<HubSettings> read_settings(const SettingsNode& source);

// The hub whose divisions hold this one, by the longest prefix; an empty division is found where
// there is one hub only. Errors: source.target (no hub, or no single one, is named for it).
Result<const Place*> place_of(const HubSettings& settings, std::string_view division);

}  // namespace lh::adapters::hub
