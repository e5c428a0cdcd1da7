// Deferrals 容缺后补 and commitments 告知承诺: opened for a material of a case when its plan leaves
// that way open, closed by what came of it. A missed deferral and a breach of a commitment close
// these ways to the applicant in later plans, of whatever department.
// Audit: deferral.opened, deferral.met, deferral.ended, commitment.signed, commitment.checked,
// tickets.read; refusals access.refused.
#pragma once

#include <optional>
#include <string>

#include "hub/access/act.h"
#include "hub/exchange/assertion/subject_assertions.h"
#include "hub/exchange/exchange.h"
#include "hub/exchange/tickets/ticket.h"

namespace lh::hub::exchange {

// POST /v1/cases/{case_id}/deferrals: {material, operator}
struct DeferralRequest {
  std::string material;
  schemas::Operator officer;
};
Result<DeferralRequest> deferral_request_from_json(const schemas::Json& j);

// POST /v1/cases/{case_id}/commitments: {material, text_sha256, signed{method: paper, scan_sha256}
// or {method: assertion, assertion}, operator}. What was signed must be the text of the matter's
// definition, in either language.
struct CommitmentRequest {
  std::string material;
  Digest text{};      // SHA-256 of the text as it was put before the applicant
  Digest document{};  // SHA-256 of the signed paper as scanned
  schemas::Operator officer;
  std::string assertion = {};  // instead of a paper: who signed, by a portal's word
};
Result<CommitmentRequest> commitment_request_from_json(const schemas::Json& j);

// POST /v1/tickets/{ticket_id}/close: {outcome, ground, document_sha256?, operator}
struct CloseRequest {
  TicketState outcome = TicketState::kMet;  // "met", "ended", "breached", "repaired"
  std::string ground;
  std::optional<Digest> document;  // of what was handed in
  schemas::Operator officer;
};
Result<CloseRequest> close_request_from_json(const schemas::Json& j);

// POST /v1/tickets/query: {state?, kind?, card?, cursor?, limit?}
struct TicketQuery {
  std::optional<TicketState> state;
  std::optional<TicketKind> kind;
  std::optional<Card> card;
  Bytes from;
  std::size_t limit = 50;
};
Result<TicketQuery> ticket_query_from_json(const schemas::Json& j);

class TicketOffice {
 public:
  // No assertions: whoever signs, signs on paper.
  explicit TicketOffice(const ExchangeParts& parts,
                        std::shared_ptr<const SubjectAssertions> assertions = nullptr)
      : parts_(parts), assertions_(std::move(assertions)) {}
  // Errors of the two: material.unknown, material.state, commitment.text, commitment.breached,
  // deferral.missed, assertion.invalid (also: of neither the applicant nor who is entrusted).
  Result<access::Prepared> defer(const CaseId& id, const DeferralRequest& request, ByteView raw,
                                 const access::Caller& caller, const access::Policy& policy) const;
  Result<access::Prepared> commit(const CaseId& id, const CommitmentRequest& request, ByteView raw,
                                  const access::Caller& caller, const access::Policy& policy) const;
  // Errors: deferral.unknown (also somebody else's), deferral.state, deferral.unmet,
  // commitment.state.
  Result<access::Prepared> close(const TicketId& id, const CloseRequest& request, ByteView raw,
                                 const access::Caller& caller, const access::Policy& policy) const;
  Result<access::Prepared> list(const TicketQuery& query, ByteView raw,
                                const access::Caller& caller, const access::Policy& policy) const;
  Result<access::Prepared> replay(ByteView recipe, const access::Caller& caller,
                                  const access::Policy& policy) const;
  // The reminders that are due, each an act of the hub itself, at most `limit`: 到期提醒. The
  // caller commits them one by one. Event deferral.reminded, for commitments to be checked as well.
  struct Reminder {
    audit::EntryFacts facts;
    ledger::Change change;  // rows only
  };
  Result<std::vector<Reminder>> reminders(const access::Policy& policy, std::size_t limit) const;

 private:
  struct Opening;
  Result<access::Prepared> open(Opening opening) const;
  Result<Signing> sign(const Opening& opening, Ticket& ticket, audit::EntryFacts& facts) const;
  Reminder reminder_of(const Ticket& ticket, Card card, const access::Policy& policy) const;
  ExchangeParts parts_;
  std::shared_ptr<const SubjectAssertions> assertions_;
};

}  // namespace lh::hub::exchange
