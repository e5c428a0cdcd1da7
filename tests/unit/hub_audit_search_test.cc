#include <gtest/gtest.h>

#include <algorithm>

#include "hub/audit/refusals.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::audit::Entry;
using hub::audit::EntryFacts;
using hub::audit::SearchHit;
using hub::audit::SearchPage;
using hub::audit::SearchQuery;
using kits::AuditHub;

constexpr std::size_t kEntries = 300;

// A random history: few subjects, officers, licences, cases and callers, so that they overlap.
class AuditSearch : public testing::Test {
 protected:
  void SetUp() override {
    hub_.open_ledger();
    for (int i = 0; i < 5; ++i) subjects_.push_back(hub_.subject(kits::test_person(i)));
    for (std::size_t i = 0; i < kEntries; ++i) {
      hub_.clock.pass_ms(static_cast<std::int64_t>(dice_.below(3)) * 1000);
      hub_.ledger->submit(hub_.change(random_facts()), [](auto done) { done.value(); });
      if (i % 8 == 0) hub_.commit({}).value();  // so that the times differ
    }
    hub_.commit({}).value();  // all that was submitted before is durable then
    for (std::uint64_t i = 0; i < hub_.ledger->state().size; ++i) {
      all_.push_back(hub::audit::parse_entry(hub_.ledger->entry(i).value()).value());
    }
  }

  Tag tag(const char* kind) {
    const Bytes id(1, static_cast<char>('a' + dice_.below(4)));
    return hub_.directory->tag_of(kind, id);
  }

  EntryFacts random_facts() {
    EntryFacts f;
    const auto events = schemas::all_events();
    f.event = events[dice_.below(4)].event;
    f.decision = static_cast<hub::audit::Decision>(1 + dice_.below(2));
    if (dice_.below(3) != 0)
      f.organisation = kits::test_uscc(static_cast<int>(dice_.below(3))).text();
    if (dice_.below(2) != 0) f.officer = tag("officer");
    if (dice_.below(2) != 0) f.licence = tag("licence");
    if (dice_.below(2) != 0) f.case_tag = tag("case");
    for (const auto& subject : subjects_) {
      if (dice_.below(5) == 0) f.subjects.push_back(subject);
    }
    return f;
  }

  SearchQuery random_query() {
    SearchQuery q;
    if (dice_.below(3) == 0) q.subject = subjects_[dice_.below(5)].tag;
    if (dice_.below(4) == 0) q.officer = tag("officer");
    if (dice_.below(4) == 0) q.licence = tag("licence");
    if (dice_.below(4) == 0) q.case_tag = tag("case");
    if (dice_.below(4) == 0)
      q.organisation = kits::test_uscc(static_cast<int>(dice_.below(4))).text();
    if (dice_.below(4) == 0) q.event = schemas::all_events()[dice_.below(5)].event;
    if (dice_.below(4) == 0) q.decision = hub::audit::Decision::kDeny;
    if (dice_.below(3) == 0) q.from = all_[dice_.below(all_.size())].time;
    if (dice_.below(3) == 0) q.until = all_[dice_.below(all_.size())].time;
    q.limit = 1 + dice_.below(40);
    return q;
  }

  // The same question answered by looking at every entry.
  std::vector<std::uint64_t> brute_force(const SearchQuery& q) const {
    std::vector<std::uint64_t> out;
    for (const Entry& e : all_) {
      const bool about =
          !q.subject || std::any_of(e.subjects.begin(), e.subjects.end(),
                                    [&q](const auto& l) { return l.tag == *q.subject; });
      const bool tags = (!q.officer || e.officer == q.officer) &&
                        (!q.licence || e.licence == q.licence) &&
                        (!q.case_tag || e.case_tag == q.case_tag);
      const bool rest = (q.organisation.empty() || e.organisation == q.organisation) &&
                        (!q.event || e.event == *q.event) &&
                        (!q.decision || e.decision == *q.decision);
      const bool in_time = (!q.from || e.time >= *q.from) && (!q.until || e.time < *q.until);
      if (about && tags && rest && in_time) out.push_back(e.index);
    }
    std::reverse(out.begin(), out.end());
    return out;
  }

  std::vector<SearchHit> all_pages(SearchQuery q) {
    std::vector<SearchHit> hits;
    while (true) {
      SearchPage page = hub::audit::search(*hub_.ledger, q).value();
      EXPECT_LE(page.hits.size(), q.limit);
      for (auto& hit : page.hits) hits.push_back(std::move(hit));
      if (!page.next_before) return hits;
      EXPECT_LT(*page.next_before, q.before) << "pages must go on";
      q.before = *page.next_before;
    }
  }

  AuditHub hub_;
  kits::SeededRandom dice_{7};
  std::vector<hub::subjects::SubjectKey> subjects_;
  std::vector<Entry> all_;
};

TEST_F(AuditSearch, FindsExactlyWhatALookAtEveryEntryFinds) {
  for (int i = 0; i < 120; ++i) {
    const SearchQuery q = random_query();
    std::vector<std::uint64_t> found;
    for (const auto& hit : all_pages(q)) found.push_back(hit.entry.index);
    EXPECT_EQ(found, brute_force(q)) << "query " << i;
  }
}

TEST_F(AuditSearch, ChainOfEverySubjectIsComplete) {
  for (const auto& subject : subjects_) {
    SearchQuery q;
    q.subject = subject.tag;
    q.limit = 7;
    const auto length = hub::audit::search(*hub_.ledger, q)->chain_length;
    auto hits = all_pages(q);
    std::reverse(hits.begin(), hits.end());
    ASSERT_GT(hits.size(), 3U);
    EXPECT_TRUE(hub::audit::check_chain(hits, subject.tag, length.value()).ok());
    // Any entry left out shows, the first, the last and those between.
    for (std::size_t i = 0; i < hits.size(); ++i) {
      auto fewer = hits;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(hub::audit::check_chain(fewer, subject.tag, length.value()).ok()) << i;
    }
    auto swapped = hits;
    std::swap(swapped[0], swapped[1]);
    EXPECT_FALSE(hub::audit::check_chain(swapped, subject.tag, length.value()).ok());
    EXPECT_FALSE(hub::audit::check_chain(hits, subjects_[0].salt, length.value()).ok());
  }
}

TEST_F(AuditSearch, PageStandsStillWhileTheLogGrows) {
  SearchQuery q;
  q.limit = 30;
  const auto first = hub::audit::search(*hub_.ledger, q).value();
  hub_.commit({}).value();
  q.before = first.next_before.value();
  const auto second = hub::audit::search(*hub_.ledger, q).value();
  EXPECT_EQ(first.hits.back().entry.index, second.hits.front().entry.index + 1);
}

TEST_F(AuditSearch, LimitIsKeptWithinItsBounds) {
  SearchQuery q;
  q.limit = 0;
  EXPECT_EQ(hub::audit::search(*hub_.ledger, q)->hits.size(), 1U);
  q.limit = 100000;
  EXPECT_EQ(hub::audit::search(*hub_.ledger, q)->hits.size(), 200U);
  q.before = 0;
  EXPECT_TRUE(hub::audit::search(*hub_.ledger, q)->hits.empty());
}

TEST(AuditRefusals, AreCountedByReasonAndMinute) {
  hub::audit::RefusalCounter counter;
  const UtcTime start{600'000};
  for (int i = 0; i < 5; ++i) counter.count(Reason::kCallerNoCertificate, start.plus_ms(i));
  counter.count(Reason::kCallerUntrusted, start.plus_ms(59'999));
  counter.count(Reason::kCallerUntrusted, start.plus_ms(60'000));
  EXPECT_TRUE(counter.take_finished(start.plus_ms(59'999)).empty());
  const auto first = counter.take_finished(start.plus_ms(60'000));
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].count + first[1].count, 6U);
  for (const auto& f : first) {
    EXPECT_EQ(f.event, schemas::AuditEvent::kRefusedAnonymous);
    EXPECT_EQ(f.decision, hub::audit::Decision::kDeny);
    EXPECT_EQ(f.object, time_text(start));
    EXPECT_TRUE(f.organisation.empty());
  }
  EXPECT_TRUE(counter.take_finished(start.plus_ms(60'001)).empty()) << "taken once";
  const auto rest = counter.take_finished(UtcTime::max());
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].count, 1U);
}

}  // namespace
}  // namespace lh
