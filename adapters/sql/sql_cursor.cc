#include "adapters/sql/sql_cursor.h"

#include "base/cbor.h"

namespace lh::adapters::sql {
namespace {

constexpr std::uint64_t kFormat = 1;  // stored; never renumber

Error invalid(const char* what) {
  return Error(Reason::kCursorInvalid, what);
}

// Each part with its length, so that no two lists of parts are the same bytes.
void mix(std::uint64_t& hash, std::string_view part) {
  Bytes all;
  append_be64(all, part.size());
  all += part;
  for (const char c : all) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
  }
}

Result<SqlCursor> read(CborReader& in, std::uint64_t digest) {
  if (LH_TRY(in.read_array()) != 4) return invalid("not a cursor of a query");
  if (LH_TRY(in.read_uint()) != kFormat) return invalid("of another format");
  if (LH_TRY(in.read_uint()) != digest) return invalid("of another query");
  SqlCursor out;
  out.rows = LH_TRY(in.read_uint());
  const std::uint64_t count = LH_TRY(in.read_array());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (LH_TRY(in.read_array()) != 2) return invalid("not a cursor of a query");
    const std::uint64_t type = LH_TRY(in.read_uint());
    const std::string_view text = LH_TRY(in.read_text());
    out.last.push_back({static_cast<ParameterType>(type & 3U), std::string(text)});
  }
  LH_TRY(in.finish());
  return out;
}

}  // namespace

std::uint64_t query_digest(const SqlSettings& settings) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  mix(hash, settings.schema);
  mix(hash, settings.table);
  mix(hash, settings.query);
  for (const std::string& name : settings.cursor) mix(hash, name);
  return hash;
}

Cursor make_cursor(std::uint64_t digest, const SqlCursor& at) {
  if (at.last.empty()) return {};
  CborWriter out;
  out.array(4);
  out.uint(kFormat);
  out.uint(digest);
  out.uint(at.rows);
  out.array(at.last.size());
  for (const Parameter& value : at.last) {
    out.array(2);
    out.uint(static_cast<std::uint64_t>(value.type));
    out.text(value.text);
  }
  return Cursor{out.take()};
}

Result<SqlCursor> parse_cursor(const Cursor& cursor, std::uint64_t digest,
                               const std::vector<CursorColumn>& columns) {
  if (cursor.value.empty()) return SqlCursor{};
  CborReader in(cursor.value);
  auto out = read(in, digest);
  if (!out.ok()) {
    const bool ours = out.error().reason() == Reason::kCursorInvalid;
    return ours ? std::move(out).error() : invalid("not a cursor of a query");
  }
  if (out->last.size() != columns.size()) return invalid("of other columns");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (out->last[i].type != columns[i].type) return invalid("of columns of other types");
  }
  return out;
}

}  // namespace lh::adapters::sql
