// What a holder does with the own rights, through a portal that speaks for the holder with a signed
// assertion (assertion/subject_assertions.h): consents, use codes, entrustments. An assertion works
// once, so none of these calls can be repeated by accident.
// Audit: consent.given, consent.withdrawn, use_code.made, entrustment.given,
// entrustment.withdrawn, audit.own_accesses (lists).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/exchange/assertion/subject_assertions.h"
#include "hub/exchange/rights/consents.h"
#include "hub/exchange/rights/entrustments.h"
#include "schemas/json.h"

namespace lh::hub::exchange {

struct HolderDeskParts {
  const store::Store& store;
  const access::Registry& registry;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  subjects::SubjectDirectory& directory;
  const Consents& consents;
  Random& random;
  const Clock& clock;
  std::shared_ptr<const SubjectAssertions> assertions;
};

// {assertion, user, matter, object, purpose, uses?, expires?}; a use code takes no uses.
struct ConsentRequest {
  ConsentKind kind = ConsentKind::kConsent;
  std::string assertion;
  ConsentScope scope;
  std::string purpose;
  std::uint32_t uses = 1;
  std::optional<UtcTime> expires;
};
Result<ConsentRequest> consent_request_from_json(const schemas::Json& j, ConsentKind kind);

// {assertion, agent{scheme,id}, matters[], acts[], expires}
struct EntrustmentRequest {
  std::string assertion;
  SubjectId agent;
  std::vector<std::string> matters;
  std::vector<AgentAct> acts;
  UtcTime expires;
};
Result<EntrustmentRequest> entrustment_request_from_json(const schemas::Json& j);

// {assertion} and {assertion, <member>: id}
Result<std::string> assertion_from_json(const schemas::Json& j);
struct WithdrawRequest {
  std::string assertion, id;
};
Result<WithdrawRequest> withdraw_request_from_json(const schemas::Json& j, std::string_view member);

// One request as it came: who sends it, under which policy.
struct HolderCall {
  const access::Caller& caller;
  const access::Policy& policy;
  ByteView raw;
};

class HolderDesk {
 public:
  static constexpr std::int64_t kConsentLifeMs = 30LL * 24 * 3600 * 1000;
  static constexpr std::int64_t kLongestConsentMs = 366LL * 24 * 3600 * 1000;
  static constexpr std::int64_t kUseCodeLifeMs = 10LL * 60 * 1000;
  static constexpr std::int64_t kLongestUseCodeMs = 60LL * 60 * 1000;

  explicit HolderDesk(HolderDeskParts parts) : parts_(std::move(parts)) {}
  Result<access::Prepared> give(const ConsentRequest& request, const HolderCall& call) const;
  Result<access::Prepared> list_consents(const std::string& assertion,
                                         const HolderCall& call) const;
  Result<access::Prepared> withdraw_consent(const WithdrawRequest& request,
                                            const HolderCall& call) const;
  Result<access::Prepared> entrust(const EntrustmentRequest& request, const HolderCall& call) const;
  Result<access::Prepared> list_entrustments(const std::string& assertion,
                                             const HolderCall& call) const;
  Result<access::Prepared> withdraw_entrustment(const WithdrawRequest& request,
                                                const HolderCall& call) const;

 private:
  struct Sitting;  // one call of a holder who was recognised
  Result<Sitting> sit_down(const std::string& assertion, audit::EntryFacts& facts,
                           const HolderCall& call) const;
  Status check_scope(const ConsentRequest& request, const access::Policy& policy,
                     UtcTime now) const;
  Result<access::Prepared> answer(const HolderCall& call, audit::EntryFacts facts, Sitting sitting,
                                  schemas::Json body) const;
  HolderDeskParts parts_;
};

}  // namespace lh::hub::exchange
