// Base data in two times, against an oracle that is a plain list searched from end to end.
#include <gtest/gtest.h>

#include "base/cbor.h"
#include "crypto/digest.h"
#include "tests/kits/audit_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using hub::subjects::BaseRecord;
using hub::subjects::kKnownNow;
using hub::subjects::Moment;
using hub::subjects::StoreOutcome;
using hub::subjects::SubjectKey;
using kits::AuditHub;

constexpr std::string_view kKind = "legal_entity";
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

enum class Value : std::uint32_t { kNothing = 0 };  // the number that a record's name holds

BaseRecord record(std::uint32_t value, std::optional<LocalDate> from) {
  BaseRecord out;
  out.kind = kKind;
  out.fields = {{"name", std::to_string(value)}};
  out.source = "registry";
  out.valid_from = from;
  return out;
}

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override { hub_.open_ledger(); }

  StoreOutcome put(const SubjectKey& subject, const SubjectId& id, const BaseRecord& r) {
    auto change = hub_.base_data->put(subject, id, r, gate_.maintenance()).value();
    last_number_ = change.number;
    if (change.rows.empty()) return change.outcome;
    // As the ledger stores rows, without its log: ten thousand of them in a moment.
    hub::store::Batch batch;
    ++last_index_;
    for (auto& row : change.rows) {
      Bytes prefix(1, hub::ledger::kValueFormat);
      append_be64(prefix, last_index_);
      batch.puts.emplace_back(row.family, row.key, std::move(*row.payload), std::move(prefix));
    }
    hub_.store->commit(batch, hub::store::Durability::kBuffered).value();
    return change.outcome;
  }
  static Value value_of(const Undisclosed<std::optional<BaseRecord>>& found) {
    return found.decide([](const std::optional<BaseRecord>& r) {
      return r ? static_cast<Value>(std::stoul(r->fields.front().second)) : Value::kNothing;
    });
  }
  Value at(const SubjectKey& subject, LocalDate day, std::uint64_t known = kKnownNow) {
    return value_of(
        hub_.base_data->read_at(subject, kKind, {day, known}, gate_.maintenance()).value());
  }
  Value now(const SubjectKey& subject) {
    return value_of(hub_.base_data->read(subject, kKind, gate_.maintenance()).value());
  }
  void pass(std::int64_t days) { hub_.clock.pass_ms(days * kDayMs); }
  LocalDate today() const { return local_date(hub_.clock.now()); }

  AuditHub hub_;
  hub::access::Gate gate_{hub_.random};
  std::uint64_t last_index_ = 100;  // after the entries that registered the subjects
  std::uint32_t last_number_ = 0;
};

// The oracle knows two things: when a change holds from, and when it was told.
struct Told {
  LocalDate from;
  std::uint64_t index = 0;
  std::uint32_t value = 0;
};
std::uint32_t oracle(const std::vector<Told>& all, LocalDate day, std::uint64_t known) {
  const Told* best = nullptr;
  for (const Told& t : all) {
    if (t.index > known || t.from > day) continue;
    if (best == nullptr || t.from >= best->from) best = &t;
  }
  return best == nullptr ? 0 : best->value;
}

struct World {
  std::vector<SubjectId> ids;
  std::vector<SubjectKey> keys;
};

TEST_F(HistoryTest, TenThousandBackDatedChangesAgainstTheOracleNoDifference) {
  constexpr std::size_t kSubjects = 24;
  constexpr std::size_t kChanges = 10000;
  kits::SeededRandom random(4);
  World w;
  for (std::size_t i = 0; i < kSubjects; ++i) {
    // Every third one is a person: its rows are sealed.
    w.ids.push_back(i % 3 == 0 ? kits::test_person(static_cast<int>(i))
                               : kits::test_company(static_cast<int>(i)));
    w.keys.push_back(hub_.subject(w.ids.back()));
  }
  std::vector<std::vector<Told>> told(kSubjects);
  std::size_t written = 0, same = 0, differences = 0, probes = 0;
  const LocalDate origin = today();
  const auto probe = [&](std::size_t who, LocalDate day, std::uint64_t known) {
    ++probes;
    differences +=
        static_cast<std::uint32_t>(at(w.keys[who], day, known)) != oracle(told[who], day, known);
  };
  for (std::size_t i = 0; i < kChanges; ++i) {
    if (random.below(20) == 0) pass(1);
    const std::size_t who = random.below(kSubjects);
    const auto shift = static_cast<std::int32_t>(random.below(800)) - 700;  // mostly the past
    std::optional<LocalDate> from;
    if (random.below(4) != 0) from = today().plus_days(random.below(5) == 0 ? 0 : shift);
    const auto value = static_cast<std::uint32_t>(random.below(6)) + 1;
    const LocalDate day = from.value_or(today());
    const bool holds_anyway = oracle(told[who], day, kKnownNow) == value;
    const auto outcome = put(w.keys[who], w.ids[who], record(value, from));
    ASSERT_EQ(outcome == StoreOutcome::kSame, holds_anyway) << "change " << i;
    ++(holds_anyway ? same : written);
    if (!holds_anyway) told[who].push_back({day, last_index_, value});
    differences +=
        static_cast<std::uint32_t>(now(w.keys[who])) != oracle(told[who], today(), kKnownNow);
    const auto some_day = [&] {
      return origin.plus_days(static_cast<std::int32_t>(random.below(1700)) - 800);
    };
    probe(who, some_day(), kKnownNow);
    probe(random.below(kSubjects), some_day(), random.below(last_index_ + 2));
  }
  for (std::size_t who = 0; who < kSubjects; ++who) {
    EXPECT_EQ(hub_.base_data->versions(w.keys[who].no, kKind, kKnownNow)->size(), told[who].size());
  }
  EXPECT_EQ(differences, 0U) << "of " << probes << " probes";
  EXPECT_EQ(written + same, kChanges);
  EXPECT_GT(same, 500U);
}

TEST_F(HistoryTest, EveryPairOfDaysAndKnowledgeOfASmallHistory) {
  kits::SeededRandom random(11);
  const auto id = kits::test_company(1);
  const auto subject = hub_.subject(id);
  std::vector<Told> told;
  const LocalDate origin = today();
  for (std::uint32_t i = 1; i <= 60; ++i) {
    const LocalDate from = origin.plus_days(static_cast<std::int32_t>(random.below(12)) - 6);
    if (put(subject, id, record(i, from)) == StoreOutcome::kSame) continue;
    told.push_back({from, last_index_, i});
  }
  for (std::int32_t d = -8; d <= 8; ++d) {
    for (std::uint64_t known = 0; known <= last_index_ + 1; ++known) {
      const LocalDate day = origin.plus_days(d);
      ASSERT_EQ(static_cast<std::uint32_t>(at(subject, day, known)), oracle(told, day, known))
          << day.text() << " known " << known;
    }
  }
}

TEST_F(HistoryTest, AFutureVersionBeginsByItself) {
  const auto id = kits::test_company(1);
  const auto subject = hub_.subject(id);
  put(subject, id, record(1, {}));
  put(subject, id, record(2, today().plus_days(3)));
  EXPECT_EQ(now(subject), Value{1});
  pass(2);
  EXPECT_EQ(now(subject), Value{1});
  pass(1);
  EXPECT_EQ(now(subject), Value{2});
  // Said again after it began by itself: nothing new, though the head does not know it yet.
  EXPECT_EQ(put(subject, id, record(2, {})), StoreOutcome::kSame);
  pass(-2);  // the clock is set back
  EXPECT_EQ(now(subject), Value{1});
}

TEST_F(HistoryTest, NothingHoldsBeforeTheFirstDay) {
  const auto id = kits::test_company(1);
  const auto subject = hub_.subject(id);
  put(subject, id, record(1, today().plus_days(2)));
  EXPECT_EQ(now(subject), Value::kNothing);
  EXPECT_EQ(at(subject, today().plus_days(1)), Value::kNothing);
  EXPECT_EQ(at(subject, today().plus_days(2)), Value{1});
}

// Rows as they were written before days were kept.
TEST_F(HistoryTest, RowsWithoutADayStayReadableAndHoldFromTheBeginning) {
  const auto id = kits::test_company(1);
  const auto subject = hub_.subject(id);
  std::uint64_t first = 0;
  for (std::uint32_t number = 1; number <= 2; ++number) {
    CborWriter w;
    w.array(4);
    for (const char* text : {"legal_entity", "registry", ""}) w.text(text);
    w.array(2);
    w.text("name");
    w.text(std::to_string(number));
    Bytes tail(kKind);
    tail.push_back('\0');
    append_be64(tail, subject.no.value);
    Bytes head;
    append_be32(head, number);
    head.append(view(crypto::hmac_sha256(view(subject.data_key), w.out())));
    Bytes version = 'b' + tail;
    append_be32(version, number);
    const auto recorded =
        hub_.commit({}, {{hub::store::Family::kData, 'B' + tail, head},
                         {hub::store::Family::kData, version, Bytes(1, '\0') + w.out()}});
    if (number == 1) first = recorded->front().index();
  }
  const LocalDate long_ago = parse_date("1990-01-01").value();
  EXPECT_EQ(now(subject), Value{2});
  EXPECT_EQ(at(subject, long_ago), Value{2});
  EXPECT_EQ(at(subject, long_ago, first), Value{1});
  EXPECT_EQ(put(subject, id, record(2, {})), StoreOutcome::kSame);
  EXPECT_EQ(put(subject, id, record(3, {})), StoreOutcome::kChanged);
  EXPECT_EQ(last_number_, 3U);
  EXPECT_EQ(now(subject), Value{3});
  EXPECT_EQ(at(subject, today().plus_days(-1)), Value{2});
  EXPECT_EQ(hub_.base_data->versions(subject.no, kKind, kKnownNow)->size(), 3U);
}

TEST_F(HistoryTest, ACorrectionTakesTheDayOfWhatItCorrects) {
  const auto id = kits::test_person(1);
  const auto subject = hub_.subject(id);
  put(subject, id, record(1, today().plus_days(-10)));
  const auto wrong = last_index_;
  put(subject, id, record(2, {}));
  auto right = record(7, today().plus_days(-10));
  right.corrects = 1;
  EXPECT_EQ(put(subject, id, right), StoreOutcome::kChanged);
  EXPECT_EQ(at(subject, today().plus_days(-1)), Value{7});
  EXPECT_EQ(at(subject, today().plus_days(-1), wrong), Value{1});
  EXPECT_EQ(now(subject), Value{2});
}

TEST_F(HistoryTest, TheHistorySaysWhatEachVersionChanged) {
  const auto id = kits::test_person(1);
  const auto subject = hub_.subject(id);
  const auto with = [&](schemas::Fields fields, std::int32_t day) {
    BaseRecord r = record(1, today().plus_days(day));
    r.fields = std::move(fields);
    put(subject, id, r);
  };
  with({{"name", "甲"}, {"city", "一"}}, -30);
  with({{"name", "甲"}, {"city", "二"}}, -10);
  with({{"name", "乙"}}, -20);  // known last, in force in between
  const Permit permit = gate_.maintenance();
  auto history = hub_.base_data->history(subject, kKind, kKnownNow, 10, permit).value();
  hub::audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kSubjectRead;
  auto change = hub_.change(facts);
  change.access = permit.access_id();
  const auto versions =
      std::move(history).open(hub_.ledger->commit(std::move(change)).value().front());
  ASSERT_EQ(versions.size(), 3U);
  EXPECT_EQ(versions[0].mark.number, 3U);  // newest known first
  EXPECT_EQ(versions[0].changed, (schemas::Fields{{"name", "乙"}}));
  EXPECT_EQ(versions[0].dropped, std::vector<std::string>{"city"});
  EXPECT_EQ(versions[1].changed, (schemas::Fields{{"city", "二"}}));
  EXPECT_EQ(versions[2].changed.size(), 2U);
}

}  // namespace
}  // namespace lh
