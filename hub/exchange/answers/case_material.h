// A material of a case, found by reference or by name, gated, and what is held of it: common to
// predicates, forms and copies. Private to hub/exchange.
#pragma once

#include <optional>

#include "hub/exchange/acts/case_record.h"
#include "hub/exchange/exchange.h"
#include "hub/exchange/rights/consent_use.h"

namespace lh::hub::exchange {

// A reference, or a case with the code of one of its materials.
struct MaterialName {
  std::string reference;
  std::string case_id, material;
};
// Members "reference", or "case_id" and "material". Errors: json.*.
Result<MaterialName> read_material_name(schemas::ObjectReader& r);

struct MaterialUse {
  const access::Caller& caller;
  const access::Policy& policy;
  const schemas::Purpose& purpose;
  UtcTime now;
};

// What every entry of such a use says: who, for which matter and case.
audit::EntryFacts facts_of_use(const ExchangeParts& parts, schemas::AuditEvent event,
                               const MaterialUse& use);

struct CaseMaterial {
  CaseRecord record;
  const schemas::Material* material = nullptr;  // of the policy
  std::string object;                           // licence type or base-data kind
  const std::vector<schemas::FieldDefinition>* fields = nullptr;
  std::optional<SubjectNo> subject;            // named in the case
  std::optional<References::Found> reference;  // when it came with one
  bool is_licence() const { return material->source == "licence"; }
};

// The case of the caller's organisation that the purpose names. Names it in the facts. Errors:
// case.unknown (also: of another organisation), reference.purpose, purpose.not_registered,
// purpose.missing.
Result<CaseRecord> find_own_case(const ExchangeParts& parts, const MaterialUse& use,
                                 const std::string& case_id, audit::EntryFacts& facts);
// Errors: those of find_own_case, or those of a fetch by reference; material.unknown;
// matter.unknown.
Result<CaseMaterial> find_material(const ExchangeParts& parts, const MaterialUse& use,
                                   const MaterialName& name, audit::EntryFacts& facts);
// Of a case that was found already.
Result<CaseMaterial> material_of(const MaterialUse& use, const CaseRecord& record,
                                 const std::string& code);

// For whose data and for what a consent would have to be given. Nobody named: fits none.
Presented presented_for(const MaterialUse& use, const CaseMaterial& material);

// What is held of it. Without a head and without a record: nothing.
struct HeldMaterial {
  std::optional<licences::LicenceHead> head;
  int version = 0;
  std::optional<licences::Verdicts> verdicts;  // of a licence
  Undisclosed<std::optional<schemas::Fields>> fields;
};
// The best the subject holds; that it exists is as personal as its fields. Errors: reference.stale
// (the reference stood for another version).
Result<HeldMaterial> look_up(const ExchangeParts& parts, const CaseMaterial& material, UtcTime now,
                             const Permit& permit);
Result<HeldMaterial> read_holding(const ExchangeParts& parts, licences::Holding holding,
                                  UtcTime now, const Permit& permit);

// Why a held licence cannot be relied on today: a reason of its verdicts. Nothing: it can.
std::optional<Reason> not_reliable(const licences::Verdicts& verdicts);
// Adds a subject to the entry, once, as far as there is room and its key lives.
void name_subject(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  SubjectNo no);

}  // namespace lh::hub::exchange
