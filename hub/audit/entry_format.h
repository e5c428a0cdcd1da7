// The numbers of the entry format, version 1 (docs/formats/entry.md). Private to hub/audit.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/cbor.h"
#include "hub/audit/entry.h"

namespace lh::hub::audit {

inline constexpr std::uint64_t kEntryVersion = 1;

// Map keys, ascending. Stored; never renumber. Those up to kRows are written in the sequencer.
enum EntryKey : std::uint64_t {
  kVersion = 0,
  kIndex = 1,
  kTime = 2,
  kChains = 3,
  kRows = 4,
  kNonce = 5,
  kEvent = 6,
  kDecision = 7,
  kReason = 8,  // absent: verdict.good
  kOrganisation = 9,
  kSystem = 10,  // 16 bytes when it is a SystemId, else text
  kPurpose = 11,
  kLegalBasis = 12,
  kMatter = 13,
  kDivision = 14,
  kPolicyEpoch = 15,
  kRule = 16,
  kObject = 17,
  kOfficer = 18,
  kLicence = 19,
  kCase = 20,
  kCertificate = 21,
  kRequest = 22,
  kAnswer = 23,
  kCorrelation = 24,
  kCount = 25,
  kRowsRoot = 26,
  kBoxA = 27,
  kBoxB = 28
};

enum BoxAKey : std::uint64_t {  // stored; never renumber
  kOfficerId = 1,
  kOfficerName = 2,
  kTerminal = 3,
  kCaseNumber = 4,
  kFields = 5,
  kCommitKeyA = 6,
  kLicenceKey = 7
};
enum BoxBKey : std::uint64_t { kCommitKeyB = 1, kPersonalText = 2 };  // stored

// A box is XChaCha20-Poly1305 (crypto/seal.h) with the nonce of the entry ‖ eight times its letter,
// which is therefore not stored again: 25 bytes less a box. Associated data: the letter and the
// bound part, so a box fits its own entry only. Each box of a fresh nonce is sealed once.
Bytes seal_box(ByteView key, char letter, const Tag& nonce, ByteView bound, ByteView plain);
Result<Bytes> open_box(ByteView key, char letter, const Tag& nonce, ByteView bound, ByteView box);

// "sys_" ‖ 32 hex digits as its 16 bytes; nullopt for any other text.
std::optional<Tag> packed_system(std::string_view text);
// 32 lower-case hex digits as 16 bytes.
std::optional<Tag> packed_hex(std::string_view text);

std::uint64_t month_number(UtcTime t);  // 202611 (UTC+8)
std::string month_name(std::uint64_t month);

// Reads the pairs of a map in ascending order of their keys: at(key) is true when that pair is
// next, done() after its value takes the next key. Nothing is skipped: finish() refuses what was
// not taken.
class PairReader {
 public:
  static Result<PairReader> open(CborReader& r);
  bool at(std::uint64_t key) const { return left_ > 0 && next_ == key; }
  Status done();
  Status finish() const;
  CborReader& in() { return *r_; }
  std::size_t key_position() const { return key_position_; }  // of the next key, or the end

  // The value of an optional pair; absent and empty are one and only "absent" is written.
  Result<std::string> text(std::uint64_t key);
  Result<std::uint64_t> number(std::uint64_t key);
  template <std::size_t N>
  Result<std::optional<std::array<std::uint8_t, N>>> bytes(std::uint64_t key) {
    std::optional<std::array<std::uint8_t, N>> out;
    if (!at(key)) return out;
    const auto value = to_array<N>(LH_TRY(r_->read_bytes()));
    if (!value.ok()) return Error(Reason::kCborMalformed, "byte length");
    out = *value;
    LH_TRY(done());
    return out;
  }

 private:
  PairReader(CborReader& r, std::uint64_t pairs) : r_(&r), left_(pairs) {}
  CborReader* r_;
  std::uint64_t left_;  // pairs not taken yet
  std::uint64_t next_ = 0;
  std::size_t key_position_ = 0;
};

// The part of an entry that the sequencer writes.
struct StampPart {
  std::uint64_t index = 0;
  UtcTime time;
  std::vector<ledger::ChainLink> chains;
  Digest rows{};
  std::uint32_t row_count = 0;
};
Result<StampPart> read_stamp(PairReader& pairs);

// The key of the month in use, found once a month.
class MonthKeys {
 public:
  explicit MonthKeys(const crypto::KeyStore& keys) : keys_(keys) {}
  Result<const Secret*> get(std::uint64_t month);  // key.missing

 private:
  struct Slot {
    std::uint64_t month;
    const Secret* key;
  };
  const crypto::KeyStore& keys_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<const Slot>> slots_;  // one a month that was used
  std::atomic<const Slot*> current_{nullptr};
};

}  // namespace lh::hub::audit
