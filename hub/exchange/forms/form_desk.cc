// POST /v1/forms/fill. All materials of the form are read under one permit and recorded by one
// entry; each passes the rules by itself.
#include "hub/exchange/forms/form_desk.h"

#include <algorithm>

#include "hub/exchange/answers/case_material.h"
#include "hub/exchange/forms/filled_form.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Fields;

// One filling on its way: what is known, and what was read and is not disclosed yet.
struct Filling {
  const ExchangeParts& parts;
  const MaterialUse& use;
  const CaseRecord& record;
  const Permit& permit;
  FormFrame frame;
  Undisclosed<MaterialFields> read;
  ConsentUse consent = {};
  access::DecisionPtr decision = {};       // the first that released something
  std::optional<Reason> refused = {};      // the first that did not
  std::vector<std::string> released = {};  // "M01.uscc"
};

void take(Filling& f, FormMaterial material, Undisclosed<std::optional<Fields>> fields) {
  f.read = std::move(f.read)
               .with(std::move(fields))
               .map([](std::pair<MaterialFields, std::optional<Fields>>&& both) {
                 both.first.push_back(std::move(both.second));
                 return std::move(both.first);
               });
  f.frame.materials.push_back(std::move(material));
}

void take_none(Filling& f, std::string code, std::string_view why) {
  take(f, {std::move(code), std::string(why), {}, {}, {}},
       Undisclosed<std::optional<Fields>>(f.permit, std::nullopt));
}

std::vector<std::string> fields_of(const schemas::Form& form, const std::string& material) {
  std::vector<std::string> out;
  for (const auto& field : form.fields) {
    for (const auto& source : field.sources) {
      if (source.material == material) out.push_back(source.field);
    }
  }
  return out;
}

Status read_material(Filling& f, const std::string& code) {
  const auto material = material_of(f.use, f.record, code);
  if (!material.ok()) {
    take_none(f, code, material.error().id());
    return ok_status();
  }
  const LocalDate today = local_date(f.use.now);
  const auto wanted = fields_of(f.frame.form, code);
  const access::Question question{access::Operation::kFetch,
                                  f.use.caller,
                                  f.record.matter,
                                  material->object,
                                  *material->fields,
                                  wanted,
                                  today,
                                  f.consent.covers(material->subject, material->object)};
  const auto decision = f.use.policy.memo().decide(question, f.use.policy);
  if (decision->fields.empty()) {  // also: what may only be verified or asked about
    const Reason why =
        decision->allowed() ? Reason::kRuleField : explained(*decision, question, f.use.policy);
    if (!f.refused) f.refused = why;
    take_none(f, code, reason_id(why));
    return ok_status();
  }
  if (!f.decision) f.decision = decision;
  if (!material->subject) {
    take_none(f, code, "subject_not_named");
    return ok_status();
  }
  auto held = LH_TRY(look_up(f.parts, *material, f.use.now, f.permit));
  FormMaterial out{code, {}, decision->fields, {}, {}};
  if (held.head) {
    out.licence_id = licences::find_version(*held.head, held.version)->licence_id;
    out.verdict = pki::verdict_text(held.verdicts->status.verdict);
    const auto why = not_reliable(*held.verdicts);
    if (why) out.why = reason_id(*why);
  }
  for (const auto& field : decision->fields) f.released.push_back(code + "." + field);
  take(f, std::move(out), std::move(held.fields));
  return ok_status();
}

std::vector<std::string> materials_of(const schemas::Form& form) {
  std::vector<std::string> codes;
  for (const auto& field : form.fields) {
    for (const auto& source : field.sources) {
      if (std::find(codes.begin(), codes.end(), source.material) != codes.end()) continue;
      codes.push_back(source.material);
    }
  }
  return codes;
}

// A token was given for one material, which must be one of the form; it opens no other.
Result<ConsentUse> consent_of(const Filling& f, const std::vector<std::string>& codes,
                              audit::EntryFacts& facts) {
  std::vector<Presented> candidates;
  for (const auto& code : codes) {
    const auto material = material_of(f.use, f.record, code);
    if (material.ok()) candidates.push_back(presented_for(f.use, *material));
  }
  return present_consent_for_any(consent_parts(f.parts), f.use.purpose.consent, candidates, facts);
}

Status read_materials(Filling& f, audit::EntryFacts& facts) {
  const auto codes = materials_of(f.frame.form);
  f.consent = LH_TRY(consent_of(f, codes, facts));
  for (const auto& code : codes) LH_TRY(read_material(f, code));
  if (!f.decision) return Error(f.refused ? *f.refused : Reason::kMaterialUnknown);
  take_decision(facts, f.decision);
  facts.box_a.fields = std::move(f.released);
  facts.count = codes.size();
  return ok_status();
}

}  // namespace

Result<FormRequest> form_request_from_json(const schemas::Json& j) {
  auto r = LH_TRY(schemas::ObjectReader::open(j, "form"));
  FormRequest out;
  out.case_id = LH_TRY(schemas::read_line(r, "case_id", 64));
  out.form = LH_TRY(schemas::read_line(r, "form", 64));
  out.purpose = LH_TRY(schemas::purpose_from_json(*LH_TRY(r.object("purpose")), r.path("purpose")));
  LH_TRY(r.finish());
  return out;
}

Result<access::Act> FormDesk::answer(const FormRequest& request, ByteView raw,
                                     const access::Caller& caller, const access::Policy& policy,
                                     audit::EntryFacts& facts) const {
  const MaterialUse use{caller, policy, request.purpose, parts_.clock.now()};
  if (caller.roles.contains(access::Role::kTerminal)) return Error(Reason::kTerminalOnly);
  const auto admitted = parts_.gate.admit_role(caller, access::Operation::kFetch, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) return Error(no->decision->reason);
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const CaseRecord record = LH_TRY(find_own_case(parts_, use, request.case_id, facts));
  name_subject(facts, parts_.directory, record.applicant);
  for (const auto& [role, no] : record.related) name_subject(facts, parts_.directory, no);
  const auto form = std::find_if(forms_.begin(), forms_.end(), [&request, &record](const auto& f) {
    return f.id == request.form && f.matter == record.matter;
  });
  if (form == forms_.end()) return Error(Reason::kDefinitionUnknown, "form");
  facts.object = form->id;
  Filling filling{parts_,
                  use,
                  record,
                  permit,
                  {*form, record.id.text(), time_text(use.now), {}},
                  Undisclosed<MaterialFields>(permit, {})};
  LH_TRY(read_materials(filling, facts));
  licences::say_personal(facts, request.purpose.cause);
  auto text = std::move(filling.read)
                  .map([](MaterialFields&& fields,
                          const FormFrame& frame) { return filled_form(fields, frame); },
                       filling.frame);
  auto act = LH_TRY(licences::make_act({parts_.entries, parts_.random, use.now, raw}, facts, {},
                                       std::move(text)));
  LH_TRY(settle_consent(consent_parts(parts_), filling.consent, facts, act.change));
  return act;
}

Result<access::Prepared> FormDesk::fill(const FormRequest& request, ByteView raw,
                                        const access::Caller& caller,
                                        const access::Policy& policy) const {
  auto facts = facts_of_use(parts_, schemas::AuditEvent::kFormFilled,
                            {caller, policy, request.purpose, parts_.clock.now()});
  auto act = answer(request, raw, caller, policy, facts);
  if (!act.ok()) return access::Prepared(licences::refuse(act.error(), std::move(facts)));
  return access::Prepared(std::move(*act));
}

}  // namespace lh::hub::exchange
