// GET /v1/divisions/{code}?at=DATE: the dated table of divisions. Open data among departments: a
// read of it names nobody and is not an entry.
#include "hub/api/routes/routes.h"
#include "schemas/division_table.h"

namespace lh::hub::api::routes {
namespace {

using schemas::DivisionTable;
using schemas::Json;

Result<LocalDate> day_of(const std::string& query, LocalDate today) {
  if (query.empty()) return today;
  if (!query.starts_with("at=")) return Error(Reason::kDateFormat, "at");
  return parse_date(std::string_view(query).substr(3));
}

Json answer(const DivisionTable::Entry& entry, const std::vector<DivisionTable::Entry>& parents,
            LocalDate at) {
  Json j = Json::object();
  j.set("code", entry.code);
  j.set("name", entry.name);
  j.set("from", entry.from.text());
  j.set("until", entry.until ? Json(entry.until->text()) : Json());
  j.set("state", entry.until && *entry.until < at ? "ended" : "current");
  j.set("successor", entry.successor.empty() ? Json() : Json(entry.successor));
  Json above = Json::array();
  for (const auto& parent : parents) {
    Json one = Json::object();
    one.set("code", parent.code);
    one.set("name", parent.name);
    above.push(std::move(one));
  }
  j.set("parents", std::move(above));
  return j;
}

Result<std::string> show(const Call& call, LocalDate today) {
  const auto division = LH_TRY(parse_division(call.params.at(0)));
  const LocalDate at = LH_TRY(day_of(call.request.query, today));
  const auto& table = DivisionTable::shipped();
  const auto entry = table.find(division, at);
  if (!entry) return Error(Reason::kDivisionUnknown);
  return schemas::to_text(answer(*entry, table.parents(division, at), at));
}

}  // namespace

void add_divisions(Router& router, const Procedure& p) {
  router.add({Method::kGet, "/v1/divisions/{code}", Offered::kDepartments, 0,
              [&p](CallPtr call) -> Outcome {
                const Services& s = p.services();
                const auto caller = p.identify(call->request.certificate);
                if (!caller.ok()) return p.refuse(std::move(call), caller.error());
                auto text = show(*call, local_date(s.clock.now()));
                if (!text.ok()) return p.refuse(std::move(call), text.error());
                return json_response(200, std::move(*text));
              }});
}

}  // namespace lh::hub::api::routes
