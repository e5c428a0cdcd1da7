#include "hub/subjects/base_data.h"

#include <set>

#include "base/cbor.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "schemas/catalogue.h"

namespace lh::hub::subjects {
namespace {

enum class Form : char { kPlain = 0, kSealed = 1 };  // stored; never renumber

using Body = Result<std::optional<BaseRecord>>;
enum class Readable : std::uint8_t { kYes, kSealBroken, kCorrupt };

Bytes place_of(char prefix, std::string_view kind, SubjectNo no) {
  Bytes key(1, prefix);
  key.append(kind).push_back('\0');
  append_be64(key, no.value);
  return key;
}

Bytes body_place(std::string_view kind, SubjectNo no, std::uint32_t number) {
  Bytes key = place_of('b', kind, no);
  append_be32(key, number);
  return key;
}

// "kind/name" of the fields that the shipped definitions call public.
const std::set<std::string>& public_fields() {
  static const std::set<std::string> kPublic = [] {
    std::set<std::string> out;
    for (const auto& kind : schemas::shipped_base_kinds()) {
      for (const auto& field : kind.fields) {
        if (field.privacy == schemas::FieldPrivacy::kPublic) out.insert(kind.id + "/" + field.name);
      }
    }
    return out;
  }();
  return kPublic;
}

// Persons inside entity records are persons (model.md, Keys): a legal representative is sealed with
// the record. What is not known to be public is taken for personal.
bool names_a_person(const BaseRecord& record) {
  for (const auto& [name, value] : record.fields) {
    if (!value.empty() && !public_fields().contains(record.kind + "/" + name)) return true;
  }
  return false;
}

Bytes encode(const BaseRecord& record) {
  CborWriter w;
  w.array(4);
  w.text(record.kind);
  w.text(record.source);
  w.text(record.source_key);
  w.array(2 * record.fields.size());
  for (const auto& [name, value] : record.fields) {
    w.text(name);
    w.text(value);
  }
  return w.take();
}

Status check_text(const BaseRecord& record) {
  if (record.kind.empty() || record.kind.find('\0') != std::string::npos) {
    return Error(Reason::kInputMalformed, "kind of base data");
  }
  const auto fits = [](std::string_view s) {
    return s.size() <= limits::kFieldBytes && is_utf8(s);
  };
  bool good = fits(record.kind) && fits(record.source) && fits(record.source_key);
  for (const auto& [name, value] : record.fields) good = good && fits(name) && fits(value);
  if (!good) return Error(Reason::kInputEncoding, "base data");
  return {};
}

Result<BaseRecord> decode(ByteView bytes) {
  CborReader r(bytes);
  if (LH_TRY(r.read_array()) != 4) return Error(Reason::kCborMalformed, "base record");
  BaseRecord out;
  out.kind = LH_TRY(r.read_text());
  out.source = LH_TRY(r.read_text());
  out.source_key = LH_TRY(r.read_text());
  const std::uint64_t items = LH_TRY(r.read_array());
  if (items % 2 != 0) return Error(Reason::kCborMalformed, "base record");
  for (std::uint64_t i = 0; i < items; i += 2) {
    std::string name(LH_TRY(r.read_text()));
    out.fields.emplace_back(std::move(name), std::string(LH_TRY(r.read_text())));
  }
  LH_TRY(r.finish());
  return out;
}

Body open_body(ByteView stored, const Digest& data_key, ByteView place) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  if (value.payload.empty()) return Error(Reason::kStoreCorrupt, "base record");
  const ByteView rest = value.payload.substr(1);
  switch (static_cast<Form>(value.payload[0])) {
    case Form::kPlain:
      return std::optional(LH_TRY(decode(rest)));
    case Form::kSealed: {
      Bytes plain = LH_TRY(crypto::open(view(data_key), rest, place));
      auto record = decode(plain);
      wipe(plain);
      return std::optional(LH_TRY(std::move(record)));
    }
  }
  return Error(Reason::kStoreCorrupt, "form of a base record");
}

// The head of a record: which version is the present one, and what to compare a new one with.
struct Head {
  std::uint64_t commit_index = 0;  // 0: there is none
  std::uint32_t number = 0;
  Digest mac{};
};

Result<Head> read_head(const store::Store& store, std::string_view kind, SubjectNo no) {
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, place_of('B', kind, no)}));
  if (!row) return Head{};
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  if (stored.payload.size() != 4 + 32) return Error(Reason::kStoreCorrupt, "head of base data");
  return Head{stored.commit_index, read_be32(stored.payload),
              LH_TRY(to_array<32>(stored.payload.substr(4)))};
}

}  // namespace

Result<BaseDataChange> BaseData::put(const SubjectKey& subject, const SubjectId& id,
                                     const BaseRecord& record, const Permit& /*permit*/) const {
  LH_TRY(check_text(record));
  Bytes plain = encode(record);
  const Digest mac = crypto::hmac_sha256(view(subject.data_key), plain);
  const Head head = LH_TRY(read_head(store_, record.kind, subject.no));
  BaseDataChange out;
  if (head.commit_index != 0 && head.mac == mac) {
    out.outcome = StoreOutcome::kSame;
    return out;
  }
  out.outcome = head.commit_index == 0 ? StoreOutcome::kNew : StoreOutcome::kChanged;
  const std::uint32_t number = head.number + 1;
  Bytes place = body_place(record.kind, subject.no, number);
  Bytes body;
  body.reserve(1 + plain.size() + crypto::kSealOverhead);
  if (is_personal(id) || names_a_person(record)) {
    body.push_back(static_cast<char>(Form::kSealed));
    body += directory_.seal(subject, plain, place);
    wipe(plain);
  } else {
    body.push_back(static_cast<char>(Form::kPlain));
    body += plain;
  }
  Bytes next;
  append_be32(next, number);
  next.append(view(mac));
  Bytes head_key = place_of('B', record.kind, subject.no);
  // The head alone is the contended row: whoever writes version n + 1 has seen version n.
  out.preconditions.push_back({store::Family::kData, head_key, head.commit_index});
  out.rows.reserve(2);
  out.rows.push_back({store::Family::kData, std::move(head_key), std::move(next)});
  out.rows.push_back({store::Family::kData, std::move(place), std::move(body)});
  return out;
}

Result<Undisclosed<std::optional<BaseRecord>>> BaseData::read(const SubjectKey& subject,
                                                              std::string_view kind,
                                                              const Permit& permit) const {
  const Head head = LH_TRY(read_head(store_, kind, subject.no));
  if (head.commit_index == 0) {
    return Undisclosed<std::optional<BaseRecord>>(permit, std::nullopt);
  }
  const Bytes place = body_place(kind, subject.no, head.number);
  auto stored = LH_TRY(store_.latest().find(store::PersonalKey{place}, permit));
  auto body = std::move(stored).map(
      [](std::optional<Bytes>&& row, const Digest& data_key, const Bytes& where) -> Body {
        if (!row) return Error(Reason::kStoreCorrupt, "a version of base data is missing");
        return open_body(*row, data_key, where);
      },
      subject.data_key, place);
  const Readable readable = body.decide([](const Body& b) {
    if (b.ok()) return Readable::kYes;
    return b.error().reason() == Reason::kSealBroken ? Readable::kSealBroken : Readable::kCorrupt;
  });
  if (readable == Readable::kSealBroken) return Error(Reason::kSealBroken, "base data");
  if (readable == Readable::kCorrupt) return Error(Reason::kStoreCorrupt, "base data");
  return std::move(body).map([](Body&& b) { return std::move(b).value(); });
}

}  // namespace lh::hub::subjects
