// "Who looked at my data": the list of accesses to one subject's data, asked by a portal with a
// signed assertion of the subject (real-name login at the identity platform), each with its proof.
// Each page of the list takes a new one. Audit: audit.own_accesses. The officer's name is not given
// to the holder; organisation, matter, purpose, legal basis, fields and time are.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/audit/log_view.h"
#include "hub/audit/search.h"
#include "hub/exchange/assertion/subject_assertions.h"
#include "pki/trust_store.h"
#include "schemas/json.h"

namespace lh::hub::exchange {

struct OwnAccessesParts {
  const audit::LogView& log;
  const access::Gate& gate;
  const access::Registry& registry;
  const audit::EntryMaker& entries;
  const subjects::SubjectDirectory& directory;
  const crypto::KeyStore& keys;
  Random& random;
  const Clock& clock;
  std::function<std::shared_ptr<const pki::TrustStore>()> trust;
  // Shared with whoever else takes assertions: none is taken twice. Null: its own.
  std::shared_ptr<const SubjectAssertions> assertions = {};
};

struct OwnAccessesQuery {
  std::string assertion;
  std::uint64_t before = UINT64_MAX;  // cursor
  std::size_t limit = 50;
};
Result<OwnAccessesQuery> own_accesses_from_json(const schemas::Json& j);

// The list is checked before it is given: sequence numbers and links of the subject's chain without
// a gap, up to its present length; "complete" is never a promise alone. Errors: ledger.gap.
// Threads: any.
class OwnAccesses {
 public:
  explicit OwnAccesses(const OwnAccessesParts& parts);
  Result<access::Prepared> list(const OwnAccessesQuery& query, ByteView raw,
                                const access::Caller& caller, const access::Policy& policy) const;

 private:
  Result<std::string> answer(const OwnAccessesQuery& query,
                             const std::optional<subjects::SubjectKey>& subject) const;
  OwnAccessesParts parts_;
};

}  // namespace lh::hub::exchange
