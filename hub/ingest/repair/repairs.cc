#include "hub/ingest/repair/repairs.h"

#include "base/cbor.h"
#include "crypto/seal.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr char kPrefix = 'r';

struct Head {
  RepairKind kind = RepairKind::kBytes;
  std::string officer;
  UtcTime at;
  Bytes sealed;
};

Bytes encode(const Head& head) {
  CborWriter w;
  w.array(5);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(head.kind));
  w.text(head.officer);
  w.integer(head.at.ms);
  w.bytes(head.sealed);
  return w.take();
}

Result<Head> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 5 || LH_TRY(r.read_uint()) != kFormat) {
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
  out.sealed = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Result<ledger::RowWrite> repair_row(const std::string& source, const QuarantinedRow& row,
                                    const Repair& repair, const crypto::KeyStore& keys,
                                    Random& random) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  if (repair.text.size() > kMostRepairBytes) {
    return Error(Reason::kInputTooLarge,
                 "a replacement has at most " + std::to_string(kMostRepairBytes) + " bytes");
  }
  Bytes place = held_key(kPrefix, source, row);
  Bytes sealed = crypto::seal(key.bytes(), repair.text, place, random);
  return ledger::RowWrite{store::Family::kData, std::move(place),
                          encode({repair.kind, repair.officer, repair.at, std::move(sealed)})};
}

Result<std::optional<Repair>> find_repair(const store::Store& store, const crypto::KeyStore& keys,
                                          const std::string& source, const QuarantinedRow& row) {
  const Secret key = LH_TRY(keys.get("quarantine"));
  const Bytes place = held_key(kPrefix, source, row);
  const auto stored = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, place}));
  if (!stored) return std::optional<Repair>();
  auto head = decode(LH_TRY(ledger::parse_stored(*stored)).payload);
  if (!head.ok()) return Error(Reason::kStoreCorrupt, "repair of a quarantined row");
  Repair out{head->kind, head->officer, head->at, {}};
  out.text = LH_TRY(crypto::open(key.bytes(), head->sealed, place));
  return std::optional(std::move(out));
}

}  // namespace lh::hub::ingest
