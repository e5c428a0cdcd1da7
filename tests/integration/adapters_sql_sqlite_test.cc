// Against a SQLite file: what sqlite3 says is the truth. Its columns have types only by name.
#include "tests/integration/adapters_sql_kit.h"

namespace lh::adapters::sql {
namespace {

class Sqlite : public ::testing::TestWithParam<Drivers> {
 protected:
  Sqlite() : world(GetParam()) {}
  std::string place() const { return "driver = \"SQLite3\"\ndatabase = \"" + file.path() + "\"\n"; }
  kits::SqliteFile file;
  World world;
};

TEST_P(Sqlite, GivesEveryCharacterOfGb18030AsItIs) {
  const auto texts = all_characters();
  std::string script = "CREATE TABLE chars(id integer, t text);\nBEGIN;\n";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    script += "INSERT INTO chars VALUES(" + std::to_string(i) + ", CAST(x'" + to_hex(texts[i]) +
              "' AS TEXT));\n";
  }
  file.sql(script + "COMMIT;");
  const auto rows =
      pulled(world, place() + "table = \"chars\"\ncursor = [\"id\"]\npage_rows = 100\n");
  EXPECT_TRUE(values_of(rows, 1) == texts);
}

TEST_P(Sqlite, DecodesGb18030AndRefusesWhatIsNot) {
  file.sql(
      "CREATE TABLE g(id integer, t text);"
      "INSERT INTO g VALUES(1,CAST(x'D6D0B9FA' AS TEXT)),(2,CAST(x'95328236' AS TEXT)),"
      "(3,CAST(x'D6D0B9' AS TEXT)),(4,'ascii');");
  const std::string base = place() + "table = \"g\"\ncursor = [\"id\"]\nencoding = ";
  const auto rows = pulled(world, base + "\"gb18030\"\n");
  EXPECT_EQ(values_of(rows, 1), (std::vector<std::string>{"中国", "𠀀", "!row.encoding", "ascii"}));
  EXPECT_EQ(to_hex(rows[2].bytes), "826133820243d6d0b9");  // ["3", [2, the bytes]]
  EXPECT_EQ(values_of(pulled(world, base + "\"utf-8\"\n"), 1),
            (std::vector<std::string>{"!row.encoding", "!row.encoding", "!row.encoding", "ascii"}));
}

TEST_P(Sqlite, GivesTextOfAnyKindInColumnsOfAnyDeclaredType) {
  file.sql(
      "CREATE TABLE t(id integer primary key, d date, ts datetime, n numeric(10,2), b boolean,"
      " i8 bigint, x, y blob);"
      "INSERT INTO t VALUES(1,'2024-01-05','2024-01-05 12:00:00.120',-0.5,1,"
      "9223372036854775807,'q',x'0001FF'),"
      "(2,'2024年1月5日','20240105','一','yes','noon',NULL,x'');");
  const auto rows = pulled(world, place() + "table = \"t\"\ncursor = [\"id\"]\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].values,
            (std::vector<std::string>{"1", "2024-01-05", "2024-01-05T12:00:00.12", "-0.5", "1",
                                      "9223372036854775807", "q", "base64:AAH/"}));
  EXPECT_EQ(rows[1].values, (std::vector<std::string>{"2", "2024年1月5日", "20240105", "一", "yes",
                                                      "noon", "", "base64:"}));
}

TEST_P(Sqlite, GivesTextsOfAnySizeWhole) {
  file.sql(
      "CREATE TABLE big(id integer, t varchar(10));"
      "WITH n(v) AS (VALUES(1),(5957),(5958),(30000))"
      "INSERT INTO big SELECT v, replace(hex(zeroblob(v)), '00', '汉字𠀀x') FROM n;");
  const auto rows = pulled(world, place() + "table = \"big\"\ncursor = [\"id\"]\n");
  const auto truth = lines_of(file.sql("SELECT hex(t) FROM big ORDER BY id;"));
  ASSERT_EQ(rows.size(), truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    std::string ours = to_hex(rows[i].values[1]);
    std::transform(ours.begin(), ours.end(), ours.begin(), ::toupper);
    EXPECT_TRUE(ours == truth[i]) << i;
  }
}

TEST_P(Sqlite, LosesNoRowOverAnyCursorType) {
  file.sql(
      "CREATE TABLE ties(id integer, at datetime, code text, loose);"
      "WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 300)"
      "INSERT INTO ties SELECT v, datetime('2024-01-05', '+' || (v / 50) || ' days'),"
      " printf('码%06d', v), v FROM n;");
  for (const char* cursor : {"\"at\", \"id\"", "\"id\"", "\"code\"", "\"at\", \"code\""}) {
    const auto rows =
        pulled(world, place() + "table = \"ties\"\ncursor = [" + cursor + "]\npage_rows = 7\n");
    EXPECT_EQ(values_of(rows, 0), lines_of(file.sql("SELECT id FROM ties ORDER BY id;"))) << cursor;
  }
  // Values without a declared type compare by what they are: told, and no row lost in silence.
  auto source =
      must(world.pull(place() + "table = \"ties\"\ncursor = [\"loose\"]\npage_rows = 7\n"));
  std::size_t given = 0;
  auto row = source->next();
  for (; row.ok() && *row; row = source->next()) ++given;
  EXPECT_TRUE(given == 300 || (!row.ok() && row.error().reason() == Reason::kSourceAnswer))
      << given;
}

TEST_P(Sqlite, TakesNoUnknownColumnForAText) {
  file.sql("CREATE TABLE t(id integer); INSERT INTO t VALUES(1);");
  const auto opened =
      world.pull(place() + "table = \"t\"\ncursor = [\"id\"]\ncolumns = [\"nosuch\"]\n");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().describe(), "mapping.column_missing: column nosuch");
}

TEST_P(Sqlite, FindsByKeyAndPushesOnce) {
  file.sql(
      "CREATE TABLE k(id integer, code text, t text); INSERT INTO k "
      "VALUES(1,'a','t1'),(2,'b','t2');"
      "CREATE TABLE inbox(push_id text primary key, n integer, t text);");
  auto lookup = must(world.lookup(place() + "table = \"k\"\nkey = [\"code\", \"id\"]\n"));
  EXPECT_EQ(values_of(*lookup->find({{"id", "1"}, {"code", "a"}}), 2),
            std::vector<std::string>{"t1"});
  EXPECT_TRUE(lookup->find({{"id", "2"}, {"code", "a"}})->empty());
  EXPECT_TRUE(lookup->find({{"id", "1"}, {"code", "a' OR '1'='1"}})->empty());
  auto push = must(world.push(place() + "[source.push]\ntable = \"inbox\"\nid = \"push_id\"\n"
                                        "columns = [\"n\", \"t\"]\n"));
  EXPECT_TRUE(push->send("a", {{"n", "5"}, {"t", "𠀀'"}}).ok());
  EXPECT_TRUE(push->send("a", {{"n", "6"}, {"t", ""}}).ok());
  EXPECT_EQ(file.sql("SELECT *, typeof(n) FROM inbox;"), "a|5|𠀀'|integer\n");
}

TEST_P(Sqlite, MakesNoDatabaseAndWritesNone) {
  const auto missing = world.pull("driver = \"SQLite3\"\ndatabase = \"" + file.path() +
                                  "x\"\ntable = \"t\"\ncursor = [\"id\"]\n");
  EXPECT_FALSE(missing.ok());
  EXPECT_FALSE(std::filesystem::exists(file.path() + "x"));
}

INSTANTIATE_TEST_SUITE_P(Drivers, Sqlite, ::testing::Values(Drivers::kHere, Drivers::kInChild),
                         name_of);

}  // namespace
}  // namespace lh::adapters::sql
