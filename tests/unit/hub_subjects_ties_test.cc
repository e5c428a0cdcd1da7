// Aliases, merges and splits: nothing moves, both identifiers lead to one, and a split undoes it.
#include "hub/subjects/ties.h"

#include <gtest/gtest.h>

#include "tests/kits/audit_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using hub::subjects::kKnownNow;
using hub::subjects::SubjectKey;
using kits::AuditHub;

class TiesTest : public testing::Test {
 protected:
  void SetUp() override { hub_.open_ledger(); }

  std::string commit(Result<hub::subjects::TieChange> change, const SubjectKey& one,
                     const SubjectKey& other) {
    if (!change.ok()) return std::string(change.error().id());
    const auto recorded = hub_.commit({}, change->rows, change->preconditions);
    if (!recorded.ok()) return std::string(recorded.error().id());
    last_ = recorded->front().index();
    hub_.directory->forget(one.no);
    hub_.directory->forget(other.no);
    return "done";
  }
  SubjectKey own(int n) { return *hub_.directory->find_own(kits::test_company(n)).value(); }
  SubjectNo found(int n, std::uint64_t known = kKnownNow) {
    return hub_.directory->find(kits::test_company(n), known).value()->no;
  }
  std::string merge(int from, int into) {
    return commit(kinship_.merge(own(from), own(into)), own(from), own(into));
  }
  std::string split(int from, int into) {
    return commit(kinship_.split(own(from), own(into)), own(from), own(into));
  }
  SubjectId id15(std::string_view text) {
    return parse_subject_id(IdScheme::kResidentId15, text).value();
  }

  AuditHub hub_;
  hub::subjects::Kinship kinship_{*hub_.store, *hub_.directory};
  std::uint64_t last_ = 0;
};

TEST_F(TiesTest, BothLeadToTheSurvivorAndASplitRestores) {
  const auto a = hub_.subject(kits::test_company(1)), b = hub_.subject(kits::test_company(2));
  const auto before = hub_.ledger->state().size - 1;
  EXPECT_EQ(merge(1, 2), "done");
  EXPECT_EQ(found(1), b.no);
  EXPECT_EQ(found(2), b.no);
  EXPECT_EQ(found(1, before), a.no) << "as known before, there are two";
  EXPECT_EQ(hub_.directory->family(b)->size(), 1U) << "a key from before the merge has no mark";
  EXPECT_EQ(hub_.directory->family(own(2))->size(), 2U);
  EXPECT_EQ(hub_.directory->family(own(1))->front().no, b.no);
  const auto merged = last_;
  EXPECT_EQ(split(1, 2), "done");
  EXPECT_EQ(found(1), a.no);
  EXPECT_EQ(found(1, merged), b.no);
  EXPECT_EQ(hub_.directory->family(own(2))->size(), 1U);
  EXPECT_EQ(merge(2, 1), "done") << "the other way round";
  EXPECT_EQ(found(2), a.no);
}

TEST_F(TiesTest, CirclesAndWrongOnesAreRefused) {
  for (int n = 1; n <= 3; ++n) hub_.subject(kits::test_company(n));
  EXPECT_EQ(merge(1, 1), "subject.merge_invalid");
  EXPECT_EQ(split(1, 2), "subject.merge_invalid");
  EXPECT_EQ(merge(1, 2), "done");
  EXPECT_EQ(merge(1, 3), "subject.merged");
  EXPECT_EQ(merge(2, 1), "subject.merge_invalid") << "a circle";
  EXPECT_EQ(merge(2, 3), "done");
  EXPECT_EQ(merge(3, 1), "subject.merge_invalid") << "a longer circle";
  EXPECT_EQ(found(1), own(3).no) << "a merge of a merge";
  EXPECT_EQ(hub_.directory->family(own(1))->size(), 3U);
  EXPECT_EQ(split(1, 3), "subject.merge_invalid") << "not merged into that one itself";
  EXPECT_EQ(split(1, 2), "done");
  EXPECT_EQ(split(1, 2), "subject.merge_invalid");
  EXPECT_EQ(found(1), own(1).no);
  EXPECT_EQ(found(2), own(3).no);
}

TEST_F(TiesTest, OfTwoMergesAtOnceOneIsStale) {
  for (int n = 1; n <= 3; ++n) hub_.subject(kits::test_company(n));
  const auto one = kinship_.merge(own(1), own(2)), two = kinship_.merge(own(2), own(3));
  EXPECT_TRUE(hub_.commit({}, one->rows, one->preconditions).ok());
  EXPECT_EQ(hub_.commit({}, two->rows, two->preconditions).error().reason(), Reason::kStoreStale);
}

TEST_F(TiesTest, NoMoreThanOneEntryNames) {
  for (int n = 0; n <= 16; ++n) hub_.subject(kits::test_company(n));
  for (int n = 1; n <= 15; ++n) ASSERT_EQ(merge(n, 0), "done") << n;
  EXPECT_EQ(merge(16, 0), "subject.merge_invalid");
  EXPECT_EQ(hub_.directory->family(own(7))->size(), 16U);
}

// Against a plain list of who was put into whom.
TEST_F(TiesTest, RandomMergesAndSplitsAgainstAPlainList) {
  constexpr int kMany = 12;
  kits::SeededRandom random(9);
  for (int n = 0; n < kMany; ++n) hub_.subject(kits::test_company(n));
  std::vector<int> into(kMany, -1);
  std::vector<std::pair<std::uint64_t, std::vector<int>>> states{
      {hub_.ledger->state().size - 1, into}};
  const auto root = [](const std::vector<int>& of, int n) {
    while (of[static_cast<std::size_t>(n)] >= 0) n = of[static_cast<std::size_t>(n)];
    return n;
  };
  for (int i = 0; i < 300; ++i) {
    const auto from = random.below(kMany);
    const bool joins = random.below(2) != 0;
    const auto x = static_cast<int>(from);
    auto y = static_cast<int>(random.below(kMany));
    if (!joins && into[from] >= 0 && random.below(2) == 0) y = into[from];
    const bool possible = joins ? x != y && into[from] < 0 && into[static_cast<std::size_t>(y)] < 0
                                : x != y && into[from] == y;
    ASSERT_EQ((joins ? merge(x, y) : split(x, y)) == "done", possible) << i;
    if (!possible) continue;
    into[from] = joins ? y : -1;
    states.emplace_back(last_, into);
  }
  ASSERT_GT(states.size(), 40U);
  for (const auto& [index, state] : states) {
    for (int n = 0; n < kMany; ++n) ASSERT_EQ(found(n, index), own(root(state, n)).no);
  }
}

TEST_F(TiesTest, AnAliasLeadsToItsSubjectAndBelongsToOne) {
  const auto person = hub_.subject(kits::test_person(1));
  const auto passport = parse_subject_id(IdScheme::kPassport, "E12345678").value();
  const auto alias = hub_.directory->add_alias(person, passport).value();
  hub_.commit({}, alias.rows, alias.preconditions).value();
  EXPECT_EQ(hub_.directory->find(passport).value()->no, person.no);
  EXPECT_TRUE(hub_.directory->find_or_register(passport)->rows.empty());
  EXPECT_TRUE(hub_.directory->add_alias(person, passport)->rows.empty()) << "it is one already";
  const auto other = hub_.subject(kits::test_person(2));
  EXPECT_EQ(hub_.directory->add_alias(other, passport).error().reason(), Reason::kAliasTaken);
  EXPECT_EQ(hub_.directory->add_alias(other, kits::test_person(1)).error().reason(),
            Reason::kAliasTaken);
}

TEST_F(TiesTest, TwoFormsOfOneResidentNumberFindEachOther) {
  // kits::test_person is born 1990-01-01.
  const auto person = hub_.subject(kits::test_person(1));
  const std::string eighteen = kits::test_person(1).value.reveal();
  const auto fifteen = id15(eighteen.substr(0, 6) + eighteen.substr(8, 9));
  EXPECT_EQ(hub_.directory->find(fifteen).value()->no, person.no);
  EXPECT_TRUE(hub_.directory->find_or_register(fifteen)->rows.empty());
  // The old number first, the new one later.
  const std::string later = kits::test_person(2).value.reveal();
  const auto old = hub_.subject(id15(later.substr(0, 6) + later.substr(8, 9)));
  EXPECT_EQ(hub_.directory->find(kits::test_person(2)).value()->no, old.no);
}

TEST_F(TiesTest, ANumberOfTwoCenturiesIsNoAliasByItself) {
  std::string digits = "99010020050301005";  // born 2005: never had a 15-digit number
  digits.push_back(*mod11_2(digits));
  hub_.subject(parse_subject_id(IdScheme::kResidentId, digits).value());
  EXPECT_FALSE(hub_.directory->find(id15("990100050301005")).value().has_value());
  // A sequence of 996 and more belonged to somebody born a century earlier.
  std::string old = "99010019050301997";
  old.push_back(*mod11_2(old));
  hub_.subject(parse_subject_id(IdScheme::kResidentId, old).value());
  EXPECT_FALSE(hub_.directory->find(id15("990100050301997")).value().has_value());
}

}  // namespace
}  // namespace lh
