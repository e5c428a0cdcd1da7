#include "hub/api/faces/session_entry.h"

namespace lh::hub::api::faces {

Outcome record_session(const EntryParts& parts, const access::Caller& caller,
                       const SessionAct& act) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kCallerSignedIn;
  facts.organisation = caller.organisation.text();
  facts.system = caller.system.text();
  facts.division = caller.division;
  facts.certificate = caller.certificate;
  facts.policy_epoch = act.policy_epoch;
  facts.object = act.operation;
  auto entry = parts.entries.make(facts, crypto::CommitKey(parts.random), parts.clock.now());
  if (!entry.ok()) return problem(Error(Reason::kAuditUnavailable), act.language);
  Commit commit;
  commit.change.access = AccessId{parts.random.array<16>()};
  commit.change.entries.push_back(std::move(*entry));
  commit.next = [log = std::string(parts.log),
                 language = act.language](Result<std::vector<Recorded>> recorded) -> Outcome {
    if (!recorded.ok()) return problem(recorded.error(), language);
    return json_response(200, with_receipt("{}", log, recorded->front()));
  };
  return commit;
}

Outcome record_session(const Procedure& p, const CallPtr& call, std::string_view operation) {
  const auto caller = p.identify(call->request.certificate);
  if (!caller.ok()) return p.refuse(call, caller.error());
  const Services& s = p.services();
  return record_session(
      EntryParts{s.entries, s.random, s.clock, s.log.origin()}, *caller,
      {operation, s.catalogue.policy()->epoch(), language_of(call->request.accept_language)});
}

}  // namespace lh::hub::api::faces
