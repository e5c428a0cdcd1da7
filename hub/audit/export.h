// audit export: a C2SP tlog-tiles tree (checkpoint, tile/<L>/<N>, tile/entries/<N>) and log.vkey,
// which any C2SP tool can check; audit verify: the same check by us, over such a tree.
#pragma once

#include <functional>
#include <string>

#include "crypto/note.h"
#include "hub/ledger/ledger.h"

namespace lh::hub::audit {

// "tile/0/x001/234" or "tile/0/x001/234.p/5": the path of a tile after tlog-tiles.
std::string tile_path(unsigned level, std::uint64_t index, unsigned width);
std::string entries_path(std::uint64_t index, unsigned width);
// Entry bundle: each entry with a 16-bit big-endian length before it.
Bytes encode_bundle(const std::vector<Bytes>& entries);
Result<std::vector<Bytes>> decode_bundle(ByteView bundle);

struct ExportReport {
  std::uint64_t entries = 0;
  std::uint64_t tiles = 0;
};
using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;
// Output: dir is made; an existing non-empty one is refused (file.unwritable).
Result<ExportReport> export_log(const ledger::Ledger& ledger, const crypto::NoteKey& key,
                                const std::string& dir, const Progress& progress);

struct LogCheck {
  std::uint64_t entries = 0;
  std::string origin;
};
// Errors: note.*, checkpoint.*, proof.invalid, digest.mismatch naming the tile or entry.
Result<LogCheck> verify_export(const std::string& dir, const std::vector<crypto::NoteKey>& keys,
                               const Progress& progress);

}  // namespace lh::hub::audit
