#include "hub/app/runs/adapter_reconcile.h"

#include <filesystem>
#include <map>

#include "crypto/digest.h"
#include "crypto/jws.h"
#include "hub/app/hub_signer.h"
#include "hub/app/runs/guarded_source.h"
#include "hub/app/sources.h"
#include "hub/ingest/cursor.h"
#include "hub/ingest/reconcile/reconcile.h"

namespace lh::hub::app {
namespace {

using ingest::Difference;
using ingest::Reconciliation;
using schemas::Json;

constexpr std::size_t kUsccBytes = 18;

// A type of licence is coded under the department it belongs to; base data is its collector's.
std::string owner_of(const Difference& d, const Uscc& collector) {
  const bool licence = d.record == adapters::RecordKind::kLicence && d.object.size() > kUsccBytes;
  return licence ? d.object.substr(0, kUsccBytes) : collector.text();
}

Json difference_json(const Difference& d) {
  Json j = Json::object();
  j.set("class", ingest::difference_text(d.kind));
  j.set("record", d.record == adapters::RecordKind::kLicence ? "licence" : "base_data");
  j.set("object", d.object).set("reference", d.reference);
  if (d.row > 0) j.set("row", d.row);
  if (!d.key.empty()) j.set("key", d.key);
  if (!d.licence_id.empty()) j.set("licence_id", d.licence_id);
  if (!d.division.empty()) j.set("division", d.division);
  if (d.kind != ingest::DifferenceKind::kDiffers) return j;
  Json fields = Json::array();
  for (const auto& name : d.fields) fields.push(Json(name));
  return j.set("fields", std::move(fields));
}

Json counts_of(const Reconciliation& r) {
  Json j = Json::object();
  j.set("rows", r.rows).set("refused", r.refused).set("repeated", r.repeated);
  j.set("only_in_source", r.only_in_source).set("only_in_store", r.only_in_store);
  return j.set("differs", r.differs).set("same", r.same);
}

Json departments_json(const Reconciliation& r, const Uscc& collector) {
  std::map<std::string, Json> lists;
  for (const Difference& d : r.differences) {
    lists.try_emplace(owner_of(d, collector), Json::array()).first->second.push(difference_json(d));
  }
  Json out = Json::array();
  for (auto& [uscc, list] : lists) {
    Json j = Json::object();
    j.set("department", uscc).set("differences", std::move(list));
    out.push(std::move(j));
  }
  return out;
}

std::string report_text(Hub& hub, const ReconcileOrder& order, const Reconciliation& r,
                        UtcTime begun) {
  Json j = Json::object();
  j.set("report", "reconciliation").set("version", 1);
  j.set("hub", hub.config().name).set("log", hub.log_key().name);
  j.set("source", order.adapter.name).set("collector", order.adapter.collector.text());
  j.set("begun", time_text(begun)).set("ended", time_text(hub.clock().now()));
  j.set("iat", hub.clock().now().ms / 1000).set("entry", r.entry);
  j.set("counts", counts_of(r)).set("departments", departments_json(r, order.adapter.collector));
  j.set("not_listed", r.not_listed);
  return schemas::to_text(j);
}

// A name of a source may hold anything.
std::string file_name(const std::string& source, UtcTime at) {
  std::string out;
  for (const char c : source) {
    const bool plain = static_cast<unsigned char>(c) > 0x20 && c != '/' && c != 0x7F;
    out.push_back(plain && !(out.empty() && c == '.') ? c : '_');
  }
  std::string time = time_text(at);
  std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return out + "-" + time + ".jws";
}

Status copy_to(const std::string& path, const std::string& bytes) {
  if (path.empty()) return ok_status();
  return write_file(path, bytes, Audience::kOwner);
}

// The source as Kind::stock gives it, under the limits of its mapping; nobody runs it meanwhile.
class StockReader {
 public:
  StockReader(Hub& hub, const ReconcileOrder& order, const adapters::Mapping& mapping)
      : hub_(hub), order_(order), mapping_(mapping) {}

  Result<Reconciliation> compare() {
    const adapters::Kind* kind = LH_TRY(hub_.sources().kind_of(mapping_));
    const auto policy = hub_.catalogue().policy();
    std::optional<ingest::LastOfKey> last;
    if (kind->stock_of(mapping_.source) == adapters::Stock::kDeliveries) {
      const auto first = LH_TRY(open(*kind));  // closed again before the second is opened
      last.emplace(LH_TRY(ingest::find_last(parts(), input(*first, *policy))));
    }
    const auto source = LH_TRY(open(*kind));
    ingest::ReconcileInput in = input(*source, *policy);
    if (last) in.last = &*last;
    return ingest::reconcile(parts(), in);
  }

 private:
  const ingest::CollectionParts& parts() { return hub_.collection().parts(); }
  ingest::ReconcileInput input(adapters::Source& source, const access::Policy& policy) {
    return {request_, mapping_, source, policy, hub_.dir().path(), order_.report};
  }
  Result<std::unique_ptr<adapters::Source>> open(const adapters::Kind& kind) {
    const auto run = LH_TRY(ingest::find_cursor(hub_.store(), mapping_.name));
    const std::int64_t run_us = std::int64_t{mapping_.limits.run_seconds} * 1'000'000;
    auto opened = LH_TRY(adapters::stock_in_turn(
        kind, mapping_.source, order_.adapter.input, run ? run->cursor : adapters::Cursor{},
        {hub_.sources().turns_of(mapping_), hub_.clock().monotonic_us() + run_us,
         [&order = order_] { return order.stop.load(); }}));
    return std::unique_ptr<adapters::Source>(std::make_unique<GuardedSource>(
        std::move(opened), GuardedSource::Terms{mapping_.limits, {}}, order_.stop, hub_.clock()));
  }
  Hub& hub_;
  const ReconcileOrder& order_;
  const adapters::Mapping& mapping_;
  const ingest::LoadRequest request_{mapping_.name, order_.adapter.collector, order_.operator_id};
};

Result<Reconciliation> compare(Hub& hub, const ReconcileOrder& order) {
  const auto mapping = LH_TRY(hub.sources().parse(order.adapter.mapping));
  return StockReader(hub, order, mapping).compare();
}

// In the hub's own name, like its status lists.
Result<std::string> sign(Hub& hub, const std::string& payload) {
  const auto signer = LH_TRY(load_hub_signer(hub.dir(), hub.keys(), "reconciliation+jwt"));
  return crypto::sign_jws(signer.header, payload, signer.key);
}

struct Report {
  std::string file;
  std::string signed_text;
};

Result<Report> write_report(Hub& hub, const ReconcileOrder& order, const Reconciliation& r,
                            UtcTime begun) {
  const std::string folder = hub.dir().path() + "/reports";
  LH_TRY(make_dir(folder));
  Report out;
  out.file = folder + "/" + file_name(order.adapter.name, begun);
  out.signed_text = LH_TRY(sign(hub, report_text(hub, order, r, begun)));
  LH_TRY(write_file(out.file, out.signed_text + "\n", Audience::kOwner));
  LH_TRY(copy_to(order.out, out.signed_text + "\n"));
  return out;
}

// How it ended, with the digest of what was signed.
Result<std::uint64_t> announce(Hub& hub, const ReconcileOrder& order,
                               const ingest::LastReconcile& run) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kReconciled;
  facts.decision = run.reason.empty() ? audit::Decision::kAllow : audit::Decision::kError;
  facts.organisation = order.adapter.collector.text();
  facts.system = "hub";
  facts.purpose = order.adapter.name;
  facts.object = run.reason.empty() ? "report sha256:" + to_hex(view(run.digest)) : run.reason;
  facts.count = run.only_in_source + run.only_in_store + run.differs;
  facts.box_a.officer_id = order.operator_id;
  const auto recorded =
      LH_TRY(hub.record(std::move(facts), {ingest::last_reconcile_row(order.adapter.name, run)}));
  return recorded.index();
}

}  // namespace

Result<Json> reconcile_adapter(Hub& hub, const ReconcileOrder& order) {
  if (!order.out.empty() && std::filesystem::exists(order.out)) {
    return Error(Reason::kFileUnwritable, order.out + " is there");  // before the work, not after
  }
  const auto turn = LH_TRY(hub.sources().take_turn(order.adapter.name));
  const UtcTime begun = hub.clock().now();
  ingest::LastReconcile run;
  const auto failed = [&](const Error& error) -> Error {
    run.ended = hub.clock().now();
    run.reason = error.id();
    const auto noted = announce(hub, order, run);
    return noted.ok() ? error : noted.error();
  };
  const auto compared = compare(hub, order);
  if (!compared.ok()) return failed(compared.error());
  const auto report = write_report(hub, order, *compared, begun);
  if (!report.ok()) return failed(report.error());
  run.ended = hub.clock().now();
  run.file = report->file;
  run.digest = crypto::sha256(report->signed_text + "\n");
  run.only_in_source = compared->only_in_source;
  run.only_in_store = compared->only_in_store;
  run.differs = compared->differs;
  run.same = compared->same;
  const std::uint64_t entry = LH_TRY(announce(hub, order, run));
  Json j = counts_of(*compared);
  j.set("clean", compared->clean()).set("file", run.file);
  j.set("sha256", to_hex(view(run.digest))).set("entry", entry);
  return j;
}

}  // namespace lh::hub::app
