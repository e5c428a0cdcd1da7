#include <algorithm>

#include "adapters/hub/hub_pull.h"
#include "base/cbor.h"

namespace lh::adapters::hub {
namespace {

constexpr std::uint64_t kFormat = 1;  // stored; never renumber
constexpr std::uint64_t kMostHubs = 1000;

Result<HubsCursor> decode(ByteView bytes) {
  HubsCursor out;
  CborReader in(bytes);
  const std::uint64_t items = LH_TRY(in.read_array());
  if (items < 2 || items % 2 != 0 || items > 2 * kMostHubs) return Error(Reason::kCborMalformed);
  if (LH_TRY(in.read_uint()) != kFormat) return Error(Reason::kCborMalformed);
  out.rows = LH_TRY(in.read_uint());
  for (std::uint64_t i = 2; i < items; i += 2) {
    std::string url(LH_TRY(in.read_text()));
    out.hubs.emplace_back(std::move(url), LH_TRY(in.read_text()));
  }
  LH_TRY(in.finish());
  return out;
}

}  // namespace

std::string HubsCursor::of(const std::string& url) const {
  const auto it =
      std::find_if(hubs.begin(), hubs.end(), [&url](const auto& h) { return h.first == url; });
  return it == hubs.end() ? std::string() : it->second;
}

void HubsCursor::set(const std::string& url, std::string cursor) {
  const auto it =
      std::find_if(hubs.begin(), hubs.end(), [&url](const auto& h) { return h.first == url; });
  if (it != hubs.end()) {
    it->second = std::move(cursor);
  } else {
    hubs.emplace_back(url, std::move(cursor));
  }
}

Cursor encode_cursor(const HubsCursor& at) {
  CborWriter out;
  out.array(2 + 2 * at.hubs.size());
  out.uint(kFormat);
  out.uint(at.rows);
  for (const auto& [url, cursor] : at.hubs) {
    out.text(url);
    out.text(cursor);
  }
  return Cursor{out.take()};
}

Result<HubsCursor> parse_cursor(const Cursor& cursor) {
  if (cursor.value.empty()) return HubsCursor();
  auto out = decode(cursor.value);
  if (!out.ok()) return Error(Reason::kCursorInvalid, "not a cursor of hubs");
  return out;
}

}  // namespace lh::adapters::hub
