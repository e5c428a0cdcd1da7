// The same answer again (Idempotency-Key): a replay passes the gate again and is an entry of its
// own.
#include "hub/licences/office/answers.h"
#include "hub/licences/office/desk.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/rows/status_rules.h"

namespace lh::hub::licences {
namespace {

// The document is read anew, never kept with the recipe; status as it was when it was issued.
Result<Undisclosed<std::string>> issued_again(const LicenceOffice& office, const OfficeParts& parts,
                                              const LicenceHead& head, int version,
                                              const Permit& permit) {
  const VersionEntry* entry = find_version(head, version);
  if (entry == nullptr) return Error(Reason::kLicenceUnknown, "version");
  const UtcTime then = LH_TRY(parts.licences.entry_time(entry->index));
  const auto status = LH_TRY(parts.licences.status_of(head, version, then, then));
  const IssueAnswer answer{head.key.text(), entry->licence_id, version, status.status,
                           office.qr_payload(entry->licence_id)};
  auto stored = LH_TRY(parts.licences.version(head, version, permit));
  return std::move(stored).map(
      [](LicenceVersion&& v, const IssueAnswer& a) { return issue_answer(a, v.document.text()); },
      answer);
}

}  // namespace

Result<access::Prepared> LicenceOffice::replay(ByteView recipe, const access::Caller& caller,
                                               const access::Policy& policy) {
  const Recipe what = LH_TRY(parse_recipe(recipe));
  // An answer given again is a reading, not a second issue or action.
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kStatusQueried, caller, policy);
  facts.purpose = "replay";
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kIssue, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(refusal->decision->reason), std::move(facts)));
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const LicenceHead head = LH_TRY(parts_.licences.head(what.key));
  name_licence(facts, parts_.directory, head);
  if (head.issuer != caller.organisation) {
    return access::Prepared(refuse(Error(Reason::kLicenceIssuer), std::move(facts)));
  }
  say_personal(facts, head.licence_id);
  Undisclosed<std::string> answer =
      what.kind == RecipeKind::kText
          ? Undisclosed<std::string>(permit, what.text)
          : LH_TRY(issued_again(*this, parts_, head, what.version, permit));
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, parts_.clock.now(), recipe}, std::move(facts),
                      {}, std::move(answer))));
}

}  // namespace lh::hub::licences
