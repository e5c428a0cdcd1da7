// The answers of fetch and of base-data queries as JSON text, appended directly: no tree on the way
// out. Private to hub/exchange.
#pragma once

#include <string>
#include <vector>

#include "hub/access/gate.h"
#include "hub/licences/licence_store.h"
#include "hub/licences/verdicts.h"
#include "hub/subjects/base_data.h"

namespace lh::hub::exchange {

// What is known of the answer before the record is read: plain values, ready as text.
struct FetchFrame {
  std::string withheld, verdicts, issued;
};
struct BaseFrame {
  std::vector<std::string> fields;
  std::string withheld, kind;
};

std::string fetch_answer(const licences::Presented& shown, const FetchFrame& frame);
std::string base_answer(const subjects::BaseRecord& record, const BaseFrame& frame);
std::string withheld_json(const access::Decision& decision);  // [{"field":…,"rule":…}…]
std::string verdicts_text(const licences::Verdicts& verdicts);
struct Issued {
  std::string_view licence_id, type;
  int version = 1;
  std::string_view qr;
};
std::string issued_json(const Issued& issued);
std::string rule_evidence(const access::Decision& decision);  // "rule <id> version <n>"

}  // namespace lh::hub::exchange
