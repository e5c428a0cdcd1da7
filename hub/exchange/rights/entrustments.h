// 委托授权: a holder names an agent 代办人 for matters and acts, until a day. Looked up by
// principal and agent, so a case names its agent and nothing else.
//   data "Ee" ‖ principal(8) ‖ agent(8) ‖ entrustment_id(16)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

struct EntrustmentIdKind {
  static constexpr const char* kPrefix = "ent_";
};
using EntrustmentId = RandomId<EntrustmentIdKind>;

enum class AgentAct : std::uint8_t {
  kOpenCase = 1,
  kUseLicence = 2,
  kReceiveResult = 3,
  kSignCommitment = 4
};                                      // stored
std::string_view act_text(AgentAct a);  // "open_case", …, "sign_commitment"
Result<AgentAct> parse_agent_act(std::string_view text);

struct Entrustment {
  EntrustmentId id;
  SubjectNo principal, agent;
  std::vector<std::string> matters;  // codes; "*" alone = any
  std::vector<AgentAct> acts;
  UtcTime given, expires;
  std::optional<UtcTime> withdrawn;
  Bytes agent_name;  // scheme and identifier, sealed under the principal's key
};

Bytes entrustment_key(const Entrustment& e);
ledger::RowWrite entrustment_row(const Entrustment& e);
// Errors: store.corrupt. At most 500.
Result<std::vector<Entrustment>> entrustments_of(const store::Store& store, SubjectNo principal);
// May this agent do this for the principal now? Errors: entrustment.invalid, store.*.
struct AgentQuestion {
  SubjectNo principal, agent;
  std::string matter;
  AgentAct act = AgentAct::kOpenCase;
};
Status check_entrustment(const store::Store& store, const AgentQuestion& question, UtcTime now);

}  // namespace lh::hub::exchange
