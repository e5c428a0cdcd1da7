#include "hub/access/catalogue.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/limits.h"
#include "hub/access/definitions/checks.h"
#include "hub/access/definitions/drafts.h"
#include "hub/access/definitions/shelves.h"

namespace lh::hub::access {
namespace {

constexpr std::size_t kScanRows = 256;

// Reads the definition whole, so that nothing invalid is ever stored.
Result<Definition> read_text(ObjectKind kind, std::string_view definition_json) {
  return read_definition(kind,
                         LH_TRY(schemas::parse_json(definition_json, limits::kJsonBodyBytes)));
}

// Tells a row that was read already from one that is new. Rows of versions never change; that a
// damaged one is not taken for the old one is why the bytes count.
std::uint64_t mark_of(const ledger::StoredValue& value) {
  const std::uint64_t h = std::hash<std::string_view>{}(value.payload);
  return (h ^ (value.commit_index * 0x9E3779B97F4A7C15ULL)) | 1U;
}

Status take_row(Shelves& shelves, const Shelves* earlier, const store::Row& row,
                const ledger::StoredValue& value) {
  const auto key = LH_TRY(parse_definition_row(row.key));
  const std::uint64_t mark = mark_of(value);
  if (earlier != nullptr && shelves.take_over(*earlier, key.kind, key.id, key.version, mark)) {
    return {};
  }
  const auto json = LH_TRY(schemas::parse_json(value.payload, value.payload.size()));
  shelves.put(LH_TRY(read_definition(key.kind, json)), mark);
  return {};
}

Status check_text(std::string_view text, std::size_t longest, std::string_view what) {
  if (text.empty() || text.size() > longest || !is_utf8(text)) {
    return Error(Reason::kInputMalformed, std::string(what));
  }
  return {};
}

// Of several changes that publish the same version none is meant more than another.
Status check_distinct(const CatalogueRows& rows) {
  std::set<ByteView> keys;
  for (const auto& row : rows.rows) {
    if (!keys.insert(row.key).second) {
      return Error(Reason::kDefinitionExists, "two of the changes are of one version, or one");
    }
  }
  return {};
}

}  // namespace

std::string_view state_text(ChangeState s) {
  switch (s) {
    case ChangeState::kDraft:
      return "draft";
    case ChangeState::kFiled:
      return "filed";
    case ChangeState::kPublished:
      return "published";
    case ChangeState::kWithdrawn:
      return "withdrawn";
    case ChangeState::kRejected:
      return "rejected";
  }
  LH_CHECK(false, "a state outside the list");
  return {};
}

struct Catalogue::OpenDraft {
  Draft draft;
  ledger::Precondition unchanged;
};

Status Catalogue::load() {
  auto policy = std::make_shared<Policy>();
  const auto earlier = std::atomic_load(&policy_);
  const auto snapshot = store_.snapshot();
  Bytes from;
  std::vector<store::Row> rows;
  do {
    rows = LH_TRY(snapshot->scan(store::Family::kData, "T", from, kScanRows));
    for (const auto& row : rows) {
      const auto value = LH_TRY(ledger::parse_stored(row.value));
      LH_TRY(take_row(*policy->shelves_, earlier ? &earlier->shelves() : nullptr, row, value));
      policy->epoch_ = std::max(policy->epoch_, value.commit_index);
    }
    if (!rows.empty()) from = rows.back().key + '\0';
  } while (rows.size() == kScanRows);
  policy->shelves_->index();
  std::atomic_store(&policy_, std::shared_ptr<const Policy>(std::move(policy)));
  return {};
}

std::shared_ptr<const Policy> Catalogue::policy() const {
  auto out = std::atomic_load(&policy_);
  if (!out) return std::make_shared<const Policy>();  // before load(): nothing is allowed
  return out;
}

Result<std::vector<ledger::RowWrite>> Catalogue::activate(ObjectKind kind,
                                                          std::string_view definition_json) const {
  const Definition read = LH_TRY(read_text(kind, definition_json));
  const Bytes key = definition_row(kind, id_of(read), version_of(read));
  const auto existing = LH_TRY(store_.latest().find(store::OpenKey{store::Family::kData, key}));
  std::vector<ledger::RowWrite> rows;
  if (existing) {
    const bool same = LH_TRY(ledger::parse_stored(*existing)).payload == definition_json;
    if (!same) return Error(Reason::kDefinitionExists, id_of(read));
    return rows;
  }
  rows.push_back({store::Family::kData, key, Bytes(definition_json)});
  return rows;
}

Result<std::pair<ChangeId, std::vector<ledger::RowWrite>>> Catalogue::draft(const Draft& draft,
                                                                            Random& random) const {
  const Definition read = LH_TRY(read_text(draft.kind, draft.definition));
  if (id_of(read) != draft.object_id) {
    return Error(Reason::kInputMalformed, "id of the definition");
  }
  LH_TRY(check_text(draft.drafted_by, 256, "who drafts"));
  LH_TRY(activate(draft.kind, draft.definition));  // a version that cannot be activated
  LH_TRY(check_definition(read, *PolicyMaker::with(*policy(), {read})));
  const ChangeId id{random.array<16>()};
  std::vector<ledger::RowWrite> rows;
  rows.push_back({store::Family::kData, draft_row(id), encode_draft(draft)});
  return std::pair(id, std::move(rows));
}

Result<std::optional<Draft>> Catalogue::find_draft(const ChangeId& id) const {
  const auto row =
      LH_TRY(store_.latest().find(store::OpenKey{store::Family::kData, draft_row(id)}));
  if (!row) return std::optional<Draft>();
  return std::optional(LH_TRY(decode_draft(id, LH_TRY(ledger::parse_stored(*row)).payload)));
}

Result<std::optional<Draft>> Catalogue::find_closed(const ChangeId& id) const {
  const auto row =
      LH_TRY(store_.latest().find(store::OpenKey{store::Family::kData, closed_row(id)}));
  if (!row) return std::optional<Draft>();
  return std::optional(LH_TRY(decode_draft(id, LH_TRY(ledger::parse_stored(*row)).payload)));
}

Result<std::vector<Draft>> Catalogue::drafts(std::size_t limit) const {
  std::vector<Draft> out;
  for (const auto& row : LH_TRY(store_.latest().scan(store::Family::kData, "D", "", limit))) {
    const auto id = LH_TRY(to_array<16>(ByteView(row.key).substr(1)));
    out.push_back(
        LH_TRY(decode_draft(ChangeId{id}, LH_TRY(ledger::parse_stored(row.value)).payload)));
  }
  return out;
}

Result<Catalogue::OpenDraft> Catalogue::open_draft(const ChangeId& id) const {
  const Bytes key = draft_row(id);
  const auto row = LH_TRY(store_.latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return Reason::kChangeUnknown;
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  return OpenDraft{LH_TRY(decode_draft(id, stored.payload)),
                   {store::Family::kData, key, stored.commit_index}};
}

Result<CatalogueRows> Catalogue::file(const ChangeId& id, const Filing& filing) const {
  auto open = LH_TRY(open_draft(id));
  if (open.draft.state != ChangeState::kDraft) return Error(Reason::kChangeState, "filed already");
  LH_TRY(check_text(filing.number, 128, "filing number"));
  LH_TRY(check_text(filing.with, 256, "filed with"));
  LH_TRY(check_text(filing.by, 256, "who files"));
  open.draft.state = ChangeState::kFiled;
  open.draft.filing = filing;
  CatalogueRows out;
  out.rows.push_back({store::Family::kData, draft_row(id), encode_draft(open.draft)});
  out.preconditions.push_back(open.unchanged);
  return out;
}

Result<CatalogueRows> Catalogue::withdraw(const ChangeId& id, const Closing& closing) const {
  auto open = LH_TRY(open_draft(id));
  LH_TRY(check_text(closing.by, 256, "who withdraws"));
  open.draft.state =
      open.draft.drafted_by == closing.by ? ChangeState::kWithdrawn : ChangeState::kRejected;
  open.draft.closed_by = closing.by;
  open.draft.closed_at = closing.at;
  CatalogueRows out;
  out.rows.push_back({store::Family::kData, draft_row(id), std::nullopt});
  out.rows.push_back({store::Family::kData, closed_row(id), encode_draft(open.draft)});
  out.preconditions.push_back(open.unchanged);
  return out;
}

// A draft that this administrator may publish today.
Result<Catalogue::OpenDraft> Catalogue::publishable(const ChangeId& id,
                                                    const Closing& closing) const {
  auto open = LH_TRY(open_draft(id));
  if (closing.by.empty() || open.draft.drafted_by == closing.by) return Reason::kApproverSame;
  const auto now = policy();
  const auto* rule = now->find_publication_rule(local_date(closing.at));
  const bool must_be_filed =
      rule != nullptr && std::count(rule->filing_required.begin(), rule->filing_required.end(),
                                    kind_text(open.draft.kind)) > 0;
  if (must_be_filed && open.draft.state != ChangeState::kFiled) {
    return Error(Reason::kChangeState, "this kind of definition is filed before it is published");
  }
  return open;
}

Result<CatalogueRows> Catalogue::approve(const ChangeId& id, const Closing& closing) const {
  return approve(std::vector<ChangeId>{id}, closing);
}

Result<CatalogueRows> Catalogue::approve(const std::vector<ChangeId>& ids,
                                         const Closing& closing) const {
  if (ids.empty() || ids.size() > kMostTogether) {
    return Error(Reason::kJsonValue, "1 to 100 changes together");
  }
  std::vector<Definition> read;
  CatalogueRows out;
  const auto add = [&](const ChangeId& id) -> Status {
    auto [draft, unchanged] = LH_TRY(publishable(id, closing));
    auto rows = LH_TRY(activate(draft.kind, draft.definition));
    for (auto& row : rows) {
      out.preconditions.push_back({row.family, row.key, 0});
      out.rows.push_back(std::move(row));
    }
    read.push_back(LH_TRY(read_text(draft.kind, draft.definition)));
    draft.state = ChangeState::kPublished;
    draft.closed_by = closing.by;
    draft.closed_at = closing.at;
    out.rows.push_back({store::Family::kData, draft_row(id), std::nullopt});
    out.rows.push_back({store::Family::kData, closed_row(id), encode_draft(draft)});
    out.preconditions.push_back(std::move(unchanged));
    return ok_status();
  };
  const bool several = ids.size() > 1;
  const auto named = [several](const Error& e, const ChangeId& id) {
    return several ? Error(e.reason(), id.text() + ": " + e.detail()) : e;
  };
  for (const ChangeId& id : ids) {
    if (const Status added = add(id); !added.ok()) return named(added.error(), id);
  }
  LH_TRY(check_distinct(out));
  const auto together = PolicyMaker::with(*policy(), read);
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Status good = check_definition(read[i], *together);
    if (!good.ok()) return named(good.error(), ids[i]);
  }
  return out;
}

}  // namespace lh::hub::access
