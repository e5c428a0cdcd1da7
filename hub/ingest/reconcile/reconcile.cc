#include "hub/ingest/reconcile/reconcile.h"

#include <future>

#include "hub/ingest/book/trial.h"
#include "hub/ingest/reconcile/stored_record.h"
#include "hub/ingest/reconcile/tag_sort.h"

namespace lh::hub::ingest {
namespace {

constexpr std::uint64_t kProgressRows = 5000;
constexpr std::size_t kPageRows = 1024;

// The entry under which stored records are read.
Result<Recorded> note_begin(const CollectionParts& parts, const ReconcileInput& input,
                            const Permit& permit) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kReconciled;
  facts.object = "begin";
  facts.organisation = input.request.collector.text();
  facts.system = "hub";
  facts.purpose = input.request.name;
  facts.policy_epoch = input.policy.epoch();
  facts.box_a.officer_id = input.request.operator_id;
  ledger::Change change;
  change.access = permit.access_id();
  change.entries.push_back(
      LH_TRY(parts.entries.make(facts, crypto::CommitKey(parts.random), parts.clock.now())));
  // Shared: the ledger may still be inside set_value when get() returns.
  const auto promise = std::make_shared<std::promise<Result<std::vector<Recorded>>>>();
  auto answer = promise->get_future();
  parts.submit(std::move(change), [promise](Result<std::vector<Recorded>> recorded) {
    promise->set_value(std::move(recorded));
  });
  auto recorded = LH_TRY(answer.get());
  return std::move(recorded.front());
}

Result<RowMemory> memory_of(const CollectionParts& parts, const ReconcileInput& input) {
  return RowMemory::create(parts.store, parts.keys, input.request.name,
                           input.request.collector.text() + "\n" + input.mapping.issuer_name);
}

bool names_person(const adapters::MappedRecord& record) {
  const auto& holder = record.holder;
  if (holder.scheme == IdScheme::kLocal) return true;  // nobody knows
  const auto id = parse_subject_id(holder.scheme, holder.id.reveal());
  return !id.ok() || is_personal(*id);
}

class Comparison {
 public:
  Comparison(const ReconcileInput& input, const RowMemory& memory, const StoredRecords& stored)
      : input_(input), memory_(memory), stored_(stored), met_(input.scratch_folder) {}

  Result<Reconciliation> run(const adapters::Mapper& mapper) {
    for (;;) {
      const auto row = LH_TRY(input_.source.next());
      if (!row) break;
      ++out_.rows;
      const auto mapped = mapper.apply(*row);
      if (!mapped.errors.empty()) ++out_.refused;
      for (const auto& record : mapped.records) LH_TRY(take(record, row->number));
      if (input_.progress && out_.rows % kProgressRows == 0) report();
    }
    if (input_.last != nullptr) LH_TRY(input_.last->end());
    LH_TRY(met_.finish());
    LH_TRY(merge());
    return std::move(out_);
  }

 private:
  Status take(const adapters::MappedRecord& record, std::uint64_t row) {
    if (input_.last != nullptr && LH_TRY(input_.last->next()) == Place::kReplaced) {
      ++out_.repeated;
      return ok_status();
    }
    const Tag tag = memory_.key_of(record);
    LH_TRY(met_.add(tag));
    Difference d;
    d.row = row;
    d.record = record.kind;
    d.object = record.object;
    d.key = names_person(record) ? shape_of(record.key) : record.key;
    d.reference = to_hex(view(tag));
    d.division = record.division;
    const auto known = LH_TRY(memory_.find(tag));
    if (!known) return note(std::move(d), DifferenceKind::kOnlyInSource);
    auto compared = LH_TRY(stored_.compare(record, *known));
    if (compared.outcome == StoredRecords::Compared::Outcome::kGone) {
      return note(std::move(d), DifferenceKind::kOnlyInSource);
    }
    d.licence_id = std::move(compared.licence_id);
    d.fields = std::move(compared.fields);
    const bool digest = known->content == memory_.content_of(record);
    if (d.fields.empty() && (digest || !known->place.empty())) {
      ++out_.same;
      return ok_status();
    }
    return note(std::move(d), DifferenceKind::kDiffers);
  }

  Status note(Difference d, DifferenceKind kind) {
    d.kind = kind;
    ++(kind == DifferenceKind::kOnlyInSource  ? out_.only_in_source
       : kind == DifferenceKind::kOnlyInStore ? out_.only_in_store
                                              : out_.differs);
    if (out_.differences.size() < kMostListed) {
      out_.differences.push_back(std::move(d));
    } else {
      ++out_.not_listed;
    }
    return ok_status();
  }

  // The next key that the source has; the same one again is counted.
  Status advance(std::optional<Tag>& at) {
    for (;;) {
      auto next = LH_TRY(met_.next());
      if (next && at && *next == *at) {
        ++out_.repeated;
        continue;
      }
      at = next;
      return ok_status();
    }
  }

  // Both in the order of the keys: what the store has and the source did not give.
  Status merge() {
    std::optional<Tag> at;
    LH_TRY(advance(at));
    Bytes from;
    do {
      for (const auto& [tag, known] : LH_TRY(memory_.page(from, kPageRows, from))) {
        while (at && *at < tag) LH_TRY(advance(at));
        if (at && *at == tag) continue;
        LH_TRY(note_left(tag, known));
      }
    } while (!from.empty());
    while (at) LH_TRY(advance(at));
    return ok_status();
  }

  Status note_left(const Tag& tag, const Remembered& known) {
    const auto name = LH_TRY(stored_.name_of(known.place));
    Difference d;
    d.record = name.record;
    d.object = name.object;
    d.key = name.key;
    d.licence_id = name.licence_id;
    d.division = name.division;
    d.reference = to_hex(view(tag));
    return note(std::move(d), DifferenceKind::kOnlyInStore);
  }

  void report() const {
    LoadProgress progress;
    progress.counts.read = out_.rows;
    progress.counts.same = out_.same;
    progress.counts.quarantined = out_.refused;
    progress.position_bytes = input_.source.position_bytes();
    progress.size_bytes = input_.source.size_bytes();
    input_.progress(progress);
  }

  const ReconcileInput& input_;
  const RowMemory& memory_;
  const StoredRecords& stored_;
  TagSort met_;
  Reconciliation out_;
};

}  // namespace

std::string_view difference_text(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::kOnlyInSource:
      return "only_in_source";
    case DifferenceKind::kOnlyInStore:
      return "only_in_store";
    case DifferenceKind::kDiffers:
      break;
  }
  return "differs";
}

Result<LastOfKey> find_last(const CollectionParts& parts, const ReconcileInput& input) {
  const auto mapper = LH_TRY(adapters::Mapper::bind(input.mapping, input.source.columns()));
  const auto memory = LH_TRY(memory_of(parts, input));
  LastOfKey out(input.scratch_folder);
  for (;;) {
    const auto row = LH_TRY(input.source.next());
    if (!row) break;
    for (const auto& record : mapper.apply(*row).records) {
      LH_TRY(out.note(memory.key_of(record)));
    }
  }
  LH_TRY(out.finish());
  return out;
}

Result<Reconciliation> reconcile(const CollectionParts& parts, const ReconcileInput& input) {
  const auto mapper = LH_TRY(adapters::Mapper::bind(input.mapping, input.source.columns()));
  auto memory = LH_TRY(memory_of(parts, input));
  memory.look_always();
  const Permit permit = parts.gate.maintenance();
  const Recorded recorded = LH_TRY(note_begin(parts, input, permit));
  const StoredRecords stored(parts, input.policy, permit, recorded);
  Comparison comparison(input, memory, stored);
  auto out = LH_TRY(comparison.run(mapper));
  out.entry = recorded.index();
  return out;
}

}  // namespace lh::hub::ingest
