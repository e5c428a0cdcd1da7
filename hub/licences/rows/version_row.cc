#include "hub/licences/rows/version_row.h"

#include <algorithm>

#include "base/cbor.h"
#include "crypto/seal.h"
#include "schemas/json.h"

namespace lh::hub::licences::rows {
namespace {

constexpr std::uint64_t kFormat = 1;

void put_date(CborWriter& w, const std::optional<LocalDate>& d) {
  if (d) {
    w.integer(d->days());
  } else {
    w.null();
  }
}

Result<std::optional<LocalDate>> take_date(CborReader& r) {
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
    return std::optional<LocalDate>();
  }
  return std::optional<LocalDate>(
      LocalDate::from_days(static_cast<std::int32_t>(LH_TRY(r.read_integer()))));
}

Bytes wrap_place(const Bytes& place) {
  return place + "/key";
}

const std::string& disclosure_of(const Document& d, std::size_t i, const std::string& name) {
  LH_CHECK(i < d.disclosures.size() && d.disclosures[i].name == name,
           "one disclosure a field, in the order of the fields");
  return d.disclosures[i].text;
}

Bytes plain_part(const LicenceVersion& v) {
  CborWriter w;
  w.array(7);
  w.text(v.licence_id);
  w.uint(static_cast<std::uint64_t>(v.version));
  put_date(w, v.valid_from);
  put_date(w, v.valid_until);
  w.uint(static_cast<std::uint64_t>(v.change));
  w.text(v.supersedes);
  w.array(3 * v.fields.size());
  for (std::size_t i = 0; i < v.fields.size(); ++i) {
    const auto& [name, value] = v.fields[i];
    w.text(name);
    w.text(value);
    w.text(disclosure_of(v.document, i, name));
  }
  return w.take();
}

// Chooses fields by name; both lists are in the order of the definition, as a rule.
class Chosen {
 public:
  explicit Chosen(const std::vector<std::string>& names) : names_(names) {}
  bool take(std::string_view name) {
    if (next_ < names_.size() && names_[next_] == name) {
      ++next_;
      return true;
    }
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

 private:
  const std::vector<std::string>& names_;
  std::size_t next_ = 0;
};

Result<Presented> show_plain(ByteView plain, ByteView jwt, const std::vector<std::string>& names) {
  CborReader r(plain);
  if (LH_TRY(r.read_array()) != 7) return Error(Reason::kStoreCorrupt, "licence version");
  for (int i = 0; i < 6; ++i) LH_TRY(r.skip());
  Presented out;
  out.presentation.reserve(jwt.size() + 2 * plain.size());
  out.presentation.append(jwt).push_back('~');
  out.fields.reserve(plain.size());
  Chosen chosen(names);
  const std::uint64_t items = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i + 2 < items; i += 3) {
    const std::string_view name = LH_TRY(r.read_text());
    const std::string_view value = LH_TRY(r.read_text());
    const std::string_view disclosure = LH_TRY(r.read_text());
    if (!chosen.take(name)) continue;
    if (!out.fields.empty()) out.fields += ',';
    schemas::append_json_string(out.fields, name);
    out.fields += ':';
    schemas::append_json_string(out.fields, value);
    out.presentation.append(disclosure).push_back('~');
  }
  LH_TRY(r.finish());
  return out;
}

Result<LicenceVersion> read_plain(ByteView plain) {
  CborReader r(plain);
  if (LH_TRY(r.read_array()) != 7) return Error(Reason::kStoreCorrupt, "licence version");
  LicenceVersion v;
  v.licence_id = LH_TRY(r.read_text());
  v.version = static_cast<int>(LH_TRY(r.read_uint()));
  v.valid_from = LH_TRY(take_date(r));
  v.valid_until = LH_TRY(take_date(r));
  v.change = static_cast<schemas::ChangeKind>(LH_TRY(r.read_uint()));
  v.supersedes = LH_TRY(r.read_text());
  const std::uint64_t items = LH_TRY(r.read_array());
  if (items % 3 != 0) return Error(Reason::kStoreCorrupt, "fields of a licence version");
  v.fields.reserve(items / 3);
  v.document.disclosures.reserve(items / 3);
  for (std::uint64_t i = 0; i < items; i += 3) {
    std::string name(LH_TRY(r.read_text()));
    v.fields.emplace_back(name, std::string(LH_TRY(r.read_text())));
    v.document.disclosures.push_back({std::move(name), std::string(LH_TRY(r.read_text()))});
  }
  LH_TRY(r.finish());
  return v;
}

// The record key, unwrapped with the reader's key.
Result<Bytes> take_record_key(CborReader& r, const subjects::SubjectKey& reader,
                              const Bytes& place) {
  std::optional<Bytes> key;
  const std::uint64_t holders = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < holders; ++i) {
    if (LH_TRY(r.read_array()) != 2) return Error(Reason::kStoreCorrupt, "wrapped key");
    const std::uint64_t no = LH_TRY(r.read_uint());
    const ByteView wrapped = LH_TRY(r.read_bytes());
    if (no != reader.no.value) continue;
    key = LH_TRY(crypto::open(view(reader.data_key), wrapped, wrap_place(place)));
  }
  if (!key) return Error(Reason::kKeyErased, "not sealed for this holder");
  if (key->size() != crypto::kSealKeyBytes) return Error(Reason::kStoreCorrupt, "record key");
  return std::move(*key);
}

struct Unsealed {
  ByteView jwt;  // points into the stored bytes
  Bytes plain;
};

Result<Unsealed> unseal(ByteView stored, const subjects::SubjectKey& reader, const Bytes& place) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  CborReader r(value.payload);
  if (LH_TRY(r.read_array()) != 4 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "licence version");
  }
  Unsealed out;
  out.jwt = LH_TRY(r.read_bytes());
  Bytes key = LH_TRY(take_record_key(r, reader, place));
  out.plain = LH_TRY(crypto::open(key, LH_TRY(r.read_bytes()), place));
  wipe(key);
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Bytes encode_version(const LicenceVersion& version,
                     const std::vector<subjects::SubjectKey>& holders, const Bytes& place,
                     Random& random) {
  auto record_key = random.array<crypto::kSealKeyBytes>();
  Bytes plain = plain_part(version);
  CborWriter w;
  w.array(4);
  w.uint(kFormat);
  w.bytes(version.document.jwt);
  w.array(holders.size());
  for (const auto& holder : holders) {
    w.array(2);
    w.uint(holder.no.value);
    w.bytes(crypto::seal(view(holder.data_key), view(record_key), wrap_place(place), random));
  }
  w.bytes(crypto::seal(view(record_key), plain, place, random));
  wipe(plain);
  return w.take();
}

Result<LicenceVersion> decode_version(ByteView stored, const subjects::SubjectKey& reader,
                                      const Bytes& place) {
  Unsealed row = LH_TRY(unseal(stored, reader, place));
  auto version = read_plain(row.plain);
  wipe(row.plain);
  if (!version.ok()) return Error(Reason::kStoreCorrupt, version.error().detail());
  version->document.jwt = row.jwt;
  return version;
}

Result<Presented> present_version(ByteView stored, const subjects::SubjectKey& reader,
                                  const Bytes& place, const std::vector<std::string>& fields) {
  Unsealed row = LH_TRY(unseal(stored, reader, place));
  auto shown = show_plain(row.plain, row.jwt, fields);
  wipe(row.plain);
  if (!shown.ok()) return Error(Reason::kStoreCorrupt, shown.error().detail());
  return shown;
}

Bytes encode_fact(const FactRow& fact, const subjects::SubjectKey& holder, const Bytes& place,
                  Random& random) {
  CborWriter w;
  w.array(5);
  w.uint(kFormat);
  w.uint(static_cast<std::uint64_t>(fact.kind));
  w.integer(fact.effective.ms);
  w.uint(holder.no.value);
  w.bytes(crypto::seal(view(holder.data_key), fact.ground, place, random));
  return w.take();
}

Result<std::string> decode_ground(ByteView stored, const subjects::SubjectKey& reader,
                                  const Bytes& place) {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  CborReader r(value.payload);
  if (LH_TRY(r.read_array()) != 5 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "status fact");
  }
  LH_TRY(r.skip());
  LH_TRY(r.skip());
  if (LH_TRY(r.read_uint()) != reader.no.value) return Error(Reason::kKeyErased);
  const ByteView sealed = LH_TRY(r.read_bytes());
  LH_TRY(r.finish());
  return crypto::open(view(reader.data_key), sealed, place);
}

}  // namespace lh::hub::licences::rows
