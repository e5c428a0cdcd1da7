// Annotated copies (加注件): the original file of a licence, or else its surface, as a PDF that
// says who made it, when, what for and until when, under a watermark; downloaded once by a code of
// ten minutes (docs/walks/copy.md). Audit: copy.made, copy.downloaded; a check by the public
// licence.verified; refusals access.refused.
#pragma once

#include <functional>

#include "hub/exchange/answers/case_material.h"
#include "hub/exchange/copies/copy_page.h"
#include "hub/exchange/copies/copy_rows.h"
#include "hub/exchange/exchange.h"
#include "hub/licences/originals/original_store.h"

namespace lh::hub::exchange {

// POST /v1/copies: {reference | case_id + material, purpose{}, expires?, of?}.
struct CopyRequest {
  MaterialName material;
  schemas::Purpose purpose;
  std::optional<LocalDate> expires;
  std::optional<CopyOf> of;  // none: the original when one is kept and no field is withheld
};
Result<CopyRequest> copy_request_from_json(const schemas::Json& j);

class CopyDesk {
 public:
  explicit CopyDesk(const ExchangeParts& parts) : parts_(parts), originals_(parts.licences) {}
  // The answer holds a download code, or for a terminal the file itself. Errors: those of
  // find_material, rule.*, copy.unavailable (not held, not good today, or too long for a page;
  // of an original: none is kept, or the rule withholds a field of what it shows).
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
  Result<CopyOf> choose(const CopyRequest& request, const HeldMaterial& held,
                        const CaseMaterial& material, const access::Decision& decision) const;
  // What the record says, drawn: of the fields, or of the original read under the permit.
  Result<Undisclosed<std::string>> draw(const CopyRecord& record, const CopyNote& note,
                                        HeldMaterial held, const schemas::LicenceType& type,
                                        const Permit& permit) const;
  Result<Undisclosed<std::string>> draw_original(const CopyRecord& record, CopyFrame frame,
                                                 const Permit& permit) const;
  ExchangeParts parts_;
  licences::OriginalStore originals_;
};

}  // namespace lh::hub::exchange
