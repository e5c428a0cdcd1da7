// What the log says: which index was known at a time, and how often a subject's data was read.
// Private to hub/exchange.
#pragma once

#include <string_view>

#include "hub/ledger/ledger.h"

namespace lh::hub::exchange {

// The last entry made at or before that time.
// Cost: one entry for each doubling of the log.
Result<std::uint64_t> known_index(const ledger::Ledger& ledger, UtcTime known_at);
Result<UtcTime> time_of(const ledger::Ledger& ledger, std::uint64_t index);

struct Accesses {
  std::uint64_t count = 0;
  enum class End : std::uint8_t { kReached, kNotReached } end = End::kReached;
};
// Reads of a kind of base data of the subject after that entry: subject.read and material.fetched
// that were allowed. Walks the subject's chain backwards, at most 10,000 entries.
Result<Accesses> count_accesses(const ledger::Ledger& ledger, const Tag& subject,
                                std::string_view kind, std::uint64_t after);

}  // namespace lh::hub::exchange
