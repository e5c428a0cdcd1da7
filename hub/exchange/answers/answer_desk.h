// Answers that are less than the material: yes or no about a value, and forms filled from what is
// held — each prepared as an Act. Audit: predicate.answered, form.filled; refusals access.refused.
#pragma once

#include "hub/exchange/answers/case_material.h"
#include "hub/exchange/answers/question.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

// POST /v1/predicates: {reference | case_id + material, purpose{}, question{}}.
struct PredicateRequest {
  MaterialName material;
  schemas::Purpose purpose;
  AskedQuestion question;
};
Result<PredicateRequest> predicate_from_json(const schemas::Json& j);

class AnswerDesk {
 public:
  explicit AnswerDesk(const ExchangeParts& parts) : parts_(parts) {}
  // The rule must be of mode values or predicate for the field; one that only allows verification
  // does not do. Errors: those of find_material, predicate.unknown, rule.*, http.too_many_requests.
  Result<access::Prepared> predicate(const PredicateRequest& request, ByteView raw,
                                     const access::Caller& caller,
                                     const access::Policy& policy) const;

  // Of several fetches under one purpose its consent belongs to one: the first it was given for.
  // The others go without. Given for none of them, it stays with all, and each says why it does not
  // fit.
  void place_consent(std::vector<schemas::FetchRequest>& requests,
                     const access::Caller& caller) const;

 private:
  Result<access::Act> answer_predicate(const PredicateRequest& request, ByteView raw,
                                       const MaterialUse& use, audit::EntryFacts& facts) const;
  ExchangeParts parts_;
};

}  // namespace lh::hub::exchange
