#include "hub/exchange/answers/batch.h"

#include <algorithm>

#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {

Result<std::vector<schemas::FetchRequest>> batch_from_json(const schemas::Json& j) {
  auto r = LH_TRY(schemas::ObjectReader::open(j, "batch"));
  const auto purpose =
      LH_TRY(schemas::purpose_from_json(*LH_TRY(r.object("purpose")), "batch.purpose"));
  const auto& tokens = *LH_TRY(r.array("references"))->items();
  LH_TRY(r.finish());
  if (tokens.empty() || tokens.size() > kBatchReferences) {
    return Error(Reason::kJsonValue, "batch.references: 1 to 64");
  }
  std::vector<schemas::FetchRequest> out;
  for (const auto& token : tokens) {
    if (token.string() == nullptr) return Error(Reason::kJsonWrongType, "batch.references: texts");
    // A malformed token is refused as one that does not exist, in its own place.
    const auto same = [&token](const auto& q) { return q.reference == *token.string(); };
    if (std::any_of(out.begin(), out.end(), same)) {
      return Error(Reason::kJsonValue, "batch.references: the same one twice");
    }
    out.push_back({*token.string(), purpose, {}});
  }
  return out;
}

std::string batch_json(const std::vector<BatchItem>& items) {
  std::size_t room = 64;
  for (const auto& item : items) room += item.reference.size() + item.body.size() + 64;
  std::string out;
  out.reserve(room);
  out += "{\"items\":[";
  for (const auto& item : items) {
    if (out.back() != '[') out += ',';
    out += "{\"reference\":";
    schemas::append_json_string(out, item.reference);
    out += item.status < 300 ? ",\"answer\":" : ",\"problem\":";
    out += item.body;
    out += '}';
  }
  return out += "]}";
}

}  // namespace lh::hub::exchange
