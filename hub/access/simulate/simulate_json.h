// The simulator in JSON, as routes and commands use it (docs/openapi.yaml, /v1/policy).
#pragma once

#include "hub/access/simulate/history.h"
#include "hub/audit/entry.h"
#include "schemas/json.h"

namespace lh::hub::access {

struct Asking {
  const Registry& registry;
  LocalDate today;
};
struct Simulated {
  schemas::Json answer;
  std::string object;  // what it was about
};
// {organisation, division?, roles?, matter, object, fields?, at?, consent?}
Result<Simulated> explain_json(const schemas::Json& body, const Policy& policy,
                               const Asking& asking);
// {rule, at?}: every active system that fetches × matter × object, today and with the rule.
Result<Simulated> what_if_json(const schemas::Json& body, const Policy& policy,
                               const Asking& asking);

struct History {
  const store::Store& store;
  const Registry& registry;  // roles are those of now: entries do not keep them
};
// The decision of an entry made again, by the rules of its day. released: the fields in its box A.
// Errors: audit.index (the entry is of no decision), policy.epoch_unknown.
Result<schemas::Json> replay_json(const audit::Entry& entry,
                                  const std::vector<std::string>& released, const History& history);

}  // namespace lh::hub::access
