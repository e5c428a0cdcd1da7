// Adapter hosts (前置机) come here for work and bring its answers. Whose task it is says the
// mapping; a certificate is given its own system's tasks only. Runs and lookups are entries of the
// log; that a host asked whether there is work is not.
#include "hub/api/routes/routes.h"
#include "schemas/json.h"

namespace lh::hub::api::routes {
namespace {

constexpr std::size_t kAnswerBytes = 32U << 20U;
constexpr std::size_t kAskBytes = 1024;
constexpr std::size_t kInstance = 64;

// The system behind the certificate, as mappings name it. Errors: caller.*.
Result<HostSystem> host_of(const Procedure& p, const Call& call) {
  const auto caller = LH_TRY(p.identify(call.request.certificate));
  const auto system = p.services().registry.find_system(caller.system);
  if (!system) return Error(Reason::kCallerUnknown);
  return HostSystem{caller.organisation.text(), system->name, {}};
}

Response nothing() {
  Response r;
  r.status = 204;
  r.content_type.clear();
  return r;
}

Result<HostSystem> asking_host(const Procedure& p, const Call& call) {
  HostSystem out = LH_TRY(host_of(p, call));
  const auto tree = LH_TRY(schemas::parse_json(call.request.body, kAskBytes));
  auto in = LH_TRY(schemas::ObjectReader::open(tree, "body"));
  out.instance = LH_TRY(in.optional_string("host", kInstance)).value_or("");
  LH_TRY(in.finish());
  return out;
}

Outcome work(const Procedure& p, const CallPtr& call) {
  auto host = asking_host(p, *call);
  if (!host.ok()) return p.refuse(call, host.error());
  return Await{[&p, host = std::move(*host)](std::function<void(Outcome)> go_on) {
    p.services().hosts.take(host, [go_on](std::optional<std::string> task) {
      go_on(task ? json_response(200, std::move(*task)) : nothing());
    });
  }};
}

// The answer, or that there will be one.
struct Brought {
  std::string id;
  std::optional<std::string> answer;
  std::string at_work;  // the host's name for itself
};
Result<Brought> brought_of(const Call& call) {
  if (!call.request.content_type.starts_with("application/json")) {
    return Error(Reason::kMediaType);
  }
  const auto tree = LH_TRY(schemas::parse_json(call.request.body, kAnswerBytes));
  auto in = LH_TRY(schemas::ObjectReader::open(tree, "body"));
  Brought out;
  out.id = LH_TRY(in.string("id"));
  out.answer = LH_TRY(in.optional_string("answer", kAnswerBytes));
  if (!out.answer) out.at_work = LH_TRY(in.string("at_work", kInstance));
  LH_TRY(in.finish());
  return out;
}

Outcome answer(const Procedure& p, const CallPtr& call) {
  auto host = host_of(p, *call);
  if (!host.ok()) return p.refuse(call, host.error());
  return Offload{[&p, call, host = std::move(*host)]() mutable -> Outcome {  // may be large
    auto brought = brought_of(*call);
    if (!brought.ok()) return p.refuse(call, brought.error());
    const HostDesk& desk = p.services().hosts;
    host.instance = std::move(brought->at_work);
    const Status taken = brought->answer
                             ? desk.answer(host, brought->id, std::move(*brought->answer))
                             : desk.at_work(host, brought->id);
    if (!taken.ok()) return p.refuse(call, taken.error());
    return nothing();
  }};
}

}  // namespace

void add_hosts(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/adapter-host/work", Offered::kDepartments, kAskBytes,
              [&p](CallPtr call) { return work(p, call); }});
  router.add({Method::kPost, "/v1/adapter-host/answers", Offered::kDepartments, kAnswerBytes,
              [&p](CallPtr call) { return answer(p, call); }});
}

}  // namespace lh::hub::api::routes
