#include "adapters/mapping_rules.h"

#include <algorithm>

#include "adapters/convert/checks.h"
#include "adapters/convert/converters.h"
#include "base/bytes.h"

namespace lh::adapters {
namespace {

constexpr std::string_view kStatuses[] = {"valid",       "revoked",    "suspended",
                                          "not_active",  "cancelled",  "forfeited",
                                          "transferred", "superseded", "expired"};

Error invalid(int line, std::string what) {
  return Error(Reason::kMappingInvalid, "line " + std::to_string(line) + ": " + std::move(what));
}

bool is_field_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed);
}

Status check_field(const FieldRule& field, const Mapping& mapping) {
  if (!is_field_name(field.name)) {
    return invalid(field.line, "field names are of a-z, 0-9 and _, at most 64");
  }
  const int sources = (field.column.empty() ? 0 : 1) + (field.columns.empty() ? 0 : 1) +
                      (field.constant.empty() ? 0 : 1);
  if (sources != 1) {
    return invalid(field.line, field.name + ": one of column, columns and constant is needed");
  }
  for (const std::string& text : field.converters) {
    const auto made = convert::make_converter(text, mapping.tables);
    if (!made.ok()) return invalid(field.line, field.name + ": " + made.error().detail());
  }
  for (const std::string& text : field.checks) {
    const auto made = convert::make_check(text);
    if (!made.ok()) return invalid(field.line, field.name + ": " + made.error().detail());
  }
  return {};
}

bool gives_dates(const FieldRule& field) {
  if (!field.constant.empty()) return parse_date(field.constant).ok();
  const auto is_date = [](const std::string& c) { return c == "date" || c.starts_with("date:"); };
  return !field.converters.empty() && is_date(field.converters.back());
}

// A field of dates, or nothing.
Status check_date_field(const OutputRule& output, const std::string& name) {
  if (name.empty()) return {};
  const FieldRule* field = find_field_rule(output, name);
  if (field == nullptr) return invalid(output.line, "there is no field " + name);
  if (!gives_dates(*field)) {
    return invalid(field->line, name + ": its last converter must be date");
  }
  return {};
}

Status check_required_field(const OutputRule& output, const std::string& name) {
  const FieldRule* field = find_field_rule(output, name);
  if (field == nullptr) return invalid(output.line, "there is no field " + name);
  if (!field->required && field->constant.empty()) {
    return invalid(field->line, name + ": a key or holder must be required = true");
  }
  return {};
}

Status check_names(const OutputRule& output) {
  if (output.key.empty()) return invalid(output.line, "key is missing");
  for (const std::string& name : output.key) LH_TRY(check_required_field(output, name));
  LH_TRY(check_required_field(output, output.holder_id));
  if (!output.holder_name.empty() && find_field_rule(output, output.holder_name) == nullptr) {
    return invalid(output.line, "there is no field " + output.holder_name);
  }
  LH_TRY(check_date_field(output, output.valid_from));
  LH_TRY(check_date_field(output, output.valid_until));
  for (const auto& [first, second] : output.date_order) {
    if (first.empty() || second.empty()) return invalid(output.line, "date_order: a name is empty");
    LH_TRY(check_date_field(output, first));
    LH_TRY(check_date_field(output, second));
  }
  return {};
}

Status check_status_and_division(const OutputRule& output) {
  const FieldRule* status = find_field_rule(output, output.status);
  if (output.kind == RecordKind::kLicence) {
    if (status == nullptr && !is_licence_status(output.status)) {
      return invalid(output.line, "status: a field or one of valid, expired, cancelled, …");
    }
    if (status != nullptr && !status->required && status->constant.empty()) {
      return invalid(status->line, status->name + ": a status must be required = true");
    }
  } else if (!output.status.empty()) {
    return invalid(output.line, "status is for licences");
  }
  if (!output.division.empty() && find_field_rule(output, output.division) == nullptr &&
      !parse_division(output.division).ok()) {
    return invalid(output.line, "division: a field or a division code");
  }
  return {};
}

}  // namespace

bool is_licence_status(std::string_view text) {
  return std::find(std::begin(kStatuses), std::end(kStatuses), text) != std::end(kStatuses);
}

const FieldRule* find_field_rule(const OutputRule& output, std::string_view name) {
  for (const FieldRule& field : output.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

Status check_mapping(const Mapping& mapping) {
  for (const OutputRule& output : mapping.outputs) {
    if (output.kind == RecordKind::kLicence && !parse_licence_type_code(output.object).ok()) {
      return invalid(output.line, "object: a licence type code of 21 characters");
    }
    for (const FieldRule& field : output.fields) LH_TRY(check_field(field, mapping));
    LH_TRY(check_names(output));
    LH_TRY(check_status_and_division(output));
  }
  return {};
}

}  // namespace lh::adapters
