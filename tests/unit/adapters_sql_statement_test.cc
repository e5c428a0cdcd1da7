#include <gtest/gtest.h>

#include "adapters/sql/session/sql_state.h"
#include "adapters/sql/statement_text.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::sql {
namespace {

const Relation kPg{Dialect::kPostgresql, "s", "t", ""};
const std::vector<Selected> kColumns = {{"a", As::kIs}, {"at", As::kText}};
const std::vector<CursorColumn> kCursor = {{"at", ParameterType::kText},
                                           {"id", ParameterType::kDecimal}};

TEST(Quoting, DoublesTheQuoteOfTheDialect) {
  EXPECT_EQ(quoted(Dialect::kPostgresql, "a\"b`c"), "\"a\"\"b`c\"");
  EXPECT_EQ(quoted(Dialect::kMysql, "a\"b`c"), "`a\"b``c`");
}

// However a name is made, what is between the quotes is the name again, and nothing is outside.
TEST(Quoting, LetsNoNameOut) {
  kits::SeededRandom random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string name;
    for (std::uint64_t n = 1 + random.below(8); n > 0; --n) name += "\"`a;-'\\ "[random.below(8)];
    for (const Dialect dialect : {Dialect::kPostgresql, Dialect::kMysql, Dialect::kSqlServer}) {
      const std::string out = quoted(dialect, name);
      const char quote = out.front();
      std::string back;
      std::size_t at = 1;
      while (at < out.size() &&
             (out[at] != quote || (at + 1 < out.size() && out[at + 1] == quote))) {
        if (out[at] == quote) ++at;
        back.push_back(out[at++]);
      }
      EXPECT_EQ(at + 1, out.size());
      EXPECT_EQ(back, name);
    }
  }
}

TEST(PageSql, IsAKeysetOfTheDialect) {
  EXPECT_EQ(page_sql(kPg, kColumns, kCursor, Page::kFirst, 11).sql,
            "SELECT lh_q.\"a\", CAST(lh_q.\"at\" AS text) AS \"at\" FROM \"s\".\"t\" lh_q WHERE "
            "lh_q.\"at\" IS NOT NULL AND lh_q.\"id\" IS NOT NULL ORDER BY lh_q.\"at\", "
            "lh_q.\"id\" LIMIT 11");
  const PageSql pg = page_sql(kPg, {{"a"}}, kCursor, Page::kNext, 11);
  EXPECT_EQ(pg.sql,
            "SELECT lh_q.\"a\" FROM \"s\".\"t\" lh_q WHERE lh_q.\"at\" IS NOT NULL AND "
            "lh_q.\"id\" IS NOT NULL AND (lh_q.\"at\", lh_q.\"id\") > (?, ?) ORDER BY "
            "lh_q.\"at\", lh_q.\"id\" LIMIT 11");
  EXPECT_EQ(pg.parameters, (std::vector<std::size_t>{0, 1}));
  const PageSql my = page_sql({Dialect::kMysql, "", "t", ""}, {{"a"}}, kCursor, Page::kNext, 2);
  EXPECT_EQ(my.sql,
            "SELECT lh_q.`a` FROM `t` lh_q WHERE lh_q.`at` IS NOT NULL AND lh_q.`id` IS NOT NULL "
            "AND ((lh_q.`at` > ?) OR (lh_q.`at` = ? AND lh_q.`id` > CAST(? AS DECIMAL(65,30)))) "
            "ORDER BY lh_q.`at`, lh_q.`id` LIMIT 2");
  EXPECT_EQ(my.parameters, (std::vector<std::size_t>{0, 0, 1}));
  const Relation view{Dialect::kStandard, "", "", "SELECT 1 AS a"};
  EXPECT_EQ(page_sql(view, {{"a"}}, {{"a"}}, Page::kNext, 2).sql,
            "SELECT lh_q.\"a\" FROM (SELECT 1 AS a) lh_q WHERE lh_q.\"a\" IS NOT NULL AND "
            "((lh_q.\"a\" > ?)) ORDER BY lh_q.\"a\" FETCH FIRST 2 ROWS ONLY");
  EXPECT_EQ(sample_sql({Dialect::kSqlServer, "", "t", ""}, {{"a"}}, 5),
            "SELECT TOP 5 lh_q.\"a\" FROM \"t\" lh_q");
}

TEST(Statements, OfKeysHoldMarksOnly) {
  EXPECT_EQ(lookup_sql(kPg, {{"a"}}, {"k", "l"}, 101),
            "SELECT lh_q.\"a\" FROM \"s\".\"t\" lh_q WHERE lh_q.\"k\" = ? AND lh_q.\"l\" = ? "
            "LIMIT 101");
  EXPECT_EQ(insert_sql(kPg, {"a", "b"}), "INSERT INTO \"s\".\"t\" (\"a\", \"b\") VALUES (?, ?)");
  EXPECT_EQ(exists_sql(kPg, "id"), "SELECT 1 FROM \"s\".\"t\" lh_q WHERE lh_q.\"id\" = ?");
  EXPECT_EQ(nulls_sql(kPg, {{"a"}}, kCursor, 3),
            "SELECT lh_q.\"a\" FROM \"s\".\"t\" lh_q WHERE lh_q.\"at\" IS NULL OR lh_q.\"id\" IS "
            "NULL LIMIT 3");
  EXPECT_EQ(describe_sql(kPg), "SELECT lh_q.* FROM \"s\".\"t\" lh_q WHERE 1 = 0");
}

TEST(NamedStatements, TakeNamesOutsideQuotesOnly) {
  const auto parsed = parse_statement(
      "INSERT INTO t(\"a:b\", `c:d`) VALUES (:id, ':no', :名称::text, 'it''s :no') ON CONFLICT");
  const auto* good = std::get_if<NamedStatement>(&parsed);
  ASSERT_NE(good, nullptr);
  EXPECT_EQ(good->sql,
            "INSERT INTO t(\"a:b\", `c:d`) VALUES (?, ':no', ?::text, 'it''s :no') ON CONFLICT");
  EXPECT_EQ(good->names, (std::vector<std::string>{"id", "名称"}));
}

TEST(NamedStatements, RefuseWhatWouldNotBeOneStatement) {
  for (const char* text :
       {"SELECT 1; DROP TABLE t", "SELECT ?", "SELECT 1 -- x", "SELECT 1 /* x */", "SELECT 1 # x",
        "SELECT 'a\\'", "SELECT 'a", "SELECT \"a", "SELECT (1", "SELECT 1)",
        "SELECT 1) x (SELECT 2", "SELECT $$a$$", "SELECT :", "SELECT : x", "SELECT 'a\nb'",
        "SELECT \x01"}) {
    EXPECT_TRUE(std::holds_alternative<StatementFault>(parse_statement(text))) << text;
  }
}

TEST(SqlState, SaysWhatMayBeTriedAgain) {
  for (const char* state :
       {"08001", "08S01", "HYT00", "57P01", "40001", "53300", "IM002", "01000"}) {
    EXPECT_EQ(reason_of_state(state, 0), Reason::kSourceUnavailable) << state;
  }
  for (const char* state : {"42P01", "23505", "22001", "28P01", "HY000", "", "HY"}) {
    EXPECT_EQ(reason_of_state(state, 0), Reason::kSourceRefused) << state;
  }
  EXPECT_EQ(reason_of_state("HY000", 2006), Reason::kSourceUnavailable);
  EXPECT_EQ(reason_of_state("HY000", 5), Reason::kSourceUnavailable);
  EXPECT_EQ(reason_of_state("08001", 1045), Reason::kSourceRefused);
}

}  // namespace
}  // namespace lh::adapters::sql
