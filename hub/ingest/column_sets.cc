// The columns a source had when a row was put into quarantine.
#include "crypto/digest.h"
#include "hub/ingest/quarantine.h"
#include "hub/ledger/stored_texts.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes encode(const ColumnSet& columns) {
  CborWriter w;
  w.array(3);
  w.uint(kFormat);
  ledger::write_texts(w, columns.names);
  ledger::write_texts(w, columns.types);
  return w.take();
}

Result<ColumnSet> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 3 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "columns");
  }
  ColumnSet out;
  out.names = LH_TRY(ledger::read_texts(r));
  out.types = LH_TRY(ledger::read_texts(r));
  LH_TRY(r.finish());
  return out;
}

Bytes key_of(const std::string& source, const Tag& id) {
  Bytes out("q");
  out += source;
  out.push_back('\0');
  return out.append(view(id));
}

}  // namespace

Tag column_set_id(const ColumnSet& columns) {
  return to_array<16>(view(crypto::sha256(encode(columns))).substr(0, 16)).value();
}

ledger::RowWrite column_set_row(const std::string& source, const ColumnSet& columns) {
  return {store::Family::kData, key_of(source, column_set_id(columns)), encode(columns)};
}

Result<std::optional<ColumnSet>> find_column_set(const store::Store& store,
                                                 const std::string& source, const Tag& id) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key_of(source, id)}));
  if (!row) return std::optional<ColumnSet>();
  auto decoded = decode(LH_TRY(ledger::parse_stored(*row)).payload);
  if (!decoded.ok()) return Error(Reason::kStoreCorrupt, "columns of a source");
  return std::optional(std::move(*decoded));
}

}  // namespace lh::hub::ingest
