#include "adapters/http/request/connection.h"
#include "adapters/targets.h"

#include <algorithm>
#include <charconv>

namespace lh::adapters::http::request {
namespace {

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}
bool is_v6(std::string_view text) {
  return text.find(':') != std::string_view::npos &&
         text.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

// scheme://host[:port][/path]; no user, query or fragment.
bool parse_url(std::string_view url, Connection& out) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return false;
  out.scheme = std::string(url.substr(0, colon));
  if (out.scheme != "https" && out.scheme != "http") return false;
  out.port = out.scheme == "https" ? 443 : 80;
  url.remove_prefix(colon + 3);
  const auto slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  out.base_path = std::string(url.substr(slash));
  while (out.base_path.ends_with('/')) out.base_path.pop_back();
  if (!out.base_path.empty() && !is_plain_path(out.base_path)) return false;
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    out.host = std::string(authority.substr(1, close - 1));
    port = authority.substr(close + 1);
    if (!is_v6(out.host)) return false;
  } else {
    const auto at = std::min(authority.find(':'), authority.size());
    out.host = std::string(authority.substr(0, at));
    port = authority.substr(at);
    if (!is_host(out.host)) return false;
  }
  if (port.empty()) return true;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  return error == std::errc() && end == port.data() + port.size() && out.port > 0;
}

Status read_tls(SettingsReader& in, Connection& out) {
  const SettingsNode* table = LH_TRY(in.table("tls"));
  if (table == nullptr) {
    if (out.scheme == "https") return in.invalid("tls is missing: name the ca of the source");
    return {};
  }
  auto tls = LH_TRY(SettingsReader::open(*table, "tls"));
  if (out.scheme != "https") return tls.invalid("tls without an https url");
  out.ca_file = LH_TRY(tls.required_text("ca"));
  out.certificate_file = LH_TRY(tls.text("certificate"));
  out.key_secret = LH_TRY(tls.text("key"));
  if (out.certificate_file.empty() != out.key_secret.empty()) {
    return tls.invalid("certificate and key (the name of a secret) go together");
  }
  return tls.finish();
}

Status read_limits(SettingsReader& in, Limits& out) {
  const SettingsNode* table = LH_TRY(in.table("limits"));
  if (table == nullptr) return {};
  auto limit = LH_TRY(SettingsReader::open(*table, "limits"));
  const auto ms = [&limit](std::string_view key, int otherwise) {
    return limit.number(key, 1, 600000, static_cast<std::size_t>(otherwise));
  };
  out.first_byte_ms = static_cast<int>(LH_TRY(ms("first_byte_ms", out.first_byte_ms)));
  out.total_ms = static_cast<int>(LH_TRY(ms("total_ms", out.total_ms)));
  out.longest_wait_ms = static_cast<int>(LH_TRY(ms("longest_wait_ms", out.longest_wait_ms)));
  out.response_bytes =
      LH_TRY(limit.number("response_bytes", 1024, 256U << 20U, out.response_bytes));
  out.row_bytes = LH_TRY(limit.number("row_bytes", 1024, limits::kRowBytes, out.row_bytes));
  out.items = LH_TRY(limit.number("items", 1, 1000000, out.items));
  out.pages = LH_TRY(limit.number("pages", 1, 10000000, out.pages));
  out.retries = static_cast<int>(LH_TRY(limit.number("retries", 0, 10, 2)));
  return limit.finish();
}

}  // namespace

Result<Connection> read_connection(SettingsReader& in) {
  Connection out;
  const std::string url = LH_TRY(in.required_text("url"));
  if (!parse_url(url, out)) {
    return in.invalid("url is https://host[:port][/path] in lower case, without query or user");
  }
  LH_TRY(read_tls(in, out));
  out.auth = LH_TRY(read_auth(LH_TRY(in.table("auth"))));
  LH_TRY(read_limits(in, out.limits));
  return out;
}

Result<std::unique_ptr<transport::Transport>> open_transport(const Connection& connection,
                                                             const Surroundings& with,
                                                             const transport::Transports& by) {
  LH_TRY(check_listed(connection.target(), with.allowed_targets));
  outbound::HttpSettings settings;
  settings.host = connection.host;
  settings.port = connection.port;
  settings.allowed_targets = with.allowed_targets;
  settings.allow_loopback = with.allow_loopback;
  settings.security =
      connection.scheme == "https" ? outbound::Security::kTls : outbound::Security::kPlainLoopback;
  settings.ca_file = connection.ca_file;
  settings.certificate_file = connection.certificate_file;
  settings.timeout_ms = connection.limits.first_byte_ms;
  settings.total_timeout_ms = connection.limits.total_ms;
  settings.max_response_bytes = connection.limits.response_bytes;
  Secret key;
  if (!connection.key_secret.empty()) {
    key = LH_TRY(with.secrets.find(connection.key_secret));
    settings.key_pem = &key;
  }
  return by.open(settings);
}

}  // namespace lh::adapters::http::request
