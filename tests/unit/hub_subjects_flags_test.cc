// Flags in two times, sealed where they are about a person, and gone when they end.
#include <gtest/gtest.h>

#include "schemas/catalogue/flag_kinds.h"
#include "tests/kits/audit_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using hub::subjects::Flag;
using hub::subjects::kKnownNow;
using hub::subjects::Moment;
using hub::subjects::SubjectKey;
using kits::AuditHub;

enum class Count : std::uint32_t {};

class FlagsTest : public testing::Test {
 protected:
  void SetUp() override { hub_.open_ledger(); }

  std::string commit(Result<hub::subjects::FlagChange> change, const SubjectKey& subject) {
    if (!change.ok()) return std::string(change.error().id());
    last_ = hub_.commit({}, change->rows, change->preconditions).value().front().index();
    hub_.directory->forget(subject.no);
    return "done";
  }
  std::string put(const SubjectId& id, const Flag& flag) {
    const auto subject = *hub_.directory->find(id).value();
    return commit(hub_.base_data->flags().put(subject, id, flag, gate_.maintenance()), subject);
  }
  std::string end(const SubjectId& id, const hub::subjects::FlagEnd& how) {
    const auto subject = *hub_.directory->find(id).value();
    return commit(hub_.base_data->flags().end(subject, id, how, gate_.maintenance()), subject);
  }
  std::uint32_t count(const SubjectId& id, LocalDate day, std::uint64_t known = kKnownNow) {
    const auto subject = *hub_.directory->find(id).value();
    const auto found =
        hub_.base_data->flags().in_force(subject, {day, known}, gate_.maintenance()).value();
    return static_cast<std::uint32_t>(
        found.decide([](const std::vector<Flag>& f) { return static_cast<Count>(f.size()); }));
  }
  static Flag flag(LocalDate from, std::optional<LocalDate> until = {}) {
    Flag f;
    f.kind = "abnormal_operation";
    f.legal_basis = "测试条例 第一条";
    f.authority = "A";
    f.ground = "未按期公示";
    f.from = from;
    f.until = until;
    return f;
  }

  AuditHub hub_;
  hub::access::Gate gate_{hub_.random};
  const LocalDate day_ = parse_date("2026-05-01").value();
  std::uint64_t last_ = 0;
};

TEST_F(FlagsTest, InForceFromItsDayToItsLastDay) {
  const auto id = kits::test_company(1);
  hub_.subject(id);
  EXPECT_EQ(count(id, day_), 0U);
  EXPECT_EQ(put(id, flag(day_, day_.plus_days(10))), "done");
  EXPECT_EQ(count(id, day_.plus_days(-1)), 0U);
  EXPECT_EQ(count(id, day_), 1U);
  EXPECT_EQ(count(id, day_.plus_days(10)), 1U);
  EXPECT_EQ(count(id, day_.plus_days(11)), 0U);
  EXPECT_EQ(count(id, day_, last_ - 1), 0U) << "not known yet";
}

TEST_F(FlagsTest, EndsForTheFutureAndWasThereBefore) {
  const auto id = kits::test_company(1);
  hub_.subject(id);
  put(id, flag(day_));
  const auto known = last_;
  EXPECT_EQ(end(id, {"abnormal_operation", "B", day_.plus_days(5), "x"}), "flag.unknown");
  EXPECT_EQ(end(id, {"serious_violation", "A", day_.plus_days(5), "x"}), "flag.unknown");
  EXPECT_EQ(end(id, {"abnormal_operation", "A", day_.plus_days(5), "信用修复"}), "done");
  EXPECT_EQ(count(id, day_.plus_days(4)), 1U);
  EXPECT_EQ(count(id, day_.plus_days(5)), 0U);
  EXPECT_EQ(count(id, day_.plus_days(5), known), 1U) << "as it was known then";
  EXPECT_EQ(end(id, {"abnormal_operation", "A", day_.plus_days(5), "x"}), "flag.unknown");
}

TEST_F(FlagsTest, NoLegalBasisNoFlag) {
  const auto id = kits::test_company(1);
  hub_.subject(id);
  Flag bare = flag(day_);
  bare.legal_basis.clear();
  EXPECT_EQ(put(id, bare), "flag.invalid");
  EXPECT_EQ(put(id, flag(day_, day_.plus_days(-1))), "flag.invalid");
  EXPECT_EQ(put(id, flag(day_)), "done");
  EXPECT_EQ(put(id, flag(day_)), "flag.invalid") << "twice the same";
}

TEST_F(FlagsTest, OfASoleTraderIsSealed) {
  const auto entity = kits::test_company(1), trader = kits::test_company(2, "92");
  hub_.subject(entity);
  hub_.subject(trader);
  const auto in_clear = [&](std::string_view text) {
    const auto rows = hub_.store->latest().scan(hub::store::Family::kData, "x", "", 100).value();
    return std::any_of(rows.begin(), rows.end(),
                       [&](const auto& r) { return r.value.find(text) != Bytes::npos; });
  };
  put(trader, flag(day_));
  EXPECT_FALSE(in_clear("未按期公示"));
  EXPECT_EQ(count(trader, day_), 1U);
  put(entity, flag(day_));
  EXPECT_TRUE(in_clear("未按期公示"));
}

TEST_F(FlagsTest, RandomFlagsAgainstAPlainList) {
  struct Said {
    LocalDate from;
    std::optional<LocalDate> until, ended;
    std::string kind;
    std::uint64_t index = 0, end_index = 0;
  };
  kits::SeededRandom random(3);
  const auto id = kits::test_company(1, "92");
  hub_.subject(id);
  std::vector<Said> said;
  const auto holds = [](const Said& s, LocalDate day, std::uint64_t known) {
    if (known < s.index || day < s.from || (s.until && *s.until < day)) return false;
    return !(s.ended && s.end_index <= known && *s.ended <= day);
  };
  for (int i = 0; i < 120; ++i) {
    const LocalDate from = day_.plus_days(static_cast<std::int32_t>(random.below(60)));
    Flag f = flag(from);
    f.kind = random.below(2) == 0 ? "abnormal_operation" : "serious_violation";
    const auto there = std::find_if(said.begin(), said.end(), [&](const Said& s) {
      return s.kind == f.kind && holds(s, from, kKnownNow);
    });
    if (random.below(2) == 0) {
      if (random.below(2) == 0)
        f.until = from.plus_days(static_cast<std::int32_t>(random.below(9)));
      ASSERT_EQ(put(id, f) == "done", there == said.end());
      if (there == said.end()) said.push_back({from, f.until, {}, f.kind, last_});
    } else {
      // Once ended a flag stays ended: its end is written once.
      if (there != said.end() && there->ended) continue;
      ASSERT_EQ(end(id, {f.kind, "A", from, "x"}) == "done", there != said.end());
      if (there != said.end()) there->ended = from, there->end_index = last_;
    }
  }
  for (int i = 0; i < 800; ++i) {
    const LocalDate day = day_.plus_days(static_cast<std::int32_t>(random.below(80)) - 5);
    const std::uint64_t known = random.below(last_ + 2);
    ASSERT_EQ(count(id, day, known),
              static_cast<std::uint32_t>(std::count_if(
                  said.begin(), said.end(), [&](const Said& s) { return holds(s, day, known); })));
  }
}

TEST(FlagKinds, AreDataAndReadStrictly) {
  EXPECT_NE(schemas::find_flag_kind("abnormal_operation"), nullptr);
  EXPECT_NE(schemas::find_flag_kind("serious_violation"), nullptr);
  EXPECT_EQ(schemas::find_flag_kind("favourite"), nullptr);
  const auto read = [](std::string_view text) {
    return schemas::flag_kind_from_json(schemas::parse_json(text, 1U << 16U).value());
  };
  EXPECT_TRUE(read(R"({"id":"x","names":{"chinese":"甲","english":"A"}})").ok());
  EXPECT_EQ(read(R"({"id":"x","names":{"chinese":"甲"}})").error().id(), "json.missing_member");
  EXPECT_EQ(read(R"({"id":"x","names":{"chinese":"甲","english":"A"},"y":1})").error().id(),
            "json.unknown_member");
}

}  // namespace
}  // namespace lh
