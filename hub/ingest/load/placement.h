// Puts the pieces of rows into changes: legal entities share one change and one entry, a natural
// person and a licence have one each. What needs a subject that another change of the chunk
// registers goes to the second wave, without the rows that register it.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "hub/ingest/load/preparer.h"

namespace lh::hub::ingest {

inline constexpr std::size_t kMostChangeBytes = 224U << 10U;  // the ledger takes 256 KiB
std::size_t weight_of(const ledger::Change& change);

class Placement {
 public:
  explicit Placement(const Preparer& preparer) : preparer_(preparer) {}
  Status place(RowJob& row, std::vector<Preparer::Piece> pieces);
  Result<Prepared> finish();

 private:
  enum class Room : std::uint8_t { kFree, kTaken, kTwice };
  Room room_for(const std::vector<Preparer::Piece>& pieces) const;
  std::vector<std::size_t> strip(ledger::Change& change) const;
  void claim(const ledger::Change& change, std::size_t index);
  Status add_grouped(Preparer::Piece piece);
  Status add_alone(Preparer::Piece piece);
  Status close_group();
  Status add_group_entry(Submission& group, const std::string& object) const;
  Status add_person_entry(const Preparer::Piece& piece, ledger::Change& change) const;
  std::size_t open_group(const std::string& object);

  const Preparer& preparer_;
  Prepared out_;
  std::unordered_map<Bytes, std::size_t>
      claims_;                        // registration row -> submission of the first wave
  std::unordered_set<Bytes> heads_;   // rows of base data written in this pass
  std::optional<std::size_t> group_;  // the open one
  std::size_t group_bytes_ = 0;
  std::string group_object_;  // one kind of base data a group
};

}  // namespace lh::hub::ingest
