// One consent, several references: whose it is.
#include <algorithm>

#include "hub/exchange/answers/answer_desk.h"
#include "hub/exchange/rights/consents.h"

namespace lh::hub::exchange {

namespace {

Result<std::string> object_of(const ExchangeParts& parts, const ReferenceTarget& target) {
  if (!target.base_kind.empty()) return target.base_kind;
  if (!target.adapter.empty()) return target.type;
  return LH_TRY(parts.licences.head(target.licence)).type;
}

}  // namespace

// What cannot be found here is refused by its own fetch, which says why.
void AnswerDesk::place_consent(std::vector<schemas::FetchRequest>& requests,
                               const access::Caller& caller) const {
  if (requests.empty() || parts_.consents == nullptr) return;
  const std::string token = requests.front().purpose.consent;
  if (token.empty()) return;
  const auto consent = parts_.consents->find(token);
  if (!consent.ok()) return;
  const Consent& given = consent->consent;
  const auto is_for = [this, &given, &caller](const schemas::FetchRequest& request) {
    const auto found = parts_.references.find(request.reference);
    if (!found.ok() || found->target.subject != given.subject) return false;
    const auto object = object_of(parts_, found->target);
    return object.ok() &&
           given.scope == ConsentScope{caller.organisation, found->target.matter, *object};
  };
  const auto own = std::find_if(requests.begin(), requests.end(), is_for);
  if (own == requests.end()) return;
  for (auto it = requests.begin(); it != requests.end(); ++it) {
    if (it != own) it->purpose.consent.clear();
  }
}

}  // namespace lh::hub::exchange
