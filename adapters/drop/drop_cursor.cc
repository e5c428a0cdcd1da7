#include "adapters/drop/drop_cursor.h"

#include <algorithm>

#include "base/cbor.h"

namespace lh::adapters::drop {
namespace {

constexpr std::uint64_t kFormat = 1;  // stored; never renumber
constexpr std::size_t kReadBytes = 256U << 10U;

Result<DropCursor> read_cursor(ByteView bytes) {
  CborReader in(bytes);
  DropCursor out;
  const auto items = LH_TRY(in.read_array());
  const auto format = LH_TRY(in.read_uint());
  if (items != 7 || format != kFormat) return Error(Reason::kCursorInvalid);
  out.name = LH_TRY(in.read_bytes());
  out.content = LH_TRY(in.read_uint());
  out.inner.value = LH_TRY(in.read_bytes());
  out.rows_before = LH_TRY(in.read_uint());
  out.rows = LH_TRY(in.read_uint());
  const auto numbers = LH_TRY(in.read_array());
  if (numbers % 2 != 0 || numbers > 2 * DropCursor::kRemembered) {
    return Error(Reason::kCursorInvalid);
  }
  for (std::uint64_t i = 0; i < numbers; i += 2) {
    DoneFile file;
    file.key = LH_TRY(in.read_uint());
    file.content = LH_TRY(in.read_uint());
    out.done.push_back(file);
  }
  LH_TRY(in.finish());
  return out;
}

}  // namespace

std::uint64_t key_of(const Entry& entry) {
  Fingerprint out;
  out.add(entry.name);
  Bytes numbers;
  append_be64(numbers, entry.size);
  append_be64(numbers, static_cast<std::uint64_t>(entry.modified_ns));
  out.add(numbers);
  return out.value();
}

Result<std::uint64_t> content_of(const std::string& path) {
  const auto file = LH_TRY(file::FileBytes::open(path));
  Fingerprint out;
  Bytes piece(kReadBytes, '\0');
  for (std::uint64_t at = 0;;) {
    const std::size_t got = LH_TRY(file.read_at(at, piece.data(), piece.size()));
    if (got == 0) return out.value();
    out.add(ByteView(piece).substr(0, got));
    at += got;
  }
}

bool DropCursor::knows_key(std::uint64_t key) const {
  return std::any_of(done.begin(), done.end(), [key](const DoneFile& f) { return f.key == key; });
}

bool DropCursor::knows_content(std::uint64_t wanted) const {
  return std::any_of(done.begin(), done.end(),
                     [wanted](const DoneFile& f) { return f.content == wanted; });
}

void DropCursor::remember(DoneFile file) {
  if (knows_key(file.key)) return;
  done.push_back(file);
  if (done.size() > kRemembered) done.pop_front();
}

Cursor make_cursor(const DropCursor& at) {
  CborWriter out;
  out.array(7);
  out.uint(kFormat);
  out.bytes(at.name);
  out.uint(at.content);
  out.bytes(at.inner.value);
  out.uint(at.rows_before);
  out.uint(at.rows);
  out.array(2 * at.done.size());
  for (const DoneFile& file : at.done) {
    out.uint(file.key);
    out.uint(file.content);
  }
  return Cursor{out.take()};
}

Result<DropCursor> parse_cursor(const Cursor& cursor) {
  if (cursor.value.empty()) return DropCursor{};
  auto read = read_cursor(cursor.value);
  if (!read.ok()) return Error(Reason::kCursorInvalid, "not a cursor of a drop folder");
  return read;
}

}  // namespace lh::adapters::drop
