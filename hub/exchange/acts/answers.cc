#include "hub/exchange/acts/answers.h"

#include <algorithm>

#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

using schemas::append_json_string;

constexpr std::size_t kReceiptRoom = 2560;  // an answer gets its receipt without moving

void append_fields(std::string& out, const schemas::Fields& fields,
                   const std::vector<std::string>& released) {
  out += "\"fields\":{";
  bool first = true;
  for (const auto& [name, value] : fields) {
    if (std::find(released.begin(), released.end(), name) == released.end()) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  }
  out += '}';
}

}  // namespace

std::string fetch_answer(const licences::Presented& shown, const FetchFrame& frame) {
  std::string out;
  out.reserve(shown.fields.size() + shown.presentation.size() + frame.withheld.size() +
              frame.verdicts.size() + frame.issued.size() + 128 + kReceiptRoom);
  out += "{\"fields\":{";
  out += shown.fields;
  out += "},\"withheld\":";
  out += frame.withheld;
  // base64url, dots and tildes: nothing to escape.
  out += ",\"presentation\":\"";
  out += shown.presentation;
  out += "\",\"verdicts\":";
  out += frame.verdicts;
  out += ",\"issued\":";
  out += frame.issued;
  out += '}';
  return out;
}

std::string base_answer(const subjects::BaseRecord& record, const BaseFrame& frame) {
  std::string out = "{\"kind\":";
  append_json_string(out, frame.kind);
  out += ',';
  append_fields(out, record.fields, frame.fields);
  out += ",\"withheld\":";
  out += frame.withheld;
  out += ",\"source\":";
  append_json_string(out, record.source);
  out += ",\"version\":" + std::to_string(record.number);
  out += ",\"valid_from\":";
  out += record.valid_from ? '"' + record.valid_from->text() + '"' : std::string("null");
  out += '}';
  return out;
}

std::string withheld_json(const access::Decision& decision) {
  std::string out = "[";
  for (const auto& w : decision.withheld) {
    if (out.size() > 1) out += ',';
    out += "{\"field\":";
    append_json_string(out, w.field);
    out += ",\"rule\":";
    append_json_string(out, w.rule);
    out += '}';
  }
  return out += ']';
}

std::string verdicts_text(const licences::Verdicts& verdicts) {
  std::string out;
  out.reserve(768);
  licences::append_verdicts(out, verdicts);
  return out;
}

std::string issued_json(const Issued& issued) {
  std::string out = "{\"licence_id\":";
  append_json_string(out, issued.licence_id);
  out += ",\"type\":";
  append_json_string(out, issued.type);
  out += ",\"version\":" + std::to_string(issued.version);
  out += ",\"qr\":";
  append_json_string(out, issued.qr);
  return out += '}';
}

std::string rule_evidence(const access::Decision& decision) {
  return "rule " + decision.rule + " version " + std::to_string(decision.rule_version);
}

}  // namespace lh::hub::exchange
