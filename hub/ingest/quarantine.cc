#include "hub/ingest/quarantine.h"

#include <algorithm>
#include <optional>

#include "base/cbor.h"
#include "crypto/digest.h"
#include "crypto/seal.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kPartBytes = 120U << 10U;  // well below a quarter of a ledger batch
constexpr std::size_t kKeyTail = 8 + 16 + 2;

Bytes prefix_of(const std::string& source) {
  Bytes out("Q");
  out += source;
  out.push_back('\0');
  return out;
}

Bytes part_key(ByteView base, std::size_t part) {
  Bytes out(base);
  append_be16(out, static_cast<std::uint16_t>(part));
  return out;
}

struct FirstPart {
  std::string reason, field, column;
  std::uint64_t parts = 1;
  Bytes sealed;
};

Bytes encode(const FirstPart& p) {
  CborWriter w;
  w.array(6);
  w.uint(kFormat);
  w.text(p.reason);
  w.text(p.field);
  w.text(p.column);
  w.uint(p.parts);
  w.bytes(p.sealed);
  return w.take();
}

Result<FirstPart> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 6 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "quarantined row");
  }
  FirstPart p;
  p.reason = LH_TRY(r.read_text());
  p.field = LH_TRY(r.read_text());
  p.column = LH_TRY(r.read_text());
  p.parts = LH_TRY(r.read_uint());
  p.sealed = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return p;
}

Result<FirstPart> decode_stored(ByteView stored) {
  auto part = decode(LH_TRY(ledger::parse_stored(stored)).payload);
  if (!part.ok()) return Error(Reason::kStoreCorrupt, "quarantined row");
  return part;
}

std::optional<Reason> find_reason(std::string_view id) {
  const auto all = all_reasons();
  const auto it = std::find_if(all.begin(), all.end(), [id](const auto& i) { return i.id == id; });
  if (it == all.end()) return std::nullopt;
  return it->reason;
}

std::string shown(std::string_view text) {  // names come from mapping files; never more than a name
  return is_utf8(text) ? std::string(text.substr(0, 1024)) : std::string();
}

Result<QuarantinedRow> open_row(const store::Store& store, const Secret& key,
                                const store::Row& row) {
  FirstPart first = LH_TRY(decode_stored(row.value));
  const ByteView base = ByteView(row.key).substr(0, row.key.size() - 2);
  QuarantinedRow out;
  out.number = read_be64(base.substr(base.size() - 24));
  const auto reason = find_reason(first.reason);
  if (!reason) return Error(Reason::kStoreCorrupt, "reason of a quarantined row");
  out.reason = *reason;
  out.field = std::move(first.field);
  out.column = std::move(first.column);
  out.bytes = LH_TRY(crypto::open(key.bytes(), first.sealed, row.key));
  for (std::size_t part = 1; part < first.parts; ++part) {
    const Bytes place = part_key(base, part);
    const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, place}));
    if (!stored) return Error(Reason::kStoreCorrupt, "part of a quarantined row");
    const auto payload = LH_TRY(ledger::parse_stored(*stored)).payload;
    out.bytes += LH_TRY(crypto::open(key.bytes(), payload, place));
  }
  return out;
}

}  // namespace

Result<std::vector<ledger::RowWrite>> quarantine_rows(const std::string& source,
                                                      const QuarantinedRow& row,
                                                      const crypto::KeyStore& keys,
                                                      Random& random) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  Bytes base = prefix_of(source);
  append_be64(base, row.number);
  base += view(crypto::hmac_sha256(key.bytes(), row.bytes)).substr(0, 16);
  const std::size_t parts =
      std::max<std::size_t>(1, (row.bytes.size() + kPartBytes - 1) / kPartBytes);
  if (parts > UINT16_MAX) return Error(Reason::kInputTooLarge, "quarantined row");
  std::vector<ledger::RowWrite> out;
  const auto seal_part = [&](std::size_t part, const Bytes& place) {
    const ByteView piece =
        ByteView(row.bytes).substr(std::min(part * kPartBytes, row.bytes.size()), kPartBytes);
    return crypto::seal(key.bytes(), piece, place, random);
  };
  for (std::size_t part = 1; part < parts; ++part) {
    Bytes place = part_key(base, part);
    Bytes sealed = seal_part(part, place);
    out.push_back({store::Family::kData, std::move(place), std::move(sealed)});
  }
  Bytes place = part_key(base, 0);
  FirstPart first{std::string(reason_id(row.reason)), shown(row.field), shown(row.column), parts,
                  seal_part(0, place)};
  out.push_back({store::Family::kData, std::move(place), encode(first)});
  return out;
}

Result<Held> find_held(const store::Store& store, const std::vector<ledger::RowWrite>& rows) {
  const ledger::RowWrite& newest = rows.back();
  const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, newest.key}));
  if (!stored) return Held::kNo;
  const FirstPart there = LH_TRY(decode_stored(*stored));
  const FirstPart mine = LH_TRY(decode(*newest.payload));
  const bool same =
      there.reason == mine.reason && there.field == mine.field && there.column == mine.column;
  return same ? Held::kYes : Held::kNo;
}

Result<std::vector<QuarantinedRow>> list_quarantine(const store::Store& store,
                                                    const crypto::KeyStore& keys,
                                                    const std::string& source, std::size_t limit) {
  constexpr std::size_t kRun = 64;
  const Secret key = LH_TRY(keys.get("quarantine"));
  const Bytes prefix = prefix_of(source);
  std::vector<QuarantinedRow> out;
  Bytes from;
  for (;;) {
    const auto rows = LH_TRY(store.latest().scan(store::Family::kData, prefix, from, kRun));
    for (const store::Row& row : rows) {
      if (out.size() >= limit) return out;
      if (row.key.size() != prefix.size() + kKeyTail) {
        return Error(Reason::kStoreCorrupt, "key of a quarantined row");
      }
      if (read_be16(ByteView(row.key).substr(row.key.size() - 2)) != 0) continue;
      out.push_back(LH_TRY(open_row(store, key, row)));
    }
    if (rows.size() < kRun) return out;
    from = rows.back().key + '\0';
  }
}

}  // namespace lh::hub::ingest
