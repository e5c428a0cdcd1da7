// What an administrator can do with a hub, as values: the same operation runs in the command (when
// no hub is running on the directory) or in the running hub (through admin.sock). Every one is an
// entry.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "hub/app/hub.h"
#include "schemas/json.h"

namespace lh::hub::app::operations {

using schemas::Json;
using Progress = std::function<void(const Json&)>;

// Of a command that runs by itself: it ends with its process.
inline const std::atomic<bool> kGoOn = false;

struct Context {
  Hub& hub;
  std::string operator_id;  // "uid:1000": who runs the command
  Progress progress;
  const std::atomic<bool>& stop = kGoOn;  // the hub stops: long work ends behind its row
};
using Operation = Result<Json> (*)(Context&, const Json& arguments);

// Null for an unknown name.
Operation find_operation(std::string_view name);

// Organisations, systems, certificates.
Result<Json> add_organisation(Context& context, const Json& arguments);
Result<Json> list_organisations(Context& context, const Json& arguments);
Result<Json> set_organisation_state(Context& context, const Json& arguments);
Result<Json> set_case_feed(Context& context, const Json& arguments);
Result<Json> issue_certificate(Context& context, const Json& arguments);
Result<Json> revoke_certificate(Context& context, const Json& arguments);
Result<Json> list_certificates(Context& context, const Json& arguments);
Result<Json> renew_own_certificates(Context& context, const Json& arguments);
// The catalogue from files.
Result<Json> import_catalogue(Context& context, const Json& arguments);
Result<Json> align_catalogue(Context& context, const Json& arguments);
// Loads and their quarantine. What a load tells while it runs goes to the operator.
std::function<void(const ingest::LoadProgress&)> load_report(Context& context);
Result<Json> load(Context& context, const Json& arguments);
Result<Json> list_quarantine(Context& context, const Json& arguments);
Result<Json> show_quarantined(Context& context, const Json& arguments);
Result<Json> repair_quarantined(Context& context, const Json& arguments);
Result<Json> discard_quarantined(Context& context, const Json& arguments);
Result<Json> replay_quarantine(Context& context, const Json& arguments);
// Adapters: writing a mapping …
Result<Json> propose_adapter(Context& context, const Json& arguments);
Result<Json> try_adapter(Context& context, const Json& arguments);
Result<Json> test_adapter(Context& context, const Json& arguments);
// … and using it.
Result<Json> enable_adapter(Context& context, const Json& arguments);
Result<Json> disable_adapter(Context& context, const Json& arguments);
Result<Json> list_adapters(Context& context, const Json& arguments);
Result<Json> run_named_adapter(Context& context, const Json& arguments);
Result<Json> diff_adapter(Context& context, const Json& arguments);
Result<Json> reconcile_named_adapter(Context& context, const Json& arguments);
Result<Json> record_adapter(Context& context, const Json& arguments);
Result<Json> replay_adapter(Context& context, const Json& arguments);
Result<Json> keep_adapter_secret(Context& context, const Json& arguments);
// What sources are to be told: what waits, what was given up; the latter tried again.
Result<Json> list_pushes(Context& context, const Json& arguments);
Result<Json> retry_pushes(Context& context, const Json& arguments);
// The log.
Result<Json> search_audit(Context& context, const Json& arguments);
Result<Json> export_audit(Context& context, const Json& arguments);
Result<Json> prove_entry(Context& context, const Json& arguments);
// The policy explained, tried, replayed.
Result<Json> explain_policy(Context& context, const Json& arguments);
Result<Json> try_rule(Context& context, const Json& arguments);
Result<Json> replay_decision(Context& context, const Json& arguments);
// Documents, checks, clock.
Result<Json> verify_document(Context& context, const Json& arguments);
Result<Json> check_store(Context& context, const Json& arguments);
// The same without a hub: opens the store read-only, so that nothing is repaired or written, not
// even an entry; also reads every key file. Errors: key.*, store.* naming the file.
Result<Json> check_stopped_hub(const Config& config, const crypto::RootKey& root,
                               const Progress& progress);
Result<Json> confirm_clock(Context& context, const Json& arguments);

// Facts of an entry by this operator.
audit::EntryFacts facts_of(const Context& context, schemas::AuditEvent event);

}  // namespace lh::hub::app::operations
