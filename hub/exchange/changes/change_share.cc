// One licence of a page: decided, presented, recorded.
#include "hub/exchange/acts/answers.h"
#include "hub/exchange/changes/change_desk.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::refuse;
using schemas::AuditEvent;

constexpr std::size_t kReceiptRoom = 2560;

std::string_view change_text(AuditEvent event) {
  if (event == AuditEvent::kLicenceIssued) return "issued";
  return event == AuditEvent::kLicenceCollected ? "collected" : "status";
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  ((out += '"') += name) += "\":";
  schemas::append_json_string(out, value);
}

void append_date(std::string& out, std::string_view name, const std::optional<LocalDate>& date) {
  if (date) return append_member(out, name, date->text());
  ((out += ",\"") += name) += "\":null";
}

// What of it is not in the presentation: nothing personal.
std::string frame_of(const LicenceChange& change, const licences::LicenceHead& head,
                     const std::string& record, schemas::LicenceStatus status) {
  std::string out = "{";
  append_member(out, "licence_id", head.licence_id);
  append_member(out, "type", head.type);
  append_member(out, "record", record);
  out += ",\"version\":" + std::to_string(head.version);
  append_member(out, "change", change_text(change.event));
  append_member(out, "changed_at", time_text(change.time));
  append_member(out, "status", schemas::status_text(status));
  append_date(out, "valid_from", head.valid_from);
  append_date(out, "valid_until", head.valid_until);
  return out;
}

struct ShareFrame {
  std::string head, withheld;
};

std::string share_answer(const licences::Presented& shown, const ShareFrame& frame) {
  std::string out;
  out.reserve(frame.head.size() + shown.presentation.size() + frame.withheld.size() + 64 +
              kReceiptRoom);
  out += frame.head;
  out += ",\"withheld\":";
  out += frame.withheld;
  // base64url, dots and tildes: nothing to escape.
  out += ",\"presentation\":\"";
  out += shown.presentation;
  return out += "\"}";
}

}  // namespace

audit::EntryFacts ChangeDesk::facts_of_request(const ChangesRequest& request,
                                               const access::Caller& caller,
                                               const access::Policy& policy) const {
  auto facts = licences::facts_of(AuditEvent::kLicenceShared, caller, policy);
  licences::name_officer(facts, parts_.directory, request.purpose.officer);
  facts.matter = request.purpose.matter;
  // The cause is free text and may name somebody: it goes into box B, the channel stays outside.
  facts.purpose = request.purpose.channel;
  return facts;
}

access::Refused ChangeDesk::refused(Error error, const ChangesRequest& request,
                                    const access::Caller& caller,
                                    const access::Policy& policy) const {
  return refuse(std::move(error), facts_of_request(request, caller, policy));
}

Result<access::Prepared> ChangeDesk::share(const ChangesRequest& request,
                                           const LicenceChange& change, ByteView raw,
                                           const access::Caller& caller,
                                           const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  const LocalDate today = local_date(now);
  auto facts = facts_of_request(request, caller, policy);
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  const auto head = parts_.licences.head(change.key);
  if (!head.ok()) return no(head.error());
  licences::name_licence(facts, parts_.directory, *head);
  const auto* type = policy.find_type(head->type, today);
  if (type == nullptr) return no(Error(Reason::kTypeUnknown));
  const access::Question question{access::Operation::kPullLicences,
                                  caller,
                                  request.purpose.matter,
                                  head->type,
                                  type->fields,
                                  {},
                                  today};
  auto admitted = parts_.gate.admit(question, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    take_decision(facts, refusal->decision);
    return no(Error(explained(*refusal->decision, question, policy)));
  }
  auto& admission = std::get<access::Admission>(admitted);
  take_decision(facts, admission.decision);
  if (admission.decision->fields.empty()) return no(Error(Reason::kRuleField));
  const auto status = LH_TRY(parts_.licences.status(*head, now, UtcTime::max())).status;
  licences::say_personal(facts, head->licence_id + "\n" + request.purpose.cause);
  // The same for all versions of a licence, and of use to this organisation only.
  Bytes name(caller.organisation.text());
  name += view(head->key.value);
  const std::string record = to_hex(view(parts_.directory.tag_of("shared_licence", name)));
  const ShareFrame frame{frame_of(change, *head, record, status),
                         withheld_json(*admission.decision)};
  auto shown =
      parts_.licences.present(*head, head->version, admission.decision->fields, admission.permit);
  if (!shown.ok()) return no(shown.error());
  auto answer = std::move(*shown).map(
      [](licences::Presented&& p, const ShareFrame& f) { return share_answer(p, f); }, frame);
  return access::Prepared(LH_TRY(licences::make_act({parts_.entries, parts_.random, now, raw},
                                                    std::move(facts), {}, std::move(answer))));
}

}  // namespace lh::hub::exchange
