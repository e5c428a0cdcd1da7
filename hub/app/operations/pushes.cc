// What sources are to be told, for the operator: what waits, what was given up, and once more.
#include "hub/app/calls/pushes.h"
#include "hub/app/operations/operations.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

constexpr std::size_t kShown = 100;  // of each state

Result<std::string> known_name(Hub& hub, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter"));
  auto name = LH_TRY(reader.string("name", 200));
  LH_TRY(reader.finish());
  if (!LH_TRY(ingest::find_adapter(hub.store(), name))) return Error(Reason::kAdapterUnknown, name);
  return name;
}

}  // namespace

Result<Json> list_pushes(Context& context, const Json& arguments) {
  const auto name = LH_TRY(known_name(context.hub, arguments));
  Json j = LH_TRY(calls::pushes_json(context.hub.store(), name, kShown));
  j.set("name", name);
  return j;
}

Result<Json> retry_pushes(Context& context, const Json& arguments) {
  const auto name = LH_TRY(known_name(context.hub, arguments));
  auto facts = facts_of(context, schemas::AuditEvent::kMaintenance);
  facts.object = "adapter.retry";
  facts.purpose = name;
  const auto count = LH_TRY(context.hub.pushes().retry(name, std::move(facts)));
  Json j = Json::object();
  j.set("name", name).set("retried", count);
  return j;
}

}  // namespace lh::hub::app::operations
