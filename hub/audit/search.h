// Search of the log: by subject, officer, licence, case, calling organisation, event, time. Exact
// up to the last commit. Searching is itself an entry; the routes and commands see to that before
// anything is shown. For subjects the answer carries the chain (sequence, previous), so a gap
// shows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/audit/entry.h"
#include "hub/ledger/ledger.h"

namespace lh::hub::audit {

struct SearchQuery {
  std::optional<Tag> subject, officer, licence, case_tag;
  std::string organisation;  // USCC, empty = any
  std::optional<schemas::AuditEvent> event;
  std::vector<schemas::AuditEvent> among;  // one of these; empty = any
  std::optional<Decision> decision;
  std::optional<UtcTime> from, until;  // inclusive, exclusive
  std::uint64_t before = UINT64_MAX;   // cursor: indexes below this one
  std::size_t limit = 50;              // at most limits::kPageItems
};
struct SearchHit {
  Entry entry;
  Bytes bytes;  // the leaf
};
struct SearchPage {
  std::vector<SearchHit> hits;                // newest first
  std::optional<std::uint64_t> next_before;   // none = the end was reached
  std::uint64_t tree_size = 0;                // what was searched
  std::optional<std::uint64_t> chain_length;  // of a subject query: entries there are
};
Result<SearchPage> search(const ledger::Ledger& ledger, const SearchQuery& query);

// Checks sequence 1..n and the links of all entries of one subject: a provably complete list.
Status check_chain(const std::vector<SearchHit>& oldest_first, const Tag& subject,
                   std::uint64_t expected_length);

}  // namespace lh::hub::audit
