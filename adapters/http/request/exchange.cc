#include "adapters/http/request/exchange.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "adapters/http/request/http_date.h"

namespace lh::adapters::http::request {
namespace {

constexpr std::int64_t kFirstPauseMs = 200;
constexpr std::int64_t kSkewMs = 60000;

class SleepingPauses final : public Pauses {
 public:
  void wait_ms(std::int64_t ms) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  }
};

bool is_for_later(int status) {
  return status == 408 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

Error refusal(const outbound::HttpResponse& response, UtcTime now) {
  std::string detail = "HTTP " + std::to_string(response.status);
  if (response.status >= 300 && response.status < 400) {
    return Error(Reason::kSourceAnswer, detail + ": redirects are not followed");
  }
  if (is_for_later(response.status)) {
    if (const auto wait = parse_retry_after(header_of(response, "retry-after"), now)) {
      detail += ", again after " + std::to_string(*wait / 1000) + " s";
    }
    return Error(Reason::kSourceUnavailable, detail);
  }
  // Signatures hold the time: a clock that differs is the usual reason.
  const auto date = parse_http_date(header_of(response, "date"));
  if ((response.status == 401 || response.status == 403) && date &&
      std::abs(date->ms - now.ms) > kSkewMs) {
    detail +=
        ", the clock of the source differs by " + std::to_string((date->ms - now.ms) / 1000) + " s";
  }
  return Error(Reason::kSourceRefused, detail);
}

}  // namespace

std::unique_ptr<Pauses> make_pauses() {
  return std::make_unique<SleepingPauses>();
}

std::string_view header_of(const outbound::HttpResponse& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return {};
}

Result<std::unique_ptr<Exchange>> Exchange::open(const Connection& connection, const Tools& tools) {
  auto transport = LH_TRY(open_transport(connection, tools.with, tools.transports));
  return std::unique_ptr<Exchange>(new Exchange(connection, tools, std::move(transport)));
}

// What the source asked for, else doubling with jitter (half to one and a half of it). Below 0: not
// within what the mapping allows.
std::int64_t Exchange::pause_before(int attempt, const outbound::HttpResponse* answer) const {
  if (answer != nullptr) {
    const auto asked =
        parse_retry_after(header_of(*answer, "retry-after"), tools_.with.clock.now());
    if (asked) return *asked > connection_.limits.longest_wait_ms ? -1 : *asked;
  }
  const std::int64_t base = kFirstPauseMs << (attempt - 1);
  const auto jitter =
      static_cast<std::int64_t>(tools_.with.random.u64() % static_cast<std::uint64_t>(base));
  return std::min<std::int64_t>(base / 2 + jitter, connection_.limits.longest_wait_ms);
}

// Its turn comes first: what it is authorised with holds the time.
template <class Make>
Result<outbound::HttpResponse> Exchange::send_once(const Make& make, const Sending& sending) {
  std::vector<Secret> used;
  transport::Call call = LH_TRY(make(used));
  const auto turn = LH_TRY(Calling::begin(calls_));
  for (const auto& field : sending.headers) call.request.headers.push_back(field);
  LH_TRY(authorise(connection_.auth, tools_.with, tools_.digests, call, used));
  call.secrets = &used;
  return transport_->send(call);
}

template <class Make>
Result<outbound::HttpResponse> Exchange::run_with(const Make& make, const Sending& sending) {
  const int attempts = sending.repeat == Repeat::kSafe ? 1 + connection_.limits.retries : 1;
  for (int attempt = 1;; ++attempt) {
    auto response = send_once(make, sending);
    const bool accepted =
        response.ok() && ((response->status >= 200 && response->status < 300) ||
                          std::find(sending.accepted.begin(), sending.accepted.end(),
                                    response->status) != sending.accepted.end());
    if (accepted) return response;
    const bool later = response.ok() ? is_for_later(response->status)
                                     : response.error().reason() == Reason::kSourceUnavailable;
    const auto pause = pause_before(attempt, response.ok() ? &*response : nullptr);
    if (!later || attempt >= attempts || pause < 0) {
      if (response.ok()) return refusal(*response, tools_.with.clock.now());
      return response;
    }
    tools_.pauses.wait_ms(pause);
  }
}

Result<outbound::HttpResponse> Exchange::run(const Operation& operation, const Values& values,
                                             const Sending& sending) {
  const auto make = [&](std::vector<Secret>& used) {
    return make_call(operation, values, tools_.with.secrets, used);
  };
  return run_with(make, sending);
}

Result<outbound::HttpResponse> Exchange::run_at(const std::string& path, const Operation& operation,
                                                const Sending& sending) {
  const auto make = [&](std::vector<Secret>& /*used*/) -> Result<transport::Call> {
    transport::Call call;
    call.request.path = path;
    call.request.headers = operation.headers;
    call.shown_path = path;
    return call;
  };
  return run_with(make, sending);
}

}  // namespace lh::adapters::http::request
