#include "hub/exchange/rights/consent_use.h"

#include <algorithm>

#include "hub/access/decision_memo.h"

namespace lh::hub::exchange {
namespace {

// Whose consent it is learns of every attempt to use it.
void name_holder(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                 SubjectNo holder) {
  const auto same = [holder](const auto& key) { return key.no == holder; };
  if (std::any_of(facts.subjects.begin(), facts.subjects.end(), same)) return;
  auto key = directory.get(holder);
  if (key.ok()) facts.subjects.push_back(std::move(*key));
}

}  // namespace

ConsentParts consent_parts(const ExchangeParts& parts) {
  return {parts.consents, parts.directory, parts.entries, parts.random, parts.clock};
}

bool ConsentUse::covers(std::optional<SubjectNo> subject, std::string_view object) const {
  return found && subject && found->consent.subject == *subject &&
         found->consent.scope.object == object;
}

Result<ConsentUse> present_consent(const ConsentParts& parts, const std::string& token,
                                   const Presented& presented, audit::EntryFacts& facts) {
  return present_consent_for_any(parts, token, {presented}, facts);
}

// A candidate of the token's scope decides; beside it the others say nothing.
Result<ConsentUse> present_consent_for_any(const ConsentParts& parts, const std::string& token,
                                           const std::vector<Presented>& candidates,
                                           audit::EntryFacts& facts) {
  ConsentUse out;
  if (token.empty() || parts.book == nullptr) return out;
  auto found = LH_TRY(parts.book->find(token));
  Status fits = Error(Reason::kConsentScope);
  for (const Presented& one : candidates) {
    fits = check_consent(found.consent, one.subject, one.scope, one.now);
    if (fits.ok() || fits.error().reason() != Reason::kConsentScope) break;
  }
  if (!fits.ok()) {
    name_holder(facts, parts.directory, found.consent.subject);
    return fits.error();
  }
  out.found = std::move(found);
  return out;
}

Status settle_consent(const ConsentParts& parts, ConsentUse& use, audit::EntryFacts facts,
                      ledger::Change& change) {
  if (!use.given()) return ok_status();
  parts.book->count_use(*use.found, change);
  if (use.found->consent.kind != ConsentKind::kUseCode) return ok_status();
  facts.event = schemas::AuditEvent::kUseCodeUsed;
  facts.box_b.reset();
  facts.box_a = {};
  facts.request.reset();
  facts.answer.reset();
  name_holder(facts, parts.directory, use.found->consent.subject);
  change.entries.push_back(
      LH_TRY(parts.entries.make(facts, crypto::CommitKey(parts.random), parts.clock.now())));
  return ok_status();
}

Result<access::DecisionPtr> decide_with_record(const ExchangeParts& parts,
                                               access::Question question,
                                               std::optional<SubjectNo> subject,
                                               const access::Policy& policy) {
  auto decision = policy.memo().decide(question, policy);
  const bool lacking = decision->reason == Reason::kConsentMissing;
  if (!lacking || !subject || parts.consents == nullptr) return decision;
  const ConsentScope use{question.caller.organisation, std::string(question.matter),
                         std::string(question.object)};
  const auto there = LH_TRY(parts.consents->on_record(*subject, use, parts.clock.now()));
  if (there == Consents::OnRecord::kNo) return decision;
  question.has_consent = true;
  return policy.memo().decide(question, policy);
}

}  // namespace lh::hub::exchange
