// Which databases the hub may call.
#include "adapters/targets.h"

#include "adapters/sql/sql_settings.h"

namespace lh::adapters::sql {

Status check_target(const Connection& to, const Surroundings& around) {
  if (to.dsn.empty() && to.server.empty()) return {};  // a file
  if (!to.dsn.empty()) {  // the operator wrote it into odbc.ini and allows it by name
    return check_listed("dsn:" + to.dsn, around.allowed_targets);
  }
  LH_TRY(check_listed(to.server + ":" + std::to_string(to.port), around.allowed_targets));
  LH_TRY(resolve(to.server, to.port,
                 around.allow_loopback ? ThisMachine::kAllowed : ThisMachine::kRefused));
  return {};
}

}  // namespace lh::adapters::sql
