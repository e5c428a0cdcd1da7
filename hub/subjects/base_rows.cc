#include "hub/subjects/base_rows.h"

#include <set>

#include "base/cbor.h"
#include "base/limits.h"
#include "crypto/seal.h"
#include "schemas/catalogue.h"

namespace lh::hub::subjects::rows {
namespace {

enum class Form : char { kPlain = 0, kSealed = 1 };  // stored; never renumber

constexpr char kHeadFormat = 2;                     // of format 1 there is no number: 36 bytes
constexpr std::size_t kHeadBytes = 1 + 5 * 4 + 32;  // of format 2
constexpr std::size_t kFirstHeadBytes = 4 + 32;     // number ‖ MAC
constexpr std::uint32_t kDayBias = 0x80000000U;     // so that days sort as bytes

Bytes prefix_of(char prefix, std::string_view kind, SubjectNo no) {
  Bytes key(1, prefix);
  key.reserve(kind.size() + 18);
  key.append(kind).push_back('\0');
  append_be64(key, no.value);
  return key;
}

void append_day(Bytes& out, std::int32_t day) {
  append_be32(out, static_cast<std::uint32_t>(day) ^ kDayBias);
}

std::int32_t read_day(ByteView bytes) {
  return static_cast<std::int32_t>(read_be32(bytes) ^ kDayBias);
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

Result<BaseRecord> decode(ByteView bytes) {
  CborReader r(bytes);
  const std::uint64_t items = LH_TRY(r.read_array());
  if (items != 4 && items != 5) return Error(Reason::kCborMalformed, "base record");
  BaseRecord out;
  out.kind = LH_TRY(r.read_text());
  out.source = LH_TRY(r.read_text());
  out.source_key = LH_TRY(r.read_text());
  const std::uint64_t texts = LH_TRY(r.read_array());
  if (texts % 2 != 0) return Error(Reason::kCborMalformed, "base record");
  for (std::uint64_t i = 0; i < texts; i += 2) {
    std::string name(LH_TRY(r.read_text()));
    out.fields.emplace_back(std::move(name), std::string(LH_TRY(r.read_text())));
  }
  if (items == 5) out.corrects = static_cast<std::uint32_t>(LH_TRY(r.read_uint()));
  LH_TRY(r.finish());
  return out;
}

void write_said(CborWriter& w, const BaseRecord& record) {
  w.text(record.kind);
  w.text(record.source);
  w.text(record.source_key);
  w.array(2 * record.fields.size());
  for (const auto& [name, value] : record.fields) {
    w.text(name);
    w.text(value);
  }
}

}  // namespace

Bytes head_key(std::string_view kind, SubjectNo no) {
  return prefix_of('B', kind, no);
}

Bytes encode_head(const Head& head) {
  Bytes out(1, kHeadFormat);
  append_be32(out, head.count);
  append_be32(out, head.undated);
  append_be32(out, head.present);
  append_day(out, head.present_from);
  append_day(out, head.next_from);
  return out.append(view(head.mac));
}

Result<Head> read_head(const store::Snapshot& rows, std::string_view kind, SubjectNo no) {
  const auto row = LH_TRY(rows.find(store::OpenKey{store::Family::kData, head_key(kind, no)}));
  if (!row) return Head{};
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  const ByteView p = stored.payload;
  Head head;
  head.commit_index = stored.commit_index;
  if (p.size() == kFirstHeadBytes) {
    head.count = head.undated = head.present = read_be32(p);
    head.mac = LH_TRY(to_array<32>(p.substr(4)));
    return head;
  }
  if (p.size() != kHeadBytes || p[0] != kHeadFormat) {
    return Error(Reason::kStoreCorrupt, "head of base data");
  }
  head.count = read_be32(p.substr(1));
  head.undated = read_be32(p.substr(5));
  head.present = read_be32(p.substr(9));
  head.present_from = read_day(p.substr(13));
  head.next_from = read_day(p.substr(17));
  head.mac = LH_TRY(to_array<32>(p.substr(21)));
  return head;
}

Bytes dated_prefix(std::string_view kind, SubjectNo no) {
  return prefix_of('v', kind, no);
}

Bytes dated_key(std::string_view kind, SubjectNo no, std::int32_t day, std::uint32_t number) {
  Bytes key = dated_prefix(kind, no);
  append_day(key, day);
  append_be32(key, number);
  return key;
}

Bytes undated_prefix(std::string_view kind, SubjectNo no) {
  return prefix_of('b', kind, no);
}

Bytes undated_key(std::string_view kind, SubjectNo no, std::uint32_t number) {
  Bytes key = undated_prefix(kind, no);
  append_be32(key, number);
  return key;
}

Bytes version_key(std::string_view kind, SubjectNo no, std::int32_t day, std::uint32_t number) {
  return day == kNoDay ? undated_key(kind, no, number) : dated_key(kind, no, day, number);
}

Result<Placed> placed(ByteView key, std::string_view kind) {
  const std::size_t prefix = 1 + kind.size() + 1 + 8;
  if (key.size() == prefix + 4 && key[0] == 'b')
    return Placed{kNoDay, read_be32(key.substr(prefix))};
  if (key.size() == prefix + 8 && key[0] == 'v') {
    return Placed{read_day(key.substr(prefix)), read_be32(key.substr(prefix + 4))};
  }
  return Error(Reason::kStoreCorrupt, "key of base data");
}

Bytes encode_said(const BaseRecord& record) {
  CborWriter w;
  w.array(4);
  write_said(w, record);
  return w.take();
}

Bytes with_correction(const BaseRecord& record, Bytes said) {
  if (record.corrects == 0) return said;
  wipe(said);
  CborWriter w;
  w.array(5);
  write_said(w, record);
  w.uint(record.corrects);
  return w.take();
}

Bytes plain_body(ByteView record) {
  return Bytes(1, static_cast<char>(Form::kPlain)).append(record);
}

Bytes sealed_body(Bytes record, const SubjectKey& subject, const SubjectDirectory& directory,
                  ByteView place) {
  Bytes body;
  body.reserve(1 + record.size() + crypto::kSealOverhead);
  body.push_back(static_cast<char>(Form::kSealed));
  body += directory.seal(subject, record, place);
  wipe(record);
  return body;
}

// Persons inside entity records are persons (model.md, Keys): a legal representative is sealed with
// the record. What is not known to be public is taken for personal.
bool names_a_person(const BaseRecord& record) {
  for (const auto& [name, value] : record.fields) {
    if (!value.empty() && !public_fields().contains(record.kind + "/" + name)) return true;
  }
  return false;
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

Result<BaseRecord> open_body(ByteView stored, const Digest& data_key, ByteView place) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  if (value.payload.empty()) return Error(Reason::kStoreCorrupt, "base record");
  const ByteView rest = value.payload.substr(1);
  switch (static_cast<Form>(value.payload[0])) {
    case Form::kPlain:
      return decode(rest);
    case Form::kSealed: {
      Bytes plain = LH_TRY(crypto::open(view(data_key), rest, place));
      auto record = decode(plain);
      wipe(plain);
      return record;
    }
  }
  return Error(Reason::kStoreCorrupt, "form of a base record");
}

}  // namespace lh::hub::subjects::rows
