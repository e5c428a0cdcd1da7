#include "hub/ingest/repair/repairs.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/limits.h"
#include "crypto/seal.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kPartBytes = 120U << 10U;
constexpr char kPrefix = 'r';

struct Head {
  RepairKind kind = RepairKind::kBytes;
  std::string officer;
  UtcTime at;
  std::uint64_t parts = 1;
  Bytes sealed;
};

Bytes encode(const Head& head) {
  CborWriter w;
  w.array(6);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(head.kind));
  w.text(head.officer);
  w.integer(head.at.ms);
  w.uint(head.parts);
  w.bytes(head.sealed);
  return w.take();
}

Result<Head> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 6 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "repair");
  }
  Head out;
  const std::uint64_t kind = LH_TRY(r.read_uint());
  if (kind > static_cast<std::uint64_t>(RepairKind::kGround)) {
    return Error(Reason::kCborMalformed, "repair");
  }
  out.kind = static_cast<RepairKind>(kind);
  out.officer = LH_TRY(r.read_text());
  out.at.ms = LH_TRY(r.read_integer());
  out.parts = LH_TRY(r.read_uint());
  out.sealed = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return out;
}

Bytes place_of(const std::string& source, const QuarantinedRow& row, std::size_t part) {
  Bytes out = held_key(kPrefix, source, row);
  append_be16(out, static_cast<std::uint16_t>(part));
  return out;
}

}  // namespace

Result<std::vector<ledger::RowWrite>> repair_rows(const std::string& source,
                                                  const QuarantinedRow& row, const Repair& repair,
                                                  const crypto::KeyStore& keys, Random& random) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  if (repair.text.size() > limits::kRowBytes) return Error(Reason::kInputTooLarge, "replacement");
  const std::size_t parts =
      std::max<std::size_t>(1, (repair.text.size() + kPartBytes - 1) / kPartBytes);
  std::vector<ledger::RowWrite> out;
  for (std::size_t part = parts; part-- > 0;) {
    Bytes place = place_of(source, row, part);
    const ByteView piece = ByteView(repair.text).substr(part * kPartBytes, kPartBytes);
    Bytes sealed = crypto::seal(key.bytes(), piece, place, random);
    if (part == 0) {
      sealed = encode({repair.kind, repair.officer, repair.at, parts, std::move(sealed)});
    }
    out.push_back({store::Family::kData, std::move(place), std::move(sealed)});
  }
  return out;
}

Result<std::optional<Repair>> find_repair(const store::Store& store, const crypto::KeyStore& keys,
                                          const std::string& source, const QuarantinedRow& row) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  const auto read = [&](std::size_t part) {
    return store.latest().find(store::OpenKey{store::Family::kData, place_of(source, row, part)});
  };
  const auto first = LH_TRY(read(0));
  if (!first) return std::optional<Repair>();
  auto head = decode(LH_TRY(ledger::parse_stored(*first)).payload);
  if (!head.ok()) return Error(Reason::kStoreCorrupt, "repair of a quarantined row");
  Repair out{head->kind, head->officer, head->at, {}};
  out.text = LH_TRY(crypto::open(key.bytes(), head->sealed, place_of(source, row, 0)));
  for (std::size_t part = 1; part < head->parts; ++part) {
    const auto stored = LH_TRY(read(part));
    if (!stored) return Error(Reason::kStoreCorrupt, "part of a repair");
    const auto payload = LH_TRY(ledger::parse_stored(*stored)).payload;
    out.text += LH_TRY(crypto::open(key.bytes(), payload, place_of(source, row, part)));
  }
  return std::optional(std::move(out));
}

}  // namespace lh::hub::ingest
