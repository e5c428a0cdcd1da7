#include "hub/exchange/idempotency.h"

#include "base/cbor.h"
#include "crypto/digest.h"

namespace lh::hub::exchange {
namespace {

constexpr std::int64_t kLifeMs = 72LL * 3600 * 1000;
constexpr std::uint64_t kFormat = 1;

struct Stored {
  Bytes body;  // HMAC of the body
  std::int64_t at = 0;
  StoredAnswer answer;
};

Bytes encode(const Stored& s) {
  CborWriter w;
  w.array(5);
  w.uint(kFormat);
  w.bytes(s.body);
  w.integer(s.at);
  w.uint(static_cast<std::uint64_t>(s.answer.http_status));
  w.bytes(s.answer.recipe);
  return w.take();
}

Result<Stored> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 5 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "idempotency row");
  }
  Stored s;
  s.body = Bytes(LH_TRY(r.read_bytes()));
  s.at = LH_TRY(r.read_integer());
  s.answer.http_status = static_cast<int>(LH_TRY(r.read_uint()));
  s.answer.recipe = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return s;
}

}  // namespace

Result<Idempotency> Idempotency::create(const store::Store& store, const crypto::KeyStore& keys) {
  return Idempotency(store, LH_TRY(keys.get("mac")));
}

Status Idempotency::check_key(std::string_view key) {
  if (key.empty() || key.size() > 255) return Error(Reason::kIdempotencyKey, "1 to 255 characters");
  for (const char c : key) {
    if (c < 0x21 || c > 0x7E) return Error(Reason::kIdempotencyKey, "visible ASCII only");
  }
  return ok_status();
}

Bytes Idempotency::row_key(const IdempotentCall& call) const {
  Bytes scope(view(call.system.value));
  append_be16(scope, static_cast<std::uint16_t>(call.route.size()));
  scope += call.route;
  scope += call.key;
  return "I" + Bytes(view(crypto::hmac_sha256(key_.bytes(), scope)));
}

Result<std::optional<StoredAnswer>> Idempotency::find(const IdempotentCall& call,
                                                      UtcTime now) const {
  LH_TRY(check_key(call.key));
  const auto row =
      LH_TRY(store_->latest().find(store::OpenKey{store::Family::kState, row_key(call)}));
  if (!row) return std::optional<StoredAnswer>();
  Stored stored = LH_TRY(decode(LH_TRY(ledger::parse_stored(*row)).payload));
  if (now.ms - stored.at > kLifeMs) return std::optional<StoredAnswer>();
  if (!equal_constant_time(stored.body, view(crypto::hmac_sha256(key_.bytes(), call.body)))) {
    return Error(Reason::kIdempotencyConflict);
  }
  return std::optional<StoredAnswer>(std::move(stored.answer));
}

Status Idempotency::remember(const IdempotentCall& call, const StoredAnswer& answer, UtcTime now,
                             ledger::Change& change) const {
  Bytes key = row_key(call);
  std::uint64_t commit_index = 0;
  const auto row = LH_TRY(store_->latest().find(store::OpenKey{store::Family::kState, key}));
  if (row) commit_index = LH_TRY(ledger::parse_stored(*row)).commit_index;
  const Digest body = crypto::hmac_sha256(key_.bytes(), call.body);
  change.preconditions.push_back({store::Family::kState, key, commit_index});
  change.rows.push_back(
      {store::Family::kState, std::move(key), encode({Bytes(view(body)), now.ms, answer})});
  return ok_status();
}

Result<std::vector<ledger::RowWrite>> Idempotency::expired(UtcTime now, std::size_t limit) const {
  std::vector<ledger::RowWrite> out;
  Bytes from;
  for (;;) {
    const auto rows = LH_TRY(store_->latest().scan(store::Family::kState, "I", from, 1000));
    for (const auto& row : rows) {
      const Stored stored = LH_TRY(decode(LH_TRY(ledger::parse_stored(row.value)).payload));
      if (now.ms - stored.at > kLifeMs)
        out.push_back({store::Family::kState, row.key, std::nullopt});
      if (out.size() >= limit) return out;
    }
    if (rows.size() < 1000) return out;
    from = rows.back().key + '\0';
  }
}

}  // namespace lh::hub::exchange
