#include "hub/ingest/cursor.h"

#include "base/cbor.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes row_key(const std::string& source) {
  return Bytes("R") + source;
}

Result<StoredCursor> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 4 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "cursor row");
  }
  StoredCursor out;
  out.cursor.value = Bytes(LH_TRY(r.read_bytes()));
  out.end = LH_TRY(r.read_bool()) ? RunEnd::kReachedEnd : RunEnd::kGoesOn;
  out.run = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Result<std::optional<StoredCursor>> find_cursor(const store::Store& store,
                                                const std::string& source) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kState, row_key(source)}));
  if (!row) return std::optional<StoredCursor>();
  auto decoded = decode(LH_TRY(ledger::parse_stored(*row)).payload);
  if (!decoded.ok()) return Error(Reason::kStoreCorrupt, "cursor row");
  return std::optional(std::move(*decoded));
}

Result<adapters::Cursor> start_cursor(const store::Store& store, const std::string& source) {
  auto stored = LH_TRY(find_cursor(store, source));
  if (!stored || stored->end == RunEnd::kReachedEnd) return adapters::Cursor{};
  return std::move(stored->cursor);
}

ledger::RowWrite cursor_row(const std::string& source, const StoredCursor& cursor) {
  CborWriter w;
  w.array(4);
  w.uint(kFormat);
  w.bytes(cursor.cursor.value);
  w.boolean(cursor.end == RunEnd::kReachedEnd);
  w.bytes(view(cursor.run));
  return {store::Family::kState, row_key(source), w.take()};
}

}  // namespace lh::hub::ingest
