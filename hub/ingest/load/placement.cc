#include "hub/ingest/load/placement.h"

#include <algorithm>

#include "crypto/merkle.h"
#include "hub/ingest/commit.h"

namespace lh::hub::ingest {
namespace {

using Piece = Preparer::Piece;

constexpr std::size_t kGroupRows = 200;
constexpr std::size_t kGroupBytes = 128U << 10U;
constexpr std::size_t kEntryBytes = 512;

}  // namespace

std::size_t weight_of(const ledger::Change& change) {
  std::size_t bytes = std::max<std::size_t>(1, change.entries.size()) * kEntryBytes;
  for (const auto& row : change.rows) {
    bytes += row.key.size() + (row.payload ? row.payload->size() : 0);
  }
  return bytes;
}

Placement::Room Placement::room_for(const std::vector<Piece>& pieces) const {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].head.empty()) continue;
    if (heads_.contains(pieces[i].head)) return Room::kTaken;
    for (std::size_t before = 0; before < i; ++before) {
      if (pieces[before].head == pieces[i].head) return Room::kTwice;
    }
  }
  return Room::kFree;
}

// Takes out the registrations that other submissions carry, and names these.
std::vector<std::size_t> Placement::strip(ledger::Change& change) const {
  std::vector<std::size_t> depends;
  const auto carried = [&](store::Family family, const Bytes& key) {
    if (registers(family, key) == Registers::kNo) return false;
    const auto it = claims_.find(key);
    if (it == claims_.end()) return false;
    if (std::find(depends.begin(), depends.end(), it->second) == depends.end()) {
      depends.push_back(it->second);
    }
    return true;
  };
  std::erase_if(change.rows, [&](const auto& row) { return carried(row.family, row.key); });
  std::erase_if(change.preconditions,
                [&](const auto& p) { return p.commit_index == 0 && carried(p.family, p.key); });
  return depends;
}

void Placement::claim(const ledger::Change& change, std::size_t index) {
  for (const auto& row : change.rows) {
    if (registers(row.family, row.key) == Registers::kYes) claims_.emplace(row.key, index);
  }
}

std::size_t Placement::open_group(const std::string& object) {
  if (!group_) {
    out_.first.emplace_back();
    out_.first.back().change.access = preparer_.parts().gate.maintenance().access_id();
    group_ = out_.first.size() - 1;
    group_bytes_ = 0;
    group_object_ = object;
  }
  return *group_;
}

Status Placement::add_group_entry(Submission& group, const std::string& object) const {
  const auto& terms = preparer_.terms();
  const auto& parts = preparer_.parts();
  // The root is over the manifest of the change (key hash ‖ value hash, ascending), which the
  // ledger keeps with the entry: one row can be proven without the others.
  std::vector<Digest> leaves;
  leaves.reserve(group.change.rows.size());
  Bytes leaf;
  for (const auto& row : ledger::row_hashes(group.change.rows)) {
    leaf.assign(view(row.key)).append(view(row.value));
    leaves.push_back(crypto::leaf_hash(leaf));
  }
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kBaseDataLoaded;
  facts.organisation = terms.request.collector.text();
  facts.system = "hub";
  facts.purpose = terms.request.name;
  facts.policy_epoch = terms.policy.epoch();
  facts.correlation = to_hex(view(terms.run));
  facts.object = object;
  facts.count = group.records.size();
  facts.rows_root = crypto::root_of_leaves(leaves);
  group.change.entries.push_back(
      LH_TRY(parts.entries.make(facts, crypto::CommitKey(parts.random), parts.clock.now())));
  return ok_status();
}

Status Placement::add_person_entry(const Piece& piece, ledger::Change& change) const {
  const auto& terms = preparer_.terms();
  const auto& parts = preparer_.parts();
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kSubjectStored;
  facts.organisation = terms.request.collector.text();
  facts.system = "hub";
  facts.purpose = terms.request.name;
  facts.policy_epoch = terms.policy.epoch();
  facts.correlation = to_hex(view(terms.run));
  facts.object = piece.object;
  facts.subjects = {piece.subject};
  change.entries.push_back(
      LH_TRY(parts.entries.make(facts, crypto::CommitKey(parts.random), parts.clock.now())));
  return ok_status();
}

Status Placement::close_group() {
  if (!group_) return ok_status();
  Submission& group = out_.first[*group_];
  group_.reset();
  return add_group_entry(group, group_object_);
}

// An entity whose subject this very group registers may join it; one that another change registers
// cannot be in the first wave.
Status Placement::add_grouped(Piece piece) {
  const std::size_t bytes = weight_of(piece.change);
  const bool full =
      group_ && (group_object_ != piece.object || group_bytes_ + bytes > kGroupBytes ||
                 out_.first[*group_].records.size() >= kGroupRows);
  if (full) LH_TRY(close_group());
  auto depends = strip(piece.change);
  if (group_) std::erase(depends, *group_);
  if (!depends.empty()) {
    Submission alone{std::move(piece.change), {piece.ref}, std::move(depends)};
    LH_TRY(add_group_entry(alone, piece.object));
    out_.second.push_back(std::move(alone));
    return ok_status();
  }
  const std::size_t index = open_group(piece.object);
  claim(piece.change, index);
  group_bytes_ += bytes;
  Submission& group = out_.first[index];
  for (auto& row : piece.change.rows) group.change.rows.push_back(std::move(row));
  for (auto& p : piece.change.preconditions) group.change.preconditions.push_back(std::move(p));
  group.records.push_back(piece.ref);
  return ok_status();
}

Status Placement::add_alone(Piece piece) {
  auto depends = strip(piece.change);
  if (piece.kind == Piece::Kind::kOwnEntry) LH_TRY(add_person_entry(piece, piece.change));
  Submission alone{std::move(piece.change), {piece.ref}, std::move(depends)};
  if (!alone.depends.empty()) {
    out_.second.push_back(std::move(alone));
    return ok_status();
  }
  claim(alone.change, out_.first.size());
  out_.first.push_back(std::move(alone));
  return ok_status();
}

Status Placement::place(RowJob& row, std::vector<Piece> pieces) {
  switch (room_for(pieces)) {
    case Room::kTaken:  // by an earlier row of this pass: the next pass sees what that one stored
      return ok_status();
    case Room::kTwice:
      refuse(row, Reason::kRowConflict, {});
      return ok_status();
    case Room::kFree:
      break;
  }
  for (Piece& piece : pieces) {
    if (!piece.head.empty()) heads_.insert(piece.head);
    LH_TRY(piece.kind == Piece::Kind::kGrouped ? add_grouped(std::move(piece))
                                               : add_alone(std::move(piece)));
  }
  return ok_status();
}

Result<Prepared> Placement::finish() {
  LH_TRY(close_group());
  return std::move(out_);
}

}  // namespace lh::hub::ingest
