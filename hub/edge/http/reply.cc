#include "hub/edge/http/reply.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/log.h"

namespace lh::hub::edge::http {

namespace {

constexpr std::array<std::pair<int, std::string_view>, 34> kReasonPhrases = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
}};

struct Default {
  std::string_view name;
  std::string_view line;
};
constexpr std::array<Default, 3> kDefaults = {{
    {"cache-control", "cache-control: no-store\r\n"},
    {"x-content-type-options", "x-content-type-options: nosniff\r\n"},
    {"strict-transport-security", "strict-transport-security: max-age=31536000\r\n"},
}};

// What frames a message is written here and nowhere else.
constexpr std::array<std::string_view, 5> kOurs = {"content-length", "transfer-encoding",
                                                   "connection", "keep-alive", "content-type"};

std::string_view phrase(int status) {
  for (const auto& [code, text] : kReasonPhrases) {
    if (code == status) return text;
  }
  return "Status";
}

bool is_clean(std::string_view text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) return false;
  }
  return true;
}

bool is_token(std::string_view name) {
  return !name.empty() && is_clean(name) &&
         name.find_first_of(" \t:()<>@,;\\\"/[]?={}") == std::string_view::npos;
}

bool may_be_sent(const std::pair<std::string, std::string>& header) {
  for (const std::string_view own : kOurs) {
    if (equal_ignoring_case(header.first, own)) return false;
  }
  if (is_token(header.first) && is_clean(header.second)) return true;
  log_event(LogLevel::kError, "edge.header_dropped");
  return false;
}

void append_number(std::string& out, std::uint64_t n) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
  out.append(digits.data(), end);
}

bool gives(const api::Response& r, std::string_view name) {
  for (const auto& header : r.headers) {
    if (equal_ignoring_case(header.first, name)) return true;
  }
  return false;
}

void append_headers(std::string& out, const api::Response& r) {
  for (const auto& header : r.headers) {
    if (!may_be_sent(header)) continue;
    out.append(header.first).append(": ").append(header.second).append("\r\n");
  }
  for (const Default& d : kDefaults) {
    if (!gives(r, d.name)) out += d.line;
  }
}

}  // namespace

std::string to_wire(const api::Response& r, BodyOnWire body, Persistence persistence) {
  const bool bodiless = r.status < 200 || r.status == 204 || r.status == 304;
  std::string out;
  out.reserve(512 + (body == BodyOnWire::kSend ? r.body.size() : 0));
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(r.status));
  out.append(" ").append(phrase(r.status)).append("\r\n");
  if (!bodiless) {
    if (!r.content_type.empty() && is_clean(r.content_type)) {
      out.append("content-type: ").append(r.content_type).append("\r\n");
    }
    out += "content-length: ";
    append_number(out, r.body.size());
    out += "\r\n";
  }
  append_headers(out, r);
  if (persistence == Persistence::kClose) out += "connection: close\r\n";
  out += "\r\n";
  if (!bodiless && body == BodyOnWire::kSend) out += r.body;
  return out;
}

}  // namespace lh::hub::edge::http
