// Forms filled from what is held, each value with where it comes from (docs/walks/form.md). Audit:
// form.filled; refusals access.refused.
#pragma once

#include "hub/exchange/exchange.h"
#include "schemas/catalogue/forms.h"

namespace lh::hub::exchange {

// POST /v1/forms/fill: {case_id, form, purpose{}}.
struct FormRequest {
  std::string case_id, form;
  schemas::Purpose purpose;
};
Result<FormRequest> form_request_from_json(const schemas::Json& j);

class FormDesk {
 public:
  FormDesk(const ExchangeParts& parts, std::vector<schemas::Form> forms)
      : parts_(parts), forms_(std::move(forms)) {}
  // Only fields the rules release, only of what is good today. Two sources that contradict each
  // other are both shown and none is chosen. Errors: case.unknown, reference.purpose,
  // purpose.*, definition.unknown (no such form of this matter), rule.* (nothing may be released).
  Result<access::Prepared> fill(const FormRequest& request, ByteView raw,
                                const access::Caller& caller, const access::Policy& policy) const;

 private:
  Result<access::Act> answer(const FormRequest& request, ByteView raw, const access::Caller& caller,
                             const access::Policy& policy, audit::EntryFacts& facts) const;
  ExchangeParts parts_;
  std::vector<schemas::Form> forms_;
};

}  // namespace lh::hub::exchange
