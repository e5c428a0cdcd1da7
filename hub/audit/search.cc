#include "hub/audit/search.h"

#include <algorithm>

#include "base/limits.h"

namespace lh::hub::audit {
namespace {

constexpr std::size_t kExamined = 65536;  // entries one call looks at; then the cursor goes on
constexpr std::size_t kRun = 256;         // indexes fetched at once

struct Filter {
  PostingKind kind = PostingKind::kSubject;
  Tag tag{};
};

// What the query asks for, the tag with the fewest entries (as a rule) first.
std::vector<Filter> filters_of(const SearchQuery& q) {
  std::vector<Filter> out;
  const auto add = [&out](PostingKind kind, const std::optional<Tag>& tag) {
    if (tag) out.push_back({kind, *tag});
  };
  add(PostingKind::kCase, q.case_tag);
  add(PostingKind::kSubject, q.subject);
  add(PostingKind::kLicence, q.licence);
  add(PostingKind::kOfficer, q.officer);
  if (!q.organisation.empty()) {
    add(PostingKind::kOrganisation, organisation_tag(q.organisation));
  }
  if (q.event) add(PostingKind::kEvent, event_tag(*q.event));
  return out;
}

Result<SearchHit> read_hit(const ledger::Ledger& ledger, std::uint64_t index) {
  SearchHit hit;
  hit.bytes = LH_TRY(ledger.entry(index));
  auto entry = parse_entry(hit.bytes);
  if (!entry.ok() || entry->index != index) {
    return Error(Reason::kStoreCorrupt, "entry " + std::to_string(index));
  }
  hit.entry = std::move(entry).value();
  return hit;
}

// The first index at or after which entries have this time: times never decrease along the log.
Result<std::uint64_t> first_at(const ledger::Ledger& ledger, UtcTime time, std::uint64_t size) {
  std::uint64_t low = 0;
  std::uint64_t high = size;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const SearchHit hit = LH_TRY(read_hit(ledger, middle));
    if (hit.entry.time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool matches(const Entry& e, const SearchQuery& q) {
  const auto same = [](const std::optional<Tag>& asked, const std::optional<Tag>& has) {
    return !asked || asked == has;
  };
  if (!same(q.officer, e.officer) || !same(q.licence, e.licence)) return false;
  if (!same(q.case_tag, e.case_tag)) return false;
  if (!q.organisation.empty() && q.organisation != e.organisation) return false;
  if (q.event && *q.event != e.event) return false;
  const auto is_event = [&e](schemas::AuditEvent event) { return event == e.event; };
  if (!q.among.empty() && std::none_of(q.among.begin(), q.among.end(), is_event)) return false;
  if (q.decision && *q.decision != e.decision) return false;
  if (!q.subject) return true;
  return std::any_of(e.subjects.begin(), e.subjects.end(),
                     [&q](const ledger::ChainLink& link) { return link.tag == *q.subject; });
}

// Indexes below `before`, descending: of the first filter's postings, or all when there is none.
Result<std::vector<std::uint64_t>> next_run(const ledger::Ledger& ledger,
                                            const std::vector<Filter>& filters,
                                            std::uint64_t before) {
  if (!filters.empty()) {
    return ledger.postings(static_cast<std::uint8_t>(filters.front().kind), filters.front().tag,
                           before, kRun);
  }
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = before; i > 0 && out.size() < kRun; --i) out.push_back(i - 1);
  return out;
}

struct Range {
  std::uint64_t first = 0;   // inclusive
  std::uint64_t before = 0;  // exclusive
};

Result<Range> range_of(const ledger::Ledger& ledger, const SearchQuery& q, std::uint64_t size) {
  Range out{0, std::min(q.before, size)};
  if (q.from) out.first = LH_TRY(first_at(ledger, *q.from, size));
  if (q.until) out.before = std::min(out.before, LH_TRY(first_at(ledger, *q.until, size)));
  return out;
}

// The size of the log and the length of the chain at one and the same moment: the chain is asked
// before and after, until nothing came in between.
Status pin(const ledger::Ledger& ledger, const SearchQuery& q, SearchPage& page) {
  constexpr int kTries = 16;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t length = q.subject ? LH_TRY(ledger.chain_head(*q.subject)).sequence : 0;
    page.tree_size = ledger.state().size;
    if (!q.subject) return {};
    page.chain_length = length;
    if (LH_TRY(ledger.chain_head(*q.subject)).sequence == length) return {};
  }
  return Error(Reason::kLedgerBusy, "the chain grows faster than it can be read");
}

class Collector {
 public:
  Collector(const ledger::Ledger& ledger, const SearchQuery& query, SearchPage& page)
      : ledger_(ledger),
        query_(query),
        page_(page),
        limit_(std::clamp<std::size_t>(query.limit, 1, limits::kPageItems)) {}

  // False: the page is full, and the cursor is set.
  Result<bool> take(std::uint64_t index) {
    if (page_.hits.size() == limit_ || examined_ == kExamined) {
      page_.next_before = index + 1;
      return false;
    }
    ++examined_;
    SearchHit hit = LH_TRY(read_hit(ledger_, index));
    if (matches(hit.entry, query_)) page_.hits.push_back(std::move(hit));
    return true;
  }

 private:
  const ledger::Ledger& ledger_;
  const SearchQuery& query_;
  SearchPage& page_;
  std::size_t limit_;
  std::size_t examined_ = 0;
};

}  // namespace

Result<SearchPage> search(const ledger::Ledger& ledger, const SearchQuery& query) {
  SearchPage page;
  LH_TRY(pin(ledger, query, page));
  const Range range = LH_TRY(range_of(ledger, query, page.tree_size));
  const auto filters = filters_of(query);
  Collector collector(ledger, query, page);
  std::uint64_t before = range.before;
  while (before > range.first) {
    const auto run = LH_TRY(next_run(ledger, filters, before));
    if (run.empty()) return page;
    for (const std::uint64_t index : run) {
      if (index < range.first) return page;
      if (!LH_TRY(collector.take(index))) return page;
    }
    before = run.back();
  }
  return page;
}

Status check_chain(const std::vector<SearchHit>& oldest_first, const Tag& subject,
                   std::uint64_t expected_length) {
  std::uint64_t previous = 0;
  std::uint64_t sequence = 0;
  for (const SearchHit& hit : oldest_first) {
    const auto& links = hit.entry.subjects;
    const auto link = std::find_if(links.begin(), links.end(),
                                   [&](const ledger::ChainLink& l) { return l.tag == subject; });
    const std::string where = "entry " + std::to_string(hit.entry.index);
    if (link == links.end()) return Error(Reason::kLedgerGap, where + ": another subject");
    if (link->sequence != sequence + 1 || link->previous != previous) {
      return Error(Reason::kLedgerGap, where + ": after sequence " + std::to_string(sequence));
    }
    sequence = link->sequence;
    previous = hit.entry.index;
  }
  if (sequence == expected_length) return {};
  return Error(Reason::kLedgerGap,
               "sequence " + std::to_string(sequence) + " of " + std::to_string(expected_length));
}

}  // namespace lh::hub::audit
