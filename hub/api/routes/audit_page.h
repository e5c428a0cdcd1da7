// Entries of the log as JSON for the security officer, and search queries from JSON.
#pragma once

#include "hub/api/services.h"
#include "hub/audit/search.h"
#include "schemas/json.h"

namespace lh::hub::api::routes {

struct AuditQuery {
  audit::SearchQuery search;
  bool nothing = false;  // names a subject, licence or case this hub does not know
  bool with_proofs = false;
};
// Resolves identifiers to tags; absent subjects give an empty page, never an error (no oracle).
Result<AuditQuery> audit_query_from_json(const schemas::Json& body, const Services& s);
// What an inspector 监察 may ask: which materials were used, when, by whom and for which case; not
// by whom somebody was looked at. Narrows the query. Errors: role.missing.
Status narrow_to_uses(AuditQuery& query);
// One entry: public header, who acted (box A, when its key is here), leaf and proof when asked.
Result<schemas::Json> entry_json(const audit::SearchHit& hit, const Services& s, bool with_proof);
Result<std::string> page_json(const audit::SearchPage& page, const Services& s, bool with_proofs);

}  // namespace lh::hub::api::routes
