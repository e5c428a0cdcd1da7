#include "base/cbor.h"

#include <limits>

namespace lh {
namespace {

// RFC 8949 section 3.1, major types.
constexpr std::uint8_t kMajorUint = 0;
constexpr std::uint8_t kMajorNegative = 1;
constexpr std::uint8_t kMajorBytes = 2;
constexpr std::uint8_t kMajorText = 3;
constexpr std::uint8_t kMajorArray = 4;
constexpr std::uint8_t kMajorMap = 5;
constexpr std::uint8_t kFalse = 0xF4;  // section 3.3
constexpr std::uint8_t kTrue = 0xF5;
constexpr std::uint8_t kNull = 0xF6;
constexpr int kMaxDepth = 16;

Error malformed(const char* what) {
  return Error(Reason::kCborMalformed, what);
}

struct Head {
  std::uint8_t major;
  std::uint64_t argument;
  std::size_t size;  // bytes of the head
};

// Section 4.2.1: the argument is as short as possible; lengths are definite.
Result<Head> head_of(ByteView in) {
  if (in.empty()) return malformed("ends early");
  const auto first = static_cast<std::uint8_t>(in[0]);
  const auto major = static_cast<std::uint8_t>(first >> 5U);
  const unsigned low = first & 31U;
  if (low < 24) return Head{major, low, 1};
  if (low > 27) return malformed("indefinite length or reserved head");
  const std::size_t n = std::size_t{1} << (low - 24U);
  if (in.size() < 1 + n) return malformed("ends early");
  std::uint64_t v = 0;
  for (std::size_t i = 1; i <= n; ++i) v = v << 8U | static_cast<std::uint8_t>(in[i]);
  const std::uint64_t below = n == 1 ? 24 : std::uint64_t{1} << (n * 4);
  if (v < below) return malformed("not the shortest form");
  return Head{major, v, 1 + n};
}

}  // namespace

void CborWriter::head(std::uint8_t major, std::uint64_t v) {
  const auto top = static_cast<unsigned>(major) << 5U;
  const auto put = [&](unsigned low) { out_.push_back(static_cast<char>(top | low)); };
  if (v < 24) {
    put(static_cast<unsigned>(v));
  } else if (v <= 0xFF) {
    put(24);
    out_.push_back(static_cast<char>(v));
  } else if (v <= 0xFFFF) {
    put(25);
    append_be16(out_, static_cast<std::uint16_t>(v));
  } else if (v <= 0xFFFFFFFF) {
    put(26);
    append_be32(out_, static_cast<std::uint32_t>(v));
  } else {
    put(27);
    append_be64(out_, v);
  }
}

void CborWriter::uint(std::uint64_t v) {
  head(kMajorUint, v);
}

void CborWriter::integer(std::int64_t v) {
  // A negative number n is written as -1 - n, which is ~n in two's complement.
  if (v >= 0) return head(kMajorUint, static_cast<std::uint64_t>(v));
  head(kMajorNegative, static_cast<std::uint64_t>(~v));
}

void CborWriter::bytes(ByteView v) {
  head(kMajorBytes, v.size());
  out_.append(v);
}

void CborWriter::text(std::string_view v) {
  LH_CHECK(is_utf8(v), "CBOR text is UTF-8");
  head(kMajorText, v.size());
  out_.append(v);
}

void CborWriter::boolean(bool v) {
  out_.push_back(static_cast<char>(v ? kTrue : kFalse));
}
void CborWriter::null() {
  out_.push_back(static_cast<char>(kNull));
}
void CborWriter::array(std::uint64_t n) {
  head(kMajorArray, n);
}
void CborWriter::map(std::uint64_t n) {
  head(kMajorMap, n);
}

CborKind CborReader::peek() const {
  if (pos_ >= in_.size()) return CborKind::kEnd;
  const auto first = static_cast<std::uint8_t>(in_[pos_]);
  switch (first >> 5U) {
    case kMajorUint:
      return CborKind::kUint;
    case kMajorNegative:
      return CborKind::kNegative;
    case kMajorBytes:
      return CborKind::kBytes;
    case kMajorText:
      return CborKind::kText;
    case kMajorArray:
      return CborKind::kArray;
    case kMajorMap:
      return CborKind::kMap;
    // Tags (major 6) have no kind of their own; whatever is read then is refused.
    default:
      return first == kNull ? CborKind::kNull : CborKind::kBool;
  }
}

Result<std::uint64_t> CborReader::read_head(std::uint8_t major) {
  // Most heads are one byte: numbers and lengths below 24, of the kind that is expected.
  const unsigned first = pos_ < in_.size() ? static_cast<std::uint8_t>(in_[pos_]) : 255U;
  const unsigned low = first - (unsigned{major} << 5U);  // of another kind: beyond 31
  const std::uint64_t needed = major < kMajorBytes ? 0 : major == kMajorMap ? 2 * low : low;
  if (low < 24 && needed < in_.size() - pos_) {
    ++pos_;
    return std::uint64_t{low};
  }
  const Head h = LH_TRY(head_of(in_.substr(pos_)));
  if (h.major != major) return malformed("another kind of item");
  const std::size_t left = in_.size() - pos_ - h.size;
  // Every byte, item and pair that is announced must still fit: no length is believed unseen.
  const std::uint64_t room = major == kMajorMap ? left / 2 : left;
  if (major >= kMajorBytes && h.argument > room) return malformed("ends early");
  pos_ += h.size;
  return h.argument;
}

Result<std::uint64_t> CborReader::read_uint() {
  return read_head(kMajorUint);
}

Result<std::int64_t> CborReader::read_integer() {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::size_t start = pos_;
  const bool negative = peek() == CborKind::kNegative;
  const std::uint64_t v = LH_TRY(read_head(negative ? kMajorNegative : kMajorUint));
  if (v > kMax) {
    pos_ = start;
    return malformed("integer out of range");
  }
  const auto n = static_cast<std::int64_t>(v);
  return negative ? ~n : n;
}

Result<ByteView> CborReader::read_bytes() {
  const std::uint64_t n = LH_TRY(read_head(kMajorBytes));
  const ByteView v = in_.substr(pos_, n);
  pos_ += n;
  return v;
}

Result<std::string_view> CborReader::read_text() {
  const std::size_t start = pos_;
  const std::uint64_t n = LH_TRY(read_head(kMajorText));
  const std::string_view v = in_.substr(pos_, n);
  if (!is_utf8(v)) {
    pos_ = start;
    return malformed("text is not UTF-8");
  }
  pos_ += n;
  return v;
}

Result<bool> CborReader::read_bool() {
  if (pos_ >= in_.size()) return malformed("ends early");
  const auto first = static_cast<std::uint8_t>(in_[pos_]);
  if (first != kFalse && first != kTrue) return malformed("another kind of item");
  ++pos_;
  return first == kTrue;
}

Status CborReader::read_null() {
  if (peek() != CborKind::kNull) return malformed("another kind of item");
  ++pos_;
  return {};
}

Result<std::uint64_t> CborReader::read_array() {
  return read_head(kMajorArray);
}
Result<std::uint64_t> CborReader::read_map() {
  return read_head(kMajorMap);
}

Status CborReader::skip() {
  const std::size_t start = pos_;
  Status done = skip_at(0);
  if (!done.ok()) pos_ = start;
  return done;
}

Status CborReader::skip_pairs(std::uint64_t pairs, int depth) {
  ByteView last;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::size_t start = pos_;
    LH_TRY(skip_at(depth));
    const ByteView key = in_.substr(start, pos_ - start);
    // Section 4.2.1: bytewise lexicographic order of the encoded keys; equal keys are duplicates.
    if (i > 0 && key <= last) return malformed("map keys out of order or repeated");
    last = key;
    LH_TRY(skip_at(depth));
  }
  return {};
}

Status CborReader::skip_at(int depth) {
  if (depth > kMaxDepth) return malformed("nested too deeply");
  switch (peek()) {
    case CborKind::kUint:
      LH_TRY(read_uint());
      return {};
    case CborKind::kNegative:
      LH_TRY(read_head(kMajorNegative));
      return {};
    case CborKind::kBytes:
      LH_TRY(read_bytes());
      return {};
    case CborKind::kText:
      LH_TRY(read_text());
      return {};
    case CborKind::kBool:
      LH_TRY(read_bool());
      return {};
    case CborKind::kNull:
      return read_null();
    case CborKind::kEnd:
      return malformed("ends early");
    case CborKind::kMap:
      return skip_pairs(LH_TRY(read_map()), depth + 1);
    case CborKind::kArray:
      break;
  }
  const std::uint64_t items = LH_TRY(read_array());
  for (std::uint64_t i = 0; i < items; ++i) LH_TRY(skip_at(depth + 1));
  return {};
}

Status CborReader::finish() {
  if (pos_ != in_.size()) return malformed("something follows the item");
  return {};
}

Status check_deterministic(ByteView item) {
  CborReader reader(item);
  LH_TRY(reader.skip());
  return reader.finish();
}

}  // namespace lh
