#include "hub/access/catalogue.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/limits.h"

namespace lh::hub::access {
namespace {

constexpr std::size_t kScanRows = 256;

// data "T" ‖ kind(1) ‖ id ‖ 0 ‖ version(4): versions of one definition stand together, ascending.
Bytes definition_row(ObjectKind kind, std::string_view id, int version) {
  Bytes key("T");
  key.push_back(static_cast<char>(kind));
  key.append(id).push_back('\0');
  append_be32(key, static_cast<std::uint32_t>(version));
  return key;
}

Bytes draft_row(const ChangeId& id) {
  return Bytes("D").append(view(id.value));
}

bool is_kind(std::uint64_t n) {
  return n >= 1 && n <= 4;
}

struct Name {
  std::string id;
  int version = 0;
};

// Reads the definition whole, so that nothing invalid is ever stored.
Result<Name> name_of(ObjectKind kind, std::string_view definition_json) {
  const auto json = LH_TRY(schemas::parse_json(definition_json, limits::kJsonBodyBytes));
  switch (kind) {
    case ObjectKind::kLicenceType: {
      const auto t = LH_TRY(schemas::licence_type_from_json(json));
      return Name{t.code.text(), t.version};
    }
    case ObjectKind::kBaseKind: {
      const auto k = LH_TRY(schemas::base_kind_from_json(json));
      return Name{k.id, k.version};
    }
    case ObjectKind::kMatter: {
      const auto m = LH_TRY(schemas::matter_from_json(json));
      return Name{m.code, m.version};
    }
    case ObjectKind::kRule: {
      const auto r = LH_TRY(schemas::sharing_rule_from_json(json));
      return Name{r.id, r.version};
    }
  }
  return Error(Reason::kInputMalformed, "kind of definition");
}

Bytes encode_draft(const Draft& d) {
  CborWriter w;
  w.array(4);
  w.uint(static_cast<std::uint64_t>(d.kind));
  w.text(d.object_id);
  w.bytes(d.definition);
  w.text(d.drafted_by);
  return w.take();
}

Result<Draft> decode_draft(const ChangeId& id, ByteView bytes) {
  CborReader r(bytes);
  if (LH_TRY(r.read_array()) != 4) return Error(Reason::kStoreCorrupt, "draft");
  Draft out;
  out.id = id;
  const std::uint64_t kind = LH_TRY(r.read_uint());
  if (!is_kind(kind)) return Error(Reason::kStoreCorrupt, "draft");
  out.kind = static_cast<ObjectKind>(kind);
  out.object_id = LH_TRY(r.read_text());
  out.definition = LH_TRY(r.read_bytes());
  out.drafted_by = LH_TRY(r.read_text());
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Status Catalogue::load() {
  auto policy = std::make_shared<Policy>();
  const auto snapshot = store_.snapshot();
  Bytes from;
  std::vector<store::Row> rows;
  do {
    rows = LH_TRY(snapshot->scan(store::Family::kData, "T", from, kScanRows));
    for (const auto& row : rows) {
      const auto value = LH_TRY(ledger::parse_stored(row.value));
      const std::uint8_t kind = row.key.size() > 1 ? static_cast<std::uint8_t>(row.key[1]) : 0U;
      if (!is_kind(kind)) return Error(Reason::kStoreCorrupt, "kind of definition");
      LH_TRY(policy->add(static_cast<ObjectKind>(kind), value.payload));
      policy->epoch_ = std::max(policy->epoch_, value.commit_index);
    }
    if (!rows.empty()) from = rows.back().key + '\0';
  } while (rows.size() == kScanRows);
  policy->index_rules();
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
  const Name name = LH_TRY(name_of(kind, definition_json));
  const Bytes key = definition_row(kind, name.id, name.version);
  const auto existing = LH_TRY(store_.latest().find(store::OpenKey{store::Family::kData, key}));
  std::vector<ledger::RowWrite> rows;
  if (existing) {
    const bool same = LH_TRY(ledger::parse_stored(*existing)).payload == definition_json;
    if (!same) return Error(Reason::kDefinitionExists, name.id);
    return rows;
  }
  rows.push_back({store::Family::kData, key, Bytes(definition_json)});
  return rows;
}

Result<std::pair<ChangeId, std::vector<ledger::RowWrite>>> Catalogue::draft(const Draft& draft,
                                                                            Random& random) const {
  const Name name = LH_TRY(name_of(draft.kind, draft.definition));
  if (name.id != draft.object_id) return Error(Reason::kInputMalformed, "id of the definition");
  if (draft.drafted_by.empty() || !is_utf8(draft.drafted_by)) {
    return Error(Reason::kInputMalformed, "who drafts");
  }
  LH_TRY(activate(draft.kind, draft.definition));  // a version that cannot be activated
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

Result<std::vector<ledger::RowWrite>> Catalogue::approve(const ChangeId& id,
                                                         std::string_view approver) const {
  const auto draft = LH_TRY(find_draft(id));
  if (!draft) return Reason::kChangeUnknown;
  if (approver.empty() || draft->drafted_by == approver) return Reason::kApproverSame;
  auto rows = LH_TRY(activate(draft->kind, draft->definition));
  rows.push_back({store::Family::kData, draft_row(id), std::nullopt});
  return rows;
}

}  // namespace lh::hub::access
