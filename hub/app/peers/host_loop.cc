#include "hub/app/peers/host_loop.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "adapters/outbound/http_client.h"
#include "base/log.h"
#include "schemas/json.h"

namespace lh::hub::app {
namespace {

using adapters::outbound::HttpClient;

constexpr int kLongestPollMs = 45000;
constexpr int kLongestPauseMs = 30000;

Result<std::unique_ptr<HttpClient>> connect(const HostConfig& config) {
  adapters::outbound::HttpSettings s;
  s.host = config.host;
  s.port = config.port;
  s.allowed_targets = {config.host + ":" + std::to_string(config.port)};  // the one it serves
  s.allow_loopback = true;
  s.ca_file = config.ca_file;
  s.certificate_file = config.certificate_file;
  s.key_file = config.key_file;
  s.timeout_ms = kLongestPollMs;
  return HttpClient::connect(s);
}

Result<std::string> post(HttpClient& hub, const char* path, std::string body) {
  adapters::outbound::HttpRequest request;
  request.method = "POST";
  request.path = path;
  request.content_type = "application/json";
  request.body = std::move(body);
  auto response = LH_TRY(hub.send(request));
  if (response.status == 200 || response.status == 204) return std::move(response.body);
  const std::string status = "HTTP " + std::to_string(response.status);
  const bool refused = response.status == 401 || response.status == 403;
  return Error(refused ? Reason::kSourceRefused : Reason::kSourceUnavailable, status);
}

// One task, or none.
Status serve_one(HttpClient& hub, HostWorker& worker) {
  const std::string text = LH_TRY(post(hub, "/v1/adapter-host/work", "{}"));
  if (text.empty()) return {};
  const auto task = LH_TRY(adapters::host::parse_task(text));
  const std::string answer = to_json(worker.perform(task));
  std::string body = "{\"id\":";
  schemas::append_json_string(body, task.id);
  body += ",\"answer\":";
  schemas::append_json_string(body, answer);
  body += '}';
  const auto brought = post(hub, "/v1/adapter-host/answers", std::move(body));
  if (!brought.ok() && brought.error().reason() == Reason::kSourceRefused) return brought.error();
  if (!brought.ok()) {
    log_event(LogLevel::kWarning, "host.late", {{"reason", brought.error().reason()}});
  }
  return {};
}

void pause(int ms, const std::atomic<bool>& stop) {
  for (; ms > 0 && !stop; ms -= 100) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace

Status run_host(const HostConfig& config, HostWorker& worker, const std::atomic<bool>& stop) {
  std::unique_ptr<HttpClient> hub;
  int wait_ms = 0;
  while (!stop) {
    auto served = [&]() -> Status {
      if (hub == nullptr) hub = LH_TRY(connect(config));
      return serve_one(*hub, worker);
    }();
    if (served.ok()) {
      wait_ms = 0;
      continue;
    }
    const Reason why = served.error().reason();
    if (why == Reason::kConfigInvalid || why == Reason::kSourceRefused) return served;
    log_event(LogLevel::kWarning, "host.no_hub", {{"reason", why}});
    hub.reset();
    wait_ms = std::clamp(wait_ms * 2, 1000, kLongestPauseMs);
    pause(wait_ms, stop);
  }
  return {};
}

}  // namespace lh::hub::app
