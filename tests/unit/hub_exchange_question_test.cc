// Questions about values: the list is closed, and each answer is what arithmetic says.
#include <gtest/gtest.h>

#include <random>

#include "hub/exchange/answers/question.h"

namespace lh {
namespace {

using hub::exchange::Ask;
using hub::exchange::AskedQuestion;
using hub::exchange::Told;
using schemas::FieldDefinition;
using schemas::FieldKind;

FieldDefinition field(FieldKind kind, std::string identifier = {}) {
  FieldDefinition f;
  f.name = "f";
  f.kind = kind;
  f.identifier = std::move(identifier);
  return f;
}
AskedQuestion question(Ask ask, std::string value) {
  AskedQuestion q;
  q.ask = ask;
  q.field = "f";
  q.value = Personal<std::string>(std::move(value));
  return q;
}
LocalDate day(std::string_view text) {
  return parse_date(text).value();
}
Told told(Ask ask, const FieldDefinition& f, const std::string& value, const std::string& asked) {
  return tell(question(ask, asked), f, value, day("2026-11-22"));
}
std::string_view reason_of(std::string_view text) {
  const auto read =
      hub::exchange::question_from_json(schemas::parse_json(text, 10000).value(), "question");
  return read.ok() ? "good" : read.error().id();
}

TEST(Question, TheListIsClosedAndItsMembersAreFixed) {
  EXPECT_EQ(reason_of(R"({"ask":"holds_valid"})"), "good");
  EXPECT_EQ(reason_of(R"({"ask":"holds_valid","field":"domicile","value":"x"})"), "good");
  EXPECT_EQ(reason_of(R"({"ask":"field_equals","field":"uscc","value":"x"})"), "good");
  EXPECT_EQ(
      reason_of(R"({"ask":"same_person","field":"a","other":{"material":"M02","field":"b"}})"),
      "good");
  EXPECT_EQ(reason_of(R"({"ask":"field_contains","field":"uscc","value":"x"})"),
            "predicate.unknown");
  EXPECT_EQ(reason_of(R"({"ask":"","field":"uscc","value":"x"})"), "predicate.unknown");
  EXPECT_EQ(reason_of(R"({"ask":"field_equals","field":"uscc"})"), "json.missing_member");
  EXPECT_EQ(reason_of(R"({"ask":"field_equals","value":"x"})"), "json.missing_member");
  EXPECT_EQ(reason_of(R"({"ask":"field_equals","field":"uscc","value":" "})"), "predicate.unknown");
  EXPECT_EQ(reason_of(R"({"ask":"holds_valid","value":"x"})"), "json.unknown_member");
  EXPECT_EQ(reason_of(R"({"ask":"same_person","field":"a"})"), "json.missing_member");
  EXPECT_EQ(reason_of(R"({"ask":"holds_valid","field":"a","value":"x","regex":"."})"),
            "json.unknown_member");
}

TEST(Question, FitsTheKindOfItsField) {
  const std::vector<FieldDefinition> amount{field(FieldKind::kAmount)};
  const std::vector<FieldDefinition> text{field(FieldKind::kText)};
  const std::vector<FieldDefinition> date{field(FieldKind::kDate)};
  EXPECT_TRUE(check_question(question(Ask::kFieldAtLeast, "1 CNY"), amount).ok());
  EXPECT_FALSE(check_question(question(Ask::kFieldAtLeast, "1"), amount).ok());
  EXPECT_FALSE(check_question(question(Ask::kFieldAtLeast, "1 CNY"), text).ok());
  EXPECT_FALSE(check_question(question(Ask::kFieldBefore, "2026-02-30"), date).ok());
  EXPECT_TRUE(check_question(question(Ask::kFieldBefore, "2026-02-28"), date).ok());
  EXPECT_TRUE(check_question(question(Ask::kAgeAtLeast, "18"), date).ok());
  EXPECT_FALSE(check_question(question(Ask::kAgeAtLeast, "-1"), date).ok());
  EXPECT_FALSE(check_question(question(Ask::kAgeAtLeast, "18"), text).ok());
  AskedQuestion other = question(Ask::kFieldEquals, "x");
  other.field = "g";
  EXPECT_EQ(check_question(other, text).error().id(), "predicate.unknown");
}

// Every amount of up to six decimals, against whole numbers of millionths.
TEST(Question, AmountsCompareAsNumbers) {
  std::mt19937_64 rng(20261122);
  const auto f = field(FieldKind::kAmount);
  const auto pick = [&rng](std::int64_t& millionths) {
    millionths = static_cast<std::int64_t>(rng() % 4000000) - 2000000;
    const std::int64_t size = millionths < 0 ? -millionths : millionths;
    std::string fraction = std::to_string(1000000 + size % 1000000).substr(1);
    while (rng() % 2 == 0 && fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
    return (millionths < 0 ? "-" : "") + std::to_string(size / 1000000) + "." + fraction + " CNY";
  };
  for (int i = 0; i < 4000; ++i) {
    std::int64_t a = 0, b = 0;
    const std::string value = pick(a), asked = i % 7 == 0 ? value : pick(b);
    if (i % 7 == 0) b = a;
    EXPECT_EQ(told(Ask::kFieldAtLeast, f, value, asked), a >= b ? Told::kYes : Told::kNo)
        << value << " " << asked;
    EXPECT_EQ(told(Ask::kFieldAtMost, f, value, asked), a <= b ? Told::kYes : Told::kNo);
  }
  EXPECT_EQ(told(Ask::kFieldAtLeast, f, "1 USD", "1 CNY"), Told::kNotComparable);
  EXPECT_EQ(told(Ask::kFieldAtLeast, f, "999999999999999.999999 CNY", "999999999999999.999998 CNY"),
            Told::kYes);
  EXPECT_EQ(told(Ask::kFieldAtMost, field(FieldKind::kInteger), "-3", "-2"), Told::kYes);
}

TEST(Question, BeforeAndAfterLeaveTheDayItselfOut) {
  const auto f = field(FieldKind::kDate);
  std::mt19937_64 rng(7);
  for (int i = 0; i < 2000; ++i) {
    const auto a = LocalDate::from_days(static_cast<std::int32_t>(rng() % 30000));
    const auto b = a.plus_days(static_cast<std::int32_t>(rng() % 5) - 2);
    EXPECT_EQ(told(Ask::kFieldBefore, f, a.text(), b.text()), a < b ? Told::kYes : Told::kNo);
    EXPECT_EQ(told(Ask::kFieldAfter, f, a.text(), b.text()), a > b ? Told::kYes : Told::kNo);
  }
}

// By counting birthdays one after the other.
int age_on(LocalDate born, LocalDate today) {
  int years = -1;
  for (LocalDate d = born; d <= today; d = d.plus_days(1)) {
    if (d.month() == born.month() && d.day() == born.day()) ++years;
  }
  return years;
}

TEST(Question, AgeIsInFullYears) {
  const auto f = field(FieldKind::kDate);
  const LocalDate today = day("2026-11-22");
  std::mt19937_64 rng(9);
  for (int i = 0; i < 60; ++i) {
    const auto born = today.plus_days(-static_cast<std::int32_t>(rng() % 9000));
    if (born.month() == 2 && born.day() == 29) continue;
    const int age = age_on(born, today);
    EXPECT_EQ(told(Ask::kAgeAtLeast, f, born.text(), std::to_string(age)), Told::kYes);
    EXPECT_EQ(told(Ask::kAgeAtLeast, f, born.text(), std::to_string(age + 1)), Told::kNo);
  }
  EXPECT_EQ(told(Ask::kAgeAtLeast, f, "2008-11-22", "18"), Told::kYes);
  EXPECT_EQ(told(Ask::kAgeAtLeast, f, "2008-11-23", "18"), Told::kNo);
  EXPECT_EQ(told(Ask::kAgeAtLeast, f, "2030-01-01", "0"), Told::kNotComparable);
  const auto id = field(FieldKind::kIdentifier, "resident_id");
  EXPECT_EQ(told(Ask::kAgeAtLeast, id, "990102199001010015", "36"), Told::kYes);
  EXPECT_EQ(told(Ask::kAgeAtLeast, id, "990102199001010015", "37"), Told::kNo);
  EXPECT_EQ(told(Ask::kAgeAtLeast, id, "990102199001010019", "1"), Told::kNotComparable);
}

TEST(Question, TheSameTextWrittenByTwoDepartmentsIsEqual) {
  const auto f = field(FieldKind::kText);
  EXPECT_EQ(told(Ask::kFieldEquals, f, "测试路２号（Ａ座）", "测试路 2号(a座)"), Told::kYes);
  EXPECT_EQ(told(Ask::kFieldEquals, f, "测试\u3000路", "测试路"), Told::kYes);
  EXPECT_EQ(told(Ask::kFieldEquals, f, "测试路2号", "测试路3号"), Told::kNo);
  EXPECT_EQ(told(Ask::kFieldEquals, f, "", "x"), Told::kFieldAbsent);
}

TEST(Question, NormalisingTwiceChangesNothingAndNeverFails) {
  std::mt19937_64 rng(11);
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (std::uint64_t n = rng() % 24; n > 0; --n) text.push_back(static_cast<char>(rng()));
    if (rng() % 2 == 0) text += "\xEF\xBC";
    // Bytes that become ASCII may join others to a new full-width form: only clean text is fixed.
    const std::string once = hub::exchange::normalised(text);
    EXPECT_LE(once.size(), text.size());
  }
  for (const char* text : {"测试路２号（Ａ座）", "ＡＢＣ　１２３", "〒！～", "\xEF\xBC"}) {
    const std::string once = hub::exchange::normalised(text);
    EXPECT_EQ(hub::exchange::normalised(once), once);
  }
}

TEST(Question, OneYesAmongSeveralIsYes) {
  EXPECT_EQ(either(Told::kNo, Told::kYes), Told::kYes);
  EXPECT_EQ(either(Told::kFieldAbsent, Told::kNo), Told::kNo);
  EXPECT_EQ(either(Told::kNo, Told::kFieldAbsent), Told::kNo);
  EXPECT_EQ(either(Told::kFieldAbsent, Told::kNotComparable), Told::kNotComparable);
}

}  // namespace
}  // namespace lh
