#include "hub/exchange/people/identity_change.h"

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::uint64_t kMembers = 11;

Error corrupt() {
  return Error(Reason::kStoreCorrupt, "identity change");
}

Bytes key_of(const ChangeId& id) {
  return Bytes("Em").append(view(id.value));
}

Bytes encode(const IdentityChange& c) {
  CborWriter w;
  w.array(kMembers);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(c.state));
  w.uint(static_cast<std::uint64_t>(c.side));
  w.uint(c.from.value);
  w.uint(c.into.value);
  w.text(c.organisation.text());
  w.bytes(view(c.system.value));
  w.bytes(c.officer ? view(*c.officer) : ByteView());
  w.integer(c.proposed.ms);
  w.text(c.closed_by);
  w.integer(c.closed.ms);
  return w.take();
}

Status read_parties(CborReader& r, IdentityChange& c) {
  c.from.value = LH_TRY(r.read_uint());
  c.into.value = LH_TRY(r.read_uint());
  c.organisation = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  c.system.value = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
  const ByteView officer = LH_TRY(r.read_bytes());
  if (!officer.empty()) c.officer = LH_TRY(to_array<16>(officer));
  return ok_status();
}

Result<IdentityChange> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != kMembers || LH_TRY(r.read_uint()) != kFormat) return corrupt();
  IdentityChange c;
  const std::uint64_t state = LH_TRY(r.read_uint());
  const std::uint64_t side = LH_TRY(r.read_uint());
  if (state < 1 || state > 4 || side < 1 || side > 2) return corrupt();
  c.state = static_cast<IdentityState>(state);
  c.side = static_cast<subjects::TieSide>(side);
  LH_TRY(read_parties(r, c));
  c.proposed.ms = LH_TRY(r.read_integer());
  c.closed_by = LH_TRY(r.read_text());
  c.closed.ms = LH_TRY(r.read_integer());
  LH_TRY(r.finish());
  return c;
}

}  // namespace

void write_identity_change(const IdentityChange& c, ledger::Change& change) {
  Bytes key = key_of(c.id);
  change.preconditions.push_back({store::Family::kData, key, c.commit_index});
  change.rows.push_back({store::Family::kData, std::move(key), encode(c)});
}

Result<IdentityChange> find_identity_change(const store::Store& store, const ChangeId& id) {
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key_of(id)}));
  if (!row) return Error(Reason::kChangeUnknown);
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  auto out = decode(stored.payload);
  if (!out.ok()) return corrupt();
  out->id = id;
  out->commit_index = stored.commit_index;
  return out;
}

}  // namespace lh::hub::exchange
