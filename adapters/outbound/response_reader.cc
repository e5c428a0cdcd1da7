#include "adapters/outbound/response_reader.h"

#include <algorithm>

namespace lh::adapters::outbound {
namespace {

constexpr std::size_t kHeadBytes = 64U << 10U;
constexpr std::size_t kHeadFields = 128;
constexpr int kInterimAnswers = 4;
constexpr std::size_t kSizeLineBytes = 256;

Error bad(const char* what) {
  return Error(Reason::kSourceAnswer, std::string("not HTTP as agreed: ") + what);
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}
// RFC 9110 section 5.6.2: tchar
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}
std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}
// More digits than 2^63 has are a lie anyway.
bool parse_length(std::string_view text, std::uint64_t& out) {
  if (text.empty() || text.size() > 18 || !std::all_of(text.begin(), text.end(), is_digit)) {
    return false;
  }
  out = 0;
  for (const char c : text) out = out * 10 + static_cast<std::uint64_t>(c - '0');
  return true;
}

}  // namespace

Status ResponseReader::take(std::string_view bytes) {
  leftover_.append(bytes);
  do {
    progressed_ = false;
    LH_TRY(step());
  } while (progressed_ && state_ != State::kDone);
  leftover_.erase(0, at_);
  at_ = 0;
  return {};
}

Status ResponseReader::close() {
  keep_alive_ = false;
  if (state_ == State::kToClose) state_ = State::kDone;
  if (state_ == State::kDone) return {};
  return Error(Reason::kSourceUnavailable, "the response was cut short");
}

bool ResponseReader::take_line(std::string_view& line) {
  const auto end = leftover_.find("\r\n", at_);
  if (end == std::string::npos) return false;
  line = std::string_view(leftover_).substr(at_, end - at_);
  at_ = end + 2;
  progressed_ = true;
  return true;
}

Status ResponseReader::step() {
  std::string_view line;
  switch (state_) {
    case State::kHead:
      return head();
    case State::kLength:
    case State::kChunk:
      return body(remaining_);
    case State::kToClose:
      return body(std::string::npos);
    case State::kChunkSize:
      if (take_line(line)) return chunk_size(line);
      if (leftover_.size() - at_ > kSizeLineBytes) return bad("the size of a chunk");
      return {};
    case State::kChunkEnd:
      if (leftover_.size() - at_ < 2) return {};
      if (leftover_.compare(at_, 2, "\r\n") != 0) return bad("the end of a chunk");
      at_ += 2;
      progressed_ = true;
      state_ = State::kChunkSize;
      return {};
    case State::kTrailer:
      if (take_line(line)) return trailer(line);
      if (leftover_.size() - at_ > kHeadBytes) return bad("trailers too large");
      return {};
    case State::kDone:
      return {};
  }
  return {};
}

Status ResponseReader::head() {
  std::string_view line;
  if (!take_line(line)) {
    if (head_bytes_ + leftover_.size() - at_ > kHeadBytes) return bad("a head too large");
    return {};
  }
  head_bytes_ += line.size() + 2;
  if (head_bytes_ > kHeadBytes) return bad("a head too large");
  if (line.find('\n') != std::string_view::npos || line.find('\r') != std::string_view::npos) {
    return bad("a line end that is not CR LF");
  }
  if (response_.status == 0) return status_line(line);
  if (!line.empty()) return field(line);
  return begin_body();
}

// status-line = HTTP-version SP status-code SP [ reason-phrase ]; the last space is often left out.
Status ResponseReader::status_line(std::string_view line) {
  const bool shape = line.size() >= 12 && line.starts_with("HTTP/1.") &&
                     (line[7] == '0' || line[7] == '1') && line[8] == ' ' && line[9] >= '1' &&
                     line[9] <= '5' && is_digit(line[10]) && is_digit(line[11]) &&
                     (line.size() == 12 || line[12] == ' ');
  if (!shape) return bad("the status line");
  http_1_0_ = line[7] == '0';
  keep_alive_ = !http_1_0_;
  response_.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return {};
}

Status ResponseReader::field(std::string_view line) {
  if (response_.headers.size() == kHeadFields) return bad("too many fields");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return bad("a field");
  const auto value = trimmed(line.substr(colon + 1));
  for (const char c : value) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) return bad("a field");
  }
  response_.headers.emplace_back(lowered(line.substr(0, colon)), std::string(value));
  return {};
}

// RFC 9112 section 6.3, without its leniencies.
Status ResponseReader::begin_body() {
  int lengths = 0;
  int codings = 0;
  for (const auto& [name, value] : response_.headers) {
    if (name == "content-length" && (++lengths > 1 || !parse_length(value, remaining_))) {
      return bad("the length");
    }
    if (name == "transfer-encoding" && (++codings > 1 || lowered(value) != "chunked")) {
      return bad("a transfer coding");
    }
    if (name == "content-encoding" && lowered(value) != "identity") {
      return bad("a content coding that was not asked for");
    }
    if (name == "connection") keep_alive_ = !http_1_0_ && lowered(value) != "close";
  }
  if (lengths + codings > 1) return bad("a length beside chunked");
  if (response_.status < 200) {
    if (response_.status == 101 || ++interim_ > kInterimAnswers) return bad("an interim answer");
    response_ = {};
    return {};
  }
  if (rule_ == BodyRule::kNone || response_.status == 204 || response_.status == 304) {
    state_ = State::kDone;
  } else if (codings == 1) {
    if (http_1_0_) return bad("chunked in HTTP/1.0");
    state_ = State::kChunkSize;
  } else if (lengths == 1) {
    if (remaining_ > max_) return Error(Reason::kInputTooLarge, "the response");
    state_ = remaining_ == 0 ? State::kDone : State::kLength;
  } else {
    if (keep_alive_) return bad("a body without a length");
    state_ = State::kToClose;
  }
  return {};
}

// chunk-size is hexadecimal; extensions are read over.
Status ResponseReader::chunk_size(std::string_view line) {
  const auto digits = trimmed(line.substr(0, line.find(';')));
  if (digits.empty() || digits.size() > 15 || line.size() > kSizeLineBytes) {
    return bad("the size of a chunk");
  }
  remaining_ = 0;
  for (const char c : digits) {
    const char d = lower(c);
    if (!is_digit(d) && (d < 'a' || d > 'f')) return bad("the size of a chunk");
    remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(is_digit(d) ? d - '0' : d - 'a' + 10);
  }
  if (remaining_ > max_) return Error(Reason::kInputTooLarge, "the response");
  state_ = remaining_ == 0 ? State::kTrailer : State::kChunk;
  return {};
}

Status ResponseReader::trailer(std::string_view line) {
  head_bytes_ += line.size() + 2;
  if (head_bytes_ > kHeadBytes) return bad("trailers too large");
  if (line.empty()) state_ = State::kDone;
  return {};
}

Status ResponseReader::body(std::size_t wanted) {
  const std::size_t n = std::min<std::size_t>(wanted, leftover_.size() - at_);
  if (n == 0) return {};
  if (response_.body.size() + n > max_) return Error(Reason::kInputTooLarge, "the response");
  response_.body.append(leftover_, at_, n);
  at_ += n;
  progressed_ = true;
  if (state_ == State::kToClose) return {};
  remaining_ -= n;
  if (remaining_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kChunkEnd;
  return {};
}

}  // namespace lh::adapters::outbound
