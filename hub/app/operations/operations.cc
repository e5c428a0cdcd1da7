#include "hub/app/operations/operations.h"

namespace lh::hub::app::operations {
namespace {

struct Named {
  std::string_view name;
  Operation operation;
};
constexpr Named kOperations[] = {
    {"department.add", add_organisation},
    {"department.list", list_organisations},
    {"department.state", set_organisation_state},
    {"department.case_feed", set_case_feed},
    {"certificate.issue", issue_certificate},
    {"certificate.revoke", revoke_certificate},
    {"certificate.list", list_certificates},
    {"certificate.renew", renew_own_certificates},
    {"catalogue.import", import_catalogue},
    {"catalogue.align", align_catalogue},
    {"load", load},
    {"quarantine.list", list_quarantine},
    {"quarantine.show", show_quarantined},
    {"quarantine.repair", repair_quarantined},
    {"quarantine.discard", discard_quarantined},
    {"quarantine.replay", replay_quarantine},
    {"adapter.new", propose_adapter},
    {"adapter.try", try_adapter},
    {"adapter.test", test_adapter},
    {"adapter.enable", enable_adapter},
    {"adapter.disable", disable_adapter},
    {"adapter.list", list_adapters},
    {"adapter.run", run_named_adapter},
    {"adapter.diff", diff_adapter},
    {"adapter.reconcile", reconcile_named_adapter},
    {"adapter.record", record_adapter},
    {"adapter.replay", replay_adapter},
    {"adapter.secret", keep_adapter_secret},
    {"adapter.pushes", list_pushes},
    {"adapter.retry", retry_pushes},
    {"audit.search", search_audit},
    {"audit.export", export_audit},
    {"audit.prove", prove_entry},
    {"policy.explain", explain_policy},
    {"policy.what_if", try_rule},
    {"policy.replay", replay_decision},
    {"verify", verify_document},
    {"fsck", check_store},
    {"clock.confirm", confirm_clock},
};

}  // namespace

Operation find_operation(std::string_view name) {
  for (const auto& known : kOperations) {
    if (known.name == name) return known.operation;
  }
  return nullptr;
}

audit::EntryFacts facts_of(const Context& context, schemas::AuditEvent event) {
  audit::EntryFacts facts;
  facts.event = event;
  facts.organisation = "hub";
  facts.officer = context.hub.directory().tag_of("officer", "hub" + context.operator_id);
  facts.box_a.officer_id = context.operator_id;
  return facts;
}

Result<Json> confirm_clock(Context& context, const Json& /*arguments*/) {
  LH_TRY(context.hub.ledger().confirm_clock());
  auto facts = facts_of(context, schemas::AuditEvent::kMaintenance);
  facts.object = "clock.confirm";
  const auto recorded = LH_TRY(context.hub.record(std::move(facts)));
  Json j = Json::object();
  j.set("confirmed", true);
  j.set("index", recorded.index());
  return j;
}

}  // namespace lh::hub::app::operations
