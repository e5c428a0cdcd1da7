// Annotated copies (加注件): the surface of a licence as a PDF that says who made it, when, what
// for and until when, under a watermark; downloaded once by a code of ten minutes
// (docs/walks/copy.md). Audit: copy.made, copy.downloaded; a check by the public licence.verified;
// refusals access.refused.
#pragma once

#include <functional>

#include "hub/exchange/answers/case_material.h"
#include "hub/exchange/copies/copy_rows.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

// POST /v1/copies: {reference | case_id + material, purpose{}, expires?}.
struct CopyRequest {
  MaterialName material;
  schemas::Purpose purpose;
  std::optional<LocalDate> expires;
};
Result<CopyRequest> copy_request_from_json(const schemas::Json& j);

class CopyDesk {
 public:
  explicit CopyDesk(const ExchangeParts& parts) : parts_(parts) {}
  // The answer holds a download code, or for a terminal the file itself. Errors: those of
  // find_material, rule.*, copy.unavailable (not held, not good today, or too long for a page).
  Result<access::Prepared> make(const CopyRequest& request, ByteView raw,
                                const access::Caller& caller, const access::Policy& policy) const;
  // Errors: copy.unknown (also: of another system), copy.used, copy.expired, role.print_only, and
  // what the rules say now.
  Result<access::Prepared> download(std::string_view code, const access::Caller& caller,
                                    const access::Policy& policy) const;
  // By the code printed on it, for anybody. Errors: copy.unknown.
  Result<access::Prepared> check(std::string_view code, const access::Policy& policy) const;

 private:
  Result<access::Act> made(const CopyRequest& request, ByteView raw, const MaterialUse& use,
                           audit::EntryFacts& facts) const;
  Result<access::Act> downloaded(std::string_view code, const access::Caller& caller,
                                 const access::Policy& policy, audit::EntryFacts& facts) const;
  Result<Undisclosed<std::string>> draw(const CopyRecord& record, const CopyNote& note,
                                        Undisclosed<std::optional<schemas::Fields>> fields,
                                        const schemas::LicenceType& type) const;
  ExchangeParts parts_;
};

}  // namespace lh::hub::exchange
