#include "hub/licences/originals/original_rows.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/limits.h"
#include "crypto/seal.h"

namespace lh::hub::licences {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes of_version(char prefix, const LicenceKey& licence, int version) {
  Bytes out = Bytes(1, prefix).append(view(licence.value));
  append_be16(out, static_cast<std::uint16_t>(version));
  return out;
}

Bytes bound_to(const PartPlace& place) {
  Bytes out = place.key;
  append_be32(out, place.parts);
  return out;
}

Error corrupt(const char* what) {
  return Error(Reason::kStoreCorrupt, what);
}

Status read_shape(CborReader& r, OriginalRecord& o) {
  const std::uint64_t kind = LH_TRY(r.read_uint());
  if (kind < 1 || kind > 3) return corrupt("kind of an original");
  o.shape.kind = static_cast<OriginalKind>(kind);
  o.bytes = LH_TRY(r.read_uint());
  const std::uint64_t parts = LH_TRY(r.read_uint());
  if (o.bytes > limits::kDocumentBytes || parts != parts_of(o.bytes)) {
    return corrupt("size of an original");
  }
  o.parts = static_cast<std::uint32_t>(parts);
  o.shape.pages = static_cast<int>(LH_TRY(r.read_uint()));
  return ok_status();
}

Status read_record(CborReader& r, OriginalRecord& o) {
  if (LH_TRY(r.read_array()) != 10 || LH_TRY(r.read_uint()) != kFormat) return corrupt("original");
  LH_TRY(read_shape(r, o));
  o.organisation = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  o.system = SystemId{LH_TRY(to_array<16>(LH_TRY(r.read_bytes())))};
  o.stored.ms = LH_TRY(r.read_integer());
  for (std::uint64_t n = LH_TRY(r.read_array()); n > 0; --n) {
    if (LH_TRY(r.read_array()) != 2) return corrupt("wrapped key of an original");
    const SubjectNo holder{LH_TRY(r.read_uint())};
    o.keys.push_back({holder, Bytes(LH_TRY(r.read_bytes()))});
  }
  o.digest = Bytes(LH_TRY(r.read_bytes()));
  return r.finish();
}

}  // namespace

Bytes original_key(const LicenceKey& licence, int version) {
  return of_version('M', licence, version);
}

Bytes part_prefix(const LicenceKey& licence, int version) {
  return of_version('h', licence, version);
}

Bytes part_key(const LicenceKey& licence, int version, std::uint32_t number) {
  Bytes out = part_prefix(licence, version);
  append_be32(out, number);
  return out;
}

std::uint32_t parts_of(std::uint64_t bytes) {
  if (bytes == 0) return 1;
  return static_cast<std::uint32_t>((bytes + kOriginalPart - 1) / kOriginalPart);
}

std::vector<WrappedKey> wrap_file_key(ByteView file_key,
                                      const std::vector<subjects::SubjectKey>& holders,
                                      const Bytes& place, Random& random) {
  std::vector<WrappedKey> out;
  for (const auto& holder : holders) {
    out.push_back(
        {holder.no, crypto::seal(view(holder.data_key), file_key, place + "/key", random)});
  }
  return out;
}

Result<Bytes> unwrap_file_key(const OriginalRecord& record, const subjects::SubjectKey& reader) {
  const auto mine = std::find_if(record.keys.begin(), record.keys.end(),
                                 [&reader](const auto& k) { return k.holder == reader.no; });
  if (mine == record.keys.end()) return Error(Reason::kKeyErased, "not sealed for this holder");
  const Bytes place = original_key(record.licence, record.version) + "/key";
  Bytes key = LH_TRY(crypto::open(view(reader.data_key), mine->wrapped, place));
  if (key.size() != crypto::kSealKeyBytes) return corrupt("key of an original");
  return key;
}

Bytes encode_original(const OriginalRecord& o) {
  CborWriter w;
  w.array(10);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(o.shape.kind));
  w.uint(o.bytes);
  w.uint(o.parts);
  w.uint(static_cast<std::uint64_t>(o.shape.pages));
  w.text(o.organisation.text());
  w.bytes(view(o.system.value));
  w.integer(o.stored.ms);
  w.array(o.keys.size());
  for (const auto& key : o.keys) {
    w.array(2);
    w.uint(key.holder.value);
    w.bytes(key.wrapped);
  }
  w.bytes(o.digest);
  return w.take();
}

Result<OriginalRecord> decode_original(const LicenceKey& licence, int version, ByteView stored) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  OriginalRecord out;
  out.licence = licence;
  out.version = version;
  CborReader r(value.payload);
  const Status read = read_record(r, out);
  if (!read.ok()) return Error(Reason::kStoreCorrupt, "original: " + read.error().describe());
  return out;
}

Bytes seal_digest(ByteView file_key, const Digest& digest, const Bytes& place, Random& random) {
  return crypto::seal(file_key, view(digest), place, random);
}

Result<Digest> open_digest(ByteView file_key, const OriginalRecord& record) {
  const Bytes place = original_key(record.licence, record.version);
  const Bytes plain = LH_TRY(crypto::open(file_key, record.digest, place));
  auto digest = to_array<32>(plain);
  if (!digest.ok()) return corrupt("digest of an original");
  return digest;
}

Bytes seal_part(ByteView file_key, ByteView plain, const PartPlace& place, Random& random) {
  return crypto::seal(file_key, plain, bound_to(place), random);
}

Result<Bytes> open_part(ByteView file_key, ByteView stored, const PartPlace& place) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  return crypto::open(file_key, value.payload, bound_to(place));
}

}  // namespace lh::hub::licences
