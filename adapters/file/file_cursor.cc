#include "adapters/file/file_cursor.h"

#include <algorithm>

#include "base/cbor.h"

namespace lh::adapters::file {
namespace {

constexpr std::uint64_t kFormat = 1;  // stored; never renumber
constexpr std::size_t kHeadBytes = 4096;

Error invalid(const char* what) {
  return Error(Reason::kCursorInvalid, what);
}

Result<std::uint64_t> head_digest(const FileBytes& file, std::uint64_t offset) {
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
    hash = (hash ^ static_cast<std::uint8_t>(head[i])) * 0x100000001B3U;
  }
  return hash;
}

}  // namespace

Result<Cursor> make_cursor(const FileBytes& file, FileCursor at) {
  CborWriter out;
  out.array(4);
  out.uint(kFormat);
  out.uint(at.offset);
  out.uint(at.rows);
  out.uint(LH_TRY(head_digest(file, at.offset)));
  return Cursor{out.take()};
}

Result<FileCursor> parse_cursor(const FileBytes& file, const Cursor& cursor) {
  if (cursor.value.empty()) return FileCursor{};
  CborReader in(cursor.value);
  const auto items = in.read_array();
  const auto format = in.read_uint();
  const auto offset = in.read_uint();
  const auto rows = in.read_uint();
  const auto digest = in.read_uint();
  if (!items.ok() || *items != 4 || !format.ok() || *format != kFormat || !offset.ok() ||
      !rows.ok() || !digest.ok() || !in.finish().ok()) {
    return invalid("not a cursor of a file");
  }
  if (*offset > file.size()) return invalid("the file is shorter than it was");
  if (LH_TRY(head_digest(file, *offset)) != *digest) return invalid("another file");
  if (*offset > 0 && *offset < file.size()) {
    char before = 0;
    if (LH_TRY(file.read_at(*offset - 1, &before, 1)) != 1 || before != '\n') {
      return invalid("not at a line end");
    }
  }
  return FileCursor{*offset, *rows};
}

}  // namespace lh::adapters::file
