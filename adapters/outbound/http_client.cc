#include "adapters/outbound/http_client.h"

#include <algorithm>

#include "adapters/outbound/response_reader.h"
#include "adapters/outbound/wire.h"
#include "adapters/targets.h"

namespace lh::adapters::outbound {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kChunk = 65536;
constexpr milliseconds kKeptIdle{30000};

// Resolved once: what was checked is what is connected to.
Result<std::vector<Poco::Net::SocketAddress>> addresses_of(const HttpSettings& s) {
  LH_TRY(check_listed(s.host + ":" + std::to_string(s.port), s.allowed_targets));
  const auto found = LH_TRY(
      resolve(s.host, s.port, s.allow_loopback ? ThisMachine::kAllowed : ThisMachine::kRefused));
  std::vector<Poco::Net::SocketAddress> out;
  for (const Address& address : found) {
    if (s.security == Security::kPlainLoopback && place_of(address.get()) != Place::kThisMachine) {
      return Error(Reason::kSourceTarget, "plain HTTP to another machine: " + s.host);
    }
    out.emplace_back(address.get(), address.size);
  }
  return out;
}

bool visible(std::string_view text, char first) {
  return std::all_of(text.begin(), text.end(), [first](char c) { return c >= first && c <= '~'; });
}

// What goes into the head of the message: a line end in it would be a second message.
Status check_head(const HttpRequest& r) {
  bool good = !r.method.empty() && visible(r.method, 'A') && r.path.starts_with('/') &&
              visible(r.path, '!') && visible(r.content_type, ' ');
  for (const auto& [name, value] : r.headers) {
    good = good && !name.empty() && visible(name, '!') && name.find(':') == std::string::npos &&
           visible(value, ' ');
  }
  if (!good) return Error(Reason::kInputMalformed, "head of an HTTP request");
  return ok_status();
}

std::string text_of(const HttpRequest& r, const std::string& host) {
  std::string out =
      r.method + " " + r.path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept-Encoding: identity\r\n";
  for (const auto& [name, value] : r.headers) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!r.content_type.empty()) out.append("Content-Type: ").append(r.content_type).append("\r\n");
  if (!r.body.empty() || (r.method != "GET" && r.method != "HEAD")) {
    out.append("Content-Length: ").append(std::to_string(r.body.size())).append("\r\n");
  }
  return out.append("\r\n").append(r.body);
}

}  // namespace

struct HttpClient::Impl {
  HttpSettings settings;
  std::string host;  // as the Host field has it
  std::vector<Poco::Net::SocketAddress> addresses;
  Poco::Net::Context::Ptr context;
  std::unique_ptr<Wire> wire;
  Deadline last_used;
  bool answered = false;  // a byte of the answer came

  Deadline after(int ms) const { return steady_clock::now() + milliseconds(ms); }
  Status ensure_connected(Deadline end);
  Result<HttpResponse> exchange(const HttpRequest& request, Deadline end);
};

Status HttpClient::Impl::ensure_connected(Deadline end) {
  if (wire != nullptr && (steady_clock::now() - last_used > kKeptIdle || !wire->quiet())) {
    wire.reset();
  }
  Error last(Reason::kSourceUnavailable, "no address");
  for (std::size_t i = 0; wire == nullptr && i < addresses.size(); ++i) {
    const Deadline within = std::min(end, after(settings.timeout_ms));
    auto opened = Wire::open(addresses[i], settings.host, context, within);
    if (opened.ok()) {
      wire = std::move(opened).value();
    } else {
      last = opened.error();
    }
  }
  if (wire == nullptr) return last;
  return {};
}

Result<HttpResponse> HttpClient::Impl::exchange(const HttpRequest& request, Deadline end) {
  answered = false;
  LH_TRY(ensure_connected(end));
  std::string text = text_of(request, host);
  const auto sent = wire->send(text, end);
  wipe(text);  // it may hold a key
  LH_TRY(sent);
  ResponseReader reader(settings.max_response_bytes,
                        request.method == "HEAD" ? BodyRule::kNone : BodyRule::kAsAnnounced);
  std::string chunk(kChunk, '\0');
  const Deadline first = std::min(end, after(settings.timeout_ms));
  while (!reader.done()) {
    const std::size_t got =
        LH_TRY(wire->receive(chunk.data(), chunk.size(), answered ? end : first));
    if (got == 0) {
      LH_TRY(reader.close());
    } else {
      answered = true;
      LH_TRY(reader.take(std::string_view(chunk).substr(0, got)));
    }
  }
  if (!reader.keep_alive()) wire.reset();
  last_used = steady_clock::now();
  return reader.take_response();
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::connect(const HttpSettings& settings) {
  auto impl = std::make_unique<Impl>();
  impl->addresses = LH_TRY(addresses_of(settings));
  if (settings.security == Security::kTls) impl->context = LH_TRY(make_context(settings));
  impl->settings = settings;
  impl->settings.key_pem = nullptr;
  const bool v6 = settings.host.find(':') != std::string::npos;
  impl->host = v6 ? "[" + settings.host + "]" : settings.host;
  const std::uint16_t usual = settings.security == Security::kTls ? 443 : 80;
  if (settings.port != usual) impl->host += ":" + std::to_string(settings.port);
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(impl)));
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  LH_TRY(check_head(request));
  const Deadline end = impl_->after(impl_->settings.total_timeout_ms);
  const bool kept = impl_->wire != nullptr;
  auto response = impl_->exchange(request, end);
  if (response.ok()) return response;
  impl_->wire.reset();
  const bool again = kept && !impl_->answered && steady_clock::now() < end &&
                     (request.method == "GET" || request.method == "HEAD");
  if (!again || response.error().reason() != Reason::kSourceUnavailable) return response;
  response = impl_->exchange(request, end);
  if (!response.ok()) impl_->wire.reset();
  return response;
}

}  // namespace lh::adapters::outbound
