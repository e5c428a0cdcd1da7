// The request of a pull of changes, and the page that answers it.
#include <algorithm>

#include "hub/exchange/changes/change_desk.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::size_t kCursorText = 64;

// A pull is for no case: the purpose is a matter, its cause and its legal basis.
Result<schemas::Purpose> purpose_of_pull(const Json& j, std::string where) {
  auto r = LH_TRY(ObjectReader::open(j, std::move(where)));
  schemas::Purpose out;
  out.matter = LH_TRY(schemas::read_line(r, "matter", 36));
  out.cause = LH_TRY(schemas::read_line(r, "cause", 512));
  out.legal_basis = LH_TRY(schemas::read_optional_line(r, "legal_basis", 512));
  if (out.legal_basis.empty()) return Error(Reason::kPurposeMissing, r.path("legal_basis"));
  out.officer =
      LH_TRY(schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  out.channel = "batch";
  LH_TRY(r.finish());
  return out;
}

// Gone between the page and its acts: a right, or the licence.
bool is_left_out(int status) {
  return status == 403 || status == 404 || status == 410 || status == 422;
}

}  // namespace

Result<ChangesRequest> changes_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "changes"));
  ChangesRequest out;
  out.types = LH_TRY(schemas::read_lines(r, "types", {ChangesRequest::kMostTypes, 32}));
  std::sort(out.types.begin(), out.types.end());
  if (std::adjacent_find(out.types.begin(), out.types.end()) != out.types.end()) {
    return Error(Reason::kJsonValue, r.path("types") + ": the same one twice");
  }
  if (r.optional("after") != nullptr) {
    out.after = LH_TRY(r.string("after", kCursorText));
    if (out.after.empty()) return Error(Reason::kCursorInvalid, r.path("after"));
  }
  const auto limit = LH_TRY(r.optional_integer("limit"));
  constexpr auto kMost = static_cast<std::int64_t>(ChangesRequest::kMostChanges);
  if (limit && (*limit < 1 || *limit > kMost)) {
    return Error(Reason::kJsonValue, r.path("limit") + ": 1 to 100");
  }
  if (limit) out.limit = static_cast<std::size_t>(*limit);
  out.purpose = LH_TRY(purpose_of_pull(*LH_TRY(r.object("purpose")), r.path("purpose")));
  LH_TRY(r.finish());
  return out;
}

std::string change_page_json(const ChangePage& page, const std::vector<SharedChange>& shared) {
  std::string out = "{\"changes\":[";
  std::string next = page.next;
  bool more = page.more;
  for (std::size_t i = 0; i < shared.size(); ++i) {
    const auto& one = shared[i];
    if (one.status >= 300 && is_left_out(one.status)) continue;
    const bool full = out.back() != '[' && out.size() + one.body.size() > kChangePageBytes;
    if (one.status >= 300 || full) {
      if (i == 0) return {};
      next = one.change.before;
      more = true;
      break;
    }
    if (out.back() != '[') out += ',';
    out += "{\"cursor\":\"" + one.change.cursor + "\",";
    out += one.body.substr(1);
  }
  out += "],\"next\":\"" + next + "\",\"more\":";
  return out += more ? "true}" : "false}";
}

}  // namespace lh::hub::exchange
