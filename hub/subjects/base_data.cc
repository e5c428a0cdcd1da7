#include "hub/subjects/base_data.h"

#include <algorithm>

#include "crypto/digest.h"
#include "hub/subjects/base_rows.h"

namespace lh::hub::subjects {
namespace {

using rows::Head;
using rows::kNever;
using rows::kNoDay;

constexpr std::size_t kRowsAtOnce = 500;
const Digest kNotKept{};

using Body = Result<std::optional<BaseRecord>>;
using Found = Undisclosed<std::optional<BaseRecord>>;
enum class Readable : std::uint8_t { kYes, kSealBroken, kCorrupt };
enum class Present : std::uint8_t { kYes, kNo };
enum class Same : std::uint8_t { kYes, kNo };

// Where a version lies, and the stored row where finding it has read it already.
struct Place {
  std::uint32_t number = 0;
  std::int32_t day = kNoDay;
  Bytes key;
  std::optional<Bytes> row;
};

Result<std::optional<Place>> place_of(store::Row row, std::string_view kind) {
  const auto at = LH_TRY(rows::placed(row.key, kind));
  return std::optional(Place{at.number, at.day, std::move(row.key), std::move(row.value)});
}

// The key before this one among keys of one length; nullopt: there is none.
std::optional<Bytes> key_before(Bytes key, std::size_t prefix) {
  for (std::size_t i = key.size(); i > prefix; --i) {
    const auto byte = static_cast<std::uint8_t>(key[i - 1]);
    key[i - 1] = static_cast<char>(byte - 1);
    if (byte != 0) return key;
  }
  return std::nullopt;
}

Result<std::optional<Place>> last_undated(const store::Snapshot& from, std::string_view kind,
                                          SubjectNo no, std::uint64_t known) {
  std::optional<Place> found;
  const Bytes prefix = rows::undated_prefix(kind, no);
  auto all = LH_TRY(from.scan(store::Family::kData, prefix, {}, kRowsAtOnce));
  for (auto& row : all) {
    if (LH_TRY(ledger::parse_stored(row.value)).commit_index > known) break;
    found = LH_TRY(place_of(std::move(row), kind));
  }
  return found;
}

// The law of the two times: of the versions known by then and begun by then the one with the latest
// day, of one day the one known last.
Result<std::optional<Place>> seek(const store::Snapshot& from, std::string_view kind, SubjectNo no,
                                  const Moment& moment) {
  const Bytes prefix = rows::dated_prefix(kind, no);
  std::optional<Bytes> key = rows::dated_key(kind, no, moment.valid.days(), UINT32_MAX);
  while (key) {
    auto row = LH_TRY(from.last_at_or_before(store::Family::kData, prefix, *key));
    if (!row) break;
    if (LH_TRY(ledger::parse_stored(row->value)).commit_index <= moment.known) {
      return place_of(std::move(*row), kind);
    }
    key = key_before(std::move(row->key), prefix.size());
  }
  return last_undated(from, kind, no, moment.known);
}

bool knows_present(const Head& head, std::int32_t day) {
  return head.present_from <= day && day < head.next_from;
}

Result<std::optional<Place>> locate(const store::Snapshot& from, const Head& head,
                                    std::string_view kind, SubjectNo no, const Moment& moment) {
  const std::int32_t day = moment.valid.days();
  if (moment.known != kKnownNow || !knows_present(head, day)) {
    return seek(from, kind, no, moment);
  }
  if (head.present == 0) return std::optional<Place>();
  // A version without a day holds as long as there is no other one.
  const std::int32_t begun = head.present <= head.undated ? kNoDay : head.present_from;
  return std::optional(
      Place{head.present, begun, rows::version_key(kind, no, begun, head.present), std::nullopt});
}

Body open_place(const std::optional<Bytes>& row, const Digest& data_key, const Place& place) {
  if (!row) return Error(Reason::kStoreCorrupt, "a version of base data is missing");
  BaseRecord record = LH_TRY(rows::open_body(*row, data_key, place.key));
  record.number = place.number;
  if (place.day != kNoDay) record.valid_from = LocalDate::from_days(place.day);
  return std::optional(std::move(record));
}

Status as_status(Readable r) {
  if (r == Readable::kSealBroken) return Error(Reason::kSealBroken, "base data");
  if (r == Readable::kCorrupt) return Error(Reason::kStoreCorrupt, "base data");
  return ok_status();
}

template <class T>
Readable readable(const Result<T>& r) {
  if (r.ok()) return Readable::kYes;
  return r.error().reason() == Reason::kSealBroken ? Readable::kSealBroken : Readable::kCorrupt;
}

Result<Found> open_found(const store::Snapshot& from, const SubjectKey& subject, Place place,
                         const Permit& permit) {
  auto stored = place.row ? Undisclosed<std::optional<Bytes>>(permit, std::move(place.row))
                          : LH_TRY(from.find(store::PersonalKey{place.key}, permit));
  place.row.reset();
  auto body = std::move(stored).map(
      [](std::optional<Bytes>&& row, const Digest& data_key, const Place& where) -> Body {
        return open_place(row, data_key, where);
      },
      subject.data_key, place);
  LH_TRY(as_status(body.decide([](const Body& b) { return readable(b); })));
  return std::move(body).map([](Body&& b) { return std::move(b).value(); });
}

// What stands in the head, brought up to today: versions begin while nobody writes.
Result<Head> head_of_today(const store::Snapshot& from, const Head& stored, std::string_view kind,
                           const SubjectKey& subject, LocalDate today) {
  if (stored.commit_index == 0 || knows_present(stored, today.days())) return stored;
  Head head = stored;
  const auto place = LH_TRY(seek(from, kind, subject.no, {today, kKnownNow}));
  head.present = place ? place->number : 0;
  head.present_from = place ? place->day : kNoDay;
  head.mac = kNotKept;
  const auto later = LH_TRY(from.scan(store::Family::kData, rows::dated_prefix(kind, subject.no),
                                      rows::dated_key(kind, subject.no, today.days() + 1, 0), 1));
  head.next_from = later.empty() ? kNever : LH_TRY(rows::placed(later.front().key, kind)).day;
  return head;
}

void take_in(Head& head, std::int32_t day, LocalDate today, const Digest& mac) {
  ++head.count;
  if (day > today.days()) {
    head.next_from = std::min(head.next_from, day);
  } else if (head.present == 0 || day >= head.present_from) {
    head.present = head.count;
    head.present_from = day;
    head.mac = mac;
  }
}

}  // namespace

Result<BaseDataChange> BaseData::put(const SubjectKey& subject, const SubjectId& id,
                                     const BaseRecord& record, const Permit& permit) const {
  LH_TRY(rows::check_text(record));
  const store::Snapshot& from = store_.latest();
  const LocalDate today = local_date(clock_.now());
  const LocalDate day = record.valid_from.value_or(today);
  Bytes said = rows::encode_said(record);
  const Digest mac = crypto::hmac_sha256(view(subject.data_key), said);
  Head head = LH_TRY(rows::read_head(from, record.kind, subject.no));
  const std::uint64_t seen = head.commit_index;
  BaseDataChange out;
  const auto now_there = LH_TRY(locate(from, head, record.kind, subject.no, {day, kKnownNow}));
  if (now_there) {
    Same same = knows_present(head, day.days()) && head.mac == mac ? Same::kYes : Same::kNo;
    if (same == Same::kNo && (!knows_present(head, day.days()) || head.mac == kNotKept)) {
      const auto found = LH_TRY(open_found(from, subject, *now_there, permit));
      same = found.decide(
          [](const std::optional<BaseRecord>& r, const Digest& data_key, const Digest& wanted) {
            Bytes other = rows::encode_said(*r);
            const bool equal = crypto::hmac_sha256(view(data_key), other) == wanted;
            wipe(other);
            return equal ? Same::kYes : Same::kNo;
          },
          subject.data_key, mac);
    }
    if (same == Same::kYes) {
      out.outcome = StoreOutcome::kSame;
      out.number = now_there->number;
      return out;
    }
  }
  out.outcome = seen == 0 ? StoreOutcome::kNew : StoreOutcome::kChanged;
  head = LH_TRY(head_of_today(from, head, record.kind, subject, today));
  take_in(head, day.days(), today, mac);
  out.number = head.count;
  Bytes place = rows::dated_key(record.kind, subject.no, day.days(), head.count);
  const bool sealed = is_personal(id) || rows::names_a_person(record);
  Bytes body = rows::with_correction(record, std::move(said));
  body = sealed ? rows::sealed_body(std::move(body), subject, directory_, place)
                : rows::plain_body(body);
  Bytes head_key = rows::head_key(record.kind, subject.no);
  // The head alone is the contended row: whoever writes version n + 1 has seen version n.
  out.preconditions.push_back({store::Family::kData, head_key, seen});
  out.rows.reserve(2);
  out.rows.push_back({store::Family::kData, std::move(head_key), rows::encode_head(head)});
  out.rows.push_back({store::Family::kData, std::move(place), std::move(body)});
  return out;
}

Result<Found> BaseData::read_own(const SubjectKey& subject, std::string_view kind,
                                 const Moment& moment, const Permit& permit) const {
  const store::Snapshot& from = store_.latest();
  const Head head = LH_TRY(rows::read_head(from, kind, subject.no));
  if (head.commit_index == 0) return Found(permit, std::nullopt);
  auto place = LH_TRY(locate(from, head, kind, subject.no, moment));
  if (!place) return Found(permit, std::nullopt);
  return open_found(from, subject, std::move(*place), permit);
}

Result<Found> BaseData::read_at(const SubjectKey& subject, std::string_view kind,
                                const Moment& moment, const Permit& permit) const {
  if (!subject.has(SubjectMark::kTies)) return read_own(subject, kind, moment, permit);
  Found found(permit, std::nullopt);
  for (const SubjectKey& one : LH_TRY(directory_.family(subject, moment.known))) {
    found = LH_TRY(read_own(one, kind, moment, permit));
    const Present there = found.decide(
        [](const std::optional<BaseRecord>& r) { return r ? Present::kYes : Present::kNo; });
    if (there == Present::kYes) break;
  }
  return found;
}

}  // namespace lh::hub::subjects
