#include "hub/licences/holdings.h"

#include <algorithm>
#include <tuple>

#include "hub/licences/rows/head_row.h"
#include "hub/licences/rows/keys.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kOfOneType = 1000;
// Who holds more than this of all types is asked type by type.
constexpr std::size_t kOfAllTypes = 256;
constexpr std::size_t kTypeAt = 1 + 8;
constexpr std::size_t kTypeBytes = 21;
constexpr std::size_t kHoldingBytes = kTypeAt + kTypeBytes + 16;

// The subject, and whoever it is one with by merges. No row is read for one that never merged: its
// key says so, from the cache as a rule.
Result<std::vector<SubjectNo>> one_with(const subjects::SubjectDirectory& directory,
                                        SubjectNo subject) {
  std::vector<SubjectNo> out{subject};
  const auto key = directory.get(subject);
  if (!key.ok()) {  // registered by this very change, or erased
    const Reason why = key.error().reason();
    if (why == Reason::kSubjectUnknown || why == Reason::kKeyErased) return out;
    return key.error();
  }
  if (!key->has(subjects::SubjectMark::kTies)) return out;
  const auto family = directory.family(*key);
  if (!family.ok() && family.error().reason() == Reason::kKeyErased) return out;
  for (const auto& other : LH_TRY(family)) {
    if (other.no != subject) out.push_back(other.no);
  }
  return out;
}

}  // namespace

Result<Holdings> Holdings::look(const LicenceStore& licences, const std::vector<WantedType>& wanted,
                                const Permit& permit) {
  std::ignore = permit;  // asked for so that nobody looks without one
  Holdings out(licences);
  for (const auto& [subject, type] : wanted) out.people_[subject].types[type];
  for (auto& [subject, person] : out.people_) {
    person.one_with = LH_TRY(one_with(licences.directory(), subject));
    for (const SubjectNo no : person.one_with) LH_TRY(out.look_at(person, no));
    for (auto& [type, held] : person.types) {
      std::sort(held.begin(), held.end(),
                [](const Held& a, const Held& b) { return a.commit_index > b.commit_index; });
    }
  }
  LH_TRY(out.read_heads());
  return out;
}

Status Holdings::look_at(Person& person, SubjectNo who) {
  const auto& now = licences_->store().latest();
  if (person.types.size() > 1) {
    const Bytes all = rows::holding_prefix(who, {});
    const auto rows = LH_TRY(now.scan(store::Family::kData, all, {}, kOfAllTypes + 1));
    if (rows.size() <= kOfAllTypes) return take(person, rows);
  }
  for (const auto& [type, held] : person.types) {
    const Bytes prefix = rows::holding_prefix(who, type);
    LH_TRY(take(person, LH_TRY(now.scan(store::Family::kData, prefix, {}, kOfOneType))));
  }
  return ok_status();
}

Status Holdings::take(Person& person, const std::vector<store::Row>& rows) {
  for (const auto& row : rows) {
    const ByteView key(row.key);
    if (key.size() != kHoldingBytes) return Error(Reason::kStoreCorrupt, "holding row");
    const auto type = person.types.find(key.substr(kTypeAt, kTypeBytes));
    if (type == person.types.end()) continue;
    const auto stored = LH_TRY(ledger::parse_stored(row.value));
    const LicenceKey licence{LH_TRY(to_array<16>(key.substr(kTypeAt + kTypeBytes)))};
    type->second.push_back({stored.commit_index, licence});
  }
  return ok_status();
}

// The newest of each type is the answer, as a rule.
Status Holdings::read_heads() {
  std::vector<LicenceKey> licences;
  std::vector<Bytes> places;
  for (const auto& [subject, person] : people_) {
    for (const auto& [type, held] : person.types) {
      if (held.empty()) continue;
      licences.push_back(held.front().key);
      places.push_back(rows::head_key(held.front().key));
    }
  }
  const std::vector<ByteView> views(places.begin(), places.end());
  const auto rows = LH_TRY(licences_->store().latest().find_each(store::Family::kData, views));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i]) return Error(Reason::kLicenceUnknown);
    heads_.insert_or_assign(licences[i], LH_TRY(rows::decode_head(licences[i], *rows[i])));
  }
  return ok_status();
}

const std::vector<Holdings::Held>* Holdings::held_by(SubjectNo subject, std::string_view type,
                                                     const Person*& person) const {
  const auto of = people_.find(subject);
  if (of == people_.end()) return nullptr;
  person = &of->second;
  const auto held = person->types.find(type);
  return held == person->types.end() ? nullptr : &held->second;
}

// Nothing: a transfer ended this holding.
Result<std::optional<Holding>> Holdings::holding(const Person& person, const Held& held,
                                                 UtcTime at) const {
  const auto read = heads_.find(held.key);
  LicenceHead head = read != heads_.end() ? read->second : LH_TRY(licences_->head(held.key));
  const auto& people = person.one_with;
  if (std::find_first_of(head.holders.begin(), head.holders.end(), people.begin(), people.end()) ==
      head.holders.end()) {
    return std::optional<Holding>();
  }
  const int version = version_in_force(head, at);
  const auto answer = LH_TRY(licences_->status_of(head, version, at, UtcTime::max()));
  return std::optional<Holding>(Holding{std::move(head), version, answer});
}

Result<std::optional<Holding>> Holdings::find(SubjectNo subject, std::string_view type,
                                              UtcTime at) const {
  std::optional<Holding> best;
  const Person* person = nullptr;
  const auto* all = held_by(subject, type, person);
  if (all == nullptr) return best;
  for (const Held& held : *all) {
    auto one = LH_TRY(holding(*person, held, at));
    if (!one) continue;
    const bool valid = one->status.status == schemas::LicenceStatus::kValid;
    if (!best || valid) best = std::move(one);
    if (valid) break;
  }
  return best;
}

Result<std::vector<Holding>> Holdings::find_valid(SubjectNo subject, std::string_view type,
                                                  UtcTime at, std::size_t limit) const {
  std::vector<Holding> out;
  const Person* person = nullptr;
  const auto* all = held_by(subject, type, person);
  if (all == nullptr) return out;
  for (const Held& held : *all) {
    if (out.size() == limit) break;
    auto one = LH_TRY(holding(*person, held, at));
    if (one && one->status.status == schemas::LicenceStatus::kValid) out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace lh::hub::licences
