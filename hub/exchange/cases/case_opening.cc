#include "hub/exchange/cases/case_opening.h"

#include <algorithm>

#include "hub/exchange/acts/case_people.h"

namespace lh::hub::exchange {
namespace {

Result<SubjectNo> take_subject(subjects::SubjectDirectory& directory, const SubjectId& id,
                               Opened& out) {
  auto registration = LH_TRY(directory.find_or_register(id));
  const auto same = [&registration](const auto& k) { return k.no == registration.key.no; };
  if (std::any_of(out.people.begin(), out.people.end(), same)) return registration.key.no;
  out.people.push_back(registration.key);
  for (auto& row : registration.rows) out.change.rows.push_back(std::move(row));
  for (auto& p : registration.preconditions) out.change.preconditions.push_back(std::move(p));
  return registration.key.no;
}

// The case keeps by what its people can be asked for elsewhere.
void keep_people(const ExchangeParts& parts, const schemas::CaseRequest& request, Opened& out) {
  const auto keep = [&parts, &out](SubjectNo no, const SubjectId& id) {
    const auto known = std::find_if(out.named.begin(), out.named.end(),
                                    [no](const auto& n) { return n.first == no; });
    if (known != out.named.end()) return;
    out.named.emplace_back(no, id.scheme);
    const auto key = std::find_if(out.people.begin(), out.people.end(),
                                  [no](const auto& k) { return k.no == no; });
    out.change.rows.push_back(person_row(parts.directory, out.record.id, *key, id));
  };
  keep(out.record.applicant, request.applicant);
  std::size_t i = 0;
  for (const auto& [role, id] : request.related) keep(out.record.related[i++].second, id);
}

// Whether the subject became that one by merges. An erased one is nobody's.
Result<bool> is_one_with(const subjects::SubjectDirectory& directory, SubjectNo no,
                         const subjects::SubjectKey& survivor) {
  if (!survivor.has(subjects::SubjectMark::kTies)) return false;
  const auto family = LH_TRY(directory.family(survivor));
  return std::any_of(family.begin(), family.end(), [no](const auto& k) { return k.no == no; });
}

}  // namespace

Result<Opened> take_case(const ExchangeParts& parts, const schemas::CaseRequest& request,
                         const access::Caller& caller, UtcTime now) {
  Opened out;
  const Tag tag = case_number_tag(parts.directory, caller.organisation, request.case_number);
  CaseRecord fresh;
  fresh.organisation = caller.organisation;
  fresh.matter = request.matter;
  fresh.number_tag = to_hex(view(tag));
  fresh.region = request.region;
  fresh.opened = now;
  fresh.applicant = LH_TRY(take_subject(parts.directory, request.applicant, out));
  for (const auto& [role, id] : request.related) {
    fresh.related.emplace_back(role, LH_TRY(take_subject(parts.directory, id, out)));
  }
  const auto known = LH_TRY(find_case_by_number(parts.licences.store(), tag));
  out.fresh = !known.has_value();
  if (!known) {
    fresh.id = CaseId{parts.random.array<16>()};
    out.record = std::move(fresh);
    write_case(out.record, out.change);
    keep_people(parts, request, out);
    return out;
  }
  // Merged since: the case stays that of its own applicant.
  const bool same = known->applicant == fresh.applicant ||
                    LH_TRY(is_one_with(parts.directory, known->applicant, out.people.front()));
  if (!same || known->matter != fresh.matter) return Error(Reason::kCaseConflict);
  out.record = *known;
  if (!fresh.related.empty() && fresh.related != known->related) {
    out.record.related = std::move(fresh.related);
    write_case(out.record, out.change);
    keep_people(parts, request, out);
  }
  return out;
}

}  // namespace lh::hub::exchange
