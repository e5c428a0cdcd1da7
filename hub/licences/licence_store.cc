#include "hub/licences/licence_store.h"

#include "hub/audit/entry.h"
#include "hub/ledger/log/keys.h"
#include "hub/licences/holdings.h"
#include "hub/licences/rows/head_row.h"
#include "hub/licences/rows/keys.h"
#include "hub/licences/rows/status_rules.h"
#include "hub/licences/rows/version_row.h"

namespace lh::hub::licences {
namespace {

using Opened = Result<LicenceVersion>;
using OpenedGround = Result<std::string>;
enum class Readable : std::uint8_t { kYes, kUnknown, kErased, kSealBroken, kCorrupt };

Readable readable(const Error& e) {
  switch (e.reason()) {
    case Reason::kLicenceUnknown:
      return Readable::kUnknown;
    case Reason::kKeyErased:
      return Readable::kErased;
    case Reason::kSealBroken:
      return Readable::kSealBroken;
    default:
      return Readable::kCorrupt;
  }
}

Status as_status(Readable r) {
  switch (r) {
    case Readable::kYes:
      return ok_status();
    case Readable::kUnknown:
      return Error(Reason::kLicenceUnknown, "version");
    case Readable::kErased:
      return Error(Reason::kKeyErased);
    case Readable::kSealBroken:
      return Error(Reason::kSealBroken, "licence version");
    case Readable::kCorrupt:
      break;
  }
  return Error(Reason::kStoreCorrupt, "licence version");
}

// The first holder whose key still exists.
Result<subjects::SubjectKey> reader_key(const subjects::SubjectDirectory& directory,
                                        const std::vector<SubjectNo>& holders) {
  for (const SubjectNo no : holders) {
    auto key = directory.get(no);
    if (key.ok()) return key;
    if (key.error().reason() != Reason::kKeyErased) return key.error();
  }
  return Error(Reason::kKeyErased);
}

}  // namespace

int version_in_force(const LicenceHead& head, UtcTime at) {
  const LocalDate day = local_date(at);
  int found = head.versions.front().version;
  for (const auto& v : head.versions) {
    if (!v.valid_from || *v.valid_from <= day) found = v.version;
  }
  return found;
}

const VersionEntry* find_version(const LicenceHead& head, int version) {
  for (const auto& v : head.versions) {
    if (v.version == version) return &v;
  }
  return nullptr;
}

Result<std::optional<Numbered>> LicenceStore::find_number(std::string_view licence_id) const {
  const store::OpenKey key{store::Family::kData, rows::number_key(directory_, licence_id)};
  const auto row = LH_TRY(store_.latest().find(key));
  if (!row) return std::optional<Numbered>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  return std::optional<Numbered>(LH_TRY(rows::decode_numbered(stored.payload)));
}

Result<std::optional<LicenceKey>> LicenceStore::find_by_id(std::string_view licence_id) const {
  const auto found = LH_TRY(find_number(licence_id));
  return found ? std::optional<LicenceKey>(found->key) : std::nullopt;
}

Result<std::optional<AliasTarget>> LicenceStore::find_alias(std::string_view scheme,
                                                            std::string_view value) const {
  const store::OpenKey key{store::Family::kData, rows::alias_key(directory_, scheme, value)};
  const auto row = LH_TRY(store_.latest().find(key));
  if (!row) return std::optional<AliasTarget>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  if (stored.payload.size() < 16) return Error(Reason::kStoreCorrupt, "alias row");
  AliasTarget out{LicenceKey{LH_TRY(to_array<16>(stored.payload.substr(0, 16)))},
                  Bytes(stored.payload.substr(16)), stored.commit_index};
  return std::optional<AliasTarget>(std::move(out));
}

Result<std::optional<LicenceKey>> LicenceStore::find_by_alias(std::string_view scheme,
                                                              std::string_view value) const {
  const auto found = LH_TRY(find_alias(scheme, value));
  return found ? std::optional<LicenceKey>(found->key) : std::nullopt;
}

Result<LicenceHead> LicenceStore::head(const LicenceKey& key) const {
  const auto row =
      LH_TRY(store_.latest().find(store::OpenKey{store::Family::kData, rows::head_key(key)}));
  if (!row) return Error(Reason::kLicenceUnknown);
  return rows::decode_head(key, *row);
}

Result<Undisclosed<LicenceVersion>> LicenceStore::version(const LicenceHead& head, int version,
                                                          const Permit& permit) const {
  const VersionEntry* entry = find_version(head, version);
  if (entry == nullptr) return Error(Reason::kLicenceUnknown, "version");
  const auto reader = LH_TRY(reader_key(directory_, entry->holders));
  const Bytes place = rows::version_key(head.key, version);
  auto row = LH_TRY(store_.latest().find(store::PersonalKey{place}, permit));
  auto opened = std::move(row).map(
      [](std::optional<Bytes>&& stored, const subjects::SubjectKey& key,
         const Bytes& where) -> Opened {
        if (!stored) return Error(Reason::kStoreCorrupt, "a version is missing");
        return rows::decode_version(*stored, key, where);
      },
      reader, place);
  LH_TRY(as_status(opened.decide(
      [](const Opened& o) { return o.ok() ? Readable::kYes : readable(o.error()); })));
  return std::move(opened).map([](Opened&& o) { return std::move(o).value(); });
}

Result<Undisclosed<Presented>> LicenceStore::present(const LicenceHead& head, int version,
                                                     const std::vector<std::string>& fields,
                                                     const Permit& permit) const {
  const VersionEntry* entry = find_version(head, version);
  if (entry == nullptr) return Error(Reason::kLicenceUnknown, "version");
  const auto reader = LH_TRY(reader_key(directory_, entry->holders));
  const Bytes place = rows::version_key(head.key, version);
  auto row = LH_TRY(store_.latest().find(store::PersonalKey{place}, permit));
  auto shown = std::move(row).map(
      [](std::optional<Bytes>&& stored, const subjects::SubjectKey& key, const Bytes& where,
         const std::vector<std::string>& names) -> Result<Presented> {
        if (!stored) return Error(Reason::kStoreCorrupt, "a version is missing");
        return rows::present_version(*stored, key, where, names);
      },
      reader, place, fields);
  LH_TRY(as_status(shown.decide(
      [](const Result<Presented>& o) { return o.ok() ? Readable::kYes : readable(o.error()); })));
  return std::move(shown).map([](Result<Presented>&& o) { return std::move(o).value(); });
}

Result<std::optional<Holding>> LicenceStore::find_holding(SubjectNo subject, std::string_view type,
                                                          UtcTime at, const Permit& permit) const {
  const auto held = LH_TRY(Holdings::look(*this, {{subject, std::string(type)}}, permit));
  return held.find(subject, type, at);
}

Result<std::vector<Holding>> LicenceStore::valid_holdings(SubjectNo subject, std::string_view type,
                                                          UtcTime at, std::size_t limit,
                                                          const Permit& permit) const {
  const auto held = LH_TRY(Holdings::look(*this, {{subject, std::string(type)}}, permit));
  return held.find_valid(subject, type, at, limit);
}

Result<std::vector<StatusFact>> LicenceStore::facts(const LicenceKey& key) const {
  const auto now = LH_TRY(head(key));
  std::vector<StatusFact> out;
  for (const auto& f : now.facts) {
    out.push_back({f.kind, f.effective, LH_TRY(entry_time(f.index)), f.index});
  }
  return out;
}

Result<Undisclosed<std::string>> LicenceStore::ground(const LicenceHead& head, std::uint32_t number,
                                                      const Permit& permit) const {
  const auto reader = LH_TRY(reader_key(directory_, head.holders));
  const Bytes place = rows::fact_key(head.key, number);
  auto row = LH_TRY(store_.latest().find(store::PersonalKey{place}, permit));
  auto opened = std::move(row).map(
      [](std::optional<Bytes>&& stored, const subjects::SubjectKey& key,
         const Bytes& where) -> OpenedGround {
        if (!stored) return Error(Reason::kLicenceUnknown, "fact");
        return rows::decode_ground(*stored, key, where);
      },
      reader, place);
  LH_TRY(as_status(opened.decide(
      [](const OpenedGround& o) { return o.ok() ? Readable::kYes : readable(o.error()); })));
  return std::move(opened).map([](OpenedGround&& o) { return std::move(o).value(); });
}

Result<UtcTime> LicenceStore::entry_time(std::uint64_t index) const {
  const store::OpenKey key{store::Family::kAudit, ledger::log::entry_key(index)};
  const auto row = LH_TRY(store_.latest().find(key));
  if (!row) return Error(Reason::kStoreCorrupt, "the entry of a status fact is missing");
  return LH_TRY(audit::parse_entry(*row)).time;
}

Result<StatusAnswer> LicenceStore::status_of(const LicenceHead& head, int version, UtcTime valid_at,
                                             UtcTime known_at) const {
  if (known_at == UtcTime::max()) {
    return rows::evaluate(head.versions, head.facts, version, valid_at);
  }
  std::vector<VersionEntry> versions;
  for (const auto& v : head.versions) {
    if (LH_TRY(entry_time(v.index)) <= known_at) versions.push_back(v);
  }
  std::vector<HeadFact> facts;
  for (const auto& f : head.facts) {
    if (LH_TRY(entry_time(f.index)) <= known_at) facts.push_back(f);
  }
  return rows::evaluate(versions, facts, version, valid_at);
}

Result<StatusAnswer> LicenceStore::status(const LicenceHead& head, UtcTime valid_at,
                                          UtcTime known_at) const {
  return status_of(head, head.version, valid_at, known_at);
}

}  // namespace lh::hub::licences
