// `fsck` and `verify` with a store.
#include "hub/app/operations/operations.h"
#include "hub/api/procedure.h"
#include "hub/ledger/fsck.h"

namespace lh::hub::app::operations {

using schemas::ObjectReader;

Result<Json> check_store(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  LH_TRY(LH_TRY(ObjectReader::open(arguments, "fsck")).finish());
  LH_TRY(hub.record(facts_of(context, schemas::AuditEvent::kMaintenance)));
  const auto reader = audit::make_entry_reader();
  const auto report = LH_TRY(ledger::fsck(
      hub.store(), hub.dir().checkpoint(), {hub.log_key()}, *reader,
      [&](std::uint64_t done, std::uint64_t of) {
        Json p = Json::object();
        p.set("done", done);
        p.set("of", of);
        context.progress(p);
      }));
  Json findings = Json::array();
  for (const auto& finding : report.findings) {
    Json f = Json::object();
    f.set("reason", reason_id(finding.reason));
    f.set("where", finding.where);
    findings.push(std::move(f));
  }
  Json j = Json::object();
  j.set("clean", report.findings.empty());
  j.set("entries", report.entries);
  j.set("rows", report.rows);
  j.set("findings", std::move(findings));
  return j;
}

// The same act as POST /v1/verify without an account: committed, then shown.
Result<Json> verify_document(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  const auto request = LH_TRY(licences::verify_request_from_json(arguments));
  auto prepared = LH_TRY(hub.office().verify(request, schemas::to_text(arguments), std::nullopt,
                                             *hub.catalogue().policy()));
  if (auto* refused = std::get_if<access::Refused>(&prepared)) return refused->error;
  auto& act = std::get<access::Act>(prepared);
  auto recorded = LH_TRY(hub.ledger().commit(std::move(act.change)));
  const std::string text = api::with_receipt(std::move(act.answer).open(recorded.front()),
                                             hub.log_key().name, recorded.front());
  return schemas::parse_json(text, 64U << 20U);
}

}  // namespace lh::hub::app::operations
