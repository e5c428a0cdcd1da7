// The checkpoint kept outside the database: pre-allocated file, two slots, CRC, fdatasync. It is
// what notices a database that knows less than was promised (rollback, rotten WAL tail).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace lh::hub::ledger {

class CheckpointFile {
 public:
  enum class Missing : std::uint8_t { kCreate, kRefuse };
  // Errors: store.missing (kRefuse), store.corrupt (wrong length), file.unreadable.
  static Result<CheckpointFile> open(const std::string& path, Missing missing = Missing::kCreate);
  CheckpointFile(CheckpointFile&& other) noexcept;
  CheckpointFile& operator=(CheckpointFile&&) = delete;
  ~CheckpointFile();
  // The newest valid slot; nullopt in a new file. Errors: store.corrupt when a slot that was
  // written does not have its CRC and no newer valid slot exists.
  Result<std::optional<std::string>> last() const;
  Status write(std::string_view signed_note);  // durable on return; at most 2,000 bytes
  // Looks at both slots; the one that is damaged need not be the newest. store.corrupt.
  Status verify() const;

 private:
  struct Slot;
  explicit CheckpointFile(int fd) : fd_(fd) {}
  Result<Slot> read_slot(unsigned number) const;
  int fd_ = -1;
  std::uint64_t generation_ = 0;  // of the newest valid slot; 0 = none
  unsigned next_ = 0;             // the slot that is written next: never the newest valid one
};

}  // namespace lh::hub::ledger
