// The exchange: open a case, read its plan, fetch by reference — each prepared as an Act.
// A material the hub does not hold is asked for at its source: a CallOut instead of an Act.
// Audit: case.opened, case.read, material.fetched, source.intent, source.outcome; refusals
// access.refused.
// Cost of fetch: one reference get, one head get, one version get (+ subject key from the cache),
// no JSON tree on the way out, no signature verification while the stored verdict is good.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/exchange/calls/obtain.h"
#include "hub/exchange/plan/plan.h"
#include "hub/exchange/reference.h"
#include "hub/licences/licence_office.h"
#include "hub/subjects/base_data.h"
#include "schemas/deadlines/working_days.h"
#include "schemas/purpose.h"

namespace lh::hub::exchange {

class Consents;
struct ConsentUse;

struct ExchangeParts {
  const licences::LicenceStore& licences;
  const licences::LicenceOffice& office;
  subjects::SubjectDirectory& directory;
  const subjects::BaseData& base_data;
  const References& references;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  Random& random;
  const Clock& clock;
  std::int64_t reference_life_ms = 30LL * 24 * 3600 * 1000;
  // What is not held: whom to ask, and in whose name the hub states the answer. Null: nobody.
  Obtainer* obtainer = nullptr;
  const licences::Signer* attester = nullptr;
  std::string public_url = {};
  std::function<std::string(const Uscc&)> organisation_name = [](const Uscc& u) {
    return u.text();
  };
  const PlanRuleSet* plan_rules = &PlanRuleSet::shipped();
  const schemas::SpecialDays* special_days = &schemas::shipped_special_days();
  // Who checks what a holder allowed. Null: a consent counts as none.
  const Consents* consents = nullptr;
};

// A fetch after its reference was found good.
struct CheckedFetch {
  audit::EntryFacts facts;
  References::Found found;
};

class Exchange {
 public:
  explicit Exchange(const ExchangeParts& parts) : parts_(parts) {}
  Result<access::Prepared> open_case(const schemas::CaseRequest& request, ByteView raw,
                                     const access::Caller& caller, const access::Policy& policy);
  Result<access::Prepared> read_case(const CaseId& id, const access::Caller& caller,
                                     const access::Policy& policy);
  // POST /v1/cases/{case_id}/notice: the plan of this moment as a document. Event notice.given.
  Result<access::Prepared> give_notice(const CaseId& id, const schemas::Operator& officer,
                                       ByteView raw, const access::Caller& caller,
                                       const access::Policy& policy);
  Result<access::Prepared> fetch(const schemas::FetchRequest& request, ByteView raw,
                                 const access::Caller& caller, const access::Policy& policy);
  // The same answer again (Idempotency-Key replay of open_case; a fetch is simply fetched again).
  Result<access::Prepared> replay(ByteView recipe, const access::Caller& caller,
                                  const access::Policy& policy);

 private:
  struct Reading;  // one fetch on its way through the checks
  Result<access::Prepared> obtain(const schemas::FetchRequest& request, ByteView raw,
                                  const access::Caller& caller, const access::Policy& policy,
                                  CheckedFetch checked) const;
  static Result<ConsentUse> consent_for(const ExchangeParts& parts, Reading& reading,
                                        const std::string& object);
  Result<access::Prepared> fetch_licence(Reading reading) const;
  Result<access::Prepared> fetch_base_data(Reading reading) const;
  ExchangeParts parts_;
};

}  // namespace lh::hub::exchange
