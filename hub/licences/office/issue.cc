// Issuing: a request checked against its type becomes a signed, numbered, stored version.
#include <algorithm>

#include "base/limits.h"
#include "hub/licences/office/answers.h"
#include "hub/licences/office/desk.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/rows/status_rules.h"

namespace lh::hub::licences {
namespace {

using schemas::ChangeKind;

Status check_dates(const schemas::LicenceType& type, LocalDate from,
                   const std::optional<LocalDate>& until) {
  if (until && *until < from) return Error(Reason::kLicenceDates, "valid_until before valid_from");
  if (!type.validity_years) return ok_status();
  if (!until) return Error(Reason::kLicenceDates, "this type always ends");
  // N years from the first day: the last day is the one before its N-th return; 29 February returns
  // as 1 March in a common year.
  const int year = from.year() + *type.validity_years;
  const auto same_day = LocalDate::make(year, from.month(), from.day());
  const LocalDate end = same_day.ok() ? *same_day : LH_TRY(LocalDate::make(year, 3, 1));
  if (*until >= end) return Error(Reason::kLicenceDates, "longer than the type allows");
  return ok_status();
}

// What may follow on what: a licence that has ended, or is suspended, has no next version.
Status check_succession(const LicenceHead& previous, ChangeKind change, UtcTime now) {
  const bool ended = std::any_of(previous.facts.begin(), previous.facts.end(),
                                 [](const HeadFact& f) { return rows::is_end(f.kind); });
  const auto answer = rows::evaluate(previous.versions, previous.facts, previous.version, now);
  const bool suspended = answer.status == schemas::LicenceStatus::kSuspended;
  const bool expired = answer.status == schemas::LicenceStatus::kExpired;
  if (ended || suspended ||
      (expired && change != ChangeKind::kRenewal && change != ChangeKind::kCorrection)) {
    return Error(Reason::kLicenceTransition, std::string(schemas::status_text(answer.status)));
  }
  return ok_status();
}

Status check_same_holders(const LicenceHead& previous, const std::vector<schemas::Holder>& holders,
                          const subjects::SubjectDirectory& directory) {
  std::vector<SubjectNo> named;
  for (const auto& h : holders) {
    const auto key = LH_TRY(directory.find(h.id));
    if (!key) return Error(Reason::kLicenceHolder, "holders change by transfer only");
    named.push_back(key->no);
  }
  std::vector<SubjectNo> before;
  for (const SubjectNo no : previous.holders) {  // as they are called now
    const auto key = directory.get(no);
    before.push_back(key.ok() ? LH_TRY(directory.survivor(*key)).no : no);
  }
  std::sort(named.begin(), named.end());
  std::sort(before.begin(), before.end());
  if (named != before) return Error(Reason::kLicenceHolder, "holders change by transfer only");
  return ok_status();
}

// Valid from its first day on; status actions may follow. The next version of a licence that runs
// needs no fact of its own; one that had lapsed runs again.
void add_activation(VersionDraft& v) {
  UtcTime effective = start_of_day(*v.valid_from);
  if (v.previous && !v.previous->facts.empty()) {
    const HeadFact& last = v.previous->facts.back();
    if (last.kind != FactKind::kLapsed) return;
    effective = std::max(effective, last.effective);
  }
  v.facts.push_back({FactKind::kActivate, effective, {}});
}

std::vector<schemas::Holder> copied(const std::vector<schemas::Holder>& holders) {
  std::vector<schemas::Holder> out;
  for (const auto& h : holders) out.push_back(h);
  return out;
}

std::string personal_line(const VersionDraft& draft, const std::string& licence_id) {
  std::string out = licence_id;
  for (const auto& h : draft.holders) out += "\n" + h.name.reveal();
  return out;
}

}  // namespace

LicenceOffice::LicenceOffice(const OfficeParts& parts)
    : parts_(parts), desk_(std::make_shared<Desk>(parts)) {}

Result<LicenceHead> LicenceOffice::find_superseded(const schemas::IssueRequest& request) const {
  const auto number = LH_TRY(parts_.licences.find_number(*request.supersedes));
  if (!number) return Error(Reason::kLicenceUnknown, "supersedes");
  LicenceHead head = LH_TRY(parts_.licences.head(number->key));
  if (head.issuer != request.issuer) return Error(Reason::kLicenceIssuer);
  if (head.type != request.type.text()) return Error(Reason::kLicenceField, "type");
  if (number->version != head.version) return Error(Reason::kLicenceSuperseded);
  LH_TRY(check_succession(head, request.change, parts_.clock.now()));
  if (request.change != ChangeKind::kTransfer) {
    LH_TRY(check_same_holders(head, request.holders, parts_.directory));
  }
  return head;
}

Result<LicenceOffice::IssueDraft> LicenceOffice::check_issue(const schemas::IssueRequest& request,
                                                             const access::Caller& caller,
                                                             const access::Policy& policy) const {
  const LocalDate today = local_date(parts_.clock.now());
  if (request.issuer != caller.organisation) return Error(Reason::kLicenceIssuer);
  IssueDraft out;
  VersionDraft& v = out.version;
  v.type = policy.find_type(request.type.text(), today);
  if (v.type == nullptr) return Error(Reason::kTypeUnknown);
  if (v.type->merged_into && v.type->merged_into->from <= today) {  // 多证合一
    return Error(Reason::kTypeMerged, v.type->merged_into->type.text());
  }
  if (!request.matter.empty() && policy.find_matter(request.matter, today) == nullptr) {
    return Error(Reason::kMatterUnknown);
  }
  v.fields = LH_TRY(schemas::check_fields(v.type->fields, request.fields));
  LH_TRY(check_holders(*v.type, request.holders, v.fields, LocalHolders::kRefuse));
  v.valid_from = request.valid_from.value_or(today);
  v.valid_until = request.valid_until;
  LH_TRY(check_dates(*v.type, *v.valid_from, v.valid_until));
  if (request.supersedes.has_value() != (request.change != ChangeKind::kNew)) {
    return Error(Reason::kJsonValue, "change goes with supersedes");
  }
  if (request.supersedes) v.previous = LH_TRY(find_superseded(request));
  v.signer = parts_.signers.find(request.issuer);
  if (v.signer == nullptr) return Error(Reason::kKeyMissing, "signing key of the issuer");
  v.holders = copied(request.holders);
  v.change = request.change;
  v.division = request.division.empty() ? caller.division : request.division;
  add_activation(v);
  return out;
}

Result<access::Act> LicenceOffice::make_issue(IssueDraft draft, const Permit& permit,
                                              audit::EntryFacts facts, ByteView raw) {
  const UtcTime now = parts_.clock.now();
  MadeVersion made = LH_TRY(desk_->make(draft.version, now));
  facts.object = made.head.type;
  facts.licence = parts_.directory.tag_of("licence", view(made.head.key.value));
  facts.licence_key = made.head.key;
  facts.subjects = made.holders;
  say_personal(facts, personal_line(draft.version, made.head.licence_id));
  const auto status =
      rows::evaluate(made.head.versions, made.head.facts, made.head.version, now).status;
  IssueAnswer answer{made.head.key.text(), made.head.licence_id, made.head.version, status,
                     qr_payload(made.head)};
  Undisclosed<Document> document(permit, std::move(made.document));
  auto text = std::move(document).map(
      [](Document&& d, const IssueAnswer& a) { return issue_answer(a, d.text()); }, answer);
  ledger::Change change;
  change.rows = std::move(made.rows);
  change.preconditions = std::move(made.preconditions);
  if (parts_.outbox) {
    const UtcTime first_day = start_of_day(*draft.version.valid_from);
    auto told = parts_.outbox({made.head.key, made.head.type, made.head.version, "issued", now,
                               std::max(now, first_day)});
    for (auto& row : told) change.rows.push_back(std::move(row));
  }
  access::Act act = LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts),
                                    std::move(change), std::move(text)));
  act.http_status = 201;
  act.recipe = issue_recipe(made.head.key, made.head.version);
  return act;
}

Result<access::Prepared> LicenceOffice::issue(const schemas::IssueRequest& request, ByteView raw,
                                              const access::Caller& caller,
                                              const access::Policy& policy) {
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kLicenceIssued, caller, policy);
  name_officer(facts, parts_.directory, request.officer);
  facts.matter = request.matter;
  facts.object = request.type.text();
  facts.box_a.case_number = request.case_number;
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kIssue, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(no->decision->reason), std::move(facts)));
  }
  auto draft = check_issue(request, caller, policy);
  if (!draft.ok()) return access::Prepared(refuse(draft.error(), std::move(facts)));
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  auto act = make_issue(std::move(*draft), permit, facts, raw);
  if (!act.ok()) return access::Prepared(refuse(act.error(), std::move(facts)));
  return access::Prepared(std::move(*act));
}

}  // namespace lh::hub::licences
