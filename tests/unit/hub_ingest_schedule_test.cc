// When an adapter runs: periods, retries, the breaker, hours and days. No clock runs here.
#include <gtest/gtest.h>

#include "adapters/mapping.h"
#include "hub/ingest/schedule/schedule.h"

namespace lh::hub::ingest {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

UtcTime at(std::string_view text) {  // UTC+8
  return parse_time(std::string(text) + "+08:00").value();
}

adapters::WorkingTimes office() {
  adapters::WorkingTimes out;
  out.hours = {{8 * 60 + 30, 12 * 60}, {14 * 60, 17 * 60 + 30}};
  out.weekdays = 0x1F;
  return out;
}

TEST(Calendar, OpensAndClosesAsItsHoursSay) {
  const Calendar calendar(office());
  struct Case {
    const char *t, *next;
  };
  for (const Case& c : {
           Case{"2026-11-18T08:29:59", "2026-11-18T08:30:00"},  // a Wednesday
           Case{"2026-11-18T08:30:00", "2026-11-18T08:30:00"},
           Case{"2026-11-18T11:59:59", "2026-11-18T11:59:59"},
           Case{"2026-11-18T12:00:00", "2026-11-18T14:00:00"},
           Case{"2026-11-18T17:30:00", "2026-11-19T08:30:00"},
           Case{"2026-11-20T20:00:00", "2026-11-23T08:30:00"},  // over the weekend
       }) {
    EXPECT_EQ(time_text(calendar.next_open(at(c.t)).value()), time_text(at(c.next))) << c.t;
  }
  EXPECT_EQ(calendar.closes(at("2026-11-18T09:00:00")), at("2026-11-18T12:00:00"));
  EXPECT_FALSE(calendar.closes(at("2026-11-18T13:00:00")).has_value());
}

TEST(Calendar, KnowsDaysOffAndExtraWorkingDays) {
  const auto days = schemas::parse_special_days(
                        "# 2026\n2026-10-01 off\r\n2026-10-02   # 国庆\n\n2026-10-10 work\n")
                        .value();
  const Calendar calendar(office(), days);
  EXPECT_EQ(calendar.next_open(at("2026-09-30T18:00:00")), at("2026-10-05T08:30:00"));
  EXPECT_TRUE(calendar.open_at(at("2026-10-10T09:00:00"))) << "an adjusted Saturday";
  EXPECT_FALSE(calendar.open_at(at("2026-10-17T09:00:00")));
}

TEST(Calendar, RefusesAFileOfDaysThatIsNotOne) {
  for (const char* bad : {"2026-02-30", "20261001", "2026-10-01 holiday",
                          "2026-10-01\n2026-10-01 work", "2026-10-01x"}) {
    EXPECT_EQ(schemas::parse_special_days(bad).error().reason(), Reason::kConfigInvalid) << bad;
  }
  const auto second = schemas::parse_special_days("2026-10-01\nnonsense");
  EXPECT_NE(second.error().detail().find("line 2"), std::string::npos);
}

TEST(Calendar, WithoutAnyDayNeverOpens) {
  adapters::WorkingTimes never;
  never.weekdays = 0;
  EXPECT_FALSE(Calendar(never).next_open(at("2026-11-18T09:00:00")).has_value());
  EXPECT_EQ(Calendar({}).next_open(UtcTime{5}), UtcTime{5});
  EXPECT_FALSE(Calendar({}).closes(UtcTime{5}).has_value());
}

AdapterRecord adapter() {
  AdapterRecord out;
  out.name = "firms";
  out.mode = AdapterMode::kLive;
  out.every_seconds = 3600;
  out.changed = UtcTime{1'000'000};
  return out;
}
RunTerms terms() {
  return {{}, Calendar({}), {}, {}};
}
LastRun failed(std::uint32_t failures, std::string reason = "source.unavailable") {
  LastRun out;
  out.begun = out.ended = UtcTime{10 * kDay};
  out.reason = std::move(reason);
  out.failures = failures;
  return out;
}
std::int64_t wait_after(const LastRun& last) {
  return next_turn(adapter(), terms(), last, last.ended).due->ms - last.ended.ms;
}
void expect_about(std::int64_t expected, std::int64_t actual) {
  EXPECT_GE(actual, expected - expected / 4 - 1000);
  EXPECT_LE(actual, expected + expected / 4);
}

TEST(Schedule, RunsAtOnceWhenItIsNewOrChanged) {
  const UtcTime now{2'000'000};
  EXPECT_EQ(next_turn(adapter(), terms(), {}, now).due, adapter().changed);
  EXPECT_EQ(next_turn(adapter(), terms(), {}, now).state, AdapterState::kNew);
  LastRun before;
  before.ended = UtcTime{adapter().changed.ms - 1};
  EXPECT_EQ(next_turn(adapter(), terms(), before, now).due, adapter().changed);
}

TEST(Schedule, NeverByItselfWithoutAPeriodOrWhenDisabled) {
  AdapterRecord a = adapter();
  a.every_seconds = 0;
  EXPECT_FALSE(next_turn(a, terms(), {}, UtcTime{1}).due.has_value());
  a = adapter();
  a.mode = AdapterMode::kDisabled;
  const Turn turn = next_turn(a, terms(), failed(99), UtcTime{1});
  EXPECT_FALSE(turn.due.has_value());
  EXPECT_EQ(state_text(turn.state), "paused");
}

TEST(Schedule, WaitsItsPeriodAfterAGoodRun) {
  LastRun good;
  good.ended = UtcTime{10 * kDay};
  const Turn turn = next_turn(adapter(), terms(), good, good.ended);
  EXPECT_EQ(turn.due->ms, good.ended.ms + kHour);
  EXPECT_EQ(turn.state, AdapterState::kOk);
}

TEST(Schedule, TriesAgainSoonerAfterAFailureThatMayPass) {
  expect_about(1 * kMinute, wait_after(failed(1)));
  expect_about(2 * kMinute, wait_after(failed(2)));
  expect_about(4 * kMinute, wait_after(failed(3)));
  EXPECT_EQ(next_turn(adapter(), terms(), failed(1), UtcTime{10 * kDay}).state,
            AdapterState::kFailing);
}

TEST(Schedule, DoesNotHurryWhereAnotherTryChangesNothing) {
  expect_about(kHour, wait_after(failed(1, "mapping.column_missing")));
}

TEST(Schedule, OpensTheBreakerAndWaitsLongerEachTimeTheOneTryFails) {
  const Turn turn = next_turn(adapter(), terms(), failed(5), UtcTime{10 * kDay});
  EXPECT_EQ(turn.state, AdapterState::kOpen);
  expect_about(30 * kMinute, wait_after(failed(5)));
  expect_about(kHour, wait_after(failed(6)));
  for (const std::uint32_t many : {20U, 99U, 4'000'000'000U}) {
    expect_about(kDay, wait_after(failed(many)));
  }
  LastRun good = failed(0, "");  // the one try was good: closed again
  EXPECT_EQ(next_turn(adapter(), terms(), good, good.ended).state, AdapterState::kOk);
}

TEST(Schedule, VariesWaitsByNameAndTimeButNotByChance) {
  EXPECT_EQ(wait_after(failed(5)), wait_after(failed(5)));
  std::set<std::int64_t> waits;
  for (int i = 0; i < 50; ++i) {
    AdapterRecord a = adapter();
    a.name += std::to_string(i);
    waits.insert(next_turn(a, terms(), failed(5), UtcTime{10 * kDay}).due->ms);
  }
  EXPECT_GT(waits.size(), 40U) << "they would all come back together";
}

TEST(Schedule, GoesOnSoonWhereTheHubEndedTheRun) {
  expect_about(kMinute, wait_after(failed(0, "source.deadline")));
  EXPECT_EQ(next_turn(adapter(), terms(), failed(0, "adapter.state"), UtcTime{10 * kDay}).state,
            AdapterState::kOk);
}

TEST(Schedule, IsHeldBackByItsCalendar) {
  RunTerms hours{{}, Calendar(office()), {}, {}};
  AdapterRecord a = adapter();
  a.changed = at("2026-11-18T19:00:00");
  Turn turn = next_turn(a, hours, {}, at("2026-11-18T20:00:00"));
  EXPECT_EQ(turn.due, at("2026-11-19T08:30:00"));
  EXPECT_EQ(turn.state, AdapterState::kOutsideHours);
  turn = next_turn(a, hours, {}, at("2026-11-19T08:45:00"));
  EXPECT_LE(turn.due, at("2026-11-19T08:45:00")) << "overdue, and it is open";
  LastRun good;
  good.ended = at("2026-11-20T17:00:00");  // Friday; the period ends after closing
  EXPECT_EQ(next_turn(a, hours, good, good.ended).due, at("2026-11-23T08:30:00"));
}

TEST(Schedule, ComparesOnceADayAtItsTime) {
  RunTerms nightly = terms();
  AdapterRecord a = adapter();
  a.changed = at("2026-11-18T12:00:00");
  EXPECT_FALSE(next_reconcile(a, nightly, {}).has_value());
  nightly.reconcile_at = 150;
  EXPECT_EQ(next_reconcile(a, nightly, {}), at("2026-11-19T02:30:00"));
  EXPECT_EQ(next_reconcile(a, nightly, at("2026-11-19T02:31:00")), at("2026-11-20T02:30:00"));
  EXPECT_EQ(next_reconcile(a, nightly, at("2026-11-19T02:29:00")), at("2026-11-19T02:30:00"));
}

TEST(Pace, GivesAsManyRowsASecondAsItMay) {
  Pace pace(100, 0);
  std::int64_t now = 0;
  int rows = 0;
  while (now < 10'000'000) {
    now += pace.wait_us(now);
    ++rows;
    now += 50;  // the row itself
  }
  EXPECT_NEAR(rows, 1000, 2);
  EXPECT_LE(Pace(0, 0).wait_us(0), 0);
}

TEST(Pace, MakesUpAtMostASecondAfterAPause) {
  Pace pace(100, 0);
  std::int64_t now = 60'000'000;
  int burst = 0;
  while (pace.wait_us(now) == 0) ++burst;
  EXPECT_NEAR(burst, 101, 2);
}

constexpr std::string_view kMapping = R"(
name = "x"
[source]
kind = "file"
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc" }
[outputs.fields]
uscc = { column = "c", required = true }
)";

TEST(RunTables, AreReadStrictly) {
  const std::string body(kMapping);
  const auto good =
      adapters::parse_mapping(
          "name = \"x\"\n[limits]\nrows_per_second = 500\nfailures = 3\n[calendar]\n"
          "hours = [\"08:30-12:00\", \"14:00-24:00\"]\nweekdays = [\"mon\", \"sun\"]\n"
          "days_file = \"/etc/days\"\n[reconcile]\nat = \"02:30\"\n" +
          body.substr(body.find("[source]")))
          .value();
  EXPECT_EQ(good.limits.rows_per_second, 500U);
  EXPECT_EQ(good.limits.failures, 3U);
  EXPECT_EQ(good.limits.open_seconds, 1800U);
  ASSERT_EQ(good.calendar.hours.size(), 2U);
  EXPECT_EQ(good.calendar.hours[1].to, 1440);
  EXPECT_EQ(good.calendar.weekdays, 0x41);
  EXPECT_EQ(good.reconcile_at, 150);
  for (const char* bad :
       {"[limits]\nrows = 5\n", "[limits]\nfailures = 0\n",
        "[calendar]\nhours = [\"8:30-12:00\"]\n", "[calendar]\nhours = [\"12:00-08:30\"]\n",
        "[calendar]\nhours = [\"08:00-25:00\"]\n",
        "[calendar]\nhours = [\"08:00-12:00\", \"11:00-13:00\"]\n",
        "[calendar]\nweekdays = [\"monday\"]\n", "[calendar]\ndays_file = \"days\"\n",
        "[reconcile]\nat = \"24:00\"\n", "[reconcile]\n"}) {
    const auto refused = adapters::parse_mapping("name = \"x\"\n" + std::string(bad) +
                                                 body.substr(body.find("[source]")));
    EXPECT_EQ(refused.error().reason(), Reason::kMappingInvalid) << bad;
  }
}

}  // namespace
}  // namespace lh::hub::ingest
