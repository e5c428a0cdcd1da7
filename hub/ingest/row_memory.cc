#include "hub/ingest/row_memory.h"

#include "base/cbor.h"
#include "crypto/digest.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kFormat = 2;          // 1 had no place
constexpr std::size_t kMostSeen = 4U << 20U;  // about 300 MiB at worst; then begun anew

void append_part(Bytes& out, std::string_view part) {
  append_be32(out, static_cast<std::uint32_t>(part.size()));
  out += part;
}

void append_date(Bytes& out, const std::optional<LocalDate>& d) {
  append_part(out, d ? d->text() : std::string());
}

Result<Remembered> decode(const ledger::StoredValue& stored) {
  CborReader r(stored.payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  if (format < 1 || format > kFormat || items != format + 2) {
    return Error(Reason::kCborMalformed, "memory of a record");
  }
  Remembered out;
  out.content = LH_TRY(to_array<32>(LH_TRY(r.read_bytes())));
  out.run = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
  out.commit_index = stored.commit_index;
  if (format > 1) out.place = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Tag short_digest(const Digest& digest) {
  return to_array<16>(view(digest).substr(0, 16)).value();
}

Result<RowMemory> RowMemory::create(const store::Store& store, const crypto::KeyStore& keys,
                                    std::string source, std::string terms) {
  RowMemory out(store, LH_TRY(keys.get("mac")).bytes(), std::move(source), std::move(terms));
  out.first_run_ = LH_TRY(store.latest().scan(store::Family::kData, out.prefix(), {}, 1)).empty();
  return out;
}

Tag RowMemory::key_of(const adapters::MappedRecord& record) const {
  Bytes input;
  input.reserve(source_.size() + record.object.size() + record.key.size() + 16);
  append_part(input, source_);
  input.push_back(static_cast<char>(record.kind));
  append_part(input, record.object);
  append_part(input, record.key);
  return short_digest(mac_.of(input));
}

Digest RowMemory::content_of(const adapters::MappedRecord& record) const {
  Bytes input;
  input.reserve(1024);
  append_part(input, terms_);
  input.push_back(static_cast<char>(record.kind));
  append_part(input, record.object);
  input.push_back(static_cast<char>(record.holder.scheme));
  append_part(input, record.holder.local_source);
  append_part(input, record.holder.id.reveal());
  append_part(input, record.holder.name.reveal());
  append_part(input, record.status);
  append_date(input, record.valid_from);
  append_date(input, record.valid_until);
  append_part(input, record.division);
  for (const auto& [name, value] : record.fields) {
    append_part(input, name);
    append_part(input, value);
  }
  const Digest out = mac_.of(input);
  wipe(input);
  return out;
}

Bytes RowMemory::prefix() const {
  Bytes out("X");
  out += source_;
  out.push_back('\0');
  return out;
}

Bytes RowMemory::row_key(const Tag& key) const {
  return prefix().append(view(key));
}

Result<std::optional<Remembered>> RowMemory::find(const Tag& key) const {
  if (first_run_) return std::optional<Remembered>();
  const auto row =
      LH_TRY(store_->latest().find(store::OpenKey{store::Family::kData, row_key(key)}));
  if (!row) return std::optional<Remembered>();
  auto decoded = decode(LH_TRY(ledger::parse_stored(*row)));
  if (!decoded.ok()) return Error(Reason::kStoreCorrupt, "memory of a record");
  return std::optional(*decoded);
}

Result<std::vector<std::pair<Tag, Remembered>>> RowMemory::page(const Bytes& from, std::size_t most,
                                                                Bytes& next) const {
  std::vector<std::pair<Tag, Remembered>> out;
  const auto rows = LH_TRY(store_->latest().scan(store::Family::kData, prefix(), from, most));
  for (const auto& row : rows) {
    auto decoded = decode(LH_TRY(ledger::parse_stored(row.value)));
    if (!decoded.ok() || row.key.size() < 16) {
      return Error(Reason::kStoreCorrupt, "memory of a record");
    }
    const auto tail = ByteView(row.key).substr(row.key.size() - 16);
    out.emplace_back(LH_TRY(to_array<16>(tail)), std::move(*decoded));
  }
  next = rows.size() < most ? Bytes() : rows.back().key + '\0';
  return out;
}

void RowMemory::remember(const Tag& key, const Remembered& what,
                         std::vector<ledger::RowWrite>& rows,
                         std::vector<ledger::Precondition>& preconditions) const {
  CborWriter w;
  w.array(4);
  w.uint(kFormat);
  w.bytes(view(what.content));
  w.bytes(view(what.run));
  w.bytes(what.place);
  Bytes place = row_key(key);
  preconditions.push_back({store::Family::kData, place, what.commit_index});
  rows.push_back({store::Family::kData, std::move(place), w.take()});
}

const SeenRecords::Seen* SeenRecords::find(const Tag& key) const {
  const auto it = seen_.find(key);
  return it == seen_.end() ? nullptr : &it->second;
}

void SeenRecords::put(const Tag& key, const Digest& content, Fate fate) {
  seen_.insert_or_assign(key, Seen{short_digest(content), fate});
}

void SeenRecords::decide(const Tag& key) {
  const auto it = seen_.find(key);
  if (it != seen_.end()) it->second.fate = Fate::kDecided;
}

SeenRecords::Trimmed SeenRecords::trim() {
  if (seen_.size() <= kMostSeen) return Trimmed::kNo;
  seen_.clear();
  return Trimmed::kYes;
}

}  // namespace lh::hub::ingest
