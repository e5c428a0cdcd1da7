// Sets of definitions: imported as drafts, published together, or compared with the catalogue of an
// upper level.
#include "base/limits.h"
#include "hub/access/definitions/align.h"
#include "hub/access/definitions/import.h"
#include "hub/api/routes/catalogue/catalogue_acts.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::api::routes {
namespace {

using schemas::AuditEvent;

// One change of the ledger takes a quarter of a batch.
constexpr std::size_t kRowsBytes = limits::kBatchBytes / 4 - 16U * 1024;

Status check_size(const access::CatalogueRows& rows) {
  std::size_t bytes = 0;
  for (const auto& row : rows.rows) {
    bytes += row.key.size() + (row.payload ? row.payload->size() : 0);
  }
  if (bytes <= kRowsBytes) return ok_status();
  return Error(Reason::kInputTooLarge,
               "more than one change takes; in parts, or licencehub catalogue import");
}

Prepared import(const Procedure& p, const Call& c, const access::Caller& caller,
                const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(administers(caller));
  const auto request = LH_TRY(access::import_request_from_json(LH_TRY(json_body(c))));
  const auto open = LH_TRY(s.catalogue.drafts(access::kAllDrafts));
  const auto report = LH_TRY(access::plan_import(request, policy, open));
  CatalogueAct a;
  a.event = AuditEvent::kCatalogueImported;
  a.object = request.source;
  a.purpose = request.mode == access::ImportMode::kDryRun ? "dry run" : "drafts";
  a.answer = access::import_report_to_json(report);
  if (request.mode == access::ImportMode::kDraft) {
    a.rows.rows = access::import_rows(report, caller.system.text(), s.clock.now(), s.random);
    LH_TRY(check_size(a.rows));
    a.count = a.rows.rows.size();
  }
  return access::Prepared(LH_TRY(act_of(s, c, caller, policy, std::move(a))));
}

Prepared align(const Procedure& p, const Call& c, const access::Caller& caller,
               const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(administers(caller));
  const auto upper = LH_TRY(access::upper_catalogue_from_json(LH_TRY(json_body(c))));
  const auto report = access::align(upper, policy, local_date(s.clock.now()));
  CatalogueAct a;
  a.event = AuditEvent::kCatalogueCompared;
  a.object = upper.source;
  a.purpose = report.aligned() ? "aligned" : "not aligned";
  a.count = report.rows.size();
  a.answer = access::alignment_to_json(report);
  return access::Prepared(LH_TRY(act_of(s, c, caller, policy, std::move(a))));
}

// {change_ids[]}: those of an import, put into force together.
Prepared approve(const Procedure& p, const Call& c, const access::Caller& caller,
                 const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(looks_after_changes(caller));
  const auto body = LH_TRY(json_body(c));
  auto r = LH_TRY(schemas::ObjectReader::open(body, "approval"));
  const auto texts =
      LH_TRY(schemas::read_lines(r, "change_ids", {access::Catalogue::kMostTogether, 64}));
  LH_TRY(r.finish());
  std::vector<ChangeId> ids;
  for (const auto& text : texts) {
    const auto id = ChangeId::parse(text);
    if (!id.ok()) return Error(Reason::kChangeUnknown);
    const auto draft = LH_TRY(s.catalogue.find_draft(*id));
    if (draft) LH_TRY(decides_on(caller, draft->kind));
    ids.push_back(*id);
  }
  CatalogueAct a;
  a.event = AuditEvent::kCatalogueActivated;
  a.rows = LH_TRY(s.catalogue.approve(ids, {caller.system.text(), s.clock.now()}));
  LH_TRY(check_size(a.rows));
  a.count = ids.size();
  a.object = ids.front().text();
  for (std::size_t i = 1; i < ids.size(); ++i) a.further.push_back(ids[i].text());
  a.purpose = "together";
  a.answer = schemas::Json::object();
  a.answer.set("state", "active").set("published", std::uint64_t{ids.size()});
  auto act = LH_TRY(act_of(s, c, caller, policy, std::move(a)));
  act.committed = [&catalogue = s.catalogue] { return catalogue.load(); };
  return access::Prepared(std::move(act));
}

}  // namespace

void add_imports(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/catalogue/import", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop(each_time(p, import))});
  router.add({Method::kPost, "/v1/catalogue/approve", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop(each_time(p, approve))});
  router.add({Method::kPost, "/v1/catalogue/align", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop(each_time(p, align))});
}

}  // namespace lh::hub::api::routes
