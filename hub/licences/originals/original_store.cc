#include "hub/licences/originals/original_store.h"

#include "base/secret.h"
#include "crypto/digest.h"

namespace lh::hub::licences {
namespace {

using Opened = Result<Bytes>;
enum class Readable : std::uint8_t { kYes, kSealBroken, kCorrupt };

Readable readable(const Opened& o) {
  if (o.ok()) return Readable::kYes;
  return o.error().reason() == Reason::kSealBroken ? Readable::kSealBroken : Readable::kCorrupt;
}

// The next part behind the ones before it; the first thing that is wrong stays.
Opened append_part(std::pair<Opened, std::optional<Bytes>>&& both, const Bytes& key,
                   const PartPlace& place) {
  auto& [before, stored] = both;
  if (!before.ok()) return std::move(before);
  if (!stored) return Error(Reason::kStoreCorrupt, "a part of an original is missing");
  Bytes part = LH_TRY(open_part(key, *stored, place));
  before->append(part);
  wipe(part);
  return std::move(before);
}

Opened check_whole(Opened&& file, const Digest& digest, std::uint64_t bytes) {
  if (!file.ok()) return std::move(file);
  if (file->size() != bytes || crypto::sha256(*file) != digest) {
    return Error(Reason::kStoreCorrupt, "an original is not the file it was");
  }
  return std::move(file);
}

}  // namespace

Result<std::optional<OriginalRecord>> OriginalStore::find(const LicenceKey& licence,
                                                          int version) const {
  const store::OpenKey key{store::Family::kData, original_key(licence, version)};
  const auto row = LH_TRY(licences_.store().latest().find(key));
  if (!row) return std::optional<OriginalRecord>();
  return std::optional<OriginalRecord>(LH_TRY(decode_original(licence, version, *row)));
}

Result<std::vector<subjects::SubjectKey>> OriginalStore::living(
    const std::vector<SubjectNo>& holders) const {
  std::vector<subjects::SubjectKey> out;
  for (const SubjectNo no : holders) {
    auto key = licences_.directory().get(no);
    if (key.ok()) {
      out.push_back(std::move(*key));
    } else if (key.error().reason() != Reason::kKeyErased) {
      return key.error();
    }
  }
  if (out.empty()) return Error(Reason::kKeyErased);
  return out;
}

Result<Bytes> OriginalStore::file_key(const OriginalRecord& record) const {
  std::vector<SubjectNo> holders;
  for (const auto& key : record.keys) holders.push_back(key.holder);
  return unwrap_file_key(record, LH_TRY(living(holders)).front());
}

Result<Digest> OriginalStore::digest(const OriginalRecord& record) const {
  Bytes key = LH_TRY(file_key(record));
  auto out = open_digest(key, record);
  wipe(key);
  return out;
}

Result<Undisclosed<Bytes>> OriginalStore::read(const OriginalRecord& record,
                                               const Permit& permit) const {
  Bytes key = LH_TRY(file_key(record));
  const Digest digest = LH_TRY(open_digest(key, record));
  Bytes room;
  room.reserve(record.bytes);
  Undisclosed<Opened> file(permit, Opened(std::move(room)));
  for (std::uint32_t n = 0; n < record.parts; ++n) {
    const PartPlace place{part_key(record.licence, record.version, n), record.parts};
    auto row = LH_TRY(licences_.store().latest().find(store::PersonalKey{place.key}, permit));
    file = std::move(file)
               .with(std::move(row))
               .map([](std::pair<Opened, std::optional<Bytes>>&& both, const Bytes& k,
                       const PartPlace& where) { return append_part(std::move(both), k, where); },
                    key, place);
  }
  wipe(key);
  auto whole = std::move(file).map(
      [](Opened&& o, const Digest& d, std::uint64_t n) { return check_whole(std::move(o), d, n); },
      digest, record.bytes);
  const Readable how = whole.decide([](const Opened& o) { return readable(o); });
  if (how == Readable::kSealBroken) return Error(Reason::kSealBroken, "original");
  if (how == Readable::kCorrupt) return Error(Reason::kStoreCorrupt, "original");
  return std::move(whole).map([](Opened&& o) { return std::move(o).value(); });
}

}  // namespace lh::hub::licences
