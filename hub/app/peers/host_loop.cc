#include "hub/app/peers/host_loop.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <thread>

#include "adapters/outbound/http_client.h"
#include "base/log.h"
#include "schemas/json.h"

namespace lh::hub::app {
namespace {

using adapters::outbound::HttpClient;

constexpr int kLongestPollMs = 45000;
constexpr int kLongestPauseMs = 30000;
constexpr int kSignMs = 3000;
constexpr std::chrono::seconds kSignEvery(2);

// A host, as the hub's answers are read and written.
struct Serving {
  const HostConfig& config;
  HostWorker& worker;
  std::string instance;
};

Result<std::unique_ptr<HttpClient>> connect(const HostConfig& config, int timeout_ms) {
  adapters::outbound::HttpSettings s;
  s.host = config.host;
  s.port = config.port;
  s.allowed_targets = {config.host + ":" + std::to_string(config.port)};  // the one it serves
  s.allow_loopback = true;
  s.ca_file = config.ca_file;
  s.certificate_file = config.certificate_file;
  s.key_file = config.key_file;
  s.timeout_ms = timeout_ms;
  return HttpClient::connect(s);
}

std::string object_of(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  std::string out = "{";
  for (const auto& [name, text] : texts) {
    if (out.size() > 1) out += ',';
    schemas::append_json_string(out, name);
    out += ':';
    schemas::append_json_string(out, text);
  }
  return out + '}';
}

// 409, nobody waits for that task any more: no value.
Result<std::optional<std::string>> post(HttpClient& hub, const char* path, std::string body) {
  adapters::outbound::HttpRequest request;
  request.method = "POST";
  request.path = path;
  request.content_type = "application/json";
  request.body = std::move(body);
  auto response = LH_TRY(hub.send(request));
  if (response.status == 200 || response.status == 204) return std::optional(response.body);
  if (response.status == 409) return std::optional<std::string>();
  const std::string status = "HTTP " + std::to_string(response.status);
  const bool refused = response.status == 401 || response.status == 403;
  return Error(refused ? Reason::kSourceRefused : Reason::kSourceUnavailable, status);
}

constexpr const char* kWork = "/v1/adapter-host/work";
constexpr const char* kAnswers = "/v1/adapter-host/answers";

// Says again and again that a task is worked on, on a connection of its own.
class SignsOfLife {
 public:
  SignsOfLife(const HostConfig& config, std::string sign)
      : config_(config), sign_(std::move(sign)), thread_([this] { give(); }) {}
  SignsOfLife(const SignsOfLife&) = delete;
  SignsOfLife& operator=(const SignsOfLife&) = delete;
  ~SignsOfLife() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void give() {
    std::unique_ptr<HttpClient> hub;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kSignEvery, [this] { return done_; })) {
      lock.unlock();
      if (hub == nullptr) {
        auto made = connect(config_, kSignMs);
        if (made.ok()) hub = std::move(*made);
      }
      if (hub != nullptr && !post(*hub, kAnswers, sign_).ok()) hub.reset();
      lock.lock();
    }
  }
  const HostConfig& config_;
  const std::string sign_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

// One task, or none. What breaks before the task is known to be here brings it again.
Status serve_one(HttpClient& hub, const Serving& host) {
  const auto text = LH_TRY(post(hub, kWork, object_of({{"host", host.instance}})));
  if (!text || text->empty()) return {};
  const auto task = LH_TRY(adapters::host::parse_task(*text));
  const std::string sign = object_of({{"id", task.id}, {"at_work", host.instance}});
  if (!LH_TRY(post(hub, kAnswers, sign))) return {};
  const SignsOfLife signs(host.config, sign);
  const std::string answer = to_json(host.worker.perform(task));
  const auto brought =
      LH_TRY(post(hub, kAnswers, object_of({{"id", task.id}, {"answer", answer}})));
  if (!brought) log_event(LogLevel::kWarning, "host.late", {{"reason", Reason::kAdapterState}});
  return {};
}

void pause(int ms, const std::atomic<bool>& stop) {
  for (; ms > 0 && !stop; ms -= 100) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace

Status run_host(const HostConfig& config, HostWorker& worker, const std::string& instance,
                const std::atomic<bool>& stop) {
  std::unique_ptr<HttpClient> hub;
  int wait_ms = 0;
  while (!stop) {
    auto served = [&]() -> Status {
      if (hub == nullptr) hub = LH_TRY(connect(config, kLongestPollMs));
      return serve_one(*hub, {config, worker, instance});
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
