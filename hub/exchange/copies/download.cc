// GET /v1/copies/{code}: once, within ten minutes, by who made it; and the check of a printed copy.
#include <algorithm>

#include "crypto/digest.h"
#include "hub/exchange/copies/copy_desk.h"
#include "hub/exchange/copies/copy_page.h"
#include "hub/exchange/copies/copying.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consents.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;

// Malformed, unknown, of somebody else: one answer.
Result<DownloadRecord> find_own_download(const ExchangeParts& parts, std::string_view code,
                                         const access::Caller& caller) {
  const Bytes key = download_key(parts.directory, code);
  const auto found = LH_TRY(find_download(parts.licences.store(), key));
  if (!is_code(code) || !found || found->system != caller.system) {
    return Error(Reason::kCopyUnknown);
  }
  return *found;
}

Status check_download(const DownloadRecord& d, const CopyRecord& copy, UtcTime now) {
  if (d.used) return Error(Reason::kCopyUsed);
  if (now > d.expires || now > copy.expires) return Error(Reason::kCopyExpired);
  return ok_status();
}

// The use was counted when the copy was made; a consent that was withdrawn since opens nothing.
Result<bool> still_consented(const ExchangeParts& parts, const DownloadRecord& d,
                             const CopyRecord& copy) {
  if (!d.consent || parts.consents == nullptr) return false;
  const auto found = parts.consents->given_by(copy.subject, *d.consent);
  if (!found.ok() && found.error().reason() != Reason::kConsentUnknown) return found.error();
  return found.ok() && !found->consent.withdrawn;
}

std::string file_answer(std::string&& pdf, const std::string& number) {
  Json j = Json::object();
  j.set("number", number).set("media_type", "application/pdf");
  j.set("sha256", to_hex(view(crypto::sha256(pdf)))).set("content", to_base64(pdf));
  return schemas::to_text(j);
}

}  // namespace

Result<access::Act> CopyDesk::downloaded(std::string_view code, const access::Caller& caller,
                                         const access::Policy& policy,
                                         audit::EntryFacts& facts) const {
  const UtcTime now = parts_.clock.now();
  if (caller.roles.contains(access::Role::kTerminal)) return Error(Reason::kTerminalOnly);
  DownloadRecord d = LH_TRY(find_own_download(parts_, code, caller));
  const auto copy = LH_TRY(find_copy(parts_.licences.store(), d.copy));
  if (!copy) return Error(Reason::kCopyUnknown);
  facts.matter = copy->matter;
  facts.case_tag = case_tag(parts_.directory, copy->case_id);
  name_subject(facts, parts_.directory, copy->subject);
  LH_TRY(check_download(d, *copy, now));
  auto head = LH_TRY(parts_.licences.head(copy->licence));
  licences::name_licence(facts, parts_.directory, head);
  const auto* type = policy.find_type(head.type, local_date(now));
  if (type == nullptr) return Error(Reason::kTypeUnknown);
  // The right is asked for again: a rule may have ended since.
  const bool consented = LH_TRY(still_consented(parts_, d, *copy));
  const auto admission =
      LH_TRY(admit_copy(parts_,
                        {access::Operation::kFetch, caller, copy->matter, head.type, type->fields,
                         copy->fields, local_date(now), consented},
                        policy, facts));
  const bool less = admission.decision->fields != copy->fields;
  const bool whole = copy->fields.size() == type->fields.size();  // the type may have grown
  if (less || (copy->of == CopyOf::kOriginal && !whole)) return Error(Reason::kRuleField);
  const auto subject = parts_.directory.get(copy->subject);
  if (!subject.ok()) return Error(Reason::kCopyUnknown);  // erased: nothing is left to draw
  const CopyNote note = LH_TRY(open_note(parts_.directory, *subject, *copy));
  auto held =
      LH_TRY(read_holding(parts_, {std::move(head), copy->version, {}}, now, admission.permit));
  if (const auto why = not_reliable(*held.verdicts)) {
    return Error(Reason::kCopyUnavailable, std::string(reason_id(*why)));
  }
  auto pdf = LH_TRY(draw(*copy, note, std::move(held), *type, admission.permit));
  auto answer = std::move(pdf).map(
      [](std::string&& text, const std::string& number) {
        return file_answer(std::move(text), number);
      },
      copy_number(copy->tag));
  ledger::Change change;
  change.preconditions.push_back({store::Family::kData, d.row_key, d.commit_index});
  d.used = true;
  change.rows.push_back(download_row(d));
  licences::say_personal(facts, copy_number(copy->tag) + "\n" + note.cause);
  return licences::make_act({parts_.entries, parts_.random, now, {}}, facts, std::move(change),
                            std::move(answer));
}

Result<access::Prepared> CopyDesk::download(std::string_view code, const access::Caller& caller,
                                            const access::Policy& policy) const {
  auto facts = licences::facts_of(schemas::AuditEvent::kCopyDownloaded, caller, policy);
  facts.purpose = "download";
  auto act = downloaded(code, caller, policy, facts);
  if (!act.ok()) return access::Prepared(licences::refuse(act.error(), std::move(facts)));
  return access::Prepared(std::move(*act));
}

// Who holds the paper learns what stands on it already, whether it still counts, and how the
// licence stands today.
Result<access::Prepared> CopyDesk::check(std::string_view code,
                                         const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  const auto copy = LH_TRY(find_copy(parts_.licences.store(), copy_tag(parts_.directory, code)));
  if (!is_code(code) || !copy) return Error(Reason::kCopyUnknown);
  const auto head = LH_TRY(parts_.licences.head(copy->licence));
  const auto verdicts =
      LH_TRY(parts_.office.version_verdicts(head, copy->version, now, UtcTime::max()));
  audit::EntryFacts facts = licences::facts_of(schemas::AuditEvent::kLicenceVerified, {}, policy);
  facts.purpose = "copy";
  licences::name_licence(facts, parts_.directory, head);
  Json j = Json::object();
  j.set("copy", now > copy->expires ? "expired" : "valid");
  j.set("number", copy_number(copy->tag)).set("maker", copy->organisation.text());
  j.set("maker_name", parts_.organisation_name(copy->organisation)).set("matter", copy->matter);
  j.set("made", time_text(copy->made)).set("expires", time_text(copy->expires));
  j.set("type", head.type).set("verdicts", licences::verdicts_json(verdicts));
  licences::say_personal(facts, copy_number(copy->tag));
  return access::Prepared(LH_TRY(licences::make_act(
      {parts_.entries, parts_.random, now, code}, std::move(facts), {},
      Undisclosed<std::string>(parts_.gate.anonymous_verification(), schemas::to_text(j)))));
}

}  // namespace lh::hub::exchange
