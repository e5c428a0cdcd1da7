#include "hub/access/definitions/drafts.h"

#include "base/cbor.h"

namespace lh::hub::access {
namespace {

constexpr std::uint64_t kFormat = 2;
constexpr std::size_t kFirstMembers = 4;  // format 1: [kind, id, definition, drafted by]
constexpr std::size_t kMembers = 13;

Error corrupt() {
  return Error(Reason::kStoreCorrupt, "draft");
}

Result<ObjectKind> read_kind(CborReader& r) {
  const std::uint64_t kind = LH_TRY(r.read_uint());
  if (!is_object_kind(kind)) return corrupt();
  return static_cast<ObjectKind>(kind);
}

Result<UtcTime> read_time(CborReader& r) {
  return UtcTime{static_cast<std::int64_t>(LH_TRY(r.read_uint()))};
}

void write_time(CborWriter& w, UtcTime t) {
  w.uint(static_cast<std::uint64_t>(t.ms));
}

Status read_named(CborReader& r, Draft& out) {
  out.kind = LH_TRY(read_kind(r));
  out.object_id = LH_TRY(r.read_text());
  out.definition = LH_TRY(r.read_bytes());
  out.drafted_by = LH_TRY(r.read_text());
  return {};
}

Status read_states(CborReader& r, Draft& out) {
  out.drafted_at = LH_TRY(read_time(r));
  const std::uint64_t state = LH_TRY(r.read_uint());
  if (state < 1 || state > static_cast<std::uint64_t>(ChangeState::kRejected)) return corrupt();
  out.state = static_cast<ChangeState>(state);
  Filing filing;
  filing.number = LH_TRY(r.read_text());
  filing.with = LH_TRY(r.read_text());
  filing.by = LH_TRY(r.read_text());
  filing.at = LH_TRY(read_time(r));
  if (!filing.number.empty()) out.filing = std::move(filing);
  out.closed_by = LH_TRY(r.read_text());
  out.closed_at = LH_TRY(read_time(r));
  return {};
}

}  // namespace

// data "T" ‖ kind(1) ‖ id ‖ 0 ‖ version(4): versions of one definition stand together, ascending.
Bytes definition_row(ObjectKind kind, std::string_view id, int version) {
  Bytes key("T");
  key.push_back(static_cast<char>(kind));
  key.append(id).push_back('\0');
  append_be32(key, static_cast<std::uint32_t>(version));
  return key;
}

Result<DefinitionKey> parse_definition_row(ByteView key) {
  constexpr std::size_t kAround = 1 + 1 + 1 + 4;
  if (key.size() <= kAround || key[key.size() - 5] != '\0') {
    return Error(Reason::kStoreCorrupt, "definition");
  }
  const auto kind = static_cast<std::uint8_t>(key[1]);
  if (!is_object_kind(kind)) return Error(Reason::kStoreCorrupt, "kind of definition");
  const auto version = read_be32(key.substr(key.size() - 4));
  return DefinitionKey{static_cast<ObjectKind>(kind), key.substr(2, key.size() - kAround),
                       static_cast<int>(version)};
}

Bytes draft_row(const ChangeId& id) {
  return Bytes("D").append(view(id.value));
}
Bytes closed_row(const ChangeId& id) {
  return Bytes("d").append(view(id.value));
}

Bytes encode_draft(const Draft& d) {
  CborWriter w;
  w.array(kMembers);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(d.kind));
  w.text(d.object_id);
  w.bytes(d.definition);
  w.text(d.drafted_by);
  write_time(w, d.drafted_at);
  w.uint(static_cast<std::uint64_t>(d.state));
  const Filing filing = d.filing.value_or(Filing{});
  w.text(filing.number);
  w.text(filing.with);
  w.text(filing.by);
  write_time(w, filing.at);
  w.text(d.closed_by);
  write_time(w, d.closed_at);
  return w.take();
}

Result<Draft> decode_draft(const ChangeId& id, ByteView bytes) {
  CborReader r(bytes);
  Draft out;
  out.id = id;
  const std::size_t members = LH_TRY(r.read_array());
  if (members == kFirstMembers) {
    LH_TRY(read_named(r, out));
  } else {
    if (members != kMembers || LH_TRY(r.read_uint()) != kFormat) return corrupt();
    LH_TRY(read_named(r, out));
    LH_TRY(read_states(r, out));
  }
  LH_TRY(r.finish());
  return out;
}

}  // namespace lh::hub::access
