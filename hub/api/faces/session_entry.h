// Signing in to a face and out of it: the entry caller.signed_in is durable first, and only then is
// there a token to give, or is one taken back.
// Audit: caller.signed_in with the caller and which operation it was.
// Never: the token or what the client sent (there are passwords in it), not as digests either.
#pragma once

#include <string_view>

#include "hub/api/procedure.h"

namespace lh::hub::api::faces {

struct EntryParts {
  const audit::EntryMaker& entries;
  Random& random;
  const Clock& clock;
  std::string_view log;  // its origin
};
struct SessionAct {
  std::string_view operation;  // "license-app login": the object of the entry
  std::uint64_t policy_epoch = 0;
  Language language = Language::kEnglish;
};
// Ends with 200 {"receipt":…} once the entry is durable, or with the problem that kept it from
// being so.
Outcome record_session(const EntryParts& parts, const access::Caller& caller,
                       const SessionAct& act);
// The same for whoever calls; somebody unknown or suspended is refused as by every route.
Outcome record_session(const Procedure& p, const CallPtr& call, std::string_view operation);

}  // namespace lh::hub::api::faces
