#include "hub/app/calls/unfinished.h"

#include "base/log.h"

namespace lh::hub::app::calls {
namespace {

constexpr std::size_t kMost = 100'000;

// What the intent said of who, whom and why, said again.
audit::EntryFacts facts_like(const audit::Entry& intent) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kSourceOutcome;
  facts.decision = audit::Decision::kError;
  facts.reason = Reason::kSourceOutcomeUnknown;
  facts.organisation = intent.organisation;
  facts.system = intent.system;
  facts.purpose = intent.purpose;
  facts.legal_basis = intent.legal_basis;
  facts.matter = intent.matter;
  facts.division = intent.division;
  facts.rule = intent.rule;
  facts.rule_version = intent.rule_version;
  facts.policy_epoch = intent.policy_epoch;
  facts.object = intent.object;
  facts.correlation = intent.correlation;
  facts.officer = intent.officer;
  facts.licence = intent.licence;
  facts.case_tag = intent.case_tag;
  facts.certificate = intent.certificate;
  return facts;
}

}  // namespace

Result<std::unique_ptr<Unfinished>> Unfinished::find(const CallParts& parts) {
  auto out = std::unique_ptr<Unfinished>(new Unfinished(parts));
  out->left_ = LH_TRY(exchange::list_open_calls(parts.store, kMost));
  return out;
}

Status Unfinished::conclude(const exchange::OpenCall& call) {
  const auto intent = LH_TRY(audit::parse_entry(LH_TRY(parts_.ledger.entry(call.intent))));
  audit::EntryFacts facts = facts_like(intent);
  auto subject = parts_.directory.get(call.subject);
  if (subject.ok()) facts.subjects = {std::move(*subject)};
  ledger::Change change;
  change.access = AccessId{parts_.random.array<16>()};
  exchange::close_call(call.correlation, call.intent, change.rows, change.preconditions);
  change.entries.push_back(
      LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  LH_TRY(parts_.ledger.commit(std::move(change)));
  log_event(LogLevel::kWarning, "call.outcome_unknown",
            {{"reason", Reason::kSourceOutcomeUnknown}});
  return ok_status();
}

Status Unfinished::conclude() {
  const std::lock_guard lock(mutex_);
  while (!left_.empty()) {
    const Status done = conclude(left_.back());
    // Stale: whoever made the call concluded it meanwhile.
    if (!done.ok() && done.error().reason() != Reason::kStoreStale) return done;
    left_.pop_back();
  }
  return ok_status();
}

}  // namespace lh::hub::app::calls
