// POST /v1/bundles/{code}/cases as a value.
#include <algorithm>

#include "hub/exchange/bundles/joint_desk.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::ObjectReader;

constexpr std::size_t kMostCases = 16;

}  // namespace

Result<JointRequest> joint_request_from_json(const schemas::Json& j, std::string bundle) {
  auto r = LH_TRY(ObjectReader::open(j, "bundle_case"));
  JointRequest out;
  out.bundle = std::move(bundle);
  out.number = LH_TRY(schemas::read_line(r, "joint_number", 64));
  const auto& cases = *LH_TRY(r.array("case_numbers"))->items();
  if (cases.empty() || cases.size() > kMostCases) {
    return Error(Reason::kJsonValue, r.path("case_numbers") + ": 1..16");
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto one =
        LH_TRY(ObjectReader::open(cases[i], r.path("case_numbers[" + std::to_string(i) + "]")));
    auto matter = LH_TRY(schemas::read_line(one, "matter", 36));
    auto number = LH_TRY(schemas::read_line(one, "case_number", 64));
    LH_TRY(one.finish());
    const auto twice = [&](const auto& c) { return c.first == matter || c.second == number; };
    if (std::any_of(out.cases.begin(), out.cases.end(), twice)) {
      return Error(Reason::kJsonValue, r.path("case_numbers") + ": a matter or number twice");
    }
    out.cases.emplace_back(std::move(matter), std::move(number));
  }
  schemas::CaseRequest people;
  out.applicant =
      LH_TRY(schemas::subject_id_from_json(*LH_TRY(r.object("applicant")), r.path("applicant")));
  LH_TRY(schemas::read_related(r, people));
  out.related = std::move(people.related);
  out.region = LH_TRY(schemas::read_division(r, "region"));
  out.officer =
      LH_TRY(schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  LH_TRY(r.finish());
  return out;
}

}  // namespace lh::hub::exchange
