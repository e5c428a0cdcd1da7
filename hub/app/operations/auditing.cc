// The log from the command line. Searching and exporting are entries before anything is shown.
#include "hub/api/routes/audit_page.h"
#include "hub/app/operations/operations.h"
#include "hub/audit/export.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

Result<std::uint64_t> index_of(const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "prove"));
  const auto index = LH_TRY(reader.integer("index"));
  LH_TRY(reader.finish());
  if (index < 0) return Error(Reason::kAuditIndex);
  return static_cast<std::uint64_t>(index);
}

}  // namespace

Result<Json> search_audit(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  const auto query = LH_TRY(api::routes::audit_query_from_json(arguments, hub.services()));
  auto facts = facts_of(context, schemas::AuditEvent::kAuditSearched);
  facts.object = "command";
  LH_TRY(hub.record(std::move(facts)));
  audit::SearchPage page;
  page.tree_size = hub.ledger().state().size;
  if (!query.nothing) page = LH_TRY(audit::search(hub.ledger(), query.search));
  const auto text = LH_TRY(api::routes::page_json(page, hub.services(), query.with_proofs));
  return schemas::parse_json(text, 64U << 20U);
}

Result<Json> export_audit(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "export"));
  const auto out = LH_TRY(reader.string("out", 4096));
  LH_TRY(reader.finish());
  auto facts = facts_of(context, schemas::AuditEvent::kAuditExported);
  LH_TRY(hub.record(std::move(facts)));
  const auto report = LH_TRY(audit::export_log(hub.ledger(), hub.log_key(), out,
                                               [&](std::uint64_t done, std::uint64_t of) {
                                                 Json p = Json::object();
                                                 p.set("done", done);
                                                 p.set("of", of);
                                                 context.progress(p);
                                               }));
  Json j = Json::object();
  j.set("out", out);
  j.set("log", hub.log_key().name);
  j.set("entries", report.entries);
  j.set("tiles", report.tiles);
  return j;
}

Result<Json> prove_entry(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  const std::uint64_t index = LH_TRY(index_of(arguments));
  auto facts = facts_of(context, schemas::AuditEvent::kAuditSearched);
  facts.object = "prove";
  LH_TRY(hub.record(std::move(facts)));
  Json j = Json::object();
  j.set("log", hub.log_key().name);
  j.set("index", index);
  j.set("entry", to_base64(LH_TRY(hub.ledger().entry(index))));
  j.set("proof", LH_TRY(hub.ledger().proof_text(index)));
  return j;
}

}  // namespace lh::hub::app::operations
