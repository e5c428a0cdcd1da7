#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using kits::AuditHub;

TEST(SubjectDirectory, FindsNothingBeforeRegistrationAndTheSameAfter) {
  AuditHub hub;
  hub.open_ledger();
  const auto id = kits::test_person(1);
  EXPECT_FALSE(hub.directory->find(id).value().has_value());
  const auto key = hub.subject(id);
  const auto found = hub.directory->find(id).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->no, key.no);
  EXPECT_EQ(found->salt, key.salt);
  EXPECT_EQ(found->data_key, key.data_key);
  EXPECT_EQ(found->tag, key.tag);
}

TEST(SubjectDirectory, ReadsTheSameKeysFromTheStoreAlone) {
  AuditHub hub;
  hub.open_ledger();
  const auto key = hub.subject(kits::test_person(2));
  const auto fresh =
      hub::subjects::SubjectDirectory::create(*hub.store, hub.keys, hub.buckets, hub.random)
          .value();
  EXPECT_EQ(fresh->get(key.no)->data_key, key.data_key);
  EXPECT_EQ(fresh->find(kits::test_person(2)).value()->tag, key.tag);
}

TEST(SubjectDirectory, SchemeIsPartOfTheIdentity) {
  AuditHub hub;
  hub.open_ledger();
  const auto passport = parse_subject_id(IdScheme::kPassport, "E12345678").value();
  const auto local = parse_subject_id(IdScheme::kLocal, "E12345678").value();
  EXPECT_NE(hub.subject(passport).no, hub.subject(local).no);
}

TEST(SubjectDirectory, NoIdentifierStandsInTheStore) {
  AuditHub hub;
  hub.open_ledger();
  const auto id = kits::test_person(3);
  const auto key = hub.subject(id);
  for (const auto family : {hub::store::Family::kData, hub::store::Family::kKey,
                            hub::store::Family::kAudit, hub::store::Family::kState}) {
    for (const auto& row : hub.store->latest().scan(family, "", "", 1000).value()) {
      const Bytes all = row.key + row.value;
      EXPECT_EQ(all.find(id.value.reveal()), Bytes::npos);
      EXPECT_EQ(all.find(view(key.data_key)), Bytes::npos);
      EXPECT_EQ(all.find(view(key.salt)), Bytes::npos);
    }
  }
}

TEST(SubjectDirectory, WaitingRegistrationIsRemembered) {
  AuditHub hub;
  hub.open_ledger();
  const auto id = kits::test_person(4);
  const auto one = hub.directory->find_or_register(id).value();
  const auto two = hub.directory->find_or_register(id).value();
  EXPECT_EQ(one.key.no, two.key.no);
  EXPECT_EQ(one.rows.size(), two.rows.size());
  hub.directory->forget_pending(one.key.no);
  EXPECT_NE(hub.directory->find_or_register(id)->key.no, one.key.no);
}

TEST(SubjectDirectory, SecondRegistrationOfOneIdIsStale) {
  AuditHub hub;
  hub.open_ledger();
  const auto id = kits::test_person(5);
  const auto one = hub.directory->find_or_register(id).value();
  hub.directory->forget_pending(one.key.no);
  const auto two = hub.directory->find_or_register(id).value();
  ASSERT_NE(one.key.no, two.key.no);
  hub::audit::EntryFacts facts;
  EXPECT_TRUE(hub.commit(facts, one.rows, one.preconditions).ok());
  const auto second = hub.commit(facts, two.rows, two.preconditions);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason(), Reason::kStoreStale);
  EXPECT_EQ(hub.directory->find(id).value()->no, one.key.no);
}

TEST(SubjectDirectory, ConcurrentRegistrationsMakeOneSubject) {
  AuditHub hub;
  hub.open_ledger();
  constexpr int kThreads = 8;
  std::array<SubjectNo, kThreads> numbers{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&hub, &numbers, t] {
      const auto id = kits::test_person(6);
      for (int tries = 0; tries < 50; ++tries) {
        const auto r = hub.directory->find_or_register(id).value();
        numbers[t] = r.key.no;
        if (r.rows.empty()) return;
        const bool done = hub.commit({}, r.rows, r.preconditions).ok();
        hub.directory->forget_pending(r.key.no);
        if (done) return;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto found = hub.directory->find(kits::test_person(6)).value();
  ASSERT_TRUE(found.has_value());
  for (const SubjectNo no : numbers) EXPECT_EQ(no, found->no);
  EXPECT_EQ(hub.store->latest().scan(hub::store::Family::kKey, "S", "", 10)->size(), 1U);
}

TEST(SubjectDirectory, ErasedAndUnknownAreToldApart) {
  AuditHub hub;
  hub.open_ledger();
  const auto key = hub.subject(kits::test_person(7));
  Bytes row("S");
  append_be64(row, key.no.value);
  hub::store::Batch erased;
  Bytes tombstone(1, hub::ledger::kValueFormat);
  append_be64(tombstone, 9);
  tombstone.push_back('\0');
  erased.puts.push_back({hub::store::Family::kKey, row, tombstone});
  hub.store->commit(erased, hub::store::Durability::kSynced).value();
  const auto fresh =
      hub::subjects::SubjectDirectory::create(*hub.store, hub.keys, hub.buckets, hub.random)
          .value();
  EXPECT_EQ(fresh->get(key.no).error().reason(), Reason::kKeyErased);
  EXPECT_EQ(fresh->find(kits::test_person(7)).error().reason(), Reason::kKeyErased);
  EXPECT_EQ(fresh->get(SubjectNo{42}).error().reason(), Reason::kSubjectUnknown);
}

TEST(SubjectDirectory, KeyRowOfAnotherSubjectDoesNotOpen) {
  AuditHub hub;
  hub.open_ledger();
  const auto one = hub.subject(kits::test_person(8));
  // The same bucket, so that only the place can tell them apart.
  const SubjectNo other{one.no.value ^ 1U};
  Bytes from("S");
  append_be64(from, one.no.value);
  Bytes to("S");
  append_be64(to, other.value);
  const auto row = hub.store->latest().find(hub::store::OpenKey{hub::store::Family::kKey, from});
  hub::store::Batch moved;
  moved.puts.push_back({hub::store::Family::kKey, to, **row});
  hub.store->commit(moved, hub::store::Durability::kSynced).value();
  EXPECT_EQ(hub.directory->get(other).error().reason(), Reason::kSealBroken);
}

TEST(SubjectDirectory, SealedTextOpensInItsPlaceOnly) {
  AuditHub hub;
  hub.open_ledger();
  const auto one = hub.subject(kits::test_person(9));
  const auto two = hub.subject(kits::test_person(10));
  const Bytes sealed = hub.directory->seal(one, "text", "here");
  EXPECT_EQ(hub.directory->open(one, sealed, "here").value(), "text");
  EXPECT_FALSE(hub.directory->open(one, sealed, "there").ok());
  EXPECT_FALSE(hub.directory->open(two, sealed, "here").ok());
}

TEST(SubjectDirectory, TagsDifferByKindAndIdAndAreKeyed) {
  AuditHub hub;
  AuditHub other;
  EXPECT_EQ(hub.directory->tag_of("case", "1"), hub.directory->tag_of("case", "1"));
  EXPECT_NE(hub.directory->tag_of("case", "1"), hub.directory->tag_of("licence", "1"));
  EXPECT_NE(hub.directory->tag_of("a", "bc"), hub.directory->tag_of("ab", "c"));
  EXPECT_NE(hub.directory->tag_of("case", "1"), other.directory->tag_of("case", "1"));
}

TEST(SubjectDirectory, NeedsItsKeys) {
  AuditHub hub;
  const auto made = hub::subjects::SubjectDirectory::create(
      *hub.store, crypto::KeyStore::in_memory(), hub.buckets, hub.random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().reason(), Reason::kKeyMissing);
}

}  // namespace
}  // namespace lh
