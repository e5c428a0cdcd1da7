#include "adapters/file/file_cursor.h"

#include <algorithm>

#include "base/cbor.h"

namespace lh::adapters::file {
namespace {

// Stored; never renumber.
constexpr std::uint64_t kLineFormat = 1;
constexpr std::uint64_t kOwnEndFormat = 2;
constexpr std::size_t kHeadBytes = 4096;

Error invalid(const char* what) {
  return Error(Reason::kCursorInvalid, what);
}

Result<std::uint64_t> head_digest(const FileBytes& file, std::uint64_t offset, CursorRules rules) {
  char head[kHeadBytes];
  const std::size_t want = std::min<std::uint64_t>(offset, kHeadBytes);
  std::size_t have = 0;
  while (have < want) {
    const std::size_t got = LH_TRY(file.read_at(have, head + have, want - have));
    if (got == 0) return invalid("the file is shorter than it was");
    have += got;
  }
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (std::size_t i = 0; i < have; ++i) {
    if (i >= rules.loose_from && i < rules.loose_to) continue;
    hash = (hash ^ static_cast<std::uint8_t>(head[i])) * 0x100000001B3U;
  }
  return hash;
}

// The items of a cursor, whatever file it is of.
struct Parts {
  FileCursor at;
  std::uint64_t digest = 0;
};

Result<Parts> read_parts(const Cursor& cursor, std::uint64_t wanted_format) {
  CborReader in(cursor.value);
  Parts out;
  const auto items = LH_TRY(in.read_array());
  const auto format = LH_TRY(in.read_uint());
  if (format != wanted_format || items != (format == kLineFormat ? 4U : 5U)) {
    return invalid("not a cursor of this format");
  }
  out.at.offset = LH_TRY(in.read_uint());
  out.at.rows = LH_TRY(in.read_uint());
  out.digest = LH_TRY(in.read_uint());
  if (format == kOwnEndFormat) out.at.cut = LH_TRY(in.read_uint());
  LH_TRY(in.finish());
  return out;
}

std::uint64_t format_of(CursorRules rules) {
  return rules.row_end == CursorRules::RowEnd::kOwn ? kOwnEndFormat : kLineFormat;
}

}  // namespace

Result<Cursor> make_cursor(const FileBytes& file, FileCursor at, CursorRules rules) {
  CborWriter out;
  out.array(rules.row_end == CursorRules::RowEnd::kOwn ? 5 : 4);
  out.uint(format_of(rules));
  out.uint(at.offset);
  out.uint(at.rows);
  out.uint(LH_TRY(head_digest(file, at.offset, rules)));
  if (rules.row_end == CursorRules::RowEnd::kOwn) out.uint(at.cut);
  return Cursor{out.take()};
}

Result<FileCursor> parse_cursor(const FileBytes& file, const Cursor& cursor, CursorRules rules) {
  if (cursor.value.empty()) return FileCursor{};
  const auto parts = read_parts(cursor, format_of(rules));
  if (!parts.ok()) return invalid("not a cursor of a file of this format");
  const FileCursor at = parts->at;
  if (at.offset > file.size()) return invalid("the file is shorter than it was");
  if (LH_TRY(head_digest(file, at.offset, rules)) != parts->digest) return invalid("another file");
  if (at.cut != 0 && at.offset != file.size()) return invalid("the last row has grown");
  const bool inside = at.offset > 0 && at.offset < file.size();
  if (inside && rules.row_end == CursorRules::RowEnd::kLineEnd) {
    char before = 0;
    if (LH_TRY(file.read_at(at.offset - 1, &before, 1)) != 1 || before != '\n') {
      return invalid("not at a line end");
    }
  }
  return at;
}

}  // namespace lh::adapters::file
