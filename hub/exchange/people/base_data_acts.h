// Base data of subjects as acts: written and read in two times, corrected, found by further
// identifiers, merged and split, flagged.
// Audit: subject.stored, subject.read, subject.corrected, subject.aliased, subject.merged,
// subject.split, subject.flagged, subject.unflagged; refusals access.refused. Every subject that is
// touched is named in the entry.
// Writing needs the role subjects_write; reading is decided by rules like every read.
#pragma once

#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/exchange/people/requests.h"
#include "hub/ledger/ledger.h"
#include "hub/subjects/base_data.h"
#include "hub/subjects/ties.h"

namespace lh::hub::exchange {

class Consents;

// Base data was written by the act that is being prepared, and says something else than before.
struct BaseDataEvent {
  SubjectNo subject;
  std::string_view kind;
  std::uint32_t version = 0;
  std::string_view event;  // "new", "changed" or "corrected"
  const Uscc& by;          // the organisation that wrote it
  UtcTime at;
};

struct BaseDataParts {
  const store::Store& store;
  const ledger::Ledger& ledger;
  subjects::SubjectDirectory& directory;
  const subjects::BaseData& base_data;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  Random& random;
  const Clock& clock;
  const Consents* consents = nullptr;  // who checks what a holder allowed
  // Rows that go with such an act: whom to tell (hub/exchange/calls/outbox.h). Null: nobody.
  std::function<std::vector<ledger::RowWrite>(const BaseDataEvent&)> outbox = {};
};

// Who asks, and under which policy; the request as it came.
struct Asking {
  const access::Caller& caller;
  const access::Policy& policy;
  ByteView raw;
};

// The two of a merge or split.
struct IdentityPair {
  subjects::SubjectKey from, into;
};

// Threads: any.
class BaseDataActs {
 public:
  explicit BaseDataActs(const BaseDataParts& parts)
      : parts_(parts), kinship_(parts.store, parts.directory) {}
  Result<access::Prepared> upsert(const SubjectUpsert& request, const Asking& asking) const;
  Result<access::Prepared> query(const SubjectQuery& query, const Asking& asking) const;
  // Errors: licence_type.unknown, json.value (no such version), …
  Result<access::Prepared> correct(const SubjectCorrection& request, const Asking& asking) const;
  Result<access::Prepared> add_alias(const AliasRequest& request, const Asking& asking) const;
  Result<access::Prepared> merge(const MergeRequest& request, const Asking& asking) const;
  Result<access::Prepared> split(const MergeRequest& request, const Asking& asking) const;
  // Merges and splits are proposals (202, change_id) until another system of the organisation, with
  // the role subjects_write or approve, decides. Errors: change.unknown, change.state,
  // change.same_administrator, subject.merge_invalid (not the two that were proposed).
  Result<access::Prepared> decide(const IdentityDecision& request, const Asking& asking) const;
  Result<access::Prepared> put_flag(const FlagRequest& request, const Asking& asking) const;
  Result<access::Prepared> end_flag(const FlagEndRequest& request, const Asking& asking) const;
  // The same answer again (Idempotency-Key replay of a write); the role is asked for again.
  Result<access::Prepared> replay(ByteView recipe, const access::Caller& caller,
                                  const access::Policy& policy) const;

 private:
  struct Writing;  // an admitted write on its way
  std::variant<Writing, access::Refused> begin(
      schemas::AuditEvent event, const Asking& asking, const schemas::Operator& officer,
      access::Operation operation = access::Operation::kWriteBaseData) const;
  Result<access::Prepared> finish(Writing writing, ledger::Change change, std::string answer,
                                  std::string personal) const;
  Result<access::Prepared> store(const SubjectUpsert& request, std::uint32_t corrects,
                                 Writing writing, std::string personal) const;
  Result<access::Prepared> propose(const MergeRequest& request, const Asking& asking,
                                   subjects::TieSide side) const;
  Result<subjects::TieChange> tie(const IdentityPair& pair, subjects::TieSide side) const;
  BaseDataParts parts_;
  subjects::Kinship kinship_;
};

}  // namespace lh::hub::exchange
