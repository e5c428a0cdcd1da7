#include "hub/exchange/cases/case_opening.h"

#include <algorithm>

#include "hub/exchange/acts/case_people.h"
#include "hub/exchange/cases/case_feed.h"
#include "hub/exchange/rights/entrustments.h"

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

// An agent 代办人 whom the applicant entrusted. Before anybody is registered: whom the hub does not
// know has been entrusted by nobody.
Status check_agent(const ExchangeParts& parts, const schemas::CaseRequest& request, UtcTime now) {
  for (const auto& [role, id] : request.related) {
    if (role != "agent") continue;
    const auto principal = LH_TRY(parts.directory.find(request.applicant));
    const auto agent = LH_TRY(parts.directory.find(id));
    if (!principal || !agent) return Error(Reason::kEntrustmentInvalid);
    LH_TRY(check_entrustment(parts.licences.store(),
                             {principal->no, agent->no, request.matter, AgentAct::kOpenCase}, now));
  }
  return ok_status();
}

}  // namespace

Result<Opened> take_case(const ExchangeParts& parts, const schemas::CaseRequest& request,
                         const access::Caller& caller, UtcTime now) {
  Opened out;
  const Tag tag = case_number_tag(parts.directory, caller.organisation, request.case_number);
  LH_TRY(check_feed(
      parts.licences.store(),
      {caller, tag, request.matter, feed_applicant_tag(parts.directory, request.applicant)}));
  LH_TRY(check_agent(parts, request, now));
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
