// Parts of the full check that must see the whole log: chains without gaps, and rows that match
// what their entries recorded. Memory is bounded: when there is too much, the space of tags is
// halved again and again, and the log is read once for each part.
#pragma once

#include <functional>
#include <vector>

#include "hub/ledger/log/keys.h"

namespace lh::hub::ledger::log {

// Reads a family in pieces. Errors: of the store.
class Cursor {
 public:
  Cursor(const store::Snapshot& snapshot, store::Family family, ByteView prefix)
      : snapshot_(snapshot), family_(family), prefix_(prefix), from_(prefix) {}
  // The next row, valid until the next call; null at the end.
  Result<const store::Row*> next();

 private:
  const store::Snapshot& snapshot_;
  store::Family family_;
  Bytes prefix_;
  Bytes from_;
  std::vector<store::Row> rows_;
  std::size_t at_ = 0;
  bool last_piece_ = false;
};

using Report = std::function<void(Reason, std::string where)>;

// One part of the tags: those whose first `bits` bits are `number`.
struct Part {
  unsigned bits = 0;
  std::uint64_t number = 0;
  bool holds(const Tag& tag) const {
    return bits == 0 || (read_be64(view(tag)) >> (64U - bits)) == number;
  }
  std::uint64_t count() const { return std::uint64_t{1} << bits; }
};

inline constexpr std::size_t kCheckItems = 1U << 20U;  // about 48 MiB

// Every tag counts 1, 2, 3 … and each entry names the one before; the stored head is the last.
class ChainCheck {
 public:
  struct Step {
    Tag tag{};
    std::uint64_t sequence = 0;
    std::uint64_t previous = 0;
    std::uint64_t index = 0;
  };
  explicit ChainCheck(Part part, std::size_t limit = kCheckItems) : part_(part), limit_(limit) {}
  void add(const Step& step);
  // The part that fitted; its `bits` may have grown.
  Result<Part> finish(const store::Snapshot& snapshot, const Report& report);

 private:
  void check_chain(const Step* first, const Step* end, const Report& report) const;
  Part part_;
  std::size_t limit_;
  std::vector<Step> steps_;
};

// Every live row is what the last manifest with its key says; every such manifest has its row.
class RowCheck {
 public:
  explicit RowCheck(Part part, std::size_t limit = kCheckItems) : part_(part), limit_(limit) {}
  void add(const Tag& key_hash, const Digest& value_hash, std::uint64_t commit_index);
  Result<Part> finish(const store::Snapshot& snapshot, const Report& report);
  std::uint64_t rows() const { return rows_; }

 private:
  struct Item {
    Tag key{};
    Tag value{};  // the first half of the value hash
    std::uint64_t commit_index = 0;
    bool deleted = false;
    bool seen = false;
  };
  void keep_latest();
  void check_row(store::Family family, const store::Row& row, const Report& report);
  Part part_;
  std::size_t limit_;
  std::vector<Item> items_;
  std::uint64_t rows_ = 0;
};

}  // namespace lh::hub::ledger::log
