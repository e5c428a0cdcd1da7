#include "hub/edge/http/gate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "hub/edge/http/target.h"

namespace lh::hub::edge::http {

namespace {

constexpr std::array<std::pair<std::string_view, api::Method>, 7> kMethods = {{
    {"GET", api::Method::kGet},
    {"POST", api::Method::kPost},
    {"PUT", api::Method::kPut},
    {"HEAD", api::Method::kHead},
    {"DELETE", api::Method::kDelete},
    {"PATCH", api::Method::kOther},  // known, offered nowhere: the router says 405 with Allow
    {"OPTIONS", api::Method::kOther},
}};

enum class Known : std::uint8_t {
  kOther,
  kHost,
  kContentLength,
  kTransferEncoding,
  kConnection,
  kExpect,
  kContentType,
  kAcceptLanguage,
  kIdempotencyKey,
  kIfNoneMatch,
  kTraceparent,
  kContentDigest,
  kReprDigest,
};

constexpr std::array<std::pair<std::string_view, Known>, 12> kFields = {{
    {"host", Known::kHost},
    {"content-length", Known::kContentLength},
    {"transfer-encoding", Known::kTransferEncoding},
    {"connection", Known::kConnection},
    {"expect", Known::kExpect},
    {"content-type", Known::kContentType},
    {"accept-language", Known::kAcceptLanguage},
    {"idempotency-key", Known::kIdempotencyKey},
    {"if-none-match", Known::kIfNoneMatch},
    {"traceparent", Known::kTraceparent},
    {"content-digest", Known::kContentDigest},
    {"repr-digest", Known::kReprDigest},
}};

Known known_field(std::string_view name) {
  for (const auto& [text, field] : kFields) {
    if (text.size() == name.size() && equal_ignoring_case(name, text)) return field;
  }
  return Known::kOther;
}

bool is_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

// The name without its port. Errors: http.host. uri-host [ ":" port ], RFC 9110 7.2.
Result<std::string_view> host_name(std::string_view value) {
  std::size_t end = 0;
  if (value.starts_with('[')) {
    end = value.find(']');
    if (end == std::string_view::npos) return Reason::kHttpHost;
    ++end;
    constexpr std::string_view kAddress = "0123456789abcdefABCDEF:.";
    const std::string_view inside = value.substr(1, end - 2);
    if (inside.empty() || inside.find_first_not_of(kAddress) != std::string_view::npos) {
      return Reason::kHttpHost;
    }
  } else {
    while (end < value.size() && is_host_byte(value[end])) ++end;
  }
  if (end == 0 || end > 255) return Reason::kHttpHost;
  const std::string_view port = value.substr(end);
  if (!port.empty() && (port[0] != ':' || port.size() > 6 || !is_digits(port.substr(1)))) {
    return Reason::kHttpHost;
  }
  return value.substr(0, end);
}

Status check_host(std::string_view value, std::span<const std::string> served_hosts) {
  const std::string_view name = LH_TRY(host_name(value));
  const auto same = [name](const std::string& h) { return equal_ignoring_case(name, h); };
  if (!served_hosts.empty() && std::none_of(served_hosts.begin(), served_hosts.end(), same)) {
    return Error(Reason::kHttpHost, "not a host of this hub");
  }
  return ok_status();
}

// At most 15 digits: far beyond any body limit and never near an overflow.
Result<std::uint64_t> length_of(std::string_view value) {
  if (!is_digits(value)) return Error(Reason::kHttpFraming, "Content-Length");
  if (value.size() > 15) return Error(Reason::kInputTooLarge, "Content-Length");
  std::uint64_t n = 0;
  for (const char c : value) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  return n;
}

bool has_token(std::string_view list, std::string_view lower) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (equal_ignoring_case(item, lower)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// Gathers the fields one by one; each rule stands where its field is met.
class Reader {
 public:
  Reader(Admitted& out, std::span<const std::string> served) : out_(out), served_(served) {}

  Status take(Known field, std::string_view value) {
    const auto bit = 1U << static_cast<unsigned>(field);
    const bool repeated = (seen_ & bit) != 0;
    seen_ |= bit;
    switch (field) {
      case Known::kHost:
        if (repeated) return Error(Reason::kHttpHost, "Host twice");
        return check_host(value, served_);
      case Known::kContentLength:
        if (repeated) return Error(Reason::kHttpFraming, "Content-Length twice");
        out_.content_length = LH_TRY(length_of(value));
        return ok_status();
      case Known::kTransferEncoding:
        // RFC 9112 6.1: a coding we do not know, or a list, leaves the length unclear.
        if (repeated || !equal_ignoring_case(value, "chunked")) {
          return Error(Reason::kHttpFraming, "Transfer-Encoding");
        }
        return ok_status();
      case Known::kConnection:
        if (has_token(value, "close")) out_.persistence = Persistence::kClose;
        return ok_status();
      case Known::kExpect:
        if (repeated || !equal_ignoring_case(value, "100-continue")) {
          return Reason::kHttpExpectation;
        }
        out_.expectation = Expectation::kContinue;
        return ok_status();
      default:
        return keep(field, value, repeated ? Again::kYes : Again::kNo);
    }
  }

  Status finish() {
    if (!saw(Known::kHost)) return Error(Reason::kHttpHost, "no Host");
    const bool length = saw(Known::kContentLength);
    const bool chunked = saw(Known::kTransferEncoding);
    // RFC 9112 6.3: both is how requests are smuggled.
    if (length && chunked) return Error(Reason::kHttpFraming, "two lengths");
    if (chunked) out_.framing = Framing::kChunked;
    if (length && out_.content_length > 0) out_.framing = Framing::kLength;
    return ok_status();
  }

 private:
  enum class Again : std::uint8_t { kNo, kYes };
  bool saw(Known f) const { return (seen_ & (1U << static_cast<unsigned>(f))) != 0; }

  // What the routes see. A list field may be sent in parts (RFC 9110 5.3); a single one may not.
  Status keep(Known field, std::string_view value, Again again) {
    api::Request& r = out_.request;
    switch (field) {
      case Known::kAcceptLanguage:
        return join(r.accept_language, value);
      case Known::kIfNoneMatch:
        return join(r.if_none_match, value);
      case Known::kContentDigest:
        return join(r.content_digest, value);
      case Known::kReprDigest:
        return join(r.repr_digest, value);
      case Known::kContentType:
        return single(r.content_type, value, again);
      case Known::kIdempotencyKey:
        return single(r.idempotency_key, value, again);
      case Known::kTraceparent:
        // W3C Trace Context 3.2: several are as good as none.
        again == Again::kYes ? r.traceparent.clear() : void(r.traceparent = value);
        return ok_status();
      default:
        return ok_status();
    }
  }
  static Status join(std::string& to, std::string_view value) {
    if (!to.empty()) to += ", ";
    to += value;
    return ok_status();
  }
  static Status single(std::string& to, std::string_view value, Again again) {
    if (again == Again::kYes) return Error(Reason::kHttpMalformed, "field twice");
    to = value;
    return ok_status();
  }

  Admitted& out_;
  std::span<const std::string> served_;
  unsigned seen_ = 0;
};

Result<api::Method> method_of(std::string_view text) {
  for (const auto& [name, method] : kMethods) {
    if (name == text) return method;
  }
  return Reason::kMethodNotAllowed;
}

}  // namespace

Result<Admitted> admit(const Head& head, std::span<const std::string> served_hosts) {
  if (head.version != 11) return Reason::kHttpVersion;
  if (head.fields.size() > limits::kHttpHeaderFields) return Reason::kHttpHeaderTooLarge;
  Admitted out;
  Reader reader(out, served_hosts);
  for (const Field& f : head.fields) {
    LH_TRY(reader.take(known_field(f.name), f.value));
  }
  LH_TRY(reader.finish());
  out.request.method = LH_TRY(method_of(head.method));
  Target target = LH_TRY(parse_target(head.target));
  out.request.path = std::move(target.path);
  out.request.query = std::move(target.query);
  return out;
}

}  // namespace lh::hub::edge::http
