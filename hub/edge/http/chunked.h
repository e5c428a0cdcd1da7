// The chunked coding, decoded piece by piece into one body.
// Source: RFC 9112 section 7.1. Pure.
// Deviates: chunk extensions and trailer fields are refused (nobody needs them here, and bare line
// feeds in extensions are a known way to smuggle); a size has at most 8 digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lh::hub::edge::http {

class ChunkedDecoder {
 public:
  explicit ChunkedDecoder(std::size_t limit) : limit_(limit) {}
  // Appends what can be decoded to `body` and gives the bytes of `in` that are used up; the caller
  // offers the rest again, with more. Errors: http.framing, input.too_large (body over the limit).
  Result<std::size_t> take(std::string_view in, std::string& body);
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State : std::uint8_t { kSize, kSizeEnd, kData, kDataEnd, kLastEnd, kDone };
  Status take_digit(char c);
  Status expect_crlf(char c, State next);
  std::size_t limit_;
  std::size_t total_ = 0;
  std::uint64_t left_ = 0;  // of this chunk
  int digits_ = 0;
  bool saw_cr_ = false;
  State state_ = State::kSize;
};

}  // namespace lh::hub::edge::http
