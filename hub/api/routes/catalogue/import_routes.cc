// Sets of definitions: imported as drafts, or compared with the catalogue of an upper level.
#include "base/limits.h"
#include "hub/access/definitions/align.h"
#include "hub/access/definitions/import.h"
#include "hub/api/routes/catalogue/catalogue_acts.h"

namespace lh::hub::api::routes {
namespace {

using schemas::AuditEvent;

// One change of the ledger takes a quarter of a batch.
constexpr std::size_t kRowsBytes = limits::kBatchBytes / 4 - 16U * 1024;

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
    std::size_t bytes = 0;
    for (const auto& row : a.rows.rows) bytes += row.key.size() + row.payload->size();
    if (bytes > kRowsBytes) {
      return Error(Reason::kInputTooLarge,
                   "more drafts than one change takes; in parts, or licencehub catalogue import");
    }
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

}  // namespace

void add_imports(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/catalogue/import", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop(each_time(p, import))});
  router.add({Method::kPost, "/v1/catalogue/align", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop(each_time(p, align))});
}

}  // namespace lh::hub::api::routes
