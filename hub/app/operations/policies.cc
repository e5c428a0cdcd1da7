// The policy simulator from the command line; each use is an entry.
#include "hub/access/simulate/simulate_json.h"
#include "hub/app/operations/operations.h"

namespace lh::hub::app::operations {
namespace {

using Simulate = Result<access::Simulated> (*)(const Json&, const access::Policy&,
                                               const access::Asking&);

Result<Json> simulate(Context& context, const Json& arguments, Simulate what) {
  Hub& hub = context.hub;
  const auto policy = hub.catalogue().policy();
  auto done = LH_TRY(what(arguments, *policy, {hub.registry(), local_date(hub.clock().now())}));
  auto facts = facts_of(context, schemas::AuditEvent::kPolicyExplained);
  facts.object = done.object;
  facts.policy_epoch = policy->epoch();
  LH_TRY(hub.record(std::move(facts)));
  return std::move(done.answer);
}

}  // namespace

Result<Json> explain_policy(Context& context, const Json& arguments) {
  return simulate(context, arguments, access::explain_json);
}

Result<Json> try_rule(Context& context, const Json& arguments) {
  return simulate(context, arguments, access::what_if_json);
}

Result<Json> replay_decision(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(schemas::ObjectReader::open(arguments, "replay"));
  const auto index = LH_TRY(reader.integer("entry"));
  LH_TRY(reader.finish());
  if (index < 0) return Error(Reason::kAuditIndex);
  auto facts = facts_of(context, schemas::AuditEvent::kPolicyExplained);
  facts.object = "replay";
  LH_TRY(hub.record(std::move(facts)));
  const auto entry =
      LH_TRY(audit::parse_entry(LH_TRY(hub.ledger().entry(static_cast<std::uint64_t>(index)))));
  std::vector<std::string> released;
  if (!entry.box_a.empty()) released = LH_TRY(audit::open_box_a(entry, hub.keys())).fields.list();
  return access::replay_json(entry, released, {hub.store(), hub.registry()});
}

}  // namespace lh::hub::app::operations
