#include "schemas/fields.h"

#include <algorithm>

#include "base/ids.h"
#include "base/limits.h"
#include "base/time.h"

namespace lh::schemas {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), is_digit);
}

// Free text may have lines; other control characters never come from an honest source and would
// disturb whoever prints the licence.
bool is_clean_text(std::string_view s) {
  return std::none_of(s.begin(), s.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\n' && c != '\t') || u == 0x7F;
  });
}

// ±(2^53-1) has 16 digits; 15 are always exact, in JSON and elsewhere. One spelling only.
bool is_natural(std::string_view s) {
  return all_digits(s) && s.size() <= 15 && (s == "0" || s.front() != '0');
}

bool is_integer(std::string_view s) {
  if (s.starts_with('-')) return s != "-0" && is_natural(s.substr(1));
  return is_natural(s);
}

// Decimal text and an ISO 4217 currency: "2000000.00 CNY". At most 15 digits before the point.
bool is_amount(std::string_view s) {
  const auto space = s.find(' ');
  if (space == std::string_view::npos) return false;
  const auto currency = s.substr(space + 1);
  if (currency.size() != 3 ||
      !std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return false;
  }
  auto number = s.substr(0, space);
  if (number.starts_with('-')) number.remove_prefix(1);
  const auto point = number.find('.');
  if (point == std::string_view::npos) return is_natural(number);
  const auto fraction = number.substr(point + 1);
  return is_natural(number.substr(0, point)) && all_digits(fraction) && fraction.size() <= 6;
}

// One item a line, none empty.
bool is_list(std::string_view s) {
  return is_clean_text(s) && !s.starts_with('\n') && !s.ends_with('\n') &&
         s.find("\n\n") == std::string_view::npos;
}

bool is_identifier(const std::string& scheme, std::string_view s) {
  if (scheme == "uscc") return parse_uscc(s).ok();
  if (scheme == "resident_id") return parse_resident_id(s).ok();
  if (scheme == "organisation_code") return parse_organisation_code(s).ok();
  return false;
}

bool fits(const FieldDefinition& d, const std::string& value) {
  switch (d.kind) {
    case FieldKind::kText:
      return is_clean_text(value);
    case FieldKind::kDate:
      return parse_date(value).ok();
    case FieldKind::kCode:
      return std::any_of(d.codes.begin(), d.codes.end(),
                         [&value](const auto& code) { return code.first == value; });
    case FieldKind::kAmount:
      return is_amount(value);
    case FieldKind::kInteger:
      return is_integer(value);
    case FieldKind::kIdentifier:
      return is_identifier(d.identifier, value);
    case FieldKind::kList:
      return is_list(value);
  }
  return false;
}

Error field_error(std::string_view name, std::string_view why) {
  return Error(Reason::kLicenceField, shown_name(name) + ": " + std::string(why));
}

Status check_names(const std::vector<FieldDefinition>& definitions, const Fields& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string& name = fields[i].first;
    const bool known = std::any_of(definitions.begin(), definitions.end(),
                                   [&name](const FieldDefinition& d) { return d.name == name; });
    if (!known) return field_error(name, "not a field of this type");
    for (std::size_t j = 0; j < i; ++j) {
      if (fields[j].first == name) return field_error(name, "given twice");
    }
  }
  return {};
}

}  // namespace

const std::string* find_field(const Fields& fields, std::string_view name) {
  const auto it =
      std::find_if(fields.begin(), fields.end(), [name](const auto& f) { return f.first == name; });
  return it == fields.end() ? nullptr : &it->second;
}

// An empty value says nothing: of an optional field it is left out, so that "absent" has one form.
Result<Fields> check_fields(const std::vector<FieldDefinition>& definitions, const Fields& fields) {
  LH_TRY(check_names(definitions, fields));
  Fields out;
  for (const FieldDefinition& d : definitions) {
    const std::string* value = find_field(fields, d.name);
    if (value == nullptr || value->empty()) {
      if (d.required) return field_error(d.name, "required");
      continue;
    }
    if (value->size() > std::min(d.max_bytes, limits::kFieldBytes)) {
      return field_error(d.name, "too long");
    }
    if (!is_utf8(*value)) return field_error(d.name, "not UTF-8");
    if (!fits(d, *value)) return field_error(d.name, "not valid for its kind");
    out.emplace_back(d.name, *value);
  }
  return out;
}

}  // namespace lh::schemas
