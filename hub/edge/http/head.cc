#include "hub/edge/http/head.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/limits.h"

namespace lh::hub::edge::http {

namespace {

namespace beast = boost::beast;
using beast::http::error;

// Only the head is given to Beast: lengths and chunks are ours (gate.h, chunked.h).
class Collector final : public beast::http::basic_parser<true> {
 public:
  explicit Collector(Head& out) : out_(out) {
    header_limit(static_cast<std::uint32_t>(limits::kHttpHeaderBytes) + 1);
    body_limit(boost::none);
  }

 private:
  static std::string_view view_of(beast::string_view s) { return {s.data(), s.size()}; }

  void on_request_impl(beast::http::verb /*verb*/, beast::string_view method,
                       beast::string_view target, int version, beast::error_code& ec) override {
    ec = {};
    out_.method = view_of(method);
    out_.target = view_of(target);
    out_.version = version;
  }
  void on_field_impl(beast::http::field /*name*/, beast::string_view name, beast::string_view value,
                     beast::error_code& ec) override {
    ec = {};
    out_.fields.push_back({view_of(name), view_of(value)});
  }
  void on_response_impl(int /*code*/, beast::string_view /*reason*/, int /*version*/,
                        beast::error_code& ec) override {
    ec = error::bad_value;
  }
  void on_header_impl(beast::error_code& ec) override { ec = {}; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         beast::error_code& ec) override {
    ec = {};
  }
  std::size_t on_body_impl(beast::string_view /*body*/, beast::error_code& ec) override {
    ec = error::bad_value;
    return 0;
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view /*extensions*/,
                            beast::error_code& ec) override {
    ec = error::bad_chunk;
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, beast::string_view /*body*/,
                                 beast::error_code& ec) override {
    ec = error::bad_chunk;
    return 0;
  }
  void on_finish_impl(beast::error_code& ec) override { ec = {}; }

  Head& out_;
};

Reason reason_of(const beast::error_code& ec) {
  if (ec == error::bad_version) return Reason::kHttpVersion;
  if (ec == error::bad_content_length || ec == error::multiple_content_length ||
      ec == error::bad_transfer_encoding) {
    return Reason::kHttpFraming;
  }
  if (ec == error::header_limit) return Reason::kHttpHeaderTooLarge;
  return Reason::kHttpMalformed;
}

bool has_control(std::string_view line) {
  for (const char c : line) {
    const auto u = static_cast<unsigned char>(c);
    if ((u < 0x20 && c != '\t') || u == 0x7F) return true;
  }
  return false;
}

}  // namespace

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
  }
  return true;
}

std::string_view first_value(const Head& head, std::string_view name) {
  for (const Field& f : head.fields) {
    if (equal_ignoring_case(f.name, name)) return f.value;
  }
  return {};
}

Status HeadScanner::check_line(std::string_view line) {
  if (lines_ == 0 && line.empty()) return Error(Reason::kHttpMalformed, "empty first line");
  // RFC 9112 5.2: obs-fold. Two parsers that disagree on it see different fields.
  if (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
    return Error(Reason::kHttpMalformed, "folded field");
  }
  // A bare CR, a NUL and their like: RFC 9110 5.5.
  if (has_control(line)) return Error(Reason::kHttpMalformed, "control character in the head");
  return ok_status();
}

Status HeadScanner::check_unfinished(std::string_view line) const {
  if (lines_ == 0 && line.size() > limits::kHttpTargetBytes + 64) {
    return Reason::kHttpTargetTooLong;
  }
  if (scanned_ > limits::kHttpHeaderBytes) return Reason::kHttpHeaderTooLarge;
  return ok_status();
}

Result<std::size_t> HeadScanner::scan(std::string_view in) {
  for (;;) {
    const std::size_t lf = in.find('\n', scanned_);
    if (lf == std::string_view::npos) {
      scanned_ = in.size();
      LH_TRY(check_unfinished(in.substr(line_start_)));
      return std::size_t{0};
    }
    if (lf == line_start_ || in[lf - 1] != '\r') {
      return Error(Reason::kHttpMalformed, "line feed without carriage return");
    }
    const std::string_view line = in.substr(line_start_, lf - 1 - line_start_);
    scanned_ = lf + 1;
    LH_TRY(check_unfinished(line));
    LH_TRY(check_line(line));
    if (line.empty()) return scanned_;
    line_start_ = scanned_;
    if (++lines_ > limits::kHttpHeaderFields + 1) {
      return Error(Reason::kHttpHeaderTooLarge, "too many fields");
    }
  }
}

Status read_head(std::string_view head, Head& out) {
  out.fields.clear();
  Collector parser(out);
  beast::error_code ec;
  const std::size_t used = parser.put(boost::asio::const_buffer(head.data(), head.size()), ec);
  if (ec) return Error(reason_of(ec), ec.message());
  if (used != head.size() || !parser.is_header_done()) {
    return Error(Reason::kHttpMalformed, "the head ends early");
  }
  return ok_status();
}

}  // namespace lh::hub::edge::http
