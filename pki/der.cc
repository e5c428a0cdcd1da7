#include "pki/der.h"

#include <optional>

namespace lh::pki {
namespace {

constexpr int kDepth = 16;
constexpr unsigned kConstructed = 0x20;
constexpr unsigned kClass = 0xC0;

enum UniversalTag : std::uint8_t {
  kBoolean = 1,
  kInteger = 2,
  kBitString = 3,
  kNull = 5,
  kOid = 6,
  kEnumerated = 10,
  kSequence = 16,
  kSet = 17
};

struct Tlv {
  unsigned tag = 0;
  ByteView value;
};

std::uint8_t at(ByteView b, std::size_t i) {
  return static_cast<std::uint8_t>(b[i]);
}

// X.690 10.1: definite, in the fewest octets.
std::optional<std::size_t> take_length(ByteView& in) {
  if (in.empty()) return std::nullopt;
  const std::uint8_t first = at(in, 0);
  in.remove_prefix(1);
  if (first < 0x80) return first;
  const std::size_t octets = first & 0x7FU;
  if (octets == 0 || octets > 4 || in.size() < octets || at(in, 0) == 0) return std::nullopt;
  std::size_t n = 0;
  for (std::size_t i = 0; i < octets; ++i) n = n << 8U | at(in, i);
  in.remove_prefix(octets);
  return n < 0x80 ? std::nullopt : std::optional(n);
}

std::optional<Tlv> take(ByteView& in) {
  if (in.empty()) return std::nullopt;
  Tlv out;
  out.tag = at(in, 0);
  if ((out.tag & 0x1FU) == 0x1FU) return std::nullopt;
  in.remove_prefix(1);
  const std::optional<std::size_t> n = take_length(in);
  if (!n || *n > in.size()) return std::nullopt;
  out.value = in.substr(0, *n);
  in.remove_prefix(*n);
  return out;
}

bool is_minimal_integer(ByteView v) {
  if (v.empty()) return false;
  if (v.size() == 1) return true;
  const bool high = (at(v, 1) & 0x80U) != 0;
  return !(at(v, 0) == 0 && !high) && !(at(v, 0) == 0xFF && high);
}

// X.690 11.2: unused bits are zero.
bool is_bit_string(ByteView v) {
  if (v.empty() || at(v, 0) > 7) return false;
  const unsigned unused = at(v, 0);
  if (v.size() == 1) return unused == 0;
  return (at(v, v.size() - 1) & ((1U << unused) - 1U)) == 0;
}

bool is_primitive_form(unsigned tag, ByteView v) {
  switch (tag) {
    case kBoolean:
      return v.size() == 1 && (at(v, 0) == 0 || at(v, 0) == 0xFF);
    case kInteger:
    case kEnumerated:
      return is_minimal_integer(v);
    case kBitString:
      return is_bit_string(v);
    case kNull:
      return v.empty();
    case kOid:
      return !v.empty() && (at(v, v.size() - 1) & 0x80U) == 0;
    default:
      return true;
  }
}

bool is_der(ByteView& in, int depth) {
  const std::optional<Tlv> item = take(in);
  if (!item || depth > kDepth) return false;
  const bool constructed = (item->tag & kConstructed) != 0;
  if ((item->tag & kClass) == 0) {
    const unsigned number = item->tag & 0x1FU;
    const bool must = number == kSequence || number == kSet;
    if (constructed != must) return false;  // X.690 10.2: strings are primitive
    if (!constructed && !is_primitive_form(number, item->value)) return false;
  }
  ByteView rest = constructed ? item->value : ByteView();
  while (!rest.empty()) {
    if (!is_der(rest, depth + 1)) return false;
  }
  return true;
}

}  // namespace

Status check_der(ByteView value) {
  if (!is_der(value, 0)) return Error(Reason::kChainMalformed, "not DER");
  if (!value.empty()) return Error(Reason::kChainMalformed, "bytes after the value");
  return ok_status();
}

}  // namespace lh::pki
