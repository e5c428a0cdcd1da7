// Deterministic CBOR (RFC 8949 section 4.2.1): the form of audit entries and stored rows.
// Shortest integers and lengths, definite lengths only, map keys in bytewise order, no duplicates,
// no floats, no tags; simple values false, true, null. The reader refuses everything else.
// Threads: values, no shared state. Cost: one pass, no allocation in the reader.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace lh {

// Writes in the order of the calls. The writer does not look at map keys: the caller gives them
// ascending and once each; check_deterministic tells (tests hold every writer of ours to it).
class CborWriter {
 public:
  void uint(std::uint64_t v);
  void integer(std::int64_t v);
  void bytes(ByteView v);
  void text(std::string_view v);  // UTF-8 (LH_CHECK)
  void boolean(bool v);
  void null();
  void array(std::uint64_t n);  // then n items
  void map(std::uint64_t n);    // then n pairs, keys ascending by their encoding
  void reserve(std::size_t n) { out_.reserve(n); }  // of bytes, when they are known to come
  const Bytes& out() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  void head(std::uint8_t major, std::uint64_t v);
  Bytes out_;
};

enum class CborKind : std::uint8_t {
  kUint,
  kNegative,
  kBytes,
  kText,
  kArray,
  kMap,
  kBool,
  kNull,
  kEnd
};

// Strict pull reader over bytes that outlive it. Every read_* fails with cbor.malformed when the
// next item is of another kind or not in deterministic form; the position then stays where it was.
// A length is never larger than what is left, so it may be used to reserve.
class CborReader {
 public:
  explicit CborReader(ByteView in) : in_(in) {}
  CborKind peek() const;  // kEnd at the end; a malformed head shows when it is read
  Result<std::uint64_t> read_uint();
  Result<std::int64_t> read_integer();
  Result<ByteView> read_bytes();
  Result<std::string_view> read_text();
  Result<bool> read_bool();
  Status read_null();
  Result<std::uint64_t> read_array();
  Result<std::uint64_t> read_map();
  Status skip();    // one whole item, at most 16 levels below it, checked as a whole
  Status finish();  // error unless everything was read
  std::size_t position() const { return pos_; }

 private:
  Result<std::uint64_t> read_head(std::uint8_t major);
  Status skip_at(int depth);
  Status skip_pairs(std::uint64_t pairs, int depth);
  ByteView in_;
  std::size_t pos_ = 0;
};

// Whole-item check: deterministic form including map key order and uniqueness.
Status check_deterministic(ByteView item);

}  // namespace lh
