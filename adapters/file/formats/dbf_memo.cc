#include "adapters/file/formats/dbf_memo.h"

#include <algorithm>

namespace lh::adapters::file::formats {
namespace {

constexpr std::size_t kBlockBytes = 512;  // of dBASE III, and where a header says nothing
constexpr char kMemoEnd = 0x1A;
constexpr std::uint64_t kMemoHead = 8;  // of dBASE IV and FoxPro: kind and length

std::uint64_t le32(ByteView b) {
  std::uint64_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8U | static_cast<unsigned char>(b[i]);
  return out;
}

Result<Bytes> read_all(const FileBytes& file, std::uint64_t offset, std::size_t n) {
  Bytes out(n, '\0');
  std::size_t have = 0;
  while (have < n) {
    const std::size_t got = LH_TRY(file.read_at(offset + have, out.data() + have, n - have));
    if (got == 0) return Error(Reason::kRowCut, "the memo file ends inside a memo");
    have += got;
  }
  return out;
}

Result<FileBytes> open_beside(const std::string& dbf_path, std::string_view ending) {
  const std::size_t dot = dbf_path.rfind('.');
  const std::size_t slash = dbf_path.rfind('/');
  const bool has_ending = dot != std::string::npos && (slash == std::string::npos || dot > slash);
  const std::string stem = has_ending ? dbf_path.substr(0, dot) : dbf_path;
  std::string upper(ending);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  for (const std::string& name : {stem + std::string(ending), stem + upper}) {
    auto file = FileBytes::open(name);
    if (file.ok()) return file;
  }
  return Error(Reason::kAdapterUnsupported,
               "DBF: the memo file is missing: " + stem + std::string(ending));
}

std::size_t block_bytes_of(ByteView head, DbfMemo layout) {
  const auto at = [head](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(head[i]));
  };
  if (layout == DbfMemo::kFoxPro) return at(6) << 8U | at(7);
  if (layout == DbfMemo::kDbase4) return at(20) | at(21) << 8U;
  return kBlockBytes;
}

}  // namespace

Result<DbfMemoFile> DbfMemoFile::open(const std::string& dbf_path, DbfMemo layout) {
  FileBytes file = LH_TRY(open_beside(dbf_path, layout == DbfMemo::kFoxPro ? ".fpt" : ".dbt"));
  const auto head = read_all(file, 0, 32);
  if (!head.ok()) return Error(Reason::kSourceAnswer, "the memo file has no header");
  const std::size_t block = block_bytes_of(*head, layout);
  return DbfMemoFile(std::move(file), layout, block == 0 ? kBlockBytes : block);
}

Result<Bytes> DbfMemoFile::read(std::uint64_t block, std::size_t max_bytes) const {
  if (block == 0) return Bytes();
  const std::uint64_t offset = block * block_bytes_;
  if (offset >= file_.size()) return Error(Reason::kRowCut, "a memo outside the memo file");
  if (layout_ == DbfMemo::kDbase3) return read_until_mark(offset, max_bytes);
  const Bytes head = LH_TRY(read_all(file_, offset, kMemoHead));
  if (layout_ == DbfMemo::kFoxPro) {
    // 0 is a picture, 2 an object: nothing that is text.
    if (read_be32(head) != 1) return Error(Reason::kRowEncoding, "a memo that is not text");
    return read_exactly(offset + kMemoHead, read_be32(ByteView(head).substr(4)), max_bytes);
  }
  if (!ByteView(head).starts_with(ByteView("\xFF\xFF\x08\x00", 4))) {
    return Error(Reason::kRowCut, "not the beginning of a memo");
  }
  const std::uint64_t with_head = le32(ByteView(head).substr(4));
  if (with_head < kMemoHead) return Error(Reason::kRowCut, "a memo shorter than its own head");
  return read_exactly(offset + kMemoHead, with_head - kMemoHead, max_bytes);
}

// dBASE III: text up to 1A.
Result<Bytes> DbfMemoFile::read_until_mark(std::uint64_t offset, std::size_t max_bytes) const {
  Bytes out;
  Bytes piece(4096, '\0');
  for (;;) {
    const std::size_t got = LH_TRY(file_.read_at(offset + out.size(), piece.data(), piece.size()));
    if (got == 0) return Error(Reason::kRowCut, "the memo file ends inside a memo");
    const std::size_t mark = ByteView(piece).substr(0, got).find(kMemoEnd);
    out.append(piece, 0, std::min(mark, got));
    if (out.size() > max_bytes) return Error(Reason::kRowTooLong, "a memo");
    if (mark != ByteView::npos) return out;
  }
}

Result<Bytes> DbfMemoFile::read_exactly(std::uint64_t offset, std::uint64_t n,
                                        std::size_t max_bytes) const {
  if (n > max_bytes) {
    // A length that points out of the file is a lie, not a long memo.
    if (offset + n > file_.size()) return Error(Reason::kRowCut, "a memo outside the memo file");
    return Error(Reason::kRowTooLong, "a memo");
  }
  return read_all(file_, offset, n);
}

}  // namespace lh::adapters::file::formats
