// The derived index: which entries carry a tag. Not in the synced batch: new postings wait in
// memory as sorted runs, go to the store in large runs, and are rebuilt from the watermark after a
// crash. Search is exact up to the last commit, because memory is asked as well.
// Threads: any; store_run() by one thread at a time.
#pragma once

#include <compare>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "hub/ledger/log/keys.h"

namespace lh::hub::ledger::log {

inline constexpr std::size_t kPostingsRun = 65536;

struct Posting {
  std::uint8_t kind = 0;  // 1..255
  Tag tag{};
  std::uint64_t index = 0;
  bool operator==(const Posting&) const = default;
  // As the bytes of the stored key: kind, tag, index. Tags are compared as two numbers: of two
  // arrays it takes a call for every comparison.
  std::strong_ordering operator<=>(const Posting& other) const {
    if (kind != other.kind) return kind <=> other.kind;
    for (const std::size_t half : {std::size_t{0}, std::size_t{8}}) {
      const std::uint64_t own = half_of(tag, half);
      const std::uint64_t theirs = half_of(other.tag, half);
      if (own != theirs) return own <=> theirs;
    }
    return index <=> other.index;
  }

 private:
  static std::uint64_t half_of(const Tag& tag, std::size_t from) {
    std::uint64_t v = 0;
    std::memcpy(&v, tag.data() + from, sizeof v);
    return __builtin_bswap64(v);
  }
};
using PostingsOf = std::function<std::vector<std::pair<std::uint8_t, Tag>>(ByteView entry)>;

class PostingsIndex {
 public:
  explicit PostingsIndex(store::Store& store) : store_(store) {}

  // Reads again what lies between the watermark and `size`. Without a reader of entries searches
  // are refused while something is missing. Errors: ledger.rollback (the index knows more than the
  // log), ledger.gap.
  Status rebuild(std::uint64_t size, const PostingsOf& postings_of);
  // The postings of the entries below `covered` that were not added before.
  void add(std::vector<Posting> postings, std::uint64_t covered);
  bool run_is_full() const;
  Status store_run();  // moves everything in memory to the store
  // Indexes descending from `before` (exclusive). Errors: audit.unavailable when incomplete.
  Result<std::vector<std::uint64_t>> find(std::uint8_t kind, const Tag& tag, std::uint64_t before,
                                          std::size_t limit) const;
  // Indexes ascending from `from` (inclusive), of the entries below `covered`. Errors: as find().
  struct Upwards {
    std::vector<std::uint64_t> indexes;
    std::uint64_t covered = 0;
  };
  Result<Upwards> find_from(std::uint8_t kind, const Tag& tag, std::uint64_t from,
                            std::size_t limit) const;

 private:
  using Run = std::vector<Posting>;  // ascending
  void push_run(Run run);            // with the lock held
  Status check_complete() const;     // with the lock held
  Result<std::vector<std::uint64_t>> find_stored(std::uint8_t kind, const Tag& tag,
                                                 std::uint64_t before, std::size_t limit) const;

  store::Store& store_;
  mutable std::mutex mutex_;
  std::vector<Run> runs_;             // sizes fall by half: at most 17 of them
  std::shared_ptr<const Run> going_;  // being stored; still searched
  std::size_t held_ = 0;
  std::uint64_t covered_ = 0;
  std::optional<std::uint64_t> missing_from_;
};

}  // namespace lh::hub::ledger::log
