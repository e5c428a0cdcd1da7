// The history of a record: what each version said otherwise than what was known before it.
#include <algorithm>

#include "hub/subjects/base_rows.h"

namespace lh::hub::subjects {
namespace {

constexpr std::size_t kRowsAtOnce = 500;

struct StoredVersion {
  rows::Placed at;
  VersionMark mark;
  store::Row row;
};
using Stored = std::vector<StoredVersion>;
using Opened = Result<std::vector<BaseVersion>>;
enum class Readable : std::uint8_t { kYes, kSealBroken, kCorrupt };

Status add_rows(const store::Snapshot& from, std::string_view kind, const Bytes& prefix,
                std::uint64_t known, Stored& out) {
  Bytes next;
  for (;;) {
    auto some = LH_TRY(from.scan(store::Family::kData, prefix, next, kRowsAtOnce));
    const std::size_t count = some.size();
    if (count != 0) next = some.back().key + '\0';
    for (auto& row : some) {
      StoredVersion v;
      v.mark.commit_index = LH_TRY(ledger::parse_stored(row.value)).commit_index;
      if (v.mark.commit_index > known) continue;
      v.at = LH_TRY(rows::placed(row.key, kind));
      v.mark.number = v.at.number;
      if (v.at.day != rows::kNoDay) v.mark.valid_from = LocalDate::from_days(v.at.day);
      v.row = std::move(row);
      out.push_back(std::move(v));
    }
    if (count < kRowsAtOnce) return ok_status();
  }
}

// In the order they became known.
Result<Stored> stored_versions(const store::Snapshot& from, SubjectNo no, std::string_view kind,
                               std::uint64_t known) {
  Stored out;
  LH_TRY(add_rows(from, kind, rows::undated_prefix(kind, no), known, out));
  LH_TRY(add_rows(from, kind, rows::dated_prefix(kind, no), known, out));
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.at.number < b.at.number; });
  return out;
}

// What was known to hold on that day before version i.
const StoredVersion* before(const Stored& all, std::size_t i) {
  const StoredVersion* best = nullptr;
  for (std::size_t j = 0; j < i; ++j) {
    if (all[j].at.day > all[i].at.day) continue;
    if (best == nullptr || best->at.day <= all[j].at.day) best = &all[j];
  }
  return best;
}

void compare(const BaseRecord& record, const BaseRecord& earlier, BaseVersion& out) {
  for (const auto& [name, value] : record.fields) {
    const auto* other = schemas::find_field(earlier.fields, name);
    if (other == nullptr || *other != value) out.changed.emplace_back(name, value);
  }
  for (const auto& [name, value] : earlier.fields) {
    if (schemas::find_field(record.fields, name) == nullptr) out.dropped.push_back(name);
  }
}

Opened open_versions(const Stored& all, const Digest& data_key, std::size_t limit) {
  std::vector<BaseVersion> out;
  for (std::size_t i = all.size(); i > 0 && out.size() < limit; --i) {
    const StoredVersion& v = all[i - 1];
    BaseRecord record = LH_TRY(rows::open_body(v.row.value, data_key, v.row.key));
    BaseRecord earlier;
    if (const auto* e = before(all, i - 1)) {
      earlier = LH_TRY(rows::open_body(e->row.value, data_key, e->row.key));
    }
    BaseVersion said;
    said.mark = v.mark;
    said.corrects = record.corrects;
    said.source = record.source;
    compare(record, earlier, said);
    out.push_back(std::move(said));
  }
  return out;
}

}  // namespace

Result<std::vector<VersionMark>> BaseData::versions(SubjectNo subject, std::string_view kind,
                                                    std::uint64_t known) const {
  std::vector<VersionMark> out;
  for (const auto& v : LH_TRY(stored_versions(store_.latest(), subject, kind, known))) {
    out.push_back(v.mark);
  }
  return out;
}

Result<Undisclosed<std::vector<BaseVersion>>> BaseData::history(const SubjectKey& subject,
                                                                std::string_view kind,
                                                                std::uint64_t known,
                                                                std::size_t limit,
                                                                const Permit& permit) const {
  Undisclosed<Stored> stored(permit,
                             LH_TRY(stored_versions(store_.latest(), subject.no, kind, known)));
  auto opened = std::move(stored).map(
      [](Stored&& all, const Digest& data_key, const std::size_t& most) -> Opened {
        return open_versions(all, data_key, most);
      },
      subject.data_key, limit);
  const Readable how = opened.decide([](const Opened& o) {
    if (o.ok()) return Readable::kYes;
    return o.error().reason() == Reason::kSealBroken ? Readable::kSealBroken : Readable::kCorrupt;
  });
  if (how == Readable::kSealBroken) return Error(Reason::kSealBroken, "base data");
  if (how == Readable::kCorrupt) return Error(Reason::kStoreCorrupt, "base data");
  return std::move(opened).map([](Opened&& o) { return std::move(o).value(); });
}

}  // namespace lh::hub::subjects
