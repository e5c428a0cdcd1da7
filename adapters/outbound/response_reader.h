// A strict reader of one HTTP/1.1 response (RFC 9112) out of bytes as they come. Refused: bare LF,
// folded lines, a space before the colon, two lengths, a length beside chunked, other transfer or
// content codings, heads beyond 64 KiB or 128 fields.
#pragma once

#include <string>
#include <string_view>

#include "adapters/outbound/http_client.h"

namespace lh::adapters::outbound {

enum class BodyRule : std::uint8_t { kAsAnnounced, kNone };  // none: the answer to HEAD

class ResponseReader {
 public:
  ResponseReader(std::size_t max_body_bytes, BodyRule rule) : max_(max_body_bytes), rule_(rule) {}
  // Errors: source.answer, input.too_large (the body).
  Status take(std::string_view bytes);
  // The peer closed. Errors: source.unavailable where more was to come.
  Status close();
  bool done() const { return state_ == State::kDone; }
  bool keep_alive() const { return keep_alive_ && leftover_.empty(); }
  HttpResponse take_response() { return std::move(response_); }

 private:
  enum class State : std::uint8_t {
    kHead,
    kLength,
    kToClose,
    kChunkSize,
    kChunk,
    kChunkEnd,
    kTrailer,
    kDone
  };
  Status head();  // as much as leftover_ allows
  Status status_line(std::string_view line);
  Status field(std::string_view line);
  Status begin_body();
  Status step();
  Status chunk_size(std::string_view line);
  Status trailer(std::string_view line);
  Status body(std::size_t wanted);
  bool take_line(std::string_view& line);

  std::size_t max_;
  BodyRule rule_;
  State state_ = State::kHead;
  HttpResponse response_;
  std::string leftover_;         // not yet understood
  std::size_t at_ = 0;           // in leftover_
  std::uint64_t remaining_ = 0;  // of the body or the chunk
  std::size_t head_bytes_ = 0;
  int interim_ = 0;
  bool http_1_0_ = false;
  bool keep_alive_ = true;
  bool progressed_ = false;
};

}  // namespace lh::adapters::outbound
