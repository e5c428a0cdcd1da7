#include "hub/exchange/cases/own_case.h"

#include <algorithm>

#include "hub/exchange/cases/case_feed.h"

namespace lh::hub::exchange {
namespace {

// Those whose keys were erased can no longer be named.
void name_people(const ExchangeParts& parts, const CaseRecord& record, audit::EntryFacts& facts) {
  std::vector<SubjectNo> people{record.applicant};
  for (const auto& [role, person] : record.related) people.push_back(person);
  for (const SubjectNo person : people) {
    auto key = parts.directory.get(person);
    const auto same = [person](const auto& k) { return k.no == person; };
    if (key.ok() && std::none_of(facts.subjects.begin(), facts.subjects.end(), same)) {
      facts.subjects.push_back(std::move(*key));
    }
  }
}

}  // namespace

Result<OwnCase> case_of_caller(const ExchangeParts& parts, const CaseId& id,
                               const access::Caller& caller, const access::Policy& policy,
                               audit::EntryFacts& facts) {
  auto admitted = parts.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return Error(refusal->decision->reason);
  }
  auto record = LH_TRY(find_case(parts.licences.store(), id));
  if (!record || record->organisation != caller.organisation) return Error(Reason::kCaseUnknown);
  facts.matter = record->matter;
  facts.case_tag = case_tag(parts.directory, id);
  const auto* matter = policy.find_matter(record->matter, local_date(parts.clock.now()));
  if (matter == nullptr) return Error(Reason::kMatterUnknown);
  name_people(parts, *record, facts);
  return OwnCase{std::move(*record), matter,
                 std::move(std::get<access::Admission>(admitted).permit)};
}

Result<OwnCase> open_own_case(const ExchangeParts& parts, const CaseId& id,
                              const access::Caller& caller, const access::Policy& policy,
                              audit::EntryFacts& facts) {
  auto own = LH_TRY(case_of_caller(parts, id, caller, policy, facts));
  const Tag number = LH_TRY(to_array<16>(LH_TRY(parse_hex(own.record.number_tag))));
  LH_TRY(check_feed(parts.licences.store(), {caller, number, own.record.matter}));
  return own;
}

}  // namespace lh::hub::exchange
