// JPEG: the markers from SOI to EOI, without decoding (ITU-T T.81 annex B). What follows EOI is not
// part of the picture and is refused, so that a file is not two files.
#include "hub/licences/originals/inspect.h"

namespace lh::hub::licences {
namespace {

Error broken(const char* what) {
  return Error(Reason::kDocumentUnsafe, what);
}

std::uint8_t byte_at(ByteView file, std::size_t at) {
  return static_cast<std::uint8_t>(file[at]);
}

struct Seen {
  bool frame = false, scan = false;
};

// Baseline, extended, progressive with Huffman coding: what every viewer shows.
bool is_frame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xC2;
}
bool is_other_frame(std::uint8_t marker) {
  return marker >= 0xC3 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Status read_frame(ByteView segment, Seen& seen) {
  if (seen.frame || segment.size() < 6) return broken("frame of a JPEG");
  const auto components = byte_at(segment, 5);
  const bool known = components == 1 || components == 3 || components == 4;
  if (byte_at(segment, 0) != 8 || !known || segment.size() != 6U + 3U * components) {
    return broken("frame of a JPEG");
  }
  LH_TRY(check_picture(read_be16(segment.substr(3)), read_be16(segment.substr(1))));
  seen.frame = true;
  return ok_status();
}

// Entropy-coded data up to the next marker that is none of its own.
std::size_t skip_scan(ByteView file, std::size_t at) {
  while (at + 1 < file.size()) {
    at = file.find('\xff', at);
    if (at == ByteView::npos || at + 1 >= file.size()) return file.size();
    const std::uint8_t next = byte_at(file, at + 1);
    const bool inside = next == 0 || (next >= 0xD0 && next <= 0xD7);
    if (!inside && next != 0xFF) return at;
    at += next == 0xFF ? 1 : 2;
  }
  return file.size();
}

// The segment at `at`, and where the next marker stands.
Result<std::size_t> read_segment(ByteView file, std::size_t at, Seen& seen) {
  const std::uint8_t marker = byte_at(file, at + 1);
  if (at + 4 > file.size()) return broken("a JPEG that ends early");
  const std::size_t length = read_be16(file.substr(at + 2));
  if (length < 2 || at + 2 + length > file.size()) return broken("a JPEG that ends early");
  const ByteView segment = file.substr(at + 4, length - 2);
  if (is_other_frame(marker)) return broken("a JPEG of a kind that is not shown everywhere");
  if (is_frame(marker)) LH_TRY(read_frame(segment, seen));
  at += 2 + length;
  if (marker != 0xDA) return at;
  if (!seen.frame) return broken("a JPEG without a frame");
  seen.scan = true;
  return skip_scan(file, at);
}

}  // namespace

Result<OriginalShape> inspect_jpeg(ByteView file) {
  Seen seen;
  std::size_t at = 2;  // after SOI
  while (at + 2 <= file.size()) {
    if (byte_at(file, at) != 0xFF) return broken("a JPEG with bytes between its markers");
    const std::uint8_t marker = byte_at(file, at + 1);
    if (marker == 0xFF) {  // fill
      ++at;
      continue;
    }
    if (marker == 0xD9) {
      if (!seen.scan) return broken("a JPEG without a picture");
      if (at + 2 != file.size()) return broken("bytes behind the end of a JPEG");
      return OriginalShape{OriginalKind::kJpeg, 1};
    }
    if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) {
      return broken("marker of a JPEG");
    }
    at = LH_TRY(read_segment(file, at, seen));
  }
  return broken("a JPEG that ends early");
}

}  // namespace lh::hub::licences
