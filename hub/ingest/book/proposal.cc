#include "hub/ingest/book/proposal.h"

#include <algorithm>

#include "adapters/dialects/dialects.h"
#include "hub/ingest/book/trial.h"

namespace lh::hub::ingest {
namespace {

using schemas::FieldDefinition;
using schemas::FieldKind;

// Spellings beside the dialects (adapters/dialects).
struct OtherName {
  std::string_view column, field;
};
constexpr OtherName kOtherNames[] = {
    {"certno", "certificate_number"},   {"issuedate", "certificate_issued_date"},
    {"社会信用代码", "uscc"},           {"信用代码", "uscc"},
    {"单位名称", "enterprise_name"},    {"法定代表人姓名", "legal_representative"},
    {"注册日期", "establishment_date"}, {"注册地址", "domicile"},
    {"注册资金", "registered_capital"}, {"身份证号", "resident_id"},
    {"身份证号码", "resident_id"},
};
// The same thing under the names of two definitions.
constexpr OtherName kSameField[] = {{"enterprise_name", "name"},
                                    {"entity_type", "enterprise_type"}};

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '_' || c == '-' || c == '\t') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

bool has_field(const std::vector<FieldDefinition>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [name](const auto& field) { return field.name == name; });
}

// The field of that name among the definition's, or the one that means the same; empty: neither.
std::string known_as(const std::vector<FieldDefinition>& fields, std::string_view name) {
  if (has_field(fields, name)) return std::string(name);
  for (const auto& same : kSameField) {
    if (same.column == name && has_field(fields, same.field)) return std::string(same.field);
  }
  return {};
}

// A text of TOML: basic string.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append("\\").push_back(c);
    } else if (u < 0x20 || u == 0x7F) {
      out.append("\\u00").push_back(kHex[u >> 4U]);
      out.push_back(kHex[u & 15U]);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

std::string rule_for(const FieldDefinition& field, const std::string& column) {
  std::string out = "{ column = " + quoted(column);
  switch (field.kind) {
    case FieldKind::kDate:
      out += ", convert = [\"half_width\", \"trim\", \"date\"]";
      break;
    case FieldKind::kIdentifier:
      out += ", convert = [\"half_width\", \"trim\", \"upper\"]";
      if (!field.identifier.empty()) out += ", check = [" + quoted(field.identifier) + "]";
      break;
    case FieldKind::kAmount:
      out += ", convert = [\"capital\"]";
      break;
    case FieldKind::kCode:
    case FieldKind::kInteger:
      out += ", convert = [\"half_width\", \"trim\"]";
      break;
    case FieldKind::kText:
    case FieldKind::kList:
      out +=
          ", convert = [\"collapse\"], check = [\"max:" + std::to_string(field.max_bytes) + "\"]";
      break;
  }
  return out + (field.required ? ", required = true }" : " }");
}

// A comment of one line: a column name may hold anything.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::string shapes_of(const ProposalInput& input, std::size_t column) {
  std::string out;
  for (const auto& row : input.samples) {
    if (column >= row.size() || row[column].empty()) continue;
    out += (out.empty() ? "" : " | ") + shape_of(row[column]);
    if (out.size() > 120) break;
  }
  return out.empty() ? "always empty" : one_line(out);
}

const FieldDefinition* identifier_of(const ProposalInput& input,
                                     const std::vector<std::string>& matched) {
  for (const auto& field : input.fields) {
    const bool found = std::find(matched.begin(), matched.end(), field.name) != matched.end();
    if (found && field.kind == FieldKind::kIdentifier && field.required) return &field;
  }
  return nullptr;
}

std::string head_of(const ProposalInput& input, const Proposal& proposal) {
  std::string out =
      "# Proposed from the columns of the source; read every line before enabling it.\n";
  out += "name = " + quoted(input.name) + "\nversion = 1\n\n" + input.source + "\n[[outputs]]\n";
  const bool licence = input.kind == adapters::RecordKind::kLicence;
  out += std::string("kind = ") + (licence ? "\"licence\"" : "\"base_data\"") + "\n";
  out += "object = " + quoted(input.object) + "\n";
  if (const auto* id = identifier_of(input, proposal.matched)) {
    const std::string scheme = id->identifier == "uscc" ? "uscc" : id->identifier;
    out += "key = [" + quoted(id->name) + "]\n";
    out += "holder = { scheme = " + quoted(scheme) + ", id = " + quoted(id->name) + " }\n";
  } else {
    out += "# No identifier was recognised: name the fields of the key, and the holder.\n";
    out += "key = []\nholder = { scheme = \"uscc\", id = \"\" }\n";
  }
  if (licence)
    out += "status = \"valid\"  # or a field that ends in valid, expired, cancelled, …\n";
  return out;
}

}  // namespace

std::string field_for_column(const std::vector<FieldDefinition>& fields, std::string_view column) {
  const std::string wanted = folded(column);
  for (const auto& field : fields) {
    for (const std::string& name : {field.name, field.chinese, field.english, field.pinyin}) {
      if (!name.empty() && folded(name) == wanted) return field.name;
    }
  }
  for (const auto dialect : adapters::dialects::names()) {
    for (const auto& other : adapters::dialects::table(dialect)) {
      // "name" alone is the name of anything: no ground for a proposal.
      if (other.column == "name" || folded(other.column) != wanted) continue;
      if (auto field = known_as(fields, other.field); !field.empty()) return field;
    }
  }
  for (const auto& other : kOtherNames) {
    if (other.column != wanted) continue;
    if (auto field = known_as(fields, other.field); !field.empty()) return field;
  }
  return {};
}

Proposal propose_mapping(const ProposalInput& input) {
  Proposal out;
  std::string rules;
  std::string others;
  for (std::size_t i = 0; i < input.columns.size(); ++i) {
    const std::string& column = input.columns[i];
    const std::string name = field_for_column(input.fields, column);
    const bool taken = std::find(out.matched.begin(), out.matched.end(), name) != out.matched.end();
    if (name.empty() || taken) {
      others += "# not used: " + one_line(quoted(column)) + "  (" + shapes_of(input, i) + ")\n";
      continue;
    }
    const auto field = std::find_if(input.fields.begin(), input.fields.end(),
                                    [&name](const auto& f) { return f.name == name; });
    rules += name + " = " + rule_for(*field, column) + "\n";
    out.matched.push_back(name);
  }
  for (const auto& field : input.fields) {
    const bool found =
        std::find(out.matched.begin(), out.matched.end(), field.name) != out.matched.end();
    if (found || !field.required) continue;
    out.open.push_back(field.name);
    others +=
        "# needed: " + field.name + " = { column = \"…\" }  # " + one_line(field.chinese) + "\n";
  }
  out.toml = head_of(input, out) + "\n[outputs.fields]\n" + rules + others;
  return out;
}

}  // namespace lh::hub::ingest
