// The rows of an original file (docs/formats/keys.md). Private to hub/licences.
//   data "M" ‖ licence_key(16) ‖ version(2)              head: [1, kind, bytes, parts, pages,
//                                                        organisation, system, stored ms,
//                                                        [[subject_no, wrapped file key]…],
//                                                        sealed SHA-256 of the file]
//   data "h" ‖ licence_key(16) ‖ version(2) ‖ number(4)  a part, sealed under the file key for its
//                                                        place, its number and how many there are
// Parts are there before their head; without it nobody knows the key they are sealed under. A part
// that is missing, changed, moved or of another file does not open.
#pragma once

#include <optional>
#include <vector>

#include "hub/licences/licence_store.h"
#include "hub/licences/originals/inspect.h"

namespace lh::hub::licences {

// One change of the ledger takes a quarter of a batch: 256 KiB with everything.
inline constexpr std::size_t kOriginalPart = 240U << 10U;

struct WrappedKey {
  SubjectNo holder;
  Bytes wrapped;
};
struct OriginalRecord {
  LicenceKey licence;
  int version = 1;
  OriginalShape shape;
  std::uint64_t bytes = 0;
  std::uint32_t parts = 0;
  Uscc organisation;  // who handed it in
  SystemId system;
  UtcTime stored;
  std::vector<WrappedKey> keys;
  Bytes digest;  // sealed
};

Bytes original_key(const LicenceKey& licence, int version);
Bytes part_prefix(const LicenceKey& licence, int version);
Bytes part_key(const LicenceKey& licence, int version, std::uint32_t number);
std::uint32_t parts_of(std::uint64_t bytes);  // at least one

// The key of a file, under each holder.
std::vector<WrappedKey> wrap_file_key(ByteView file_key,
                                      const std::vector<subjects::SubjectKey>& holders,
                                      const Bytes& place, Random& random);
// Errors: key.erased (not wrapped for this reader), seal.broken.
Result<Bytes> unwrap_file_key(const OriginalRecord& record, const subjects::SubjectKey& reader);

Bytes encode_original(const OriginalRecord& record);
// Input: the stored value with its prefix. Errors: store.corrupt.
Result<OriginalRecord> decode_original(const LicenceKey& licence, int version, ByteView stored);
Bytes seal_digest(ByteView file_key, const Digest& digest, const Bytes& place, Random& random);
Result<Digest> open_digest(ByteView file_key, const OriginalRecord& record);  // seal.broken

// Where a part stands in its file.
struct PartPlace {
  Bytes key;
  std::uint32_t parts = 1;
};
Bytes seal_part(ByteView file_key, ByteView plain, const PartPlace& place, Random& random);
// Input: the stored value with its prefix. Errors: seal.broken, store.corrupt.
Result<Bytes> open_part(ByteView file_key, ByteView stored, const PartPlace& place);

}  // namespace lh::hub::licences
