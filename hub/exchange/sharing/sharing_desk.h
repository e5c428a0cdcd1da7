// Applications for sharing: apply, correct, review, grant, end, list. The provider of an object
// reviews (role approve), a security administrator of another organisation than the applicant's
// grants; who reviewed does not grant. A grant is written as sharing rules (grant_rules.h).
// Who sees an application: the applicant's and the provider's organisation, and administrators; for
// everybody else there is none. Audit: sharing.applied, .reviewed, .granted, .ended; lists are
// sharing.listed. Deadlines: schemas/data/deadlines.
#pragma once

#include <optional>
#include <string>

#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/exchange/sharing/application.h"
#include "schemas/deadlines/deadlines.h"
#include "schemas/json.h"
#include "schemas/purpose.h"

namespace lh::hub::exchange {

struct SharingDeskParts {
  const store::Store& store;
  access::Catalogue& catalogue;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  const subjects::SubjectDirectory& directory;
  Random& random;
  const Clock& clock;
  const schemas::SpecialDays& special_days = schemas::shipped_special_days();
  const schemas::DeadlineTable& deadlines = schemas::DeadlineTable::shipped();
};

// {object, fields?, mode, matters[], divisions[], legal_basis, reason, term{from, until}, operator}
struct ApplicationRequest {
  SharingTerms terms;
  schemas::Operator officer;
};
Result<ApplicationRequest> application_request_from_json(const schemas::Json& j);

// {decision, reason, consent_needed?, operator}
struct JudgementRequest {
  std::string decision;
  std::string reason;
  std::optional<bool> consent_needed;
  schemas::Operator officer;
};
enum class Judging : std::uint8_t { kReview, kGrant, kEnd };  // what decisions there are
Result<JudgementRequest> judgement_from_json(const schemas::Json& j, Judging judging);

struct ApplicationQuery {  // {application_id?, state?}
  std::optional<std::string> id;
  std::optional<ApplicationState> state;
};
Result<ApplicationQuery> application_query_from_json(const schemas::Json& j);

// One request as it came.
struct SharingCall {
  const access::Caller& caller;
  const access::Policy& policy;
  ByteView raw;
  std::string_view idempotency_key = {};
};

schemas::Json application_json(const Application& a, LocalDate today,
                               const SharingDeskParts& parts);

class SharingDesk {
 public:
  explicit SharingDesk(const SharingDeskParts& parts) : parts_(parts) {}
  const SharingDeskParts& parts() const { return parts_; }
  Result<access::Prepared> apply(const ApplicationRequest& request, const SharingCall& call) const;
  Result<access::Prepared> correct(const std::string& id, const ApplicationRequest& request,
                                   const SharingCall& call) const;
  Result<access::Prepared> review(const std::string& id, const JudgementRequest& request,
                                  const SharingCall& call) const;
  Result<access::Prepared> grant(const std::string& id, const JudgementRequest& request,
                                 const SharingCall& call) const;
  Result<access::Prepared> end(const std::string& id, const JudgementRequest& request,
                               const SharingCall& call) const;
  Result<access::Prepared> list(const ApplicationQuery& query, const SharingCall& call) const;

 private:
  struct Turn;  // one call on its way
  Result<Permit> admit(const SharingCall& call, access::Operation operation) const;
  Result<Application> visible(const std::string& id, const SharingCall& call) const;
  void move(Turn& turn, ApplicationState to, std::string note) const;
  Result<access::Prepared> take(Turn turn, const SharingTerms& terms, const Listing& listing,
                                const Permit& permit) const;
  Result<access::Prepared> finish(Turn turn, const Permit& permit) const;
  Status write_rules(const std::vector<schemas::SharingRule>& rules, ledger::Change& change) const;
  SharingDeskParts parts_;
};

}  // namespace lh::hub::exchange
