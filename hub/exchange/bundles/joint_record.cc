#include "hub/exchange/bundles/joint_record.h"

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes joint_key(const JointId& id) {
  return Bytes("j").append(view(id.value));
}

Bytes number_key(const Tag& tag) {
  return Bytes("k").append(view(tag));
}

Bytes encode(const JointRecord& j) {
  CborWriter w;
  w.array(6);
  w.uint(kFormat);
  w.text(j.organisation.text());
  w.text(j.bundle);
  w.uint(static_cast<std::uint64_t>(j.bundle_version));
  w.integer(j.opened.ms);
  w.array(j.cases.size());
  for (const CaseId& id : j.cases) w.bytes(view(id.value));
  return w.take();
}

Result<JointRecord> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 6 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kCborMalformed, "joint case");
  }
  JointRecord out;
  out.organisation = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  out.bundle = LH_TRY(r.read_text());
  out.bundle_version = static_cast<int>(LH_TRY(r.read_uint()) & 0xFFFFU);
  out.opened.ms = LH_TRY(r.read_integer());
  const std::uint64_t count = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < count; ++i) {
    out.cases.push_back(CaseId{LH_TRY(to_array<16>(LH_TRY(r.read_bytes())))});
  }
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Tag joint_number_tag(const subjects::SubjectDirectory& directory, const Uscc& organisation,
                     std::string_view number) {
  Bytes name(organisation.text());
  name.push_back('\0');
  name += number;
  return directory.tag_of("joint_number", name);
}

Result<std::optional<JointRecord>> find_joint(const store::Store& store, const JointId& id) {
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, joint_key(id)}));
  if (!row) return std::optional<JointRecord>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  auto record = decode(stored.payload);
  if (!record.ok()) return Error(Reason::kStoreCorrupt, "joint case");
  record->id = id;
  record->commit_index = stored.commit_index;
  return std::optional(std::move(*record));
}

Result<std::optional<JointRecord>> find_joint_by_number(const store::Store& store, const Tag& tag) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, number_key(tag)}));
  if (!row) return std::optional<JointRecord>();
  const auto id = to_array<16>(LH_TRY(ledger::parse_stored(*row)).payload);
  if (!id.ok()) return Error(Reason::kStoreCorrupt, "number of a joint case");
  return find_joint(store, JointId{*id});
}

void write_joint(const JointRecord& record, const Tag& number_tag, ledger::Change& change) {
  const Bytes key = joint_key(record.id);
  change.preconditions.push_back({store::Family::kData, key, record.commit_index});
  change.rows.push_back({store::Family::kData, key, encode(record)});
  if (record.commit_index != 0) return;
  const Bytes number = number_key(number_tag);
  change.preconditions.push_back({store::Family::kData, number, 0});
  change.rows.push_back({store::Family::kData, number, Bytes(view(record.id.value))});
}

}  // namespace lh::hub::exchange
