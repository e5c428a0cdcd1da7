#include "hub/api/procedure.h"

#include "base/log.h"
#include "hub/audit/receipt.h"
#include "schemas/json.h"

namespace lh::hub::api {

struct Procedure::Turn {
  CallPtr call;
  Repeat repeat = Repeat::kEachTimeAnew;
  Prepare prepare;
  std::optional<access::Caller> caller;
  std::shared_ptr<const access::Policy> policy;
  std::optional<exchange::StoredAnswer> earlier;  // of an idempotent replay
  Language language = Language::kEnglish;
  int attempts = 0;
  // Of a call out that was made: how it is closed when its outcome cannot be kept.
  std::function<access::Refused(Error)> lost;

  exchange::IdempotentCall idempotent() const {
    return {caller->system, call->route, call->request.idempotency_key, call->request.body};
  }
  bool has_key() const {
    return repeat == Repeat::kIdempotent && caller && !call->request.idempotency_key.empty();
  }
};

namespace {

audit::EntryFacts refusal_facts(const Error& error) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kRefused;
  facts.decision = audit::Decision::kDeny;
  facts.reason = error.reason();
  return facts;
}

}  // namespace

std::string with_receipt(std::string answer, std::string_view log, const Recorded& recorded) {
  LH_CHECK(answer.size() >= 2 && answer.back() == '}', "an answer is one JSON object");
  answer.pop_back();
  if (answer.back() != '{') answer += ',';
  answer += "\"receipt\":";
  audit::append_receipt(answer, log, recorded);
  answer += '}';
  return answer;
}

Response Procedure::refuse_anonymous(const Error& error, const Call& call) const {
  s_.refusals.count(error.reason(), s_.clock.now());
  return problem(error, language_of(call.request.accept_language));
}

Result<access::Caller> Procedure::identify(const ClientCertificate& certificate) const {
  if (certificate.state == CertificateState::kNone) return Error(Reason::kCallerNoCertificate);
  if (certificate.state == CertificateState::kUntrusted) {
    return Error(Reason::kCallerUntrusted, std::string(reason_id(certificate.reason)));
  }
  return s_.registry.identify(certificate.fingerprint);
}

Outcome Procedure::run(CallPtr call, Repeat repeat, Prepare prepare) const {
  auto caller = identify(call->request.certificate);
  auto turn = std::make_shared<Turn>();
  turn->language = language_of(call->request.accept_language);
  if (!caller.ok() && caller.error().reason() != Reason::kCallerSuspended) {
    return refuse_anonymous(caller.error(), *call);
  }
  turn->call = std::move(call);
  turn->repeat = repeat;
  turn->prepare = std::move(prepare);
  if (!caller.ok()) return record_refusal(turn, {caller.error(), refusal_facts(caller.error())});
  turn->caller = std::move(*caller);
  if (turn->has_key()) {
    auto earlier = s_.idempotency.find(turn->idempotent(), s_.clock.now());
    if (!earlier.ok()) {
      return record_refusal(turn, {earlier.error(), refusal_facts(earlier.error())});
    }
    turn->earlier = std::move(*earlier);
  }
  return attempt(turn);
}

Outcome Procedure::refuse(CallPtr call, const Error& error) const {
  return run(std::move(call), Repeat::kEachTimeAnew,
             [error](const Call&, const access::Caller&, const access::Policy&) {
               return Result<access::Prepared>(error);
             });
}

Outcome Procedure::run_public(CallPtr call, PreparePublic prepare) const {
  auto turn = std::make_shared<Turn>();
  turn->language = language_of(call->request.accept_language);
  turn->call = std::move(call);
  turn->prepare = [prepare = std::move(prepare)](const Call& c, const access::Caller&,
                                                 const access::Policy& policy) {
    return prepare(c, policy);
  };
  return attempt(turn);
}

Result<access::Prepared> Procedure::replay(const Turn& turn) const {
  const Bytes& recipe = turn.earlier->recipe;
  if (recipe.starts_with('L')) return s_.office.replay(recipe, *turn.caller, *turn.policy);
  if (recipe.starts_with('S') || recipe.starts_with("ES")) {
    return s_.base_data.replay(recipe, *turn.caller, *turn.policy);
  }
  if (recipe.starts_with('E')) return s_.exchange.replay(recipe, *turn.caller, *turn.policy);
  if (recipe.starts_with('J')) return s_.joint.replay(recipe, *turn.caller, *turn.policy);
  if (recipe.starts_with('T')) return s_.tickets.replay(recipe, *turn.caller, *turn.policy);
  return turn.prepare(*turn.call, *turn.caller, *turn.policy);  // a fetch is fetched again
}

Outcome Procedure::attempt(const std::shared_ptr<Turn>& turn) const {
  ++turn->attempts;
  turn->policy = s_.catalogue.policy();
  if (turn->earlier) return prepared(turn, replay(*turn));
  static const access::Caller kNobody{};
  return prepared(
      turn, turn->prepare(*turn->call, turn->caller ? *turn->caller : kNobody, *turn->policy));
}

Outcome Procedure::prepared(const std::shared_ptr<Turn>& turn,
                            Result<access::Prepared> prepared) const {
  if (!prepared.ok()) {
    if (!turn->caller) return refuse_anonymous(prepared.error(), *turn->call);
    return record_refusal(turn, {prepared.error(), refusal_facts(prepared.error())});
  }
  if (auto* refused = std::get_if<access::Refused>(&*prepared)) {
    if (!turn->caller) return refuse_anonymous(refused->error, *turn->call);
    return record_refusal(turn, std::move(*refused));
  }
  if (auto* call = std::get_if<access::CallOut>(&*prepared)) {
    return call_out(turn, std::move(*call));
  }
  auto& act = std::get<access::Act>(*prepared);
  if (turn->has_key() && !turn->earlier) {
    if (auto kept = remember(*turn, act); !kept.ok()) return problem(kept.error(), turn->language);
  }
  return commit(turn, std::move(act));
}

Status Procedure::remember(const Turn& turn, access::Act& act) const {
  return s_.idempotency.remember(turn.idempotent(), {act.recipe, act.http_status}, s_.clock.now(),
                                 act.change);
}

Outcome Procedure::commit(const std::shared_ptr<Turn>& turn, access::Act act) const {
  auto answer = std::make_shared<Undisclosed<std::string>>(std::move(act.answer));
  const int status = turn->earlier ? turn->earlier->http_status : act.http_status;
  Commit commit;
  commit.change = std::move(act.change);
  commit.next = [this, turn, answer, status, committed = std::move(act.committed)](
                    Result<std::vector<Recorded>> recorded) -> Outcome {
    if (!recorded.ok()) {
      const bool stale = recorded.error().reason() == Reason::kStoreStale;
      if (stale && turn->lost) {
        return record_refusal(turn, std::exchange(turn->lost, {})(recorded.error()));
      }
      if (stale && turn->attempts < 2) {
        if (turn->has_key() && !turn->earlier) {  // the other one may have been the same call
          auto earlier = s_.idempotency.find(turn->idempotent(), s_.clock.now());
          if (earlier.ok()) turn->earlier = std::move(*earlier);
        }
        return attempt(turn);
      }
      return problem(recorded.error(), turn->language);
    }
    const Recorded& first = recorded->front();
    Response r =
        json_response(status, with_receipt(std::move(*answer).open(first), s_.log.origin(), first));
    if (!committed) return r;
    return Offload{[committed, r = std::move(r), language = turn->language]() -> Outcome {
      const Status done = committed();
      return done.ok() ? r : problem(done.error(), language);
    }};
  };
  return commit;
}

Outcome Procedure::call_out(const std::shared_ptr<Turn>& turn, access::CallOut call) const {
  Commit commit;
  commit.change = std::move(call.intent);
  commit.next = [this, turn, ask = std::move(call.call),
                 lost = std::move(call.lost)](Result<std::vector<Recorded>> recorded) -> Outcome {
    if (!recorded.ok()) {  // nothing was called
      const bool stale = recorded.error().reason() == Reason::kStoreStale;
      if (stale && turn->attempts < 2) return attempt(turn);
      return problem(recorded.error(), turn->language);
    }
    const auto intent = std::make_shared<const Recorded>(std::move(recorded->front()));
    turn->lost = [lost, index = intent->index()](Error error) {
      return lost(std::move(error), index);
    };
    return Await{[this, turn, ask, intent](const std::function<void(Outcome)>& go_on) {
      ask(*intent, [this, turn, go_on](const access::Conclude& conclude) {
        go_on(concluded(turn, conclude));
      });
    }};
  };
  return commit;
}

// The rights and the policy of now: they may have changed while the source was asked.
Outcome Procedure::concluded(const std::shared_ptr<Turn>& turn,
                             const access::Conclude& conclude) const {
  auto caller = s_.registry.identify(turn->call->request.certificate.fingerprint);
  if (!caller.ok()) return record_refusal(turn, std::exchange(turn->lost, {})(caller.error()));
  turn->caller = std::move(*caller);
  turn->policy = s_.catalogue.policy();
  auto settled = conclude(*turn->caller, *turn->policy);
  if (auto* refused = std::get_if<access::Refused>(&settled)) {
    return record_refusal(turn, std::move(*refused));
  }
  auto& act = std::get<access::Act>(settled);
  if (turn->has_key() && !turn->earlier) {
    const Status kept = remember(*turn, act);
    if (!kept.ok()) return record_refusal(turn, std::exchange(turn->lost, {})(kept.error()));
  }
  return commit(turn, std::move(act));
}

Outcome Procedure::record_refusal(const std::shared_ptr<Turn>& turn,
                                  access::Refused refused) const {
  audit::EntryFacts& facts = refused.facts;
  if (turn->caller) {
    facts.organisation = turn->caller->organisation.text();
    facts.system = turn->caller->system.text();
    if (facts.division.empty()) facts.division = turn->caller->division;
  }
  facts.certificate = turn->call->request.certificate.fingerprint;
  const crypto::CommitKey k(s_.random);
  if (!facts.request) facts.request = k.commit(turn->call->request.body);
  auto entry = s_.entries.make(facts, k, s_.clock.now());
  if (!entry.ok()) return problem(Error(Reason::kAuditUnavailable), turn->language);
  Commit commit;
  commit.change.access = AccessId{s_.random.array<16>()};
  commit.change.entries.push_back(std::move(*entry));
  commit.change.rows = std::move(refused.rows);
  commit.change.preconditions = std::move(refused.preconditions);
  commit.next = [turn, error = refused.error](Result<std::vector<Recorded>> recorded) -> Outcome {
    // The refusal stands either way; but it does not leave without its entry.
    return problem(recorded.ok() ? error : recorded.error(), turn->language);
  };
  return commit;
}

}  // namespace lh::hub::api
