// Sets of definitions from a file: imported as drafts, or compared with an upper level's catalogue.
// What is published is still approved over HTTP by a second administrator.
#include "base/limits.h"
#include "hub/access/definitions/align.h"
#include "hub/access/definitions/import.h"
#include "hub/app/operations/operations.h"

namespace lh::hub::app::operations {
namespace {

constexpr std::size_t kPartBytes = limits::kBatchBytes / 8;  // one change takes a quarter

// All parts but the last are entries of drafts; the last one tells of the import as a whole. When
// the hub ends in between, the same import again drafts only what is not there yet.
Result<std::uint64_t> record_in_parts(Context& context, audit::EntryFacts whole,
                                      std::vector<ledger::RowWrite> rows) {
  std::vector<ledger::RowWrite> part;
  std::size_t bytes = 0;
  for (auto& row : rows) {
    const std::size_t size = row.key.size() + row.payload->size();
    if (bytes + size > kPartBytes && !part.empty()) {
      auto facts = facts_of(context, schemas::AuditEvent::kCatalogueDrafted);
      facts.object = whole.object;
      facts.count = part.size();
      LH_TRY(context.hub.record(std::move(facts), std::move(part)));
      part.clear();
      bytes = 0;
    }
    bytes += size;
    part.push_back(std::move(row));
  }
  return LH_TRY(context.hub.record(std::move(whole), std::move(part))).index();
}

}  // namespace

Result<Json> import_catalogue(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  const auto request = LH_TRY(access::import_request_from_json(arguments));
  const auto open = LH_TRY(hub.catalogue().drafts(access::kAllDrafts));
  const auto report = LH_TRY(access::plan_import(request, *hub.catalogue().policy(), open));
  const bool dry = request.mode == access::ImportMode::kDryRun;
  auto rows =
      dry ? std::vector<ledger::RowWrite>()
          : access::import_rows(report, context.operator_id, hub.clock().now(), hub.random());
  auto facts = facts_of(context, schemas::AuditEvent::kCatalogueImported);
  facts.object = request.source;
  facts.purpose = dry ? "dry run" : "drafts";
  facts.count = rows.size();
  Json j = access::import_report_to_json(report);
  j.set("drafted", std::uint64_t{rows.size()});
  j.set("index", LH_TRY(record_in_parts(context, std::move(facts), std::move(rows))));
  return j;
}

Result<Json> align_catalogue(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  const auto upper = LH_TRY(access::upper_catalogue_from_json(arguments));
  const auto report =
      access::align(upper, *hub.catalogue().policy(), local_date(hub.clock().now()));
  auto facts = facts_of(context, schemas::AuditEvent::kCatalogueCompared);
  facts.object = upper.source;
  facts.purpose = report.aligned() ? "aligned" : "not aligned";
  facts.count = report.rows.size();
  const auto recorded = LH_TRY(hub.record(std::move(facts)));
  Json j = access::alignment_to_json(report);
  j.set("index", recorded.index());
  return j;
}

}  // namespace lh::hub::app::operations
