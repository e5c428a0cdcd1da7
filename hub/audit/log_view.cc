#include "hub/audit/log_view.h"

#include "hub/audit/export.h"

namespace lh::hub::audit {
namespace {

Result<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t limit) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return Reason::kRouteUnknown;
  std::uint64_t v = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return Reason::kRouteUnknown;
    v = v * 10 + static_cast<std::uint64_t>(c - '0');
    if (v > limit) return Reason::kRouteUnknown;
  }
  return v;
}

// "x001/x234/567" -> 1234567 (tlog-tiles: groups of three digits, all but the last with 'x').
Result<std::uint64_t> parse_groups(std::string_view text) {
  std::uint64_t v = 0;
  for (int groups = 0; groups < 6; ++groups) {
    const auto slash = text.find('/');
    std::string_view part = text.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    if (!last) {
      if (!part.starts_with('x')) return Reason::kRouteUnknown;
      part.remove_prefix(1);
    }
    if (part.size() != 3) return Reason::kRouteUnknown;
    for (const char c : part) {
      if (c < '0' || c > '9') return Reason::kRouteUnknown;
      v = v * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (last) return v;
    text.remove_prefix(slash + 1);
  }
  return Reason::kRouteUnknown;
}

}  // namespace

Result<TileName> parse_tile_path(std::string_view path) {
  const std::string_view whole = path;
  if (!path.starts_with("tile/")) return Reason::kRouteUnknown;
  path.remove_prefix(5);
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return Reason::kRouteUnknown;
  TileName name;
  const std::string_view level = path.substr(0, slash);
  path.remove_prefix(slash + 1);
  name.entries = level == "entries";
  if (!name.entries) name.level = static_cast<unsigned>(LH_TRY(parse_decimal(level, 63)));
  if (const auto partial = path.find(".p/"); partial != std::string_view::npos) {
    name.width = static_cast<unsigned>(LH_TRY(parse_decimal(path.substr(partial + 3), 255)));
    if (name.width == 0) return Reason::kRouteUnknown;
    path = path.substr(0, partial);
  }
  name.index = LH_TRY(parse_groups(path));
  const std::string canonical = name.entries ? entries_path(name.index, name.width)
                                             : tile_path(name.level, name.index, name.width);
  if (canonical != whole) return Reason::kRouteUnknown;  // one spelling only ("x000/001" is not)
  return name;
}

Result<Bytes> LogView::tile(const TileName& name) const {
  if (!name.entries) return ledger_.tile(name.level, name.index, name.width);
  const std::uint64_t first = name.index * 256;
  const auto checkpoint = ledger_.state();
  if (first + name.width > checkpoint.size) return Reason::kAuditIndex;
  const auto entries = LH_TRY(ledger_.entries(first, name.width));
  if (entries.size() != name.width) return Reason::kAuditIndex;
  return encode_bundle(entries);
}

}  // namespace lh::hub::audit
