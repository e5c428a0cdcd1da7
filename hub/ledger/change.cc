#include "hub/ledger/change.h"

#include <algorithm>
#include <cstring>

#include "crypto/digest.h"

namespace lh::hub::ledger {
namespace {

constexpr std::size_t kManifestRow = sizeof(Tag) + sizeof(Digest);

Tag key_hash(const RowWrite& row) {
  const char family = static_cast<char>(row.family);
  const Digest full = crypto::sha256(ByteView(&family, 1), row.key);
  Tag tag{};
  std::memcpy(tag.data(), full.data(), tag.size());
  return tag;
}

}  // namespace

Result<StoredValue> parse_stored(ByteView stored) {
  if (stored.size() < kValuePrefix || stored.front() != kValueFormat) {
    return Error(Reason::kStoreCorrupt, "a stored value without its prefix");
  }
  return StoredValue{read_be64(stored.substr(1)), stored.substr(kValuePrefix)};
}

std::vector<RowHash> row_hashes(const std::vector<RowWrite>& rows) {
  std::vector<RowHash> hashes;
  hashes.reserve(rows.size());
  for (const RowWrite& row : rows) {
    hashes.push_back({key_hash(row), row.payload ? crypto::sha256(*row.payload) : Digest{}});
  }
  std::sort(hashes.begin(), hashes.end(),
            [](const RowHash& a, const RowHash& b) { return a.key < b.key; });
  return hashes;
}

Digest row_commitment(const std::vector<RowHash>& sorted) {
  return crypto::sha256(encode_manifest(sorted));
}

Bytes encode_manifest(const std::vector<RowHash>& sorted) {
  Bytes out;
  out.reserve(sorted.size() * kManifestRow);
  for (const RowHash& row : sorted) out.append(view(row.key)).append(view(row.value));
  return out;
}

Result<std::vector<RowHash>> decode_manifest(ByteView bytes) {
  if (bytes.empty() || bytes.size() % kManifestRow != 0) {
    return Error(Reason::kStoreCorrupt, "a manifest of a wrong length");
  }
  std::vector<RowHash> rows;
  rows.reserve(bytes.size() / kManifestRow);
  for (; !bytes.empty(); bytes.remove_prefix(kManifestRow)) {
    RowHash row;
    row.key = LH_TRY(to_array<sizeof(Tag)>(bytes.substr(0, sizeof(Tag))));
    row.value = LH_TRY(to_array<sizeof(Digest)>(bytes.substr(sizeof(Tag), sizeof(Digest))));
    if (!rows.empty() && !(rows.back().key < row.key)) {
      return Error(Reason::kStoreCorrupt, "a manifest out of order");
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace lh::hub::ledger
