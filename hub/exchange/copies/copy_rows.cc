#include "hub/exchange/copies/copy_rows.h"

#include <algorithm>

#include "base/cbor.h"
#include "hub/ledger/stored_texts.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 2;          // of copies; 1 said nothing of originals
constexpr std::uint64_t kDownloadFormat = 2;  // 1: without the consent
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t kCodeLength = 26;

Bytes copy_key(const Tag& tag) {
  return Bytes("ac").append(view(tag));
}

template <class Id>
Result<Id> take_id(CborReader& r) {
  return Id{LH_TRY(to_array<16>(LH_TRY(r.read_bytes())))};
}

Status read_of(CborReader& r, CopyRecord& c) {
  const std::uint64_t of = LH_TRY(r.read_uint());
  if (of > static_cast<std::uint64_t>(CopyOf::kOriginal)) {
    return Error(Reason::kStoreCorrupt, "copy");
  }
  c.of = static_cast<CopyOf>(of);
  return ok_status();
}

Result<CopyRecord> decode_copy(ByteView payload, const Tag& tag) {
  CborReader r(payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (!(format == 1 && items == 13) && !(format == kFormat && items == 14)) {
    return Error(Reason::kStoreCorrupt, "copy");
  }
  CopyRecord c;
  c.tag = tag;
  c.system = LH_TRY(take_id<SystemId>(r));
  c.organisation = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  c.case_id = LH_TRY(take_id<CaseId>(r));
  c.matter = LH_TRY(r.read_text());
  c.material = LH_TRY(r.read_text());
  c.licence = LH_TRY(take_id<LicenceKey>(r));
  c.version = static_cast<int>(LH_TRY(r.read_uint()));
  c.subject = SubjectNo{LH_TRY(r.read_uint())};
  c.fields = LH_TRY(ledger::read_texts(r));
  c.made.ms = LH_TRY(r.read_integer());
  c.expires.ms = LH_TRY(r.read_integer());
  c.note = Bytes(LH_TRY(r.read_bytes()));
  if (format == kFormat) LH_TRY(read_of(r, c));
  LH_TRY(r.finish());
  return c;
}

}  // namespace

std::string_view copy_of_text(CopyOf of) {
  return of == CopyOf::kOriginal ? "original" : "surface";
}

std::string new_code(Random& random) {
  const auto bytes = random.array<17>();  // 26 characters take 130 bits
  std::string out;
  unsigned held = 0, bits = 0;
  std::size_t next = 0;
  while (out.size() < kCodeLength) {
    if (bits < 5) {
      held = (held << 8U) | bytes[next++];
      bits += 8;
    }
    out.push_back(kAlphabet[(held >> (bits - 5)) & 31U]);
    bits -= 5;
  }
  return out;
}

bool is_code(std::string_view text) {
  return text.size() == kCodeLength && text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

Tag copy_tag(const subjects::SubjectDirectory& directory, std::string_view code) {
  return directory.tag_of("copy", code);
}

ledger::RowWrite copy_row(const CopyRecord& c) {
  CborWriter w;
  w.array(14);
  w.uint(kFormat);
  w.bytes(view(c.system.value));
  w.text(c.organisation.text());
  w.bytes(view(c.case_id.value));
  w.text(c.matter);
  w.text(c.material);
  w.bytes(view(c.licence.value));
  w.uint(static_cast<std::uint64_t>(c.version));
  w.uint(c.subject.value);
  ledger::write_texts(w, c.fields);
  w.integer(c.made.ms);
  w.integer(c.expires.ms);
  w.bytes(c.note);
  w.uint(static_cast<std::uint64_t>(c.of));
  return {store::Family::kData, copy_key(c.tag), w.take()};
}

Result<std::optional<CopyRecord>> find_copy(const store::Store& store, const Tag& tag) {
  const Bytes key = copy_key(tag);
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return std::optional<CopyRecord>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  return std::optional<CopyRecord>(LH_TRY(decode_copy(stored.payload, tag)));
}

Bytes seal_note(const subjects::SubjectDirectory& directory, const subjects::SubjectKey& subject,
                const Tag& copy, const CopyNote& note) {
  CborWriter w;
  w.array(3);
  for (const auto* part : {&note.code, &note.officer, &note.cause}) w.text(*part);
  return directory.seal(subject, w.take(), copy_key(copy));
}

Result<CopyNote> open_note(const subjects::SubjectDirectory& directory,
                           const subjects::SubjectKey& subject, const CopyRecord& record) {
  const Bytes plain = LH_TRY(directory.open(subject, record.note, copy_key(record.tag)));
  CborReader r(plain);
  if (LH_TRY(r.read_array()) != 3) return Error(Reason::kStoreCorrupt, "copy");
  CopyNote out;
  for (auto* part : {&out.code, &out.officer, &out.cause}) *part = LH_TRY(r.read_text());
  LH_TRY(r.finish());
  return out;
}

Bytes download_key(const subjects::SubjectDirectory& directory, std::string_view code) {
  return Bytes("ad").append(view(directory.tag_of("download", code)));
}

ledger::RowWrite download_row(const DownloadRecord& d) {
  CborWriter w;
  w.array(6);
  w.uint(kDownloadFormat);
  w.bytes(view(d.copy));
  w.bytes(view(d.system.value));
  w.integer(d.expires.ms);
  w.uint(d.used ? 1 : 0);
  if (d.consent) {
    w.bytes(view(d.consent->value));
  } else {
    w.null();
  }
  return {store::Family::kData, d.row_key, w.take()};
}

Result<std::optional<DownloadRecord>> find_download(const store::Store& store, const Bytes& key) {
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return std::optional<DownloadRecord>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  CborReader r(stored.payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (format < 1 || format > kDownloadFormat || items != 4 + format) {
    return Error(Reason::kStoreCorrupt, "download");
  }
  DownloadRecord d;
  d.row_key = key;
  d.copy = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
  d.system = LH_TRY(take_id<SystemId>(r));
  d.expires.ms = LH_TRY(r.read_integer());
  d.used = LH_TRY(r.read_uint()) != 0;
  if (format > 1 && r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
  } else if (format > 1) {
    d.consent = LH_TRY(take_id<ConsentId>(r));
  }
  d.commit_index = stored.commit_index;
  LH_TRY(r.finish());
  return std::optional<DownloadRecord>(d);
}

}  // namespace lh::hub::exchange
