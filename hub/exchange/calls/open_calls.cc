#include "hub/exchange/calls/open_calls.h"

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes call_key(const Tag& correlation) {
  return Bytes("O").append(view(correlation));
}

Result<OpenCall> read_call(ByteView key, const ledger::StoredValue& stored) {
  CborReader r(stored.payload);
  if (LH_TRY(r.read_array()) != 4 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "open call");
  }
  OpenCall out;
  out.correlation = LH_TRY(to_array<16>(key.substr(1)));
  out.intent = stored.commit_index;
  const std::uint64_t kind = LH_TRY(r.read_uint());
  if (kind < 1 || kind > 2) return Error(Reason::kCborMalformed, "kind of a call");
  out.kind = static_cast<CallKind>(kind);
  out.adapter = LH_TRY(r.read_text());
  out.subject = SubjectNo{LH_TRY(r.read_uint())};
  LH_TRY(r.finish());
  return out;
}

}  // namespace

ledger::RowWrite open_call_row(const OpenCall& call) {
  CborWriter w;
  w.array(4);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(call.kind));
  w.text(call.adapter);
  w.uint(call.subject.value);
  return {store::Family::kState, call_key(call.correlation), w.take()};
}

void close_call(const Tag& correlation, std::uint64_t intent, std::vector<ledger::RowWrite>& rows,
                std::vector<ledger::Precondition>& preconditions) {
  preconditions.push_back({store::Family::kState, call_key(correlation), intent});
  rows.push_back({store::Family::kState, call_key(correlation), std::nullopt});
}

Result<std::vector<OpenCall>> list_open_calls(const store::Store& store, std::size_t limit) {
  std::vector<OpenCall> out;
  for (const auto& row : LH_TRY(store.latest().scan(store::Family::kState, "O", {}, limit))) {
    auto call = read_call(row.key, LH_TRY(ledger::parse_stored(row.value)));
    if (!call.ok()) return Error(Reason::kStoreCorrupt, call.error().detail());
    out.push_back(std::move(*call));
  }
  return out;
}

}  // namespace lh::hub::exchange
