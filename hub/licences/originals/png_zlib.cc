// PNG: every chunk with its CRC, and the picture data unpacked once to be exactly as long as the
// header says (W3C PNG, third edition). Nothing is kept of it: a picture that unpacks to more than
// its header promises is refused at the first byte too many.
#include <zlib.h>

#include <array>

#include "hub/licences/originals/inspect.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kSignature = 8, kFrame = 12;  // length, type, CRC

Error broken(const char* what) {
  return Error(Reason::kDocumentUnsafe, what);
}

struct Header {
  std::uint64_t width = 0, height = 0;
  unsigned bits = 0;  // of a pixel
  bool interlaced = false;
};

Result<unsigned> bits_of_pixel(std::uint8_t depth, std::uint8_t colour) {
  const bool small = depth == 1 || depth == 2 || depth == 4;
  const bool bytes = depth == 8 || depth == 16;
  if (colour == 0 && (small || bytes)) return depth;
  if (colour == 3 && (small || depth == 8)) return depth;
  if (colour == 2 && bytes) return 3U * depth;
  if (colour == 4 && bytes) return 2U * depth;
  if (colour == 6 && bytes) return 4U * depth;
  return broken("colours of a PNG");
}

Result<Header> read_header(ByteView data) {
  if (data.size() != 13) return broken("header of a PNG");
  Header h;
  h.width = read_be32(data);
  h.height = read_be32(data.substr(4));
  LH_TRY(check_picture(h.width, h.height));
  h.bits =
      LH_TRY(bits_of_pixel(static_cast<std::uint8_t>(data[8]), static_cast<std::uint8_t>(data[9])));
  if (data[10] != 0 || data[11] != 0 || (data[12] != 0 && data[12] != 1)) {
    return broken("header of a PNG");
  }
  h.interlaced = data[12] == 1;
  return h;
}

std::uint64_t bytes_of(std::uint64_t width, std::uint64_t height, unsigned bits) {
  if (width == 0 || height == 0) return 0;
  return height * (1 + (width * bits + 7) / 8);  // each row begins with its filter
}

std::uint64_t unpacked_bytes(const Header& h) {
  if (!h.interlaced) return bytes_of(h.width, h.height, h.bits);
  struct Pass {
    unsigned x, y, dx, dy;
  };
  constexpr std::array<Pass, 7> kAdam7 = {{{0, 0, 8, 8},
                                           {4, 0, 8, 8},
                                           {0, 4, 4, 8},
                                           {2, 0, 4, 4},
                                           {0, 2, 2, 4},
                                           {1, 0, 2, 2},
                                           {0, 1, 1, 2}}};
  std::uint64_t sum = 0;
  for (const Pass& p : kAdam7) {
    const std::uint64_t w = h.width > p.x ? (h.width - p.x + p.dx - 1) / p.dx : 0;
    const std::uint64_t n = h.height > p.y ? (h.height - p.y + p.dy - 1) / p.dy : 0;
    sum += bytes_of(w, n, h.bits);
  }
  return sum;
}

// Counts what the data unpacks to, in a buffer that is used again and again.
class Unpacked {
 public:
  Unpacked() { good_ = inflateInit(&z_) == Z_OK; }
  ~Unpacked() { inflateEnd(&z_); }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  Status add(ByteView data, std::uint64_t at_most) {
    if (!good_) return broken("zlib");
    z_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));  // never written
    z_.avail_in = static_cast<uInt>(data.size());
    while (z_.avail_in > 0) {
      if (ended_) return broken("bytes behind the picture of a PNG");
      z_.next_out = room_.data();
      z_.avail_out = static_cast<uInt>(room_.size());
      const int did = inflate(&z_, Z_NO_FLUSH);
      if (did != Z_OK && did != Z_STREAM_END) return broken("picture of a PNG");
      count_ += room_.size() - z_.avail_out;
      if (count_ > at_most) return broken("a PNG that unpacks to more than it says");
      ended_ = did == Z_STREAM_END;
    }
    return ok_status();
  }
  bool is(std::uint64_t bytes) const { return ended_ && count_ == bytes; }

 private:
  z_stream z_{};
  std::array<Bytef, 32U << 10U> room_{};
  std::uint64_t count_ = 0;
  bool good_ = false, ended_ = false;
};

struct Chunk {
  ByteView type, data;
};
Result<Chunk> take_chunk(ByteView& rest) {
  if (rest.size() < kFrame) return broken("a PNG that ends early");
  const std::size_t length = read_be32(rest);
  if (length > rest.size() - kFrame) return broken("a PNG that ends early");
  const ByteView covered = rest.substr(4, 4 + length);
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(covered.data()), static_cast<uInt>(covered.size()));
  if (sum != read_be32(rest.substr(8 + length))) return broken("checksum of a PNG");
  rest.remove_prefix(kFrame + length);
  return Chunk{covered.substr(0, 4), covered.substr(4)};
}

}  // namespace

Result<OriginalShape> inspect_png(ByteView file) {
  ByteView rest = file.substr(kSignature);
  const Chunk first = LH_TRY(take_chunk(rest));
  if (first.type != "IHDR") return broken("header of a PNG");
  const Header header = LH_TRY(read_header(first.data));
  const std::uint64_t expected = unpacked_bytes(header);
  Unpacked picture;
  while (!rest.empty()) {
    const Chunk chunk = LH_TRY(take_chunk(rest));
    if (chunk.type == "IDAT") LH_TRY(picture.add(chunk.data, expected));
    if (chunk.type != "IEND") continue;
    if (!rest.empty()) return broken("bytes behind the end of a PNG");
    if (!picture.is(expected)) return broken("picture of a PNG");
    return OriginalShape{OriginalKind::kPng, 1};
  }
  return broken("a PNG that ends early");
}

}  // namespace lh::hub::licences
