// POST /v1/copies: gate, page, code. What is kept can draw the page again; the page itself is not
// kept.
#include "hub/exchange/copies/copy_desk.h"

#include <algorithm>

#include "crypto/digest.h"
#include "hub/exchange/answers/statement.h"
#include "hub/exchange/copies/copy_page.h"
#include "hub/exchange/copies/copying.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

constexpr std::int64_t kDownloadMs = 10LL * 60 * 1000;
constexpr std::int64_t kTerminalMs = 60LL * 60 * 1000;  // printed at once
constexpr int kDefaultDays = 30, kLongestDays = 180;

using schemas::Json;

// The last moment of the day asked for. Errors: json.value.
Result<UtcTime> expiry_of(const CopyRequest& request, const MaterialUse& use) {
  if (use.caller.roles.contains(access::Role::kTerminal)) return use.now.plus_ms(kTerminalMs);
  const LocalDate today = local_date(use.now);
  const LocalDate last = request.expires.value_or(today.plus_days(kDefaultDays));
  if (last < today || last > today.plus_days(kLongestDays)) {
    return Error(Reason::kJsonValue, "copy.expires: today to 180 days from now");
  }
  return start_of_day(last.plus_days(1)).plus_ms(-1);
}

// What goes with the file: signed, and with the digest of exactly these bytes.
struct MadeFrame {
  CopyRecord record;
  std::string public_url, download;
  const licences::Signer* signer;  // const: it signs, and takes nothing of the page with it
};

std::string made_answer(std::string&& pdf, const MadeFrame& f) {
  const std::string digest = to_hex(view(crypto::sha256(pdf)));
  Json payload = Json::object();
  payload.set("iss", f.public_url + "/copies").set("aud", f.record.organisation.text());
  payload.set("iat", f.record.made.ms / 1000).set("exp", f.record.expires.ms / 1000);
  payload.set("number", copy_number(f.record.tag)).set("matter", f.record.matter);
  payload.set("sha256", digest);
  auto statement = state(f.signer, "copy+jwt", payload);
  Json j = Json::object();
  j.set("number", copy_number(f.record.tag)).set("of", copy_of_text(f.record.of));
  j.set("made", time_text(f.record.made)).set("expires", time_text(f.record.expires));
  j.set("sha256", digest).set("media_type", "application/pdf");
  if (statement.ok()) j.set("statement", std::move(*statement));
  if (f.download.empty()) {
    j.set("print_only", true).set("content", to_base64(pdf));
  } else {
    j.set("code", f.download);
    j.set("code_expires", time_text(f.record.made.plus_ms(kDownloadMs)));
  }
  return schemas::to_text(j);
}

std::optional<ConsentId> consent_id(const ConsentUse& use) {
  return use.found ? std::optional(use.found->consent.id) : std::nullopt;
}

Result<HeldMaterial> held_and_good(const ExchangeParts& parts, const CaseMaterial& material,
                                   UtcTime now, const Permit& permit) {
  if (!material.is_licence()) return Error(Reason::kCopyUnavailable, "not a licence");
  auto held = LH_TRY(look_up(parts, material, now, permit));
  if (!held.head) return Error(Reason::kCopyUnavailable, "not held");
  const auto why = not_reliable(*held.verdicts);
  if (why) return Error(Reason::kCopyUnavailable, std::string(reason_id(*why)));
  return held;
}

}  // namespace

access::Caller reader_of_copies(const access::Caller& caller) {
  access::Caller out = caller;
  if (out.roles.contains(access::Role::kTerminal)) out.roles.insert(access::Role::kFetch);
  return out;
}

Result<access::Admission> admit_copy(const ExchangeParts& parts, const access::Question& question,
                                     const access::Policy& policy, audit::EntryFacts& facts) {
  auto admitted = parts.gate.admit(question, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) {
    take_decision(facts, no->decision);
    return Error(explained(*no->decision, question, policy));
  }
  auto& admission = std::get<access::Admission>(admitted);
  take_decision(facts, admission.decision);
  if (admission.decision->fields.empty()) return Error(Reason::kRuleField);
  return std::move(admission);
}

Result<CopyRequest> copy_request_from_json(const schemas::Json& j) {
  auto r = LH_TRY(schemas::ObjectReader::open(j, "copy"));
  CopyRequest out;
  out.material = LH_TRY(read_material_name(r));
  out.purpose = LH_TRY(schemas::purpose_from_json(*LH_TRY(r.object("purpose")), r.path("purpose")));
  if (const auto text = LH_TRY(r.optional_string("expires", 32))) {
    const auto day = parse_date(*text);
    if (!day.ok()) return Error(day.error().reason(), r.path("expires"));
    out.expires = *day;
  }
  if (const auto of = LH_TRY(r.optional_string("of", 16))) {
    if (*of != "original" && *of != "surface") return Error(Reason::kJsonValue, r.path("of"));
    out.of = *of == "original" ? CopyOf::kOriginal : CopyOf::kSurface;
  }
  LH_TRY(r.finish());
  return out;
}

Result<access::Act> CopyDesk::made(const CopyRequest& request, ByteView raw, const MaterialUse& use,
                                   audit::EntryFacts& facts) const {
  if (parts_.attester == nullptr) return Error(Reason::kKeyMissing, "attester");
  CaseMaterial material = LH_TRY(find_material(parts_, use, request.material, facts));
  auto consent = LH_TRY(present_consent(consent_parts(parts_), use.purpose.consent,
                                        presented_for(use, material), facts));
  const access::Caller reader = reader_of_copies(use.caller);
  const auto admission = LH_TRY(admit_copy(parts_,
                                           {access::Operation::kFetch,
                                            reader,
                                            material.record.matter,
                                            material.object,
                                            *material.fields,
                                            {},
                                            local_date(use.now),
                                            consent.given()},
                                           use.policy, facts));
  auto held = LH_TRY(held_and_good(parts_, material, use.now, admission.permit));
  const auto subject = LH_TRY(parts_.directory.get(*material.subject));
  const CopyNote note{new_code(parts_.random), use.purpose.officer.id, use.purpose.cause};
  CopyRecord record{copy_tag(parts_.directory, note.code),
                    use.caller.system,
                    use.caller.organisation,
                    material.record.id,
                    material.record.matter,
                    material.material->code,
                    held.head->key,
                    held.version,
                    *material.subject,
                    admission.decision->fields,
                    use.now,
                    LH_TRY(expiry_of(request, use)),
                    {},
                    LH_TRY(choose(request, held, material, *admission.decision))};
  record.note = seal_note(parts_.directory, subject, record.tag, note);
  const auto* type = use.policy.find_type(material.object, local_date(use.now));
  auto pdf = LH_TRY(draw(record, note, std::move(held), *type, admission.permit));
  MadeFrame frame{record, parts_.public_url, {}, parts_.attester};
  ledger::Change change;
  change.rows.push_back(copy_row(record));
  if (!use.caller.roles.contains(access::Role::kTerminal)) {
    frame.download = new_code(parts_.random);
    change.rows.push_back(
        download_row({download_key(parts_.directory, frame.download), record.tag, use.caller.system,
                      use.now.plus_ms(kDownloadMs), false, 0, consent_id(consent)}));
  }
  if (material.reference) LH_TRY(parts_.references.count_use(*material.reference, change));
  facts.licence = parts_.directory.tag_of("licence", view(record.licence.value));
  licences::say_personal(facts, copy_number(record.tag) + "\n" + use.purpose.cause);
  auto answer = std::move(pdf).map(
      [](std::string&& text, const MadeFrame& f) { return made_answer(std::move(text), f); },
      frame);
  auto act = LH_TRY(licences::make_act({parts_.entries, parts_.random, use.now, raw}, facts,
                                       std::move(change), std::move(answer)));
  LH_TRY(settle_consent(consent_parts(parts_), consent, facts, act.change));
  act.http_status = 201;
  return act;
}

Result<access::Prepared> CopyDesk::make(const CopyRequest& request, ByteView raw,
                                        const access::Caller& caller,
                                        const access::Policy& policy) const {
  const MaterialUse use{caller, policy, request.purpose, parts_.clock.now()};
  auto facts = facts_of_use(parts_, schemas::AuditEvent::kCopyMade, use);
  auto act = made(request, raw, use, facts);
  if (!act.ok()) return access::Prepared(licences::refuse(act.error(), std::move(facts)));
  return access::Prepared(std::move(*act));
}

}  // namespace lh::hub::exchange
