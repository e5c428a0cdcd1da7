#include "hub/exchange/answers/case_material.h"

#include <algorithm>

#include "base/limits.h"
#include "hub/exchange/acts/fetch_checks.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/licences/office/entry_facts.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Fields;

// A reference names its case and material; whether it may be used is checked as in a fetch.
Result<CaseMaterial> by_reference(const ExchangeParts& parts, const MaterialUse& use,
                                  const std::string& token, audit::EntryFacts& facts) {
  auto found = LH_TRY(parts.references.find(token));
  LH_TRY(
      check_reference(parts, {use.purpose, use.caller, use.policy, use.now}, found.target, facts));
  const auto record = LH_TRY(find_case(parts.licences.store(), found.target.case_id));
  if (!record) return Error(Reason::kReferenceUnknown);
  CaseMaterial out = LH_TRY(material_of(use, *record, found.target.material));
  out.reference = std::move(found);
  return out;
}

// The reference stood for one version of one licence: another one is not silently taken instead.
Status check_target(const CaseMaterial& material, const std::optional<licences::Holding>& held) {
  if (!material.reference) return ok_status();
  const ReferenceTarget& target = material.reference->target;
  if (!target.adapter.empty()) return ok_status();  // nothing was held when it was made
  const bool same = held && held->head.key == target.licence &&
                    held->version == target.licence_version &&
                    licences::find_version(held->head, held->version)->document == target.document;
  return same ? ok_status() : Status(Error(Reason::kReferenceStale));
}

Result<HeldMaterial> look_up_base_data(const ExchangeParts& parts, const CaseMaterial& material,
                                       const Permit& permit) {
  Undisclosed<std::optional<Fields>> nothing(permit, std::nullopt);
  const auto key = parts.directory.get(*material.subject);
  if (!key.ok()) {  // registered by this very change, or erased: nothing is held
    const Reason why = key.error().reason();
    if (why != Reason::kSubjectUnknown && why != Reason::kKeyErased) return key.error();
    return HeldMaterial{{}, 0, {}, std::move(nothing)};
  }
  auto record = LH_TRY(parts.base_data.read(*key, material.object, permit));
  auto fields = std::move(record).map([](std::optional<subjects::BaseRecord>&& r) {
    return r ? std::optional(std::move(r->fields)) : std::optional<Fields>();
  });
  return HeldMaterial{{}, 0, {}, std::move(fields)};
}

}  // namespace

Result<MaterialName> read_material_name(schemas::ObjectReader& r) {
  MaterialName out;
  if (r.optional("reference") != nullptr) {
    out.reference = LH_TRY(r.string("reference", 512));
    return out;
  }
  out.case_id = LH_TRY(schemas::read_line(r, "case_id", 64));
  out.material = LH_TRY(schemas::read_line(r, "material", 64));
  return out;
}

audit::EntryFacts facts_of_use(const ExchangeParts& parts, schemas::AuditEvent event,
                               const MaterialUse& use) {
  audit::EntryFacts facts = licences::facts_of(event, use.caller, use.policy);
  licences::name_officer(facts, parts.directory, use.purpose.officer);
  facts.matter = use.purpose.matter;
  // The cause is free text and may name somebody: it goes into box B, the channel stays outside.
  facts.purpose = use.purpose.channel;
  facts.box_a.case_number = use.purpose.case_number;
  return facts;
}

void name_subject(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  SubjectNo no) {
  const auto same = [no](const auto& known) { return known.no == no; };
  if (facts.subjects.size() >= limits::kSubjectsPerEntry ||
      std::any_of(facts.subjects.begin(), facts.subjects.end(), same)) {
    return;
  }
  auto key = directory.get(no);
  if (key.ok()) facts.subjects.push_back(std::move(*key));
}

Result<CaseRecord> find_own_case(const ExchangeParts& parts, const MaterialUse& use,
                                 const std::string& case_id, audit::EntryFacts& facts) {
  const auto id = CaseId::parse(case_id);
  if (!id.ok()) return Error(Reason::kCaseUnknown);  // no oracle
  auto record = LH_TRY(find_case(parts.licences.store(), *id));
  if (!record || record->organisation != use.caller.organisation) {
    return Error(Reason::kCaseUnknown);
  }
  facts.case_tag = case_tag(parts.directory, record->id);
  LH_TRY(check_purpose(parts, {use.purpose, use.caller, use.policy, use.now}, record->number_tag,
                       record->matter));
  return std::move(*record);
}

Result<CaseMaterial> material_of(const MaterialUse& use, const CaseRecord& record,
                                 const std::string& code) {
  const LocalDate today = local_date(use.now);
  const auto* matter = use.policy.find_matter(record.matter, today);
  if (matter == nullptr) return Error(Reason::kMatterUnknown);
  const auto& all = matter->materials;
  const auto it =
      std::find_if(all.begin(), all.end(), [&code](const auto& m) { return m.code == code; });
  if (it == all.end()) return Error(Reason::kMaterialUnknown);
  CaseMaterial out{record, &*it, {}, nullptr, subject_of(record, it->subject), {}};
  if (it->source == "licence" && it->licence_type) {
    const auto* type =
        use.policy.find_type(use.policy.resolve_type(it->licence_type->text(), today), today);
    if (type == nullptr) return Error(Reason::kTypeUnknown);
    out.object = type->code.text();
    out.fields = &type->fields;
    return out;
  }
  const auto* kind = it->source == "base_data" ? use.policy.find_base_kind(it->base_kind) : nullptr;
  if (kind == nullptr) return Error(Reason::kTypeUnknown);  // a document nobody holds as data
  out.object = kind->id;
  out.fields = &kind->fields;
  return out;
}

Presented presented_for(const MaterialUse& use, const CaseMaterial& material) {
  return {material.subject.value_or(SubjectNo{}),
          {use.caller.organisation, material.record.matter, material.object},
          use.now};
}

Result<CaseMaterial> find_material(const ExchangeParts& parts, const MaterialUse& use,
                                   const MaterialName& name, audit::EntryFacts& facts) {
  CaseMaterial out;
  if (!name.reference.empty()) {
    out = LH_TRY(by_reference(parts, use, name.reference, facts));
  } else {
    const CaseRecord record = LH_TRY(find_own_case(parts, use, name.case_id, facts));
    name_subject(facts, parts.directory, record.applicant);
    out = LH_TRY(material_of(use, record, name.material));
  }
  facts.object = out.object;
  facts.subjects.clear();
  if (out.subject) name_subject(facts, parts.directory, *out.subject);
  if (facts.subjects.empty()) name_subject(facts, parts.directory, out.record.applicant);
  return out;
}

Result<HeldMaterial> read_holding(const ExchangeParts& parts, licences::Holding holding,
                                  UtcTime now, const Permit& permit) {
  auto verdicts =
      LH_TRY(parts.office.version_verdicts(holding.head, holding.version, now, UtcTime::max()));
  auto version = LH_TRY(parts.licences.version(holding.head, holding.version, permit));
  auto fields = std::move(version).map(
      [](licences::LicenceVersion&& v) { return std::optional(std::move(v.fields)); });
  return HeldMaterial{std::move(holding.head), holding.version, std::move(verdicts),
                      std::move(fields)};
}

Result<HeldMaterial> look_up(const ExchangeParts& parts, const CaseMaterial& material, UtcTime now,
                             const Permit& permit) {
  if (material.subject && !material.is_licence()) {
    return look_up_base_data(parts, material, permit);
  }
  std::optional<licences::Holding> held;
  if (material.subject) {
    held = LH_TRY(parts.licences.find_holding(*material.subject, material.object, now, permit));
  }
  LH_TRY(check_target(material, held));
  if (!held) {
    return HeldMaterial{{}, 0, {}, Undisclosed<std::optional<Fields>>(permit, std::nullopt)};
  }
  return read_holding(parts, std::move(*held), now, permit);
}

std::optional<Reason> not_reliable(const licences::Verdicts& verdicts) {
  for (const auto* one : {&verdicts.integrity, &verdicts.issuer}) {
    if (one->verdict == pki::Verdict::kInvalid) return one->reason;
  }
  if (verdicts.status.verdict != pki::Verdict::kValid) return verdicts.status.reason;
  return std::nullopt;
}

}  // namespace lh::hub::exchange
