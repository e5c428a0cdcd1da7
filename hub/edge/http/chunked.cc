#include "hub/edge/http/chunked.h"

#include <algorithm>

namespace lh::hub::edge::http {

namespace {

constexpr int kSizeDigits = 8;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Status ChunkedDecoder::take_digit(char c) {
  const int value = hex_value(c);
  if (value >= 0) {
    if (++digits_ > kSizeDigits) return Error(Reason::kHttpFraming, "chunk size");
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    return ok_status();
  }
  // Anything but the end of the line here is an extension, white space or rubbish.
  if (digits_ == 0 || c != '\r') return Error(Reason::kHttpFraming, "chunk size");
  if (left_ > limit_ - total_) return Error(Reason::kInputTooLarge, "chunked body");
  saw_cr_ = true;
  state_ = State::kSizeEnd;
  return ok_status();
}

Status ChunkedDecoder::expect_crlf(char c, State next) {
  if (c != (saw_cr_ ? '\n' : '\r')) return Error(Reason::kHttpFraming, "end of a chunk");
  if (saw_cr_) state_ = next;
  saw_cr_ = !saw_cr_;
  return ok_status();
}

Result<std::size_t> ChunkedDecoder::take(std::string_view in, std::string& body) {
  std::size_t at = 0;
  while (at < in.size() && state_ != State::kDone) {
    switch (state_) {
      case State::kSize:
        LH_TRY(take_digit(in[at++]));
        break;
      case State::kSizeEnd:
        LH_TRY(expect_crlf(in[at++], left_ == 0 ? State::kLastEnd : State::kData));
        break;
      case State::kData: {
        const std::size_t n = std::min<std::size_t>(in.size() - at, left_);
        body.append(in.substr(at, n));
        at += n;
        total_ += n;
        left_ -= n;
        if (left_ == 0) state_ = State::kDataEnd;
        break;
      }
      case State::kDataEnd:
        LH_TRY(expect_crlf(in[at++], State::kSize));
        digits_ = 0;
        break;
      case State::kLastEnd:
        LH_TRY(expect_crlf(in[at++], State::kDone));
        break;
      case State::kDone:
        break;
    }
  }
  return at;
}

}  // namespace lh::hub::edge::http
