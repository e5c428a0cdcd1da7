#include "hub/subjects/subject_flags.h"

#include "base/cbor.h"
#include "base/limits.h"
#include "crypto/seal.h"

namespace lh::hub::subjects {
namespace {

enum class Form : char { kPlain = 0, kSealed = 1 };  // stored; never renumber
// Of a flag among those of a subject; what a decision may say before its entry is durable.
enum class Ordinal : std::uint32_t { kNone = 0 };
enum class Readable : std::uint8_t { kYes, kSealBroken, kCorrupt };

constexpr std::size_t kMostFlags = 1000;  // of one subject

using Opened = Result<std::vector<Flag>>;

Bytes flags_prefix(SubjectNo no) {
  Bytes key("x");
  append_be64(key, no.value);
  return key;
}

Bytes flag_key(SubjectNo no, std::uint32_t number) {
  Bytes key = flags_prefix(no);
  append_be32(key, number);
  return key;
}

Bytes encode(const Flag& flag) {
  CborWriter w;
  w.array(6);
  w.text(flag.kind);
  w.text(flag.legal_basis);
  w.text(flag.authority);
  w.text(flag.ground);
  w.integer(flag.from.days());
  if (flag.until) {
    w.integer(flag.until->days());
  } else {
    w.null();
  }
  return w.take();
}

Result<LocalDate> read_day(CborReader& r) {
  return LocalDate::from_days(static_cast<std::int32_t>(LH_TRY(r.read_integer())));
}

Result<Flag> decode(ByteView bytes) {
  CborReader r(bytes);
  if (LH_TRY(r.read_array()) != 6) return Error(Reason::kStoreCorrupt, "flag");
  Flag out;
  out.kind = LH_TRY(r.read_text());
  out.legal_basis = LH_TRY(r.read_text());
  out.authority = LH_TRY(r.read_text());
  out.ground = LH_TRY(r.read_text());
  out.from = LH_TRY(read_day(r));
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
  } else {
    out.until = LH_TRY(read_day(r));
  }
  LH_TRY(r.finish());
  return out;
}

Status take_end(ByteView bytes, Flag& flag) {
  CborReader r(bytes);
  if (LH_TRY(r.read_array()) != 2) return Error(Reason::kStoreCorrupt, "end of a flag");
  flag.ended_on = LH_TRY(read_day(r));
  flag.why_ended = LH_TRY(r.read_text());
  return r.finish();
}

Result<Bytes> open_row(const store::Row& row, const Digest& data_key) {
  const auto stored = LH_TRY(ledger::parse_stored(row.value));
  if (stored.payload.empty()) return Error(Reason::kStoreCorrupt, "flag");
  const ByteView rest = stored.payload.substr(1);
  switch (static_cast<Form>(stored.payload[0])) {
    case Form::kPlain:
      return Bytes(rest);
    case Form::kSealed:
      return crypto::open(view(data_key), rest, row.key);
  }
  return Error(Reason::kStoreCorrupt, "form of a flag");
}

// The end of a flag follows it in the order of the keys.
Opened open_rows(const std::vector<store::Row>& rows, const Digest& data_key) {
  std::vector<Flag> out;
  for (const auto& row : rows) {
    const std::uint64_t index = LH_TRY(ledger::parse_stored(row.value)).commit_index;
    const Bytes plain = LH_TRY(open_row(row, data_key));
    if (row.key.size() == 1 + 8 + 4) {
      Flag flag = LH_TRY(decode(plain));
      flag.number = read_be32(ByteView(row.key).substr(9));
      flag.index = index;
      out.push_back(std::move(flag));
    } else if (!out.empty()) {
      LH_TRY(take_end(plain, out.back()));
      out.back().end_index = index;
    }
  }
  return out;
}

Result<Undisclosed<std::vector<Flag>>> read_own(const store::Store& store,
                                                const SubjectKey& subject, const Permit& permit) {
  using Rows = std::vector<store::Row>;
  Undisclosed<Rows> rows(
      permit, LH_TRY(store.latest().scan(store::Family::kData, flags_prefix(subject.no), {},
                                         2 * kMostFlags)));
  auto opened = std::move(rows).map(
      [](Rows&& all, const Digest& data_key) -> Opened { return open_rows(all, data_key); },
      subject.data_key);
  const Readable how = opened.decide([](const Opened& o) {
    if (o.ok()) return Readable::kYes;
    return o.error().reason() == Reason::kSealBroken ? Readable::kSealBroken : Readable::kCorrupt;
  });
  if (how == Readable::kSealBroken) return Error(Reason::kSealBroken, "flag");
  if (how == Readable::kCorrupt) return Error(Reason::kStoreCorrupt, "flag");
  return std::move(opened).map([](Opened&& o) { return std::move(o).value(); });
}

// The flag of that kind and authority in force on that day, as known now.
Ordinal number_of(const std::vector<Flag>& flags, const FlagEnd& wanted) {
  for (const Flag& f : flags) {
    if (f.kind == wanted.kind && f.authority == wanted.authority &&
        f.in_force({wanted.on, kKnownNow})) {
      return static_cast<Ordinal>(f.number);
    }
  }
  return Ordinal::kNone;
}

Status check(const Flag& flag) {
  const auto fits = [](std::string_view s) { return s.size() <= limits::kTextLine && is_utf8(s); };
  if (!fits(flag.kind) || !fits(flag.legal_basis) || !fits(flag.authority) || !fits(flag.ground)) {
    return Error(Reason::kInputEncoding, "flag");
  }
  if (flag.legal_basis.empty()) return Error(Reason::kFlagInvalid, "legal_basis");
  if (flag.until && *flag.until < flag.from) return Error(Reason::kFlagInvalid, "until");
  return ok_status();
}

}  // namespace

bool Flag::in_force(const Moment& at) const {
  if (index > at.known || at.valid < from || (until && at.valid > *until)) return false;
  return !ended_on || end_index > at.known || at.valid < *ended_on;
}

Result<FlagChange> SubjectFlags::write(const SubjectKey& subject, const SubjectId& id, Bytes key,
                                       Bytes plain) const {
  Bytes value;
  if (is_personal(id)) {
    value.push_back(static_cast<char>(Form::kSealed));
    value += directory_.seal(subject, plain, key);
    wipe(plain);
  } else {
    value.push_back(static_cast<char>(Form::kPlain));
    value += plain;
  }
  FlagChange out;
  out.preconditions.push_back({store::Family::kData, key, 0});
  out.rows.push_back({store::Family::kData, std::move(key), std::move(value)});
  auto marked = LH_TRY(directory_.mark(subject.no, SubjectMark::kFlags));
  if (!marked) return out;
  out.preconditions.push_back(std::move(marked->seen));
  out.rows.push_back(std::move(marked->row));
  return out;
}

Result<FlagChange> SubjectFlags::put(const SubjectKey& subject, const SubjectId& id,
                                     const Flag& flag, const Permit& permit) const {
  LH_TRY(check(flag));
  const auto flags = LH_TRY(read_own(store_, subject, permit));
  const FlagEnd same{flag.kind, flag.authority, flag.from, {}};
  const Ordinal there = flags.decide(
      [](const std::vector<Flag>& f, const FlagEnd& wanted) { return number_of(f, wanted); }, same);
  if (there != Ordinal::kNone) return Error(Reason::kFlagInvalid, "it has this flag already");
  const Ordinal last = flags.decide([](const std::vector<Flag>& f) {
    return static_cast<Ordinal>(f.empty() ? 0 : f.back().number);
  });
  const auto number = static_cast<std::uint32_t>(last) + 1;
  if (number > kMostFlags) return Error(Reason::kFlagInvalid, "too many");
  return write(subject, id, flag_key(subject.no, number), encode(flag));
}

Result<FlagChange> SubjectFlags::end(const SubjectKey& subject, const SubjectId& id,
                                     const FlagEnd& end, const Permit& permit) const {
  if (end.ground.size() > limits::kTextLine || !is_utf8(end.ground)) {
    return Error(Reason::kInputEncoding, "flag");
  }
  const auto flags = LH_TRY(read_own(store_, subject, permit));
  const Ordinal there = flags.decide(
      [](const std::vector<Flag>& f, const FlagEnd& wanted) {
        const Ordinal found = number_of(f, wanted);
        for (const Flag& one : f) {  // an end is said once
          if (static_cast<Ordinal>(one.number) == found && one.ended_on) return Ordinal::kNone;
        }
        return found;
      },
      end);
  if (there == Ordinal::kNone) return Error(Reason::kFlagUnknown);
  CborWriter w;
  w.array(2);
  w.integer(end.on.days());
  w.text(end.ground);
  return write(subject, id, flag_key(subject.no, static_cast<std::uint32_t>(there)) + 'e',
               w.take());
}

Result<Undisclosed<std::vector<Flag>>> SubjectFlags::in_force(const SubjectKey& subject,
                                                              const Moment& at,
                                                              const Permit& permit) const {
  using Flags = std::vector<Flag>;
  Undisclosed<Flags> out(permit, Flags{});
  if (subject.marks == 0) return out;
  for (const SubjectKey& one : LH_TRY(directory_.family(subject, at.known))) {
    if (!one.has(SubjectMark::kFlags)) continue;
    auto own = LH_TRY(read_own(store_, one, permit));
    out = std::move(out)
              .with(std::move(own))
              .map(
                  [](std::pair<Flags, Flags>&& both, const Moment& moment) {
                    for (Flag& f : both.second) {
                      if (f.in_force(moment)) both.first.push_back(std::move(f));
                    }
                    return std::move(both.first);
                  },
                  at);
  }
  return out;
}

}  // namespace lh::hub::subjects
