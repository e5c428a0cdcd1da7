#include "hub/exchange/people/chain_walk.h"

#include <algorithm>

#include "hub/audit/entry.h"

namespace lh::hub::exchange {
namespace {

constexpr int kMostSteps = 10000;

bool is_read(const audit::Entry& e, std::string_view kind) {
  const bool read =
      e.event == schemas::AuditEvent::kSubjectRead || e.event == schemas::AuditEvent::kFetched;
  return read && e.decision == audit::Decision::kAllow && e.object == kind;
}

}  // namespace

Result<UtcTime> time_of(const ledger::Ledger& ledger, std::uint64_t index) {
  return LH_TRY(audit::parse_entry(LH_TRY(ledger.entry(index)))).time;
}

Result<std::uint64_t> known_index(const ledger::Ledger& ledger, UtcTime known_at) {
  const ledger::LedgerState state = ledger.state();
  if (known_at >= state.last_time) return state.size - 1;
  std::uint64_t low = 0;  // entries made by then
  std::uint64_t high = state.size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (LH_TRY(time_of(ledger, middle)) <= known_at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? 0 : low - 1;  // entry 0 opened the log and owns no rows
}

Result<Accesses> count_accesses(const ledger::Ledger& ledger, const Tag& subject,
                                std::string_view kind, std::uint64_t after) {
  Accesses out;
  const ledger::ChainLink head = LH_TRY(ledger.chain_head(subject));
  std::uint64_t sequence = head.sequence;
  // The head of a chain carries the index of its last entry.
  std::uint64_t index = head.previous;
  for (int step = 0; sequence != 0 && index > after; ++step) {
    if (step == kMostSteps) {
      out.end = Accesses::End::kNotReached;
      break;
    }
    const auto entry = LH_TRY(audit::parse_entry(LH_TRY(ledger.entry(index))));
    if (is_read(entry, kind)) ++out.count;
    const auto link = std::find_if(entry.subjects.begin(), entry.subjects.end(),
                                   [&subject](const auto& l) { return l.tag == subject; });
    if (link == entry.subjects.end()) return Error(Reason::kLedgerGap, "the chain of a subject");
    sequence = link->sequence - 1;
    index = link->previous;
  }
  return out;
}

}  // namespace lh::hub::exchange
