#include "hub/ingest/reconcile/stored_record.h"

#include <algorithm>
#include <set>

#include "hub/ingest/book/trial.h"
#include "hub/ingest/load/preparer.h"

namespace lh::hub::ingest {
namespace {

using Compared = StoredRecords::Compared;
using schemas::LicenceStatus;

// Missing records are an outcome of a comparison, no failure of it.
bool is_gone(Reason reason) {
  return reason == Reason::kLicenceUnknown || reason == Reason::kSubjectUnknown ||
         reason == Reason::kKeyErased;
}

template <class T>
Result<T> gone_or(const Error& error) {
  if (!is_gone(error.reason())) return error;
  T out;
  out.outcome = T::Outcome::kGone;
  return out;
}

// A source that says "valid" of a licence whose last day has passed does not contradict the hub:
// expiry comes by itself.
bool same_status(const std::string& source, LicenceStatus stored) {
  const auto text = schemas::status_text(stored);
  return source == text || (source == "valid" && stored == LicenceStatus::kExpired);
}

// Names of the fields that do not say the same, in the order of the names.
std::vector<std::string> differing_fields(const schemas::Fields& a, const schemas::Fields& b) {
  std::set<std::string> out;
  for (const auto* from : {&a, &b}) {
    const auto& other = from == &a ? b : a;
    for (const auto& [name, value] : *from) {
      const std::string* there = schemas::find_field(other, name);
      if (there == nullptr || *there != value) out.insert(name);
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace

// Whom the source names, and whoever is one with it by merges; nobody when the hub knows nobody of
// that identifier.
Result<std::vector<SubjectNo>> StoredRecords::holder_of(
    const adapters::MappedRecord& record) const {
  std::vector<SubjectNo> out;
  const auto id = holder_id(record.holder);
  if (!id.ok()) return out;
  const auto key = LH_TRY(parts_.directory.find(*id));
  if (!key) return out;
  for (const auto& one : LH_TRY(parts_.directory.family(*key))) out.push_back(one.no);
  return out;
}

Result<Compared> StoredRecords::compare_licence(const adapters::MappedRecord& record,
                                                ByteView key) const {
  const LicenceKey licence{LH_TRY(to_array<16>(key))};
  const auto head = licences_.head(licence);
  if (!head.ok()) return gone_or<Compared>(head.error());
  auto read = licences_.version(*head, head->version, permit_);
  if (!read.ok()) return gone_or<Compared>(read.error());
  const auto stored = std::move(*read).open(recorded_);
  const auto* type = policy_.find_type(record.object, local_date(parts_.clock.now()));
  Compared out;
  out.licence_id = head->licence_id;
  schemas::Fields fields = record.fields;
  if (type != nullptr) {
    auto checked = schemas::check_fields(type->fields, record.fields);
    if (checked.ok()) fields = std::move(*checked);
  }
  out.fields = differing_fields(fields, stored.fields);
  if (stored.valid_from != record.valid_from) out.fields.emplace_back("valid_from");
  if (stored.valid_until != record.valid_until) out.fields.emplace_back("valid_until");
  if (head->division != record.division) out.fields.emplace_back("division");
  const auto people = LH_TRY(holder_of(record));
  const auto& holders = head->holders;
  if (std::find_first_of(holders.begin(), holders.end(), people.begin(), people.end()) ==
      holders.end()) {
    out.fields.emplace_back("holder");
  }
  const auto status = LH_TRY(licences_.status(*head, parts_.clock.now(), UtcTime::max()));
  if (!same_status(record.status, status.status)) out.fields.emplace_back("status");
  return out;
}

Result<Compared> StoredRecords::compare_base(const adapters::MappedRecord& record,
                                             ByteView place) const {
  const auto subject = parts_.directory.get(SubjectNo{read_be64(place)});
  if (!subject.ok()) return gone_or<Compared>(subject.error());
  const subjects::Moment now{parts_.base_data.today()};
  auto read = parts_.base_data.read_own(*subject, record.object, now, permit_);
  if (!read.ok()) return gone_or<Compared>(read.error());
  const auto stored = std::move(*read).open(recorded_);
  Compared out;
  if (!stored) {
    out.outcome = Compared::Outcome::kGone;
    return out;
  }
  schemas::Fields fields = record.fields;
  if (const auto* kind = policy_.find_base_kind(record.object)) {
    auto checked = schemas::check_fields(kind->fields, record.fields);
    if (checked.ok()) fields = std::move(*checked);
  }
  out.fields = differing_fields(fields, stored->fields);
  const auto own = holder_id(record.holder);
  const auto named = own.ok() ? LH_TRY(parts_.directory.find_own(*own)) : std::nullopt;
  if (!named || named->no != subject->no) out.fields.emplace_back("holder");
  return out;
}

Result<Compared> StoredRecords::compare(const adapters::MappedRecord& record,
                                        const Remembered& known) const {
  const ByteView place = known.place;
  if (place.size() == 17 && place.front() == 'L') return compare_licence(record, place.substr(1));
  if (place.size() > 9 && place.front() == 'B') return compare_base(record, place.substr(1));
  // A row of an earlier version knows its digest alone; the caller compares that.
  if (place.empty()) return Compared{};
  return Error(Reason::kStoreCorrupt, "place of a record");
}

Result<StoredRecords::Name> StoredRecords::name_of(const Bytes& place) const {
  Name out;
  if (place.size() == 17 && place.front() == 'L') {
    out.record = adapters::RecordKind::kLicence;
    const auto head = licences_.head({LH_TRY(to_array<16>(ByteView(place).substr(1)))});
    if (!head.ok()) return is_gone(head.error().reason()) ? Result<Name>(out) : head.error();
    out.object = head->type;
    out.licence_id = head->licence_id;
    out.division = head->division;
    return out;
  }
  if (place.empty()) return out;
  if (place.size() <= 9 || place.front() != 'B') {
    return Error(Reason::kStoreCorrupt, "place of a record");
  }
  out.object = place.substr(9);
  const auto subject = parts_.directory.get(SubjectNo{read_be64(ByteView(place).substr(1))});
  if (!subject.ok()) return is_gone(subject.error().reason()) ? Result<Name>(out) : subject.error();
  const subjects::Moment now{parts_.base_data.today()};
  auto read = LH_TRY(parts_.base_data.read_own(*subject, out.object, now, permit_));
  const auto stored = std::move(read).open(recorded_);
  // Whether its key names a person is not said by the record: a kind of persons, or a sole trader.
  if (stored) out.key = shape_of(stored->source_key);
  const bool entity = out.object == "legal_entity" && stored && stored->source_key.size() == 18 &&
                      !stored->source_key.starts_with("92");
  if (entity) out.key = stored->source_key;
  return out;
}

}  // namespace lh::hub::ingest
