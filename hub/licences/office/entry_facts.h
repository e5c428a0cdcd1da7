// What every act of licences and exchange says about itself in its entry, and the act as a whole.
#pragma once

#include <string>
#include <vector>

#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/licences/licence_store.h"
#include "schemas/purpose.h"

namespace lh::hub::licences {

audit::EntryFacts facts_of(schemas::AuditEvent event, const access::Caller& caller,
                           const access::Policy& policy);
// The officer who acts: sealed in box A, findable by a tag.
void name_officer(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  const schemas::Operator& officer);
// The licence and its holders; a holder whose key was erased can no longer be named.
void name_licence(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  const LicenceHead& head);
// Box B, when there is a subject to seal it for.
void say_personal(audit::EntryFacts& facts, std::string text);

access::Refused refuse(Error error, audit::EntryFacts facts);

// One act that answers: commits to request and answer under the key of the entry.
struct ActParts {
  const audit::EntryMaker& entries;
  Random& random;
  UtcTime now;
  ByteView raw;  // the request as it came
};
Result<access::Act> make_act(const ActParts& parts, audit::EntryFacts facts, ledger::Change change,
                             Undisclosed<std::string> answer);

}  // namespace lh::hub::licences
