#include "hub/app/serve/service.h"

#include <Poco/Util/Timer.h>
#include <Poco/Util/TimerTaskAdapter.h>

#include "base/log.h"
#include "hub/api/driver.h"
#include "hub/api/faces/faces.h"
#include "hub/api/routes/routes.h"
#include "hub/app/apart/original_look.h"
#include "hub/app/calls/sources_on_call.h"
#include "hub/app/operations/own_certificates.h"
#include "hub/app/serve/adapter_thread.h"
#include "hub/app/serve/admin_socket.h"
#include "hub/app/serve/push_thread.h"
#include "hub/app/serve/work_pool.h"
#include "hub/app/sources.h"
#include "hub/edge/server.h"

namespace lh::hub::app::serve {
namespace {

constexpr std::size_t kWaitingJobs = 256;
constexpr long kHousekeepingMs = 10000;
constexpr std::int64_t kWarningDays = 30;

}  // namespace

struct Service::Parts {
  explicit Parts(Hub& h)
      : hub(h), procedure(h.services()), pool(h.config().workers, kWaitingJobs) {}
  Hub& hub;
  api::Procedure procedure;
  api::Router router;
  api::faces::Sessions face_sessions{hub.random(), hub.clock()};
  WorkPool pool;
  edge::Metrics metrics;
  std::unique_ptr<api::Driver> driver;
  std::unique_ptr<edge::Server> server;
  std::unique_ptr<AdminSocket> admin;
  std::unique_ptr<Poco::Util::Timer> timer;
  std::unique_ptr<AdapterThread> adapters;
  std::unique_ptr<PushThread> pushes;

  bool start_recorded = false;
  LocalDate warned{};  // the day on which ends of certificates were told

  // hub.started. With a clock in doubt or a full disk the hub still serves what can be served, says
  // so at /readyz, and records its start as soon as the log can be written.
  Status record_start() {
    audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kHubStarted;
    const auto recorded = hub.record(std::move(facts));
    start_recorded = recorded.ok();
    if (recorded.ok()) return ok_status();
    const Reason why = recorded.error().reason();
    if (why != Reason::kClockJump && why != Reason::kStoreFull) return recorded.error();
    log_event(LogLevel::kWarning, "start.not_ready", {{"reason", why}});
    return ok_status();
  }
  void on_timer(Poco::Util::TimerTask& /*task*/) {
    const UtcTime now = hub.clock().now();
    if (!start_recorded && !record_start().ok()) {
      log_event(LogLevel::kWarning, "start.unrecorded");
    }
    const Status done = hub.housekeeping(now);
    if (!done.ok()) {
      log_event(LogLevel::kWarning, "housekeeping.failed", {{"reason", done.error().reason()}});
    }
    metrics.set_gauge("ledger_size", static_cast<double>(hub.ledger().state().size));
    metrics.set_gauge("store_memory_bytes", static_cast<double>(hub.store().memory_bytes()));
    watch_certificates(now);
  }
  // Once a day each that ends soon is a line of the operator's log.
  void watch_certificates(UtcTime now) {
    const auto own = own_certificates(hub);
    if (!own.ok()) {
      log_event(LogLevel::kWarning, "certificate.unreadable", {{"reason", own.error().reason()}});
      return;
    }
    std::int64_t first = own->front().in_use.not_after().ms;
    const bool tell = warned != local_date(now);
    warned = local_date(now);
    for (const auto& one : *own) {
      first = std::min(first, one.in_use.not_after().ms);
      const std::int64_t days = days_left(one.in_use, now);
      if (!tell || days >= kWarningDays) continue;
      log_event(LogLevel::kWarning, "certificate.ends_soon",
                {{"certificate", std::string_view(one.name)}, {"days", days}});
    }
    metrics.set_gauge("certificate_seconds_left", static_cast<double>((first - now.ms) / 1000));
  }
  Status make_driver();
  Result<edge::ServerSettings> server_settings();
};

Status Service::Parts::make_driver() {
  api::routes::add_all(router, procedure);
  LH_TRY(api::faces::add_faces(router, procedure, face_sessions, hub.config().faces));
  for (const auto& route : router.routes()) {
    metrics.register_route(std::string(api::method_text(route.method)) + " " + route.pattern);
  }
  api::DriverParts how;
  how.submit = [this](ledger::Change change, ledger::Continuation next) {
    hub.ledger().submit(std::move(change), std::move(next));
  };
  how.pool = [this](std::function<void()> job) { return pool.run(std::move(job)); };
  how.observe = [this](std::string_view route, int status, std::int64_t microseconds) {
    metrics.count_request(route, status, microseconds);
  };
  driver = std::make_unique<api::Driver>(router, procedure, std::move(how), hub.clock());
  hub.set_metrics_text([this] { return metrics.text(); });
  return ok_status();
}

Result<edge::ServerSettings> Service::Parts::server_settings() {
  const Config& config = hub.config();
  edge::ServerSettings s;
  const auto departments = LH_TRY(parse_address(config.listen));
  const auto everybody = LH_TRY(parse_address(config.listen_public));
  s.listeners = {{api::Listener::kDepartments, departments.host, departments.port},
                 {api::Listener::kPublic, everybody.host, everybody.port}};
  s.served_hosts = config.hosts;
  s.chain = hub.server_chain();
  const auto key = LH_TRY(hub.keys().get_private(kTlsKey, crypto::Algorithm::kEs256));
  s.private_key_pkcs8 = Secret::copy_of(key.pkcs8());
  s.threads = config.threads;
  s.max_connections = config.max_connections;
  s.loop_state = [this](edge::LoopState state) {
    hub.ledger().tell(state == edge::LoopState::kBusy ? ledger::Submitter::kBusy
                                                      : ledger::Submitter::kIdle);
  };
  return s;
}

Result<std::unique_ptr<Service>> Service::start(Hub& hub) {
  auto parts = std::make_unique<Parts>(hub);
  hub.set_look_at_original(apart::look_apart);  // what comes from outside is opened apart
  LH_TRY(parts->make_driver());
  LH_TRY(parts->record_start());
  if (const Status done = hub.conclude_unfinished(); !done.ok()) {  // housekeeping tries again
    log_event(LogLevel::kWarning, "start.unfinished_calls", {{"reason", done.error().reason()}});
  }
  parts->server = LH_TRY(edge::Server::start(
      LH_TRY(parts->server_settings()), *parts->driver, [&hub] { return hub.trust(); }, hub.clock(),
      parts->metrics));
  parts->admin = LH_TRY(AdminSocket::start(hub));
  parts->timer = std::make_unique<Poco::Util::Timer>();
  parts->timer->schedule(new Poco::Util::TimerTaskAdapter<Parts>(*parts, &Parts::on_timer), 1000,
                         kHousekeepingMs);
  parts->adapters = std::make_unique<AdapterThread>(hub);
  parts->pushes = std::make_unique<PushThread>(hub);
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() {
  if (!parts_) return;
  parts_->hub.sources().hosts().stop();  // hosts are sent away, what waits for one ends
  parts_->pushes.reset();
  parts_->adapters.reset();
  parts_->hub.on_call().stop();  // who waits for a source is answered
  parts_->timer->cancel(true);
  parts_->admin.reset();
  parts_->server->stop();
  ignore(parts_->hub.housekeeping(UtcTime::max()),
         "the hub stops; what fails here is logged there");
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kHubStopped;
  const auto recorded = parts_->hub.record(std::move(facts));
  if (!recorded.ok()) {
    log_event(LogLevel::kWarning, "stop.unrecorded", {{"reason", recorded.error().reason()}});
  }
  parts_->hub.set_metrics_text({});
}

std::uint16_t Service::port(api::Listener listener) const {
  return parts_->server->port(listener);
}

}  // namespace lh::hub::app::serve
