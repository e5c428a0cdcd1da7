#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/limits.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::audit::Entry;
using hub::audit::EntryFacts;
using hub::audit::parse_entry;
using kits::AuditHub;

constexpr const char* kName = "测试人员001";
constexpr const char* kOfficer = "测试人员002";
constexpr const char* kSystemText = "sys_000102030405060708090a0b0c0d0e0f";

// A subject without a ledger: the rows are put into the store as if committed.
hub::subjects::SubjectKey stored_subject(AuditHub& hub, const SubjectId& id) {
  const auto r = hub.directory->find_or_register(id).value();
  hub::store::Batch batch;
  for (const auto& row : r.rows) {
    Bytes value(1, hub::ledger::kValueFormat);
    append_be64(value, 1);
    batch.puts.push_back({row.family, row.key, value + *row.payload});
  }
  hub.store->commit(batch, hub::store::Durability::kSynced).value();
  return r.key;
}

// What one fetch of a licence writes down.
EntryFacts fetch_facts(AuditHub& hub, const crypto::CommitKey& k) {
  EntryFacts f;
  f.event = schemas::AuditEvent::kFetched;
  f.organisation = kits::test_uscc(1).text();
  f.system = kSystemText;
  f.purpose = "approval";
  f.legal_basis = "食品安全法第三十五条";
  f.matter = "000131003000";
  f.division = "990100";
  f.rule = "approval.food.business_licence";
  f.rule_version = 1;
  f.policy_epoch = 17;
  f.object = "11100000MB0327169900";
  f.subjects = {stored_subject(hub, kits::test_person(1))};
  f.officer = hub.directory->tag_of("officer", "op-001");
  f.licence = hub.directory->tag_of("licence", "key");
  f.case_tag = hub.directory->tag_of("case", "id");
  f.certificate = hub.random.array<32>();
  f.request = k.commit("request");
  f.answer = k.commit("answer");
  f.box_a = {"op-001", Personal<std::string>(kOfficer), "", "SP2026-0001",
             std::vector<std::string>{"name", "uscc", "address", "scope"}};
  f.box_b = hub::audit::SubjectBox{Personal<std::string>(kName)};
  return f;
}

Bytes finish(hub::ledger::EntryDraft& draft, std::uint64_t index = 70000) {
  hub::ledger::Stamp stamp;
  stamp.index = index;
  stamp.time = UtcTime{1'700'000'000'123};
  std::uint64_t sequence = 3;
  for (const Tag& tag : draft.chain_tags()) stamp.chains.push_back({tag, sequence++, index - 5});
  return draft.finish(stamp);
}

struct Made {
  EntryFacts facts;
  crypto::CommitKey k;
  Bytes bytes;
};
Made make_fetch(AuditHub& hub) {
  crypto::CommitKey k(hub.random);
  EntryFacts facts = fetch_facts(hub, k);
  auto draft = hub.maker->make(facts, k, hub.clock.now()).value();
  return {facts, k, finish(*draft)};
}

void expect_same_text(const EntryFacts& f, const Entry& e) {
  EXPECT_EQ(e.organisation, f.organisation);
  EXPECT_EQ(e.system, f.system);
  EXPECT_EQ(e.purpose, f.purpose);
  EXPECT_EQ(e.legal_basis, f.legal_basis);
  EXPECT_EQ(e.matter, f.matter);
  EXPECT_EQ(e.division, f.division);
  EXPECT_EQ(e.rule, f.rule);
  EXPECT_EQ(e.rule_version, f.rule_version);
  EXPECT_EQ(e.object, f.object);
  EXPECT_EQ(e.correlation, f.correlation);
}

TEST(AuditEntry, ReadsBackWhatWasWritten) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const Entry e = parse_entry(made.bytes).value();
  EXPECT_EQ(e.index, 70000U);
  EXPECT_EQ(e.time.ms, 1'700'000'000'123);
  EXPECT_EQ(e.event, schemas::AuditEvent::kFetched);
  EXPECT_EQ(e.decision, hub::audit::Decision::kAllow);
  EXPECT_EQ(e.reason, "verdict.good");
  expect_same_text(made.facts, e);
  EXPECT_EQ(e.policy_epoch, 17U);
  ASSERT_EQ(e.subjects.size(), 1U);
  EXPECT_EQ(e.subjects[0].tag, made.facts.subjects[0].tag);
  EXPECT_EQ(e.subjects[0].sequence, 3U);
  EXPECT_EQ(e.officer, made.facts.officer);
  EXPECT_EQ(e.licence, made.facts.licence);
  EXPECT_EQ(e.case_tag, made.facts.case_tag);
  EXPECT_EQ(e.certificate, made.facts.certificate);
  EXPECT_EQ(e.request, made.facts.request);
  EXPECT_EQ(e.answer, made.facts.answer);
  EXPECT_EQ(e.month, hub::audit::month_key_name(hub.clock.now()));
}

TEST(AuditEntry, BoxesOpenWithTheirKeys) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const Entry e = parse_entry(made.bytes).value();
  const auto a = hub::audit::open_box_a(e, hub.keys).value();
  EXPECT_EQ(a.officer_id, "op-001");
  EXPECT_EQ(a.officer_name.reveal(), kOfficer);
  EXPECT_EQ(a.case_number, "SP2026-0001");
  EXPECT_EQ(a.fields, made.facts.box_a.fields);
  const auto b = hub::audit::open_box_b(e, made.facts.subjects[0], *hub.directory).value();
  EXPECT_EQ(b.text.reveal(), kName);
  EXPECT_EQ(b.k.commit("request"), *e.request);
}

TEST(AuditEntry, IsDeterministicCborOfTypicalSize) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  EXPECT_TRUE(check_deterministic(made.bytes).ok());
  RecordProperty("bytes", static_cast<int>(made.bytes.size()));
  EXPECT_LE(made.bytes.size(), 560U);
}

TEST(AuditEntry, SameStampOnTheSameDraftGivesTheSameBytes) {
  AuditHub hub;
  crypto::CommitKey k(hub.random);
  auto draft = hub.maker->make(fetch_facts(hub, k), k, hub.clock.now()).value();
  EXPECT_EQ(finish(*draft), finish(*draft));
}

TEST(AuditEntry, HoldsNoPersonalValueInClear) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const std::string id = kits::test_person(1).value.reveal();
  for (const std::string& value : {std::string(kName), std::string(kOfficer), id,
                                   std::string("op-001"), std::string("SP2026-0001")}) {
    EXPECT_EQ(made.bytes.find(value), Bytes::npos) << value.size();
  }
  EXPECT_EQ(made.bytes.find(made.k.bytes()), Bytes::npos);
  EXPECT_EQ(made.bytes.find(view(made.facts.subjects[0].salt)), Bytes::npos);
}

TEST(AuditEntry, RefusesEveryTruncation) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  for (std::size_t n = 0; n < made.bytes.size(); ++n) {
    EXPECT_FALSE(parse_entry(ByteView(made.bytes).substr(0, n)).ok()) << n;
  }
  EXPECT_FALSE(parse_entry(made.bytes + '\0').ok());
}

// The stamp is written after the boxes are sealed, so the tree guards it (a receipt does not
// verify); from the nonce on every byte is bound to both boxes.
TEST(AuditEntry, FromTheNonceOnEveryFlippedByteIsRefusedOrOpensNoBox) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const Entry good = parse_entry(made.bytes).value();
  const std::size_t bound = made.bytes.find(good.bound);
  ASSERT_NE(bound, Bytes::npos);
  ASSERT_LT(bound, 120U);
  for (std::size_t i = bound; i < made.bytes.size(); ++i) {
    for (const unsigned bit : {0U, 3U, 7U}) {
      Bytes bytes = made.bytes;
      bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (1U << bit));
      const auto e = parse_entry(bytes);
      if (!e.ok()) continue;
      const bool both = hub::audit::open_box_a(*e, hub.keys).ok() &&
                        hub::audit::open_box_b(*e, made.facts.subjects[0], *hub.directory).ok();
      EXPECT_FALSE(both) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(AuditEntry, FlippedStampChangesWhatIsRead) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const Entry good = parse_entry(made.bytes).value();
  const std::size_t bound = made.bytes.find(good.bound);
  for (std::size_t i = 0; i < bound; ++i) {
    Bytes bytes = made.bytes;
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ 1U);
    const auto e = parse_entry(bytes);
    if (!e.ok()) continue;
    const bool same = e->index == good.index && e->time == good.time &&
                      e->subjects[0].tag == good.subjects[0].tag &&
                      e->subjects[0].sequence == good.subjects[0].sequence &&
                      e->subjects[0].previous == good.subjects[0].previous;
    EXPECT_FALSE(same) << "byte " << i;
  }
}

TEST(AuditEntry, BoxesDoNotOpenWithOtherKeysOrInOtherEntries) {
  AuditHub hub;
  const Made one = make_fetch(hub);
  const Made two = make_fetch(hub);
  const Entry first = parse_entry(one.bytes).value();
  Entry swapped = parse_entry(two.bytes).value();
  swapped.box_a = first.box_a;
  swapped.box_b = first.box_b;
  const auto& subject = one.facts.subjects[0];
  EXPECT_EQ(hub::audit::open_box_a(swapped, hub.keys).error().reason(), Reason::kSealBroken);
  EXPECT_EQ(hub::audit::open_box_b(swapped, subject, *hub.directory).error().reason(),
            Reason::kSealBroken);
  const auto other = stored_subject(hub, kits::test_person(2));
  EXPECT_EQ(hub::audit::open_box_b(first, other, *hub.directory).error().reason(),
            Reason::kSealBroken);
  Entry later = first;
  later.month = hub::audit::month_key_name(hub.clock.now().plus_ms(40LL * 86'400'000));
  ASSERT_NE(later.month, first.month);
  EXPECT_EQ(hub::audit::open_box_a(later, hub.keys).error().reason(), Reason::kSealBroken);
}

TEST(AuditEntry, AChangeOfALicenceIsFoundByItsTypeAndNamesItInItsBox) {
  using schemas::AuditEvent;
  AuditHub hub;
  const crypto::CommitKey k(hub.random);
  EntryFacts facts = fetch_facts(hub, k);
  const LicenceKey key{hub.random.array<16>()};
  const std::pair<std::uint8_t, Tag> posting{
      static_cast<std::uint8_t>(hub::audit::PostingKind::kLicenceChange),
      hub::audit::licence_type_tag(facts.object)};
  const auto made = [&](AuditEvent event, hub::audit::Decision decision, bool named) {
    facts.event = event;
    facts.decision = decision;
    facts.licence_key = named ? std::optional(key) : std::nullopt;
    auto draft = hub.maker->make(facts, k, hub.clock.now()).value();
    const auto told = draft->postings();
    const Entry e = parse_entry(finish(*draft)).value();
    EXPECT_EQ(told, hub::audit::postings_of(e));  // the same after a rebuild
    EXPECT_EQ(hub::audit::open_licence_key(e, hub.keys).value(), facts.licence_key);
    EXPECT_EQ(hub::audit::open_box_a(e, hub.keys)->officer_id, "op-001");
    return std::find(told.begin(), told.end(), posting) != told.end();
  };
  for (const auto event :
       {AuditEvent::kLicenceIssued, AuditEvent::kLicenceCollected, AuditEvent::kLicenceStatus}) {
    EXPECT_TRUE(made(event, hub::audit::Decision::kAllow, true));
    EXPECT_TRUE(made(event, hub::audit::Decision::kAllow, false));
    EXPECT_FALSE(made(event, hub::audit::Decision::kDeny, true));
  }
  EXPECT_FALSE(made(AuditEvent::kFetched, hub::audit::Decision::kAllow, true));
  facts.box_a = {};  // a box for the key alone
  facts.event = AuditEvent::kLicenceCollected;
  facts.licence_key = key;
  const auto bytes = finish(*hub.maker->make(facts, k, hub.clock.now()).value());
  EXPECT_EQ(hub::audit::open_licence_key(parse_entry(bytes).value(), hub.keys).value(), key);
  EXPECT_EQ(bytes.find(view(key.value)), Bytes::npos);
}

TEST(AuditEntry, ErasingTheSubjectLeavesTheOfficerReadable) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const SubjectNo no = made.facts.subjects[0].no;
  Bytes row("S");
  append_be64(row, no.value);
  hub::store::Batch erase;
  erase.deletes.push_back({hub::store::Family::kKey, row});
  hub.store->commit(erase, hub::store::Durability::kSynced).value();
  const auto fresh =
      hub::subjects::SubjectDirectory::create(*hub.store, hub.keys, hub.buckets, hub.random)
          .value();
  EXPECT_EQ(fresh->get(no).error().reason(), Reason::kSubjectUnknown);
  const Entry e = parse_entry(made.bytes).value();
  EXPECT_EQ(hub::audit::open_box_a(e, hub.keys)->officer_id, "op-001");
}

TEST(AuditEntry, KeepsItsKeyInBoxAWithoutASubject) {
  AuditHub hub;
  crypto::CommitKey k(hub.random);
  EntryFacts f;
  f.event = schemas::AuditEvent::kAuditSearched;
  f.request = k.commit("query");
  auto draft = hub.maker->make(f, k, hub.clock.now()).value();
  const Entry e = parse_entry(finish(*draft)).value();
  EXPECT_TRUE(e.box_b.empty());
  EXPECT_EQ(hub::audit::open_commit_key(e, hub.keys)->commit("query"), *e.request);
}

TEST(AuditEntry, SaysNothingMoreThanThereIs) {
  AuditHub hub;
  EntryFacts f;
  f.event = schemas::AuditEvent::kHubStarted;
  auto draft = hub.maker->make(f, crypto::CommitKey(hub.random), hub.clock.now()).value();
  const Bytes bytes = finish(*draft);
  const Entry e = parse_entry(bytes).value();
  EXPECT_LT(bytes.size(), 48U);
  EXPECT_EQ(hub::audit::open_box_a(e, hub.keys).error().reason(), Reason::kAuditNoBox);
  EXPECT_TRUE(e.month.empty());
}

TEST(AuditEntry, RandomFactsMakeTheRoundTripAndTheSamePostings) {
  AuditHub hub;
  kits::SeededRandom dice(20261122);
  const auto person = stored_subject(hub, kits::test_person(3));
  const auto company = stored_subject(hub, kits::test_company(3));
  const auto maybe = [&dice](std::string text) { return dice.below(2) != 0 ? text : ""; };
  for (int i = 0; i < 300; ++i) {
    EntryFacts f;
    const auto events = schemas::all_events();
    f.event = events[dice.below(events.size())].event;
    f.decision = static_cast<hub::audit::Decision>(1 + dice.below(3));
    f.reason = lh::all_reasons()[dice.below(lh::all_reasons().size())].reason;
    f.organisation = maybe(kits::test_uscc(static_cast<int>(dice.below(9))).text());
    f.system = maybe(dice.below(2) != 0 ? kSystemText : "sys_not-an-identifier");
    f.purpose = maybe("用途");
    f.rule = maybe("rule.one");
    f.rule_version = static_cast<int>(dice.below(3));
    f.correlation = maybe("00112233445566778899aabbccddeeff");
    f.count = dice.below(3);
    f.policy_epoch = dice.below(1U << 20U);
    if (dice.below(2) != 0) f.rows_root = dice.array<32>();
    if (dice.below(2) != 0) f.officer = dice.array<16>();
    if (dice.below(2) != 0) f.subjects = {person, company, person};
    auto draft = hub.maker->make(f, crypto::CommitKey(hub.random), hub.clock.now()).value();
    const Entry e = parse_entry(finish(*draft)).value();
    expect_same_text(f, e);
    EXPECT_EQ(e.reason, reason_id(f.reason));
    EXPECT_EQ(e.decision, f.decision);
    EXPECT_EQ(e.count, f.count);
    EXPECT_EQ(e.rows_root, f.rows_root);
    EXPECT_EQ(e.subjects.size(), f.subjects.empty() ? 0U : 2U);
    EXPECT_EQ(hub::audit::postings_of(e), draft->postings());
  }
}

TEST(AuditEntry, ReaderOfFsckSaysTheSameAsTheParser) {
  AuditHub hub;
  const Made made = make_fetch(hub);
  const Entry e = parse_entry(made.bytes).value();
  const auto facts = hub::audit::make_entry_reader()->read(made.bytes).value();
  EXPECT_EQ(facts.index, e.index);
  EXPECT_EQ(facts.time, e.time);
  EXPECT_EQ(facts.row_count, e.row_count);
  ASSERT_EQ(facts.chains.size(), 1U);
  EXPECT_EQ(facts.chains[0].tag, e.subjects[0].tag);
  EXPECT_EQ(facts.chains[0].sequence, e.subjects[0].sequence);
  EXPECT_FALSE(hub::audit::make_entry_reader()->read("").ok());
  EXPECT_FALSE(hub::audit::make_entry_reader()->read(made.bytes.substr(0, 20)).ok());
}

TEST(AuditEntry, RefusesWhatTheMakerWouldNotWrite) {
  AuditHub hub;
  EntryFacts f;
  f.organisation = "x";
  auto draft = hub.maker->make(f, crypto::CommitKey(hub.random), hub.clock.now()).value();
  const Bytes good = finish(*draft, 5);
  ASSERT_TRUE(parse_entry(good).ok());
  // map(7): version 1, index 5, time, nonce, event, decision, organisation
  const auto with = [&good](std::size_t at, const Bytes& bytes) {
    return good.substr(0, at) + bytes + good.substr(at + bytes.size());
  };
  EXPECT_FALSE(parse_entry(with(2, "\x02")).ok()) << "version";
  EXPECT_FALSE(parse_entry(with(0, "\xA6")).ok()) << "a pair too few";
  EXPECT_FALSE(parse_entry(with(0, "\xA8")).ok()) << "a pair too many";
  EXPECT_FALSE(parse_entry(good.substr(0, good.size() - 2) + Bytes("\x60")).ok()) << "empty text";
  Bytes more = with(0, "\xA8") + Bytes("\x18\x40\x01");
  EXPECT_FALSE(parse_entry(more).ok()) << "unknown key";
}

TEST(AuditEntry, RefusesToMakeWhatCannotBeRead) {
  AuditHub hub;
  const crypto::CommitKey k(hub.random);
  const auto reason = [&](const EntryFacts& f) {
    const auto made = hub.maker->make(f, k, hub.clock.now());
    return made.ok() ? Reason::kVerdictGood : made.error().reason();
  };
  EntryFacts f;
  f.purpose = "\xFF";
  EXPECT_EQ(reason(f), Reason::kInputMalformed);
  f.purpose.clear();
  f.correlation = "short";
  EXPECT_EQ(reason(f), Reason::kInputMalformed);
  f.correlation.clear();
  f.box_b = hub::audit::SubjectBox{Personal<std::string>(kName)};
  EXPECT_EQ(reason(f), Reason::kInputMalformed);
  f.box_b.reset();
  f.box_a.terminal = Bytes(limits::kEntryBytes, 'x');
  EXPECT_EQ(reason(f), Reason::kInputTooLarge);
  f.box_a.terminal = "window 1";
  hub.clock.pass_ms(400LL * 86'400'000);
  EXPECT_EQ(reason(f), Reason::kKeyMissing);
}

}  // namespace
}  // namespace lh
