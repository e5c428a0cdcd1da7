// The licence office: issue, collect, change of status, queries — each prepared as an Act.
// Audit: licence.issued, licence.collected, licence.status, licence.status_queried,
// licence.verified; refusals access.refused.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/licences/licence_store.h"
#include "hub/licences/signers.h"
#include "hub/licences/verdicts.h"
#include "schemas/purpose.h"

namespace lh::hub::licences {

// A licence was issued or its status changed, by the act that is being prepared.
struct LicenceEvent {
  LicenceKey key;
  std::string_view type;
  int version = 1;
  std::string_view event;  // "issued" or the status action
  UtcTime at, effective;
};

// What every preparation needs; outlives the office.
struct OfficeParts {
  const LicenceStore& licences;
  subjects::SubjectDirectory& directory;
  const Signers& signers;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  const crypto::KeyStore& keys;
  Random& random;
  const Clock& clock;
  std::string public_url;
  std::function<std::shared_ptr<const pki::TrustStore>()> trust;
  // Rows that go with such an act: whom to tell (hub/exchange/calls/outbox.h). Null: nobody.
  std::function<std::vector<ledger::RowWrite>(const LicenceEvent&)> outbox = {};
};

// A licence that exists elsewhere and is collected: signed by the collecting department.
struct CollectRequest {
  std::string type;
  std::vector<schemas::Holder> holders;  // scheme kLocal allowed
  std::string local_source;              // of kLocal holders
  Uscc collector;                        // whose key signs
  std::string issuer_name;
  schemas::Fields fields;
  std::optional<LocalDate> valid_from, valid_until;
  std::string status;      // "valid", "expired", "cancelled", "suspended", …
  std::string source;      // mapping name
  std::string source_key;  // stable key inside the source
  std::string division;
};

// Verification by number, document, presentation or QR payload (POST /v1/verify, /public/verify).
struct VerifyRequest {
  std::string document;    // SD-JWT, or
  std::string qr;          // QR payload "lhq1.…", or
  std::string licence_id;  // number with holder
  std::optional<SubjectId> holder;
  std::optional<UtcTime> at;  // "was it valid on D"
};
Result<VerifyRequest> verify_request_from_json(const schemas::Json& j);

struct StatusQuery {
  std::string licence_id;
  std::optional<UtcTime> valid_at, known_at;
};

class LicenceOffice {
 public:
  explicit LicenceOffice(const OfficeParts& parts);

  Result<access::Prepared> issue(const schemas::IssueRequest& request, ByteView raw,
                                 const access::Caller& caller, const access::Policy& policy);
  Result<access::Prepared> change_status(const schemas::StatusRequest& request, ByteView raw,
                                         const access::Caller& caller,
                                         const access::Policy& policy);
  Result<access::Prepared> query_status(const StatusQuery& query, ByteView raw,
                                        const access::Caller& caller, const access::Policy& policy);
  // caller: none on the public listener (entry without an organisation).
  Result<access::Prepared> verify(const VerifyRequest& request, ByteView raw,
                                  const std::optional<access::Caller>& caller,
                                  const access::Policy& policy);
  // The same answer again, under a new entry: replays of issue and change_status.
  Result<access::Prepared> replay(ByteView recipe, const access::Caller& caller,
                                  const access::Policy& policy);

  // Collecting (bulk): rows and entry of one licence; `outcome` says new, changed or same.
  enum class Outcome : std::uint8_t { kNew, kChanged, kSame, kConflict };
  struct Collected {
    Outcome outcome = Outcome::kNew;
    ledger::Change change;  // without entries when kSame
    LicenceKey key;
  };
  Result<Collected> collect(const CollectRequest& request, const access::Policy& policy,
                            const Permit& permit);

  // Verdicts of a stored licence (fetch, status): cached verification with a keyed MAC beside it.
  // Cost: one MAC (about 1 µs) while the trust epoch stands; after it moved, one verification a
  // licence, then a look into a bounded cache.
  Result<Verdicts> stored_verdicts(const LicenceHead& head, UtcTime valid_at,
                                   UtcTime known_at) const;
  Result<Verdicts> version_verdicts(const LicenceHead& head, int version, UtcTime valid_at,
                                    UtcTime known_at) const;

  // The QR payload of a licence version: "lhq1.<licence_id>.<mac>"; carries no personal value.
  std::string qr_payload(const LicenceHead& head) const;
  std::string qr_payload(std::string_view licence_id) const;  // of a version, by its number

 private:
  struct IssueDraft;
  struct Desk;  // caches and what issuing and collecting share
  Result<IssueDraft> check_issue(const schemas::IssueRequest& request, const access::Caller& caller,
                                 const access::Policy& policy) const;
  Result<LicenceHead> find_superseded(const schemas::IssueRequest& request) const;
  Result<access::Act> make_issue(IssueDraft draft, const Permit& permit, audit::EntryFacts facts,
                                 ByteView raw);
  OfficeParts parts_;
  std::shared_ptr<Desk> desk_;
};

}  // namespace lh::hub::licences
