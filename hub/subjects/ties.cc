#include "hub/subjects/ties.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/limits.h"

namespace lh::hub::subjects {
namespace {

constexpr std::uint64_t kFormat = 1;

Bytes ties_key(SubjectNo no) {
  Bytes key("w");
  append_be64(key, no.value);
  return key;
}

Bytes encode(const Ties& ties) {
  CborWriter w;
  w.array(2);
  w.uint(kFormat);
  w.array(ties.all.size());
  for (const Tie& tie : ties.all) {
    w.array(4);
    w.uint(tie.other.value);
    w.uint(static_cast<std::uint64_t>(tie.side));
    w.uint(tie.since);
    w.uint(tie.until);
  }
  return w.take();
}

Result<Ties> decode(const ledger::StoredValue& stored) {
  CborReader r(stored.payload);
  if (LH_TRY(r.read_array()) != 2 || LH_TRY(r.read_uint()) != kFormat) {
    return Error(Reason::kStoreCorrupt, "ties");
  }
  Ties out;
  out.commit_index = stored.commit_index;
  const std::uint64_t count = LH_TRY(r.read_array());
  for (std::uint64_t i = 0; i < count; ++i) {
    if (LH_TRY(r.read_array()) != 4) return Error(Reason::kStoreCorrupt, "tie");
    Tie tie;
    tie.other = SubjectNo{LH_TRY(r.read_uint())};
    const std::uint64_t side = LH_TRY(r.read_uint());
    if (side != 1 && side != 2) return Error(Reason::kStoreCorrupt, "side of a tie");
    tie.side = static_cast<TieSide>(side);
    tie.since = LH_TRY(r.read_uint());
    tie.until = LH_TRY(r.read_uint());
    if (tie.since == 0) tie.since = stored.commit_index;
    if (tie.until == 0) tie.until = stored.commit_index;
    out.all.push_back(tie);
  }
  LH_TRY(r.finish());
  return out;
}

Error invalid(const char* why) {
  return Error(Reason::kMergeInvalid, why);
}

}  // namespace

const Tie* Ties::into(std::uint64_t known) const {
  for (const Tie& tie : all) {
    if (tie.side == TieSide::kInto && tie.holds(known)) return &tie;
  }
  return nullptr;
}

Result<Ties> read_ties(const store::Snapshot& rows, SubjectNo no) {
  const auto row = LH_TRY(rows.find(store::OpenKey{store::Family::kData, ties_key(no)}));
  if (!row) return Ties{};
  auto ties = decode(LH_TRY(ledger::parse_stored(*row)));
  if (!ties.ok()) return Error(Reason::kStoreCorrupt, "ties");
  return ties;
}

Result<TieChange> Kinship::write(const SubjectKey& from, Ties of_from, const SubjectKey& into,
                                 Ties of_into) const {
  TieChange out;
  const auto add = [this, &out](const SubjectKey& key, const Ties& ties) -> Status {
    out.preconditions.push_back({store::Family::kData, ties_key(key.no), ties.commit_index});
    out.rows.push_back({store::Family::kData, ties_key(key.no), encode(ties)});
    auto marked = LH_TRY(directory_.mark(key.no, SubjectMark::kTies));
    if (!marked) return ok_status();
    out.preconditions.push_back(std::move(marked->seen));
    out.rows.push_back(std::move(marked->row));
    return ok_status();
  };
  LH_TRY(add(from, of_from));
  LH_TRY(add(into, of_into));
  return out;
}

Result<TieChange> Kinship::merge(const SubjectKey& from, const SubjectKey& into) const {
  if (from.no == into.no || LH_TRY(directory_.survivor(into)).no == from.no) {
    return invalid("a subject into itself");
  }
  Ties of_from = LH_TRY(read_ties(store_.latest(), from.no));
  Ties of_into = LH_TRY(read_ties(store_.latest(), into.no));
  if (of_from.into(kKnownNow) != nullptr || of_into.into(kKnownNow) != nullptr) {
    return Error(Reason::kSubjectMerged);
  }
  const auto one = LH_TRY(directory_.family(from));
  const auto other = LH_TRY(directory_.family(into));
  if (one.size() + other.size() > limits::kSubjectsPerEntry) {
    return invalid("more subjects than one entry names");
  }
  of_from.all.push_back({into.no, TieSide::kInto});
  of_into.all.push_back({from.no, TieSide::kFrom});
  return write(from, std::move(of_from), into, std::move(of_into));
}

Result<TieChange> Kinship::split(const SubjectKey& from, const SubjectKey& into) const {
  Ties of_from = LH_TRY(read_ties(store_.latest(), from.no));
  Ties of_into = LH_TRY(read_ties(store_.latest(), into.no));
  const auto end = [](Ties& ties, SubjectNo other, TieSide side) -> Status {
    const auto it = std::find_if(ties.all.begin(), ties.all.end(), [&](const Tie& t) {
      return t.other == other && t.side == side && t.holds(kKnownNow);
    });
    if (it == ties.all.end()) return invalid("they are not merged");
    it->until = 0;
    return ok_status();
  };
  LH_TRY(end(of_from, into.no, TieSide::kInto));
  LH_TRY(end(of_into, from.no, TieSide::kFrom));
  return write(from, std::move(of_from), into, std::move(of_into));
}

}  // namespace lh::hub::subjects
