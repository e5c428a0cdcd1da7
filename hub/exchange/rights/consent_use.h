// A consent or use code that comes with a purpose: checked before the gate, counted with the act.
// Private to hub/exchange.
#pragma once

#include <optional>
#include <string>

#include "hub/access/decision_memo.h"
#include "hub/exchange/exchange.h"
#include "hub/exchange/rights/consents.h"

namespace lh::hub::exchange {

// Who checks and records consents. No book: a token counts as none.
struct ConsentParts {
  const Consents* book;
  const subjects::SubjectDirectory& directory;
  const audit::EntryMaker& entries;
  Random& random;
  const Clock& clock;
};
ConsentParts consent_parts(const ExchangeParts& parts);

struct ConsentUse {
  std::optional<Consents::Found> found;  // none: no token came, or nobody here can check one
  bool given() const { return found.has_value(); }
  // Of an act over several materials: is it this one that the token was given for?
  bool covers(std::optional<SubjectNo> subject, std::string_view object) const;
};

// For whose data, and for what, the token was presented.
struct Presented {
  SubjectNo subject;
  ConsentScope scope;
  UtcTime now;
};
// A token that does not fit is refused, whatever the rules say; its holder sees that in the list of
// accesses. Errors: consent.*, use_code.*.
Result<ConsentUse> present_consent(const ConsentParts& parts, const std::string& token,
                                   const Presented& presented, audit::EntryFacts& facts);
// The same for an act over several materials: it must have been given for one of them. Of none of
// them: as of the first.
Result<ConsentUse> present_consent_for_any(const ConsentParts& parts, const std::string& token,
                                           const std::vector<Presented>& candidates,
                                           audit::EntryFacts& facts);
// Counts the use, one an act, in the change of the act it was presented for; a use code has an
// entry of its own.
Status settle_consent(const ConsentParts& parts, ConsentUse& use, audit::EntryFacts facts,
                      ledger::Change& change);
// The question asked again where only a consent was missing and the holder has one on record.
Result<access::DecisionPtr> decide_with_record(const ExchangeParts& parts,
                                               access::Question question,
                                               std::optional<SubjectNo> subject,
                                               const access::Policy& policy);

}  // namespace lh::hub::exchange
