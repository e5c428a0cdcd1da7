// The check of an exported log: from the entries up to the signed root, every file read.
#include <algorithm>

#include "base/limits.h"
#include "crypto/merkle.h"
#include "hub/audit/entry.h"
#include "hub/audit/export.h"
#include "hub/audit/tile_files.h"

namespace lh::hub::audit {
namespace {

constexpr std::size_t kBundleBytes = kTileWidth * (limits::kEntryBytes + 2);
constexpr std::size_t kNoteBytes = 256U << 10U;

Error mismatch(const std::string& where) {
  return Error(Reason::kDigestMismatch, where);
}

Result<crypto::Checkpoint> read_checkpoint(const std::string& dir,
                                           const std::vector<crypto::NoteKey>& keys) {
  const Bytes text = LH_TRY(read_file(dir, "checkpoint", kNoteBytes));
  const crypto::Note note = LH_TRY(crypto::parse_note(text));
  LH_TRY(crypto::verify_note(note, keys));
  crypto::Checkpoint out = LH_TRY(crypto::parse_checkpoint(note.text));
  const auto named = [&out](const crypto::NoteKey& k) { return k.name == out.origin; };
  if (std::none_of(keys.begin(), keys.end(), named)) return Reason::kCheckpointOrigin;
  return out;
}

// The key that lies beside the log must be one of those the reader trusts.
Status check_vkey(const std::string& dir, const std::vector<crypto::NoteKey>& keys) {
  const Bytes text = LH_TRY(read_file(dir, "log.vkey", limits::kTextLine));
  const auto same = [&text](const crypto::NoteKey& k) {
    return crypto::vkey_text(k) + "\n" == text;
  };
  if (std::none_of(keys.begin(), keys.end(), same)) return Error(Reason::kTrustMissing, "log.vkey");
  return {};
}

class Checker {
 public:
  Checker(const std::string& dir, std::uint64_t size) : dir_(dir), size_(size) {}

  Status check_bundle(std::uint64_t n);
  Status check_tiles_above();
  Digest root() const { return frontier_.root(); }

 private:
  Status check_entry(std::uint64_t index, const Bytes& entry);
  Status check_tile(unsigned level, std::uint64_t n, ByteView hashes);

  const std::string& dir_;
  std::uint64_t size_;
  crypto::Frontier frontier_;
  UtcTime last_;
  std::vector<Digest> roots_;  // of the full tiles of the level below
};

Digest root_of_tile(ByteView hashes) {
  crypto::Frontier tile;
  for (std::size_t i = 0; i < hashes.size(); i += 32) {
    tile.append(to_array<32>(hashes.substr(i, 32)).value());
  }
  return tile.root();
}

Status Checker::check_entry(std::uint64_t index, const Bytes& entry) {
  const auto parsed = parse_entry(entry);
  const std::string where = "entry " + std::to_string(index);
  if (!parsed.ok() || parsed->index != index) return mismatch(where);
  if (index > 0 && parsed->time < last_) return mismatch(where + ": time runs backwards");
  last_ = parsed->time;
  return {};
}

Status Checker::check_tile(unsigned level, std::uint64_t n, ByteView hashes) {
  const auto width = static_cast<unsigned>(hashes.size() / 32);
  const std::string path = tile_path(level, n, width);
  const auto stored = read_file(dir_, path, kTileWidth * 32);
  if (!stored.ok() || *stored != hashes) return mismatch(path);
  if (width == kTileWidth) roots_.push_back(root_of_tile(hashes));
  return {};
}

Status Checker::check_bundle(std::uint64_t n) {
  const unsigned width = tile_width(0, n, size_);
  const std::string path = entries_path(n, width);
  const auto bundle = read_file(dir_, path, kBundleBytes);
  if (!bundle.ok()) return mismatch(path);
  const auto entries = decode_bundle(*bundle);
  if (!entries.ok() || entries->size() != width) return mismatch(path);
  Bytes hashes;
  for (std::size_t i = 0; i < width; ++i) {
    LH_TRY(check_entry(n * kTileWidth + i, (*entries)[i]));
    const Digest leaf = crypto::leaf_hash((*entries)[i]);
    frontier_.append(leaf);
    hashes.append(view(leaf));
  }
  return check_tile(0, n, hashes);
}

Status Checker::check_tiles_above() {
  for (unsigned level = 1; tiles_at(level, size_) > 0; ++level) {
    const std::vector<Digest> below = std::move(roots_);
    roots_.clear();
    for (std::uint64_t n = 0; n < tiles_at(level, size_); ++n) {
      Bytes hashes;
      for (unsigned i = 0; i < tile_width(level, n, size_); ++i) {
        hashes.append(view(below[n * kTileWidth + i]));
      }
      LH_TRY(check_tile(level, n, hashes));
    }
  }
  return {};
}

}  // namespace

Result<LogCheck> verify_export(const std::string& dir, const std::vector<crypto::NoteKey>& keys,
                               const Progress& progress) {
  const crypto::Checkpoint checkpoint = LH_TRY(read_checkpoint(dir, keys));
  LH_TRY(check_vkey(dir, keys));
  Checker checker(dir, checkpoint.size);
  for (std::uint64_t n = 0; n < tiles_at(0, checkpoint.size); ++n) {
    LH_TRY(checker.check_bundle(n));
    if (progress) progress(std::min((n + 1) * kTileWidth, checkpoint.size), checkpoint.size);
  }
  LH_TRY(checker.check_tiles_above());
  if (checker.root() != checkpoint.root) return Error(Reason::kProofInvalid, "root of the log");
  return LogCheck{checkpoint.size, checkpoint.origin};
}

}  // namespace lh::hub::audit
