#include "hub/audit/export.h"

#include <filesystem>

#include "base/limits.h"
#include "hub/audit/tile_files.h"

namespace lh::hub::audit {
namespace {

Status check_empty(const std::string& dir) {
  std::error_code failed;
  const bool there = std::filesystem::exists(dir, failed);
  if (failed) return Error(Reason::kFileUnwritable, "export folder");
  if (!there) return {};
  const bool usable =
      std::filesystem::is_directory(dir, failed) && std::filesystem::is_empty(dir, failed);
  if (failed || !usable) return Error(Reason::kFileUnwritable, "export folder is not empty");
  return {};
}

Result<std::vector<Bytes>> read_run(const ledger::Ledger& ledger, std::uint64_t from,
                                    unsigned width) {
  std::vector<Bytes> out;
  while (out.size() < width) {
    auto more = LH_TRY(ledger.entries(from + out.size(), width - out.size()));
    if (more.empty()) return Error(Reason::kLedgerGap, std::to_string(from + out.size()));
    for (Bytes& entry : more) out.push_back(std::move(entry));
  }
  out.resize(width);
  return out;
}

Status export_tiles(const ledger::Ledger& ledger, const std::string& dir, std::uint64_t size,
                    ExportReport& report) {
  for (unsigned level = 0; tiles_at(level, size) > 0; ++level) {
    for (std::uint64_t n = 0; n < tiles_at(level, size); ++n) {
      const unsigned width = tile_width(level, n, size);
      const Bytes tile = LH_TRY(ledger.tile(level, n, width));
      LH_TRY(write_file(dir, tile_path(level, n, width), tile));
      ++report.tiles;
    }
  }
  return {};
}

}  // namespace

Bytes encode_bundle(const std::vector<Bytes>& entries) {
  Bytes out;
  for (const Bytes& entry : entries) {
    LH_CHECK(entry.size() <= limits::kEntryBytes, "an entry fits its 16-bit length");
    append_be16(out, static_cast<std::uint16_t>(entry.size()));
    out += entry;
  }
  return out;
}

Result<std::vector<Bytes>> decode_bundle(ByteView bundle) {
  std::vector<Bytes> out;
  while (!bundle.empty()) {
    if (bundle.size() < 2) return Error(Reason::kInputMalformed, "entry bundle");
    const std::size_t n = read_be16(bundle);
    if (bundle.size() - 2 < n) return Error(Reason::kInputMalformed, "entry bundle");
    if (out.size() == kTileWidth) return Error(Reason::kInputMalformed, "entry bundle");
    out.emplace_back(bundle.substr(2, n));
    bundle.remove_prefix(2 + n);
  }
  return out;
}

Result<ExportReport> export_log(const ledger::Ledger& ledger, const crypto::NoteKey& key,
                                const std::string& dir, const Progress& progress) {
  LH_TRY(check_empty(dir));
  const std::string signed_note = ledger.checkpoint();
  const crypto::Note note = LH_TRY(crypto::parse_note(signed_note));
  const std::uint64_t size = LH_TRY(crypto::parse_checkpoint(note.text)).size;
  ExportReport report;
  for (std::uint64_t n = 0; n < tiles_at(0, size); ++n) {
    const unsigned width = tile_width(0, n, size);
    const auto entries = LH_TRY(read_run(ledger, n * kTileWidth, width));
    LH_TRY(write_file(dir, entries_path(n, width), encode_bundle(entries)));
    report.entries += width;
    if (progress) progress(report.entries, size);
  }
  LH_TRY(export_tiles(ledger, dir, size, report));
  LH_TRY(write_file(dir, "log.vkey", crypto::vkey_text(key) + "\n"));
  // Last, so that a broken-off export has no checkpoint and cannot pass for a log.
  LH_TRY(write_file(dir, "checkpoint", signed_note));
  return report;
}

}  // namespace lh::hub::audit
