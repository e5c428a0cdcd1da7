#include "hub/access/definitions/import.h"

#include <algorithm>
#include <map>
#include <set>

#include "hub/access/definitions/checks.h"
#include "hub/access/definitions/drafts.h"
#include "hub/access/definitions/shelves.h"

namespace lh::hub::access {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::size_t kItems = 20'000;
constexpr int kGreatestVersion = 999;

Error at_item(std::size_t i, const Error& error) {
  return Error(Reason::kImportInvalid,
               "definitions[" + std::to_string(i) + "]: " + error.describe());
}

Json effective_json(const ImportRequest& request, const Json* given) {
  Json out = Json::object().set("from", request.effective_from.text());
  const Json* until = given == nullptr ? nullptr : given->find("until");
  if (until != nullptr) out.set("until", *until);
  return out;
}

// The item as a version of its own: number and first day are the import's.
Json as_version(const ImportRequest& request, const Json& item, ObjectKind kind, int version) {
  Json out = Json::object();
  for (const auto& [name, value] : *item.members()) {
    if (name != "version" && name != "effective") out.set(name, value);
  }
  out.set("version", version);
  if (kind != ObjectKind::kBaseKind) {
    out.set("effective", effective_json(request, item.find("effective")));
  }
  return out;
}

// What waits already: kind, id and content of the open drafts.
std::set<std::string> waiting_contents(const std::vector<Draft>& open) {
  std::set<std::string> out;
  for (const Draft& d : open) {
    const auto json = schemas::parse_json(d.definition, d.definition.size());
    if (!json.ok()) continue;
    const auto read = read_definition(d.kind, *json);
    if (read.ok()) out.insert(schemas::to_text(write_definition(*read)));
  }
  return out;
}

class Planner {
 public:
  Planner(const ImportRequest& request, const Policy& policy, const std::vector<Draft>& open)
      : request_(request), policy_(policy), waiting_(waiting_contents(open)) {}

  Status add(ObjectKind kind, const Json& item) {
    if (item.members() == nullptr) return Error(Reason::kJsonWrongType, "an object is expected");
    // Read once to learn its name; the number follows from what is known of it here.
    const Definition first = LH_TRY(read_definition(kind, as_version(request_, item, kind, 1)));
    ImportRow row;
    row.kind = kind;
    row.id = id_of(first);
    if (!seen_.insert({kind, row.id}).second) return Error(Reason::kJsonValue, "is there twice");
    const auto newest = policy_.shelves().newest(kind, row.id);
    const auto now = policy_.shelves().in_force(kind, row.id, request_.effective_from);
    if (now) row.differences = compare(*now, first);
    if (now && row.differences.empty()) {
      row.version = version_of(*now);
      report_.rows.push_back(std::move(row));
      drafted_.emplace_back();
      return {};
    }
    row.state = now ? ImportState::kChanged : ImportState::kNew;
    row.version = newest ? version_of(*newest) + 1 : 1;
    if (row.version > kGreatestVersion) return Error(Reason::kJsonValue, "no version is left");
    const Definition next =
        LH_TRY(read_definition(kind, as_version(request_, item, kind, row.version)));
    row.definition = schemas::to_text(write_definition(next));
    if (waiting_.contains(row.definition)) row.state = ImportState::kWaiting;
    report_.rows.push_back(std::move(row));
    drafted_.emplace_back(next);
    return {};
  }

  // Each beside all others of the file.
  Status check() const {
    std::vector<Definition> all;
    for (const auto& d : drafted_) {
      if (d) all.push_back(*d);
    }
    const auto with_them = PolicyMaker::with(policy_, all);
    Checks checks(*with_them);
    for (std::size_t i = 0; i < drafted_.size(); ++i) {
      if (!drafted_[i]) continue;
      const Status good = checks.check(*drafted_[i]);
      if (!good.ok()) return at_item(i, good.error());
    }
    return {};
  }

  void find_missing() {
    if (request_.prefix.empty()) return;
    std::set<ObjectKind> kinds;
    for (const auto& [kind, id] : seen_) kinds.insert(kind);
    for (const ObjectKind kind : kinds) {
      for (auto& id : policy_.shelves().ids_in_force(kind, request_.effective_from)) {
        if (id.starts_with(request_.prefix) && !seen_.contains({kind, id})) {
          report_.missing.emplace_back(kind, std::move(id));
        }
      }
    }
  }
  ImportReport take() { return std::move(report_); }

 private:
  static std::vector<Difference> compare(const Definition& was, const Definition& now) {
    return differences(content_of(write_definition(was)), content_of(write_definition(now)));
  }
  const ImportRequest& request_;
  const Policy& policy_;
  std::set<std::string> waiting_;
  std::set<std::pair<ObjectKind, std::string>> seen_;
  std::vector<std::optional<Definition>> drafted_;  // as report_.rows
  ImportReport report_;
};

}  // namespace

Result<ImportRequest> import_request_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "import"));
  ImportRequest out;
  out.source = LH_TRY(r.string("source", 128));
  if (out.source.empty()) return Error(Reason::kJsonValue, r.path("source"));
  out.prefix = LH_TRY(r.optional_string("prefix", 64)).value_or("");
  out.effective_from = LH_TRY(parse_date(LH_TRY(r.string("effective_from", 10))));
  const bool dry = LH_TRY(r.optional_boolean("dry_run")).value_or(false);
  out.mode = dry ? ImportMode::kDryRun : ImportMode::kDraft;
  const Json* items = LH_TRY(r.array("definitions"));
  LH_TRY(r.finish());
  if (items->items()->empty() || items->items()->size() > kItems) {
    return Error(Reason::kImportInvalid, "definitions: 1 to " + std::to_string(kItems));
  }
  for (std::size_t i = 0; i < items->items()->size(); ++i) {
    const std::string where = r.path("definitions[" + std::to_string(i) + "]");
    ObjectReader item = LH_TRY(ObjectReader::open((*items->items())[i], where));
    const auto kind = parse_kind(LH_TRY(item.string("kind", 32)));
    if (!kind.ok()) return at_item(i, kind.error());
    const Json* definition = LH_TRY(item.object("definition"));
    LH_TRY(item.finish());
    out.items.emplace_back(*kind, *definition);
  }
  return out;
}

std::string_view import_state_text(ImportState s) {
  switch (s) {
    case ImportState::kNew:
      return "new";
    case ImportState::kChanged:
      return "changed";
    case ImportState::kSame:
      return "same";
    case ImportState::kWaiting:
      return "waiting";
  }
  LH_CHECK(false, "a state outside the list");
  return {};
}

std::size_t ImportReport::count(ImportState s) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [s](const ImportRow& r) { return r.state == s; }));
}

Result<ImportReport> plan_import(const ImportRequest& request, const Policy& policy,
                                 const std::vector<Draft>& open) {
  Planner planner(request, policy, open);
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    const Status added = planner.add(request.items[i].first, request.items[i].second);
    if (!added.ok()) return at_item(i, added.error());
  }
  LH_TRY(planner.check());
  planner.find_missing();
  return planner.take();
}

Json import_report_to_json(const ImportReport& report) {
  Json j = Json::object();
  Json counts = Json::object();
  for (const auto s :
       {ImportState::kNew, ImportState::kChanged, ImportState::kSame, ImportState::kWaiting}) {
    counts.set(std::string(import_state_text(s)), std::uint64_t{report.count(s)});
  }
  counts.set("missing", std::uint64_t{report.missing.size()});
  j.set("counts", std::move(counts));
  Json rows = Json::array();
  for (const ImportRow& row : report.rows) {
    if (row.state == ImportState::kSame) continue;  // counted
    Json item = Json::object();
    item.set("state", import_state_text(row.state)).set("kind", kind_text(row.kind));
    item.set("id", row.id).set("version", row.version);
    if (!row.differences.empty()) item.set("differences", differences_to_json(row.differences));
    rows.push(std::move(item));
  }
  j.set("definitions", std::move(rows));
  Json missing = Json::array();
  for (const auto& [kind, id] : report.missing) {
    missing.push(Json::object().set("kind", kind_text(kind)).set("id", id));
  }
  j.set("missing", std::move(missing));
  return j;
}

std::vector<ledger::RowWrite> import_rows(const ImportReport& report, std::string_view drafted_by,
                                          UtcTime at, Random& random) {
  std::vector<ledger::RowWrite> out;
  for (const ImportRow& row : report.rows) {
    if (row.state != ImportState::kNew && row.state != ImportState::kChanged) continue;
    Draft draft;
    draft.id = ChangeId{random.array<16>()};
    draft.kind = row.kind;
    draft.object_id = row.id;
    draft.definition = row.definition;
    draft.drafted_by = std::string(drafted_by);
    draft.drafted_at = at;
    out.push_back({store::Family::kData, draft_row(draft.id), encode_draft(draft)});
  }
  return out;
}

}  // namespace lh::hub::access
