#include "hub/licences/rows/head_row.h"

#include "base/cbor.h"

namespace lh::hub::licences::rows {
namespace {

constexpr std::uint64_t kFormat = 1;

void put_date(CborWriter& w, const std::optional<LocalDate>& d) {
  if (d) {
    w.integer(d->days());
  } else {
    w.null();
  }
}

Result<std::optional<LocalDate>> take_date(CborReader& r) {
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
    return std::optional<LocalDate>();
  }
  const std::int64_t days = LH_TRY(r.read_integer());
  if (days < -200000 || days > 4000000) return Error(Reason::kStoreCorrupt, "date of a licence");
  return std::optional<LocalDate>(LocalDate::from_days(static_cast<std::int32_t>(days)));
}

template <class E>
Result<E> take_enum(CborReader& r, E first, E last) {
  const std::uint64_t v = LH_TRY(r.read_uint());
  if (v < static_cast<std::uint64_t>(first) || v > static_cast<std::uint64_t>(last)) {
    return Error(Reason::kStoreCorrupt, "code in a licence head");
  }
  return static_cast<E>(v);
}

void put_version(CborWriter& w, const VersionEntry& v) {
  w.array(8);
  w.uint(static_cast<std::uint64_t>(v.version));
  w.text(v.licence_id);
  put_date(w, v.valid_from);
  put_date(w, v.valid_until);
  w.uint(static_cast<std::uint64_t>(v.change));
  w.array(v.holders.size());
  for (const auto& holder : v.holders) w.uint(holder.value);
  w.bytes(view(v.document));
  w.uint(v.index);
}

Result<VersionEntry> take_version(CborReader& r, std::uint64_t commit_index) {
  if (LH_TRY(r.read_array()) != 8) return Error(Reason::kStoreCorrupt, "version in a head");
  VersionEntry v;
  v.version = static_cast<int>(LH_TRY(r.read_uint()));
  v.licence_id = LH_TRY(r.read_text());
  v.valid_from = LH_TRY(take_date(r));
  v.valid_until = LH_TRY(take_date(r));
  v.change = LH_TRY(take_enum(r, schemas::ChangeKind::kNew, schemas::ChangeKind::kTransfer));
  const std::uint64_t holders = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < holders; ++i) v.holders.push_back({LH_TRY(r.read_uint())});
  v.document = LH_TRY(to_array<32>(LH_TRY(r.read_bytes())));
  v.index = LH_TRY(r.read_uint());
  if (v.index == 0) v.index = commit_index;
  return v;
}

void put_fact(CborWriter& w, const HeadFact& f) {
  w.array(3);
  w.uint(static_cast<std::uint64_t>(f.kind));
  w.integer(f.effective.ms);
  w.uint(f.index);
}

Result<HeadFact> take_fact(CborReader& r, std::uint64_t commit_index) {
  if (LH_TRY(r.read_array()) != 3) return Error(Reason::kStoreCorrupt, "fact in a head");
  HeadFact f;
  f.kind = LH_TRY(take_enum(r, FactKind::kActivate, FactKind::kLapsed));
  f.effective.ms = LH_TRY(r.read_integer());
  f.index = LH_TRY(r.read_uint());
  if (f.index == 0) f.index = commit_index;
  return f;
}

void put_kept(CborWriter& w, const KeptVerdict& k) {
  w.array(6);
  w.uint(k.epoch);
  w.uint(static_cast<std::uint64_t>(k.integrity));
  w.text(reason_id(k.integrity_reason));
  w.uint(static_cast<std::uint64_t>(k.issuer));
  w.text(reason_id(k.issuer_reason));
  w.bytes(view(k.mac));
}

Status take_reason(CborReader& r, Reason& out) {
  const auto reason = find_reason(LH_TRY(r.read_text()));
  if (!reason) return Error(Reason::kStoreCorrupt, "reason in a licence head");
  out = *reason;
  return ok_status();
}

Result<KeptVerdict> take_kept(CborReader& r) {
  if (LH_TRY(r.read_array()) != 6) return Error(Reason::kStoreCorrupt, "verdict in a head");
  KeptVerdict k;
  k.epoch = LH_TRY(r.read_uint());
  k.integrity = LH_TRY(take_enum(r, pki::Verdict::kValid, pki::Verdict::kIndeterminate));
  LH_TRY(take_reason(r, k.integrity_reason));
  k.issuer = LH_TRY(take_enum(r, pki::Verdict::kValid, pki::Verdict::kIndeterminate));
  LH_TRY(take_reason(r, k.issuer_reason));
  k.mac = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
  return k;
}

Result<LicenceHead> read_head(CborReader& r, const LicenceKey& key, std::uint64_t commit_index) {
  if (LH_TRY(r.read_array()) != 9 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "licence head");
  }
  LicenceHead head;
  head.key = key;
  head.commit_index = commit_index;
  head.type = LH_TRY(r.read_text());
  head.issuer = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  head.signer = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  head.attestation = LH_TRY(take_enum(r, Attestation::kIssuerSigned, Attestation::kStockData));
  head.division = LH_TRY(r.read_text());
  const std::uint64_t versions = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < versions; ++i) {
    head.versions.push_back(LH_TRY(take_version(r, commit_index)));
  }
  if (head.versions.empty()) return Error(Reason::kStoreCorrupt, "licence without a version");
  const std::uint64_t facts = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < facts; ++i) {
    head.facts.push_back(LH_TRY(take_fact(r, commit_index)));
  }
  head.kept = LH_TRY(take_kept(r));
  LH_TRY(r.finish());
  show_newest(head);
  return head;
}

}  // namespace

void show_newest(LicenceHead& head) {
  const VersionEntry& newest = head.versions.back();
  head.version = newest.version;
  head.licence_id = newest.licence_id;
  head.holders = newest.holders;
  head.valid_from = newest.valid_from;
  head.valid_until = newest.valid_until;
  head.document = newest.document;
}

Bytes encode_head(const LicenceHead& head) {
  CborWriter w;
  w.array(9);
  w.uint(kFormat);
  w.text(head.type);
  w.text(head.issuer.text());
  w.text(head.signer.text());
  w.uint(static_cast<std::uint64_t>(head.attestation));
  w.text(head.division);
  w.array(head.versions.size());
  for (const auto& v : head.versions) put_version(w, v);
  w.array(head.facts.size());
  for (const auto& f : head.facts) put_fact(w, f);
  put_kept(w, head.kept);
  return w.take();
}

Result<LicenceHead> decode_head(const LicenceKey& key, ByteView stored) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  CborReader r(value.payload);
  auto head = read_head(r, key, value.commit_index);
  if (!head.ok()) return Error(Reason::kStoreCorrupt, "licence head: " + head.error().describe());
  return head;
}

}  // namespace lh::hub::licences::rows
