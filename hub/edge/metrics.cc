#include "hub/edge/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <sstream>
#include <vector>

namespace lh::hub::edge {

namespace {

constexpr std::size_t kRoutes = 96;  // the last one is "other"
constexpr std::size_t kGauges = 128;
constexpr std::size_t kReasons = 1024;
constexpr std::array<int, 27> kStatuses = {0,   200, 201, 202, 204, 303, 304, 400, 401,
                                           403, 404, 405, 406, 408, 409, 410, 413, 415,
                                           417, 422, 429, 431, 500, 501, 503, 505, 507};
constexpr std::array<std::int64_t, 14> kBucketsUs = {50,      100,     250,       500,      1'000,
                                                     2'500,   5'000,   10'000,    25'000,   50'000,
                                                     100'000, 500'000, 1'000'000, 5'000'000};

std::size_t status_slot(int status) {
  const auto it = std::lower_bound(kStatuses.begin(), kStatuses.end(), status);
  return it != kStatuses.end() && *it == status ? static_cast<std::size_t>(it - kStatuses.begin())
                                                : 0;
}

using Counter = std::atomic<std::uint64_t>;

struct Route {
  std::string name;
  std::array<Counter, kStatuses.size()> by_status{};
  std::array<Counter, kBucketsUs.size() + 1> by_time{};
  Counter time_us = 0;
};

void add(Counter& c, std::uint64_t n) {
  c.fetch_add(n, std::memory_order_relaxed);
}

double value(const Counter& c) {
  return static_cast<double>(c.load(std::memory_order_relaxed));
}

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type) {
  prometheus::MetricFamily f;
  f.name = std::move(name);
  f.help = std::move(help);
  f.type = type;
  return f;
}

prometheus::MetricFamily single(std::string name, std::string help, prometheus::MetricType type,
                                double number) {
  prometheus::MetricFamily f = family(std::move(name), std::move(help), type);
  prometheus::ClientMetric m;
  (type == prometheus::MetricType::Gauge ? m.gauge.value : m.counter.value) = number;
  f.metric.push_back(m);
  return f;
}

}  // namespace

struct Metrics::Impl {
  std::array<Route, kRoutes> routes;  // append-only: readers see the first `used`
  std::atomic<std::size_t> used = 0;
  std::mutex adding;
  Route other;
  std::array<Counter, kReasons> refusals{};
  Counter opened = 0;
  Counter closed = 0;
  mutable std::mutex gauges_mutex;
  std::map<std::string, double, std::less<>> gauges;

  Route& find(std::string_view name) {
    const std::size_t n = used.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < n; ++i) {
      if (routes[i].name == name) return routes[i];
    }
    return other;
  }

  void each_route(const std::function<void(const Route&)>& f) const {
    const std::size_t n = used.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < n; ++i) f(routes[i]);
    f(other);
  }

  prometheus::MetricFamily request_family() const {
    auto f = family("licencehub_requests_total", "Requests by route pattern and status",
                    prometheus::MetricType::Counter);
    each_route([&f](const Route& r) {
      for (std::size_t i = 0; i < kStatuses.size(); ++i) {
        if (value(r.by_status[i]) == 0) continue;
        prometheus::ClientMetric m;
        m.label = {{"route", r.name}, {"status", i == 0 ? "other" : std::to_string(kStatuses[i])}};
        m.counter.value = value(r.by_status[i]);
        f.metric.push_back(std::move(m));
      }
    });
    return f;
  }

  prometheus::MetricFamily duration_family() const {
    auto f = family("licencehub_request_seconds", "Time from a complete request to its answer",
                    prometheus::MetricType::Histogram);
    each_route([&f](const Route& r) {
      prometheus::ClientMetric m;
      m.label = {{"route", r.name}};
      std::uint64_t seen = 0;
      for (std::size_t i = 0; i < kBucketsUs.size(); ++i) {
        seen += r.by_time[i].load(std::memory_order_relaxed);
        m.histogram.bucket.push_back({seen, static_cast<double>(kBucketsUs[i]) / 1e6});
      }
      seen += r.by_time.back().load(std::memory_order_relaxed);
      m.histogram.bucket.push_back({seen, std::numeric_limits<double>::infinity()});
      m.histogram.sample_count = seen;
      m.histogram.sample_sum = value(r.time_us) / 1e6;
      if (seen > 0) f.metric.push_back(std::move(m));
    });
    return f;
  }

  prometheus::MetricFamily refusal_family() const {
    auto f =
        family("licencehub_refusals_total", "Refusals by reason", prometheus::MetricType::Counter);
    for (const ReasonInfo& r : all_reasons()) {
      const auto slot = static_cast<std::size_t>(r.reason);
      if (slot >= kReasons || value(refusals[slot]) == 0) continue;
      prometheus::ClientMetric m;
      m.label = {{"reason", std::string(r.id)}};
      m.counter.value = value(refusals[slot]);
      f.metric.push_back(std::move(m));
    }
    return f;
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
  impl_->other.name = "other";
}

Metrics::~Metrics() = default;

void Metrics::register_route(std::string_view route) {
  const std::lock_guard lock(impl_->adding);
  const std::size_t n = impl_->used.load(std::memory_order_relaxed);
  if (n >= kRoutes || &impl_->find(route) != &impl_->other) return;
  impl_->routes[n].name = route;
  impl_->used.store(n + 1, std::memory_order_release);
}

void Metrics::count_request(std::string_view route, int status, std::int64_t microseconds) {
  Route& r = impl_->find(route);
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0));
  add(r.by_status[status_slot(status)], 1);
  const auto bucket = std::lower_bound(kBucketsUs.begin(), kBucketsUs.end(), microseconds);
  add(r.by_time[static_cast<std::size_t>(bucket - kBucketsUs.begin())], 1);
  add(r.time_us, us);
}

void Metrics::count_refusal(Reason reason) {
  const auto slot = static_cast<std::size_t>(reason);
  if (slot < kReasons) add(impl_->refusals[slot], 1);
}

void Metrics::connection_opened() {
  add(impl_->opened, 1);
}

void Metrics::connection_closed() {
  add(impl_->closed, 1);
}

void Metrics::set_gauge(std::string_view name, double number) {
  const std::lock_guard lock(impl_->gauges_mutex);
  const auto it = impl_->gauges.find(name);
  if (it != impl_->gauges.end()) {
    it->second = number;
  } else if (impl_->gauges.size() < kGauges) {
    impl_->gauges.emplace(name, number);
  }
}

std::string Metrics::text() const {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> all;
  all.push_back(impl_->request_family());
  all.push_back(impl_->duration_family());
  all.push_back(impl_->refusal_family());
  const double opened = value(impl_->opened);
  all.push_back(
      single("licencehub_connections_total", "Connections accepted", MetricType::Counter, opened));
  all.push_back(single("licencehub_connections", "Connections open now", MetricType::Gauge,
                       opened - value(impl_->closed)));
  {
    const std::lock_guard lock(impl_->gauges_mutex);
    for (const auto& [name, number] : impl_->gauges) {
      all.push_back(single("licencehub_" + name, "Set by the hub", MetricType::Gauge, number));
    }
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, all);
  return out.str();
}

}  // namespace lh::hub::edge
