#include "hub/licences/office/answers.h"

#include "schemas/json.h"

namespace lh::hub::licences {

void append_member(std::string& json, std::string_view name, std::string_view value) {
  if (json.back() != '{') json += ',';
  json += '"';
  json += name;
  json += "\":";
  schemas::append_json_string(json, value);
}

std::string issue_answer(const IssueAnswer& answer, std::string_view document) {
  std::string out = "{";
  append_member(out, "licence_key", answer.licence_key);
  append_member(out, "licence_id", answer.licence_id);
  out += ",\"version\":" + std::to_string(answer.version);
  append_member(out, "status", schemas::status_text(answer.status));
  append_member(out, "document", document);
  append_member(out, "qr", answer.qr);
  return out += '}';
}

Bytes issue_recipe(const LicenceKey& key, int version) {
  Bytes out("LI");
  out.append(view(key.value));
  append_be16(out, static_cast<std::uint16_t>(version));
  return out;
}

Bytes text_recipe(const LicenceKey& key, std::string_view answer) {
  return Bytes("LT").append(view(key.value)).append(answer);
}

Result<Recipe> parse_recipe(ByteView bytes) {
  if (bytes.size() < 18 || bytes[0] != 'L') return Error(Reason::kStoreCorrupt, "recipe");
  Recipe out;
  out.key = LicenceKey{LH_TRY(to_array<16>(bytes.substr(2, 16)))};
  const ByteView rest = bytes.substr(18);
  if (bytes[1] == static_cast<char>(RecipeKind::kIssue) && rest.size() == 2) {
    out.kind = RecipeKind::kIssue;
    out.version = read_be16(rest);
    return out;
  }
  if (bytes[1] != static_cast<char>(RecipeKind::kText)) {
    return Error(Reason::kStoreCorrupt, "recipe");
  }
  out.text = rest;
  return out;
}

}  // namespace lh::hub::licences
