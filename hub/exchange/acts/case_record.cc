#include "hub/exchange/acts/case_record.h"

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes case_key(const CaseId& id) {
  return Bytes("C").append(view(id.value));
}

Bytes number_key(const Tag& tag) {
  return Bytes("c").append(view(tag));
}

Bytes encode(const CaseRecord& c) {
  CborWriter w;
  w.array(8);
  w.uint(kFormat);
  w.text(c.organisation.text());
  w.text(c.matter);
  w.text(c.number_tag);
  w.uint(c.applicant.value);
  w.array(2 * c.related.size());
  for (const auto& [role, no] : c.related) {
    w.text(role);
    w.uint(no.value);
  }
  w.text(c.region);
  w.integer(c.opened.ms);
  return w.take();
}

Result<CaseRecord> decode(const CaseId& id, const ledger::StoredValue& stored) {
  CborReader r(stored.payload);
  if (LH_TRY(r.read_array()) != 8 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "case");
  }
  CaseRecord c;
  c.id = id;
  c.commit_index = stored.commit_index;
  c.organisation = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  c.matter = LH_TRY(r.read_text());
  c.number_tag = LH_TRY(r.read_text());
  c.applicant = SubjectNo{LH_TRY(r.read_uint())};
  const std::uint64_t items = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i + 1 < items; i += 2) {
    std::string role(LH_TRY(r.read_text()));
    c.related.emplace_back(std::move(role), SubjectNo{LH_TRY(r.read_uint())});
  }
  c.region = LH_TRY(r.read_text());
  c.opened.ms = LH_TRY(r.read_integer());
  LH_TRY(r.finish());
  return c;
}

}  // namespace

std::optional<SubjectNo> subject_of(const CaseRecord& record, std::string_view role) {
  if (role == "applicant") return record.applicant;
  for (const auto& [known, no] : record.related) {
    if (known == role) return no;
  }
  return std::nullopt;
}

Tag case_number_tag(const subjects::SubjectDirectory& directory, const Uscc& organisation,
                    std::string_view number) {
  Bytes name(organisation.text());
  name.push_back('\0');
  name += number;
  return directory.tag_of("case_number", name);
}

Tag case_tag(const subjects::SubjectDirectory& directory, const CaseId& id) {
  return directory.tag_of("case", view(id.value));
}

Result<std::optional<CaseRecord>> find_case(const store::Store& store, const CaseId& id) {
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, case_key(id)}));
  if (!row) return std::optional<CaseRecord>();
  auto record = decode(id, LH_TRY(ledger::parse_stored(*row)));
  if (!record.ok()) return Error(Reason::kStoreCorrupt, "case");
  return std::optional<CaseRecord>(std::move(*record));
}

Result<std::optional<CaseRecord>> find_case_by_number(const store::Store& store,
                                                      const Tag& number_tag) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, number_key(number_tag)}));
  if (!row) return std::optional<CaseRecord>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  if (stored.payload.size() != 16) return Error(Reason::kStoreCorrupt, "case number");
  return find_case(store, CaseId{LH_TRY(to_array<16>(stored.payload))});
}

void write_case(const CaseRecord& record, ledger::Change& change) {
  const Bytes key = case_key(record.id);
  change.preconditions.push_back({store::Family::kData, key, record.commit_index});
  change.rows.push_back({store::Family::kData, key, encode(record)});
  if (record.commit_index != 0) return;
  const auto tag = parse_hex(record.number_tag);
  LH_CHECK(tag.ok() && tag->size() == 16, "the tag of a case number");
  Bytes number = Bytes("c") + *tag;
  change.preconditions.push_back({store::Family::kData, number, 0});
  change.rows.push_back({store::Family::kData, std::move(number), Bytes(view(record.id.value))});
}

}  // namespace lh::hub::exchange
