#include <gtest/gtest.h>

#include "adapters/sql/host/protocol.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::sql {
namespace {

Connection connection() {
  Connection c;
  c.dialect = Dialect::kMysql;
  c.text = TextForm::kGb18030;
  c.tls = Tls::kEncrypt;
  c.access = Access::kWrite;
  c.driver = "D";
  c.server = "s";
  c.port = 65535;
  c.database = "库";
  c.user = "u";
  c.tls_ca = "/ca";
  c.time_zone = "+08:00";
  c.options = {{"SSLCERT", "/x"}};
  c.login_ms = 1;
  c.query_ms = 3600000;
  c.max_value_bytes = 1048576;
  return c;
}

std::vector<Bytes> questions() {
  std::vector<Bytes> out;
  out.push_back(encode(AskConnect{connection(), Secret::copy_of("p\xFFw")}));
  out.push_back(
      encode(AskQuery{"SELECT ?", {{ParameterType::kText, "甲"}, {ParameterType::kNull, ""}}}));
  out.push_back(encode(AskRows{256}));
  out.push_back(encode(AskChange{"DELETE", {{ParameterType::kInteger, "1"}}}));
  out.push_back(encode(AskTransaction{Step::kRollback}));
  return out;
}

TEST(Protocol, BringsEveryQuestionOver) {
  const auto all = questions();
  const auto connect = parse_question(all[0]);
  ASSERT_TRUE(connect.ok());
  const auto& q = std::get<AskConnect>(*connect);
  EXPECT_EQ(q.password.bytes(), "p\xFFw");
  EXPECT_EQ(q.to.dialect, Dialect::kMysql);
  EXPECT_EQ(q.to.text, TextForm::kGb18030);
  EXPECT_EQ(q.to.access, Access::kWrite);
  EXPECT_EQ(q.to.port, 65535);
  EXPECT_EQ(q.to.database, "库");
  EXPECT_EQ(q.to.time_zone, "+08:00");
  EXPECT_EQ(q.to.options, connection().options);
  EXPECT_EQ(q.to.max_value_bytes, 1048576U);
  const auto query = parse_question(all[1]);
  EXPECT_EQ(std::get<AskQuery>(*query).parameters[0].text, "甲");
  EXPECT_EQ(std::get<AskQuery>(*query).parameters[1].type, ParameterType::kNull);
  EXPECT_EQ(std::get<AskRows>(*parse_question(all[2])).most, 256U);
  EXPECT_EQ(std::get<AskChange>(*parse_question(all[3])).sql, "DELETE");
  EXPECT_EQ(std::get<AskTransaction>(*parse_question(all[4])).step, Step::kRollback);
}

TEST(Protocol, IsDeterministicAndRefusesCutOrLongerMessages) {
  for (const Bytes& message : questions()) {
    EXPECT_TRUE(check_deterministic(message).ok());
    for (std::size_t n = 0; n < message.size(); ++n) {
      EXPECT_FALSE(parse_question(message.substr(0, n)).ok());
    }
    EXPECT_FALSE(parse_question(message + std::string(1, '\0')).ok());
  }
}

// Any damage is refused or is another question; never more than that (run under the sanitizers).
TEST(Protocol, SurvivesAnyDamage) {
  kits::SeededRandom random(9);
  auto messages = questions();
  messages.push_back(encode_columns({{"a", ColumnType::kDate, Nulls::kNever, "date", 10}}));
  messages.push_back(encode_rows({"one", "", "three"}));
  messages.push_back(encode_error(Error(Reason::kSourceRefused, "x")));
  for (int i = 0; i < 5000; ++i) {
    Bytes m = messages[random.below(messages.size())];
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
      m = kits::flipped(std::move(m), random.below(m.size()), random.below(8));
    }
    const auto question = parse_question(m);
    const auto columns = parse_columns(m);
    const auto rows = parse_rows(m);
    const auto done = parse_done(m);
    EXPECT_LE(static_cast<int>(question.ok()) + static_cast<int>(done.ok()), 1);
    EXPECT_TRUE(!rows.ok() || rows->size() <= m.size());
    EXPECT_TRUE(!columns.ok() || columns->size() <= m.size());
  }
}

TEST(Protocol, BringsAnswersAndErrorsOver) {
  EXPECT_TRUE(parse_done(encode_done()).ok());
  const auto columns =
      parse_columns(encode_columns({{"名称", ColumnType::kDate, Nulls::kNever, "date", 10}}));
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ((*columns)[0].name, "名称");
  EXPECT_EQ((*columns)[0].type, ColumnType::kDate);
  EXPECT_EQ((*columns)[0].nulls, Nulls::kNever);
  EXPECT_EQ((*columns)[0].size, 10U);
  EXPECT_EQ(*parse_rows(encode_rows({"one", ""})), (std::vector<Bytes>{"one", ""}));
  const Bytes refused = encode_error(Error(Reason::kSourceRefused, "why"));
  EXPECT_EQ(parse_done(refused).error().describe(), "source.refused: why");
  EXPECT_EQ(parse_rows(refused).error().describe(), "source.refused: why");
  EXPECT_EQ(parse_done(encode_error(Error(Reason::kInternalFailure, "x"))).error().reason(),
            Reason::kSourceAnswer);
  EXPECT_EQ(parse_done(encode_rows({})).error().reason(), Reason::kSourceAnswer);
  EXPECT_EQ(parse_rows(encode_done()).error().reason(), Reason::kSourceAnswer);
}

}  // namespace
}  // namespace lh::adapters::sql
