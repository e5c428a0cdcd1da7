// Against PostgreSQL: what psql says is the truth.
#include <signal.h>

#include <set>

#include "tests/integration/adapters_sql_kit.h"

namespace lh::adapters::sql {
namespace {

kits::PostgresServer& server() {
  static kits::PostgresServer instance;
  return instance;
}

class Postgres : public ::testing::TestWithParam<Drivers> {
 protected:
  Postgres() : world(GetParam()) {
    world.allow("127.0.0.1:" + std::to_string(server().port()));
    world.secrets.values["db"] = kits::kPassword;
  }
  static std::string place(const std::string& driver = "PostgreSQL Unicode",
                           const std::string& user = "lh") {
    return "driver = \"" + driver +
           "\"\nserver = \"127.0.0.1\"\nport = " + std::to_string(server().port()) +
           "\ndatabase = \"postgres\"\nuser = \"" + user + "\"\ntls = \"off\"\n";
  }
  World world;
};

TEST_P(Postgres, GivesEveryCharacterOfGb18030AsItIs) {
  const auto texts = all_characters();
  std::string script = "DROP TABLE IF EXISTS chars; CREATE TABLE chars(id int, t text);\n";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    script += "INSERT INTO chars VALUES(" + std::to_string(i) + ", convert_from(decode('" +
              to_hex(texts[i]) + "','hex'),'UTF8'));\n";
  }
  server().sql(script);
  for (const char* driver : {"PostgreSQL Unicode", "PostgreSQL ANSI"}) {
    for (const char* form : {"utf-8", "utf-16"}) {
      // The driver manager turns UTF-16 into the text of an ANSI driver, which gives an error.
      if (std::string(driver) == "PostgreSQL ANSI" && std::string(form) == "utf-16") continue;
      const auto rows = pulled(world, place(driver) + "table = \"chars\"\ncursor = [\"id\"]\n" +
                                          "page_rows = 100\nencoding = \"" + form + "\"\n");
      EXPECT_TRUE(values_of(rows, 1) == texts) << driver << form;
    }
  }
}

TEST_P(Postgres, GivesEachTypeInItsOneForm) {
  server().sql(R"(
SET TIME ZONE '+00:00';
DROP TABLE IF EXISTS types; CREATE TABLE types(id bigint, d date, ts timestamp, tz timestamptz,
  n numeric(30,10), f8 float8, f4 float4, b boolean, y bytea, tm time, u uuid, j jsonb, iv interval,
  ia int[], c char(5), v varchar(300), t text);
INSERT INTO types VALUES(9007199254740993,'2024-01-05','2024-01-05 12:00:00.120',
 '2024-01-05 12:00:00+00',-0.5,0.1::float8+0.2::float8,0.1,true,'\x0001ff','12:01:02.50',
 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11','{"a": 1}','1 day 2 hours','{1,2}','ab',
 repeat('汉',300),'');
INSERT INTO types(id,d,ts,tz,f8,b)
 VALUES(9007199254740994,'infinity','-infinity','0044-03-15 00:00:00+00 BC','NaN',false);
INSERT INTO types(id,d,ts,n)
 VALUES(9007199254740995,'12345-01-01','12345-01-01 00:00:00',12345678901234567890.0123456789);
)");
  const auto rows =
      pulled(world, place() + "table = \"types\"\ncursor = [\"id\"]\npage_rows = 1\n");
  ASSERT_EQ(rows.size(), 3U);
  std::string han;
  for (int i = 0; i < 300; ++i) han += "汉";
  EXPECT_EQ(rows[0].values,
            (std::vector<std::string>{"9007199254740993", "2024-01-05", "2024-01-05T12:00:00.12",
                                      "2024-01-05T20:00:00+08:00", "-0.5000000000",
                                      "0.30000000000000004", "0.1", "1", "base64:AAH/",
                                      "12:01:02.5", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                                      "{\"a\": 1}", "P1DT2H", "{1,2}", "ab   ", han, ""}));
  EXPECT_EQ(rows[1].values, (std::vector<std::string>{"9007199254740994", "infinity", "-infinity",
                                                      "0044-03-15 08:00:00+08 BC", "", "NaN", "",
                                                      "0", "", "", "", "", "", "", "", "", ""}));
  EXPECT_EQ(rows[2].values[1], "12345-01-01");
  EXPECT_EQ(rows[2].values[2], "12345-01-01 00:00:00");
  EXPECT_EQ(rows[2].values[4], "12345678901234567890.0123456789");
}

TEST_P(Postgres, TellsNullFromEmptyInTheBytesOfTheRow) {
  server().sql(
      "DROP TABLE IF EXISTS e; CREATE TABLE e(id int, t text);"
      "INSERT INTO e VALUES(1,''),(2,NULL);");
  const auto rows = pulled(world, place() + "table = \"e\"\ncursor = [\"id\"]\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].values[1], rows[1].values[1]);
  EXPECT_EQ(to_hex(rows[0].bytes), "82613160");  // ["1", ""]
  EXPECT_EQ(to_hex(rows[1].bytes), "826132f6");  // ["2", null]
}

TEST_P(Postgres, GivesTextsOfAnySizeWholeOrSaysTheyAreTooLong) {
  server().sql(
      "DROP TABLE IF EXISTS big; CREATE TABLE big(id int, t text, j jsonb, y bytea);"
      "INSERT INTO big SELECT n, repeat('汉字𠀀x', n), to_jsonb(repeat('龦', n)),"
      " decode(repeat('00ff10', n),'hex') FROM unnest(ARRAY[1,5957,5958,6553,6554,30000]) n;"
      "INSERT INTO big VALUES(100000, repeat('a', 1048577), NULL, NULL);");
  const auto rows = pulled(world, place() + "table = \"big\"\ncursor = [\"id\"]\n");
  ASSERT_EQ(rows.size(), 7U);
  const auto truth = lines_of(server().sql(
      "SELECT encode(convert_to(t,'UTF8'),'hex')||'|'||encode(convert_to(j::text,'UTF8'),'hex')"
      "||'|'||encode(y,'hex') FROM big WHERE id < 100000 ORDER BY id;"));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto& v = rows[i].values;
    ASSERT_EQ(v.size(), 4U) << i;
    const std::string bytes = *parse_base64(v[3].substr(7));
    EXPECT_TRUE(to_hex(v[1]) + "|" + to_hex(v[2]) + "|" + to_hex(bytes) == truth[i]) << i;
  }
  ASSERT_TRUE(rows[6].malformed);
  EXPECT_EQ(rows[6].malformed->reason(), Reason::kRowTooLong);
  EXPECT_GT(rows[6].bytes.size(), 1048000U);
}

TEST_P(Postgres, ReadsNamesOfAnyScriptAndQuote) {
  server().sql(
      "DROP SCHEMA IF EXISTS \"库\" CASCADE; CREATE SCHEMA \"库\";"
      "CREATE TABLE \"库\".\"企业 \"\"登记\"\";--\"(\"编号\" int, \"名 \"\"称?\" text);"
      "INSERT INTO \"库\".\"企业 \"\"登记\"\";--\" VALUES(1,'甲');");
  const auto rows =
      pulled(world, place() +
                        "schema = \"库\"\ntable = '企业 \"登记\";--'\ncursor = [\"编号\"]\n"
                        "columns = ['名 \"称?']\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].values, (std::vector<std::string>{"甲", "1"}));
}

TEST_P(Postgres, LosesAndDoublesNoRowWhereManyShareATimestamp) {
  server().sql(
      "DROP TABLE IF EXISTS ties; CREATE TABLE ties(id int, at timestamp(6));"
      "INSERT INTO ties SELECT n, timestamp '2024-01-05 00:00:00.123456' +"
      " (n / 50) * interval '1 microsecond' FROM generate_series(1, 1000) n;");
  const std::string toml = place() + "table = \"ties\"\ncursor = [\"at\", \"id\"]\npage_rows = 7\n";
  Cursor cursor;
  std::vector<std::string> ids;
  for (int run = 0; ids.size() < 1000; ++run) {  // a new run from the cursor every few rows
    auto source = world.pull(toml, cursor);
    ASSERT_TRUE(source.ok()) << source.error().describe();
    for (int i = 0; i < 90 + run; ++i) {
      const auto row = (*source)->next();
      ASSERT_TRUE(row.ok()) << row.error().describe();
      if (!*row) break;
      EXPECT_EQ((*row)->number, ids.size() + 1);
      ids.push_back((*row)->values[0]);
    }
    cursor = (*source)->cursor();
  }
  std::vector<std::string> expected;
  for (int n = 1; n <= 1000; ++n) expected.push_back(std::to_string(n));
  EXPECT_EQ(ids, expected);
  EXPECT_TRUE(rows_of(**world.pull(toml, cursor)).empty());
  server().sql("UPDATE ties SET at = at + interval '1 hour' WHERE id = 500;");
  EXPECT_EQ(values_of(rows_of(**world.pull(toml, cursor)), 0), std::vector<std::string>{"500"});
}

TEST_P(Postgres, StopsWhenTheCursorColumnsAreNotUnique) {
  server().sql(
      "DROP TABLE IF EXISTS twins; CREATE TABLE twins(id int, at date);"
      "INSERT INTO twins SELECT n, date '2024-01-05' + n / 3 FROM generate_series(0,8) n;");
  for (const char* page : {"1", "2", "3", "4", "9"}) {
    auto source = must(
        world.pull(place() + "table = \"twins\"\ncursor = [\"at\"]\npage_rows = " + page + "\n"));
    ASSERT_TRUE(source->next().ok());
    const auto second = source->next();
    ASSERT_FALSE(second.ok()) << page;
    EXPECT_EQ(second.error().reason(), Reason::kSourceAnswer);
  }
}

TEST_P(Postgres, GivesRowsWithoutACursorValueAtEveryPull) {
  server().sql(
      "DROP TABLE IF EXISTS holes; CREATE TABLE holes(id int, at date);"
      "INSERT INTO holes VALUES(1,'2024-01-01'),(2,NULL),(3,'2024-01-03'),(NULL,'2024-01-02');");
  const std::string toml = place() + "table = \"holes\"\ncursor = [\"at\", \"id\"]\n";
  auto source = must(world.pull(toml));
  EXPECT_EQ(values_of(rows_of(*source), 0), (std::vector<std::string>{"2", "", "1", "3"}));
  EXPECT_EQ(values_of(rows_of(**world.pull(toml, source->cursor())), 0),
            (std::vector<std::string>{"2", ""}));
}

TEST_P(Postgres, GoesOnAfterTheServerWasKilledInTheMiddleOfALoad) {
  server().sql(
      "DROP TABLE IF EXISTS load; CREATE TABLE load(id int PRIMARY KEY, t text);"
      "INSERT INTO load SELECT n, 'v' || n FROM generate_series(1, 3000) n; CHECKPOINT;");
  const std::string toml = place() + "table = \"load\"\ncursor = [\"id\"]\npage_rows = 300\n";
  std::vector<std::string> ids;
  auto source = must(world.pull(toml));
  while (ids.size() < 1000) ids.push_back((**source->next()).values[0]);
  server().crash();
  Result<std::optional<RawRow>> row = source->next();
  for (; row.ok() && *row; row = source->next()) ids.push_back((*row)->values[0]);
  ASSERT_FALSE(row.ok());
  EXPECT_EQ(row.error().reason(), Reason::kSourceUnavailable) << row.error().describe();
  EXPECT_FALSE(source->next().ok());  // and stays so
  const Cursor cursor = source->cursor();
  const auto down = world.pull(toml, cursor);
  ASSERT_FALSE(down.ok());
  EXPECT_EQ(down.error().reason(), Reason::kSourceUnavailable) << down.error().describe();
  server().start();
  for (const RawRow& r : rows_of(**world.pull(toml, cursor))) ids.push_back(r.values[0]);
  std::vector<std::string> expected;
  for (int n = 1; n <= 3000; ++n) expected.push_back(std::to_string(n));
  EXPECT_EQ(ids, expected);
}

TEST_P(Postgres, FindsByKeyAndNothingByInjection) {
  server().sql(
      "DROP TABLE IF EXISTS k; CREATE TABLE k(id int, code text, t text);"
      "INSERT INTO k SELECT n, 'C' || n, 't' || n FROM generate_series(1, 500) n;"
      "INSERT INTO k VALUES(501,$$x' OR '1'='1$$,'quoted'),(502,'','empty'),(503,NULL,'null');"
      "INSERT INTO k SELECT 1000 + n, 'many', '' FROM generate_series(1, 101) n;");
  auto by_code = must(world.lookup(place() + "table = \"k\"\nkey = [\"code\"]\n"));
  EXPECT_EQ(by_code->columns(), (std::vector<std::string>{"id", "code", "t"}));
  EXPECT_EQ(values_of(*by_code->find({{"code", "C7"}}), 2), std::vector<std::string>{"t7"});
  EXPECT_EQ(values_of(*by_code->find({{"code", "x' OR '1'='1"}}), 2),
            std::vector<std::string>{"quoted"});
  EXPECT_EQ(values_of(*by_code->find({{"code", ""}}), 2), std::vector<std::string>{"empty"});
  for (const char* evil : {"' OR 1=1 --", "C7'; DROP TABLE k; --", "C7\\", "?", "$1", "c7", "%",
                           "C7\xFF", "{fn user()}", "C_"}) {
    const auto found = by_code->find({{"code", evil}});
    ASSERT_TRUE(found.ok()) << evil << found.error().describe();
    EXPECT_TRUE(found->empty()) << evil;
  }
  EXPECT_TRUE(by_code->find({{"code", std::string("C7\0", 3)}})->empty());
  EXPECT_EQ(by_code->find({{"code", "many"}}).error().reason(), Reason::kInputTooLarge);
  EXPECT_EQ(by_code->find({{"id", "1"}}).error().reason(), Reason::kMappingInvalid);
  auto by_id = must(world.lookup(place() + "table = \"k\"\nkey = [\"id\"]\ncolumns = [\"t\"]\n"));
  EXPECT_EQ(values_of(*by_id->find({{"id", "7"}}), 0), std::vector<std::string>{"t7"});
  for (const char* evil : {"7 OR 1=1", "", "7.0", "0x7", "99999999999999999999999"}) {
    EXPECT_TRUE(by_id->find({{"id", evil}})->empty()) << evil;
  }
  EXPECT_EQ(server().sql("SELECT count(*) FROM k;"), "604\n");
}

TEST_P(Postgres, LooksUpAgainAfterARestartOfTheServer) {
  server().sql(
      "DROP TABLE IF EXISTS r; CREATE TABLE r(id int); INSERT INTO r VALUES(1); CHECKPOINT;");
  auto lookup = must(world.lookup(place() + "table = \"r\"\nkey = [\"id\"]\n"));
  EXPECT_EQ(lookup->find({{"id", "1"}})->size(), 1U);
  server().crash();
  EXPECT_EQ(lookup->find({{"id", "1"}}).error().reason(), Reason::kSourceUnavailable);
  server().start();
  EXPECT_EQ(lookup->find({{"id", "1"}})->size(), 1U);
  server().crash();
  server().start();
  EXPECT_EQ(lookup->find({{"id", "1"}})->size(), 1U);  // the kept session is from before
}

TEST_P(Postgres, PushesARecordOnceHoweverOftenItIsSent) {
  server().sql(
      "DROP TABLE IF EXISTS inbox; CREATE TABLE inbox(push_id text PRIMARY KEY, n int,"
      " day date, t varchar(4));");
  auto push = must(world.push(place() + "[source.push]\ntable = \"inbox\"\nid = \"push_id\"\n"
                                        "columns = [\"n\", \"day\", \"t\"]\n"));
  const KeyValues good = {{"n", "5"}, {"day", "2024-01-05"}, {"t", "𠀀'\\x"}};
  EXPECT_TRUE(push->send("a", good).ok());
  EXPECT_TRUE(push->send("a", {{"n", "6"}, {"day", ""}, {"t", ""}}).ok());
  EXPECT_EQ(push->send("b", {{"n", "x"}, {"day", ""}, {"t", ""}}).error().reason(),
            Reason::kSourceRefused);
  EXPECT_EQ(push->send("b", {{"n", "1"}, {"day", ""}, {"t", "12345"}}).error().reason(),
            Reason::kSourceRefused);
  EXPECT_EQ(push->send("b", {{"n", "1"}}).error().reason(), Reason::kSourceRefused);
  EXPECT_TRUE(push->send("b", {{"n", ""}, {"day", ""}, {"t", ""}}).ok());
  EXPECT_EQ(server().sql("SELECT * FROM inbox ORDER BY push_id;"), "a|5|2024-01-05|𠀀'\\x\nb|||\n");
}

TEST_P(Postgres, PushesByAStatementOfTheMapping) {
  server().sql("DROP TABLE IF EXISTS inbox2; CREATE TABLE inbox2(id text PRIMARY KEY, t text);");
  auto push =
      must(world.push(place() + "[source.push]\nstatement = \"INSERT INTO inbox2 VALUES (:id,"
                                " :name::text || ':x') ON CONFLICT (id) DO NOTHING\"\n"));
  EXPECT_TRUE(push->send("1", {{"name", "甲"}}).ok());
  EXPECT_TRUE(push->send("1", {{"name", "乙"}}).ok());
  EXPECT_EQ(server().sql("SELECT * FROM inbox2;"), "1|甲:x\n");
}

TEST_P(Postgres, NamesTheColumnThatIsMissing) {
  server().sql("DROP TABLE IF EXISTS drift; CREATE TABLE drift(id int, name text);");
  const std::string base = place() + "table = \"drift\"\n";
  for (const char* rest :
       {"cursor = [\"id\"]\ncolumns = [\"uscc\"]\n", "cursor = [\"id\", \"uscc\"]\n",
        "cursor = [\"id\"]\nheader = [\"uscc\"]\n", "cursor = [\"id\"]\nkey = [\"uscc\"]\n"}) {
    const auto opened = world.pull(base + rest);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().describe(), "mapping.column_missing: column uscc");
  }
  const auto gone = world.pull(place() + "table = \"nowhere\"\ncursor = [\"id\"]\n");
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().describe(), "source.refused: running a statement: SQLSTATE 42P01, 1");
}

TEST_P(Postgres, RefusesACursorOfAnotherQueryAndFromNoise) {
  server().sql(
      "DROP TABLE IF EXISTS c1; CREATE TABLE c1(id int, t text); INSERT INTO c1 VALUES(1,'x');");
  const std::string base = place() + "table = \"c1\"\n";
  auto source = must(world.pull(base + "cursor = [\"id\"]\n"));
  rows_of(*source);
  const Cursor cursor = source->cursor();
  EXPECT_TRUE(world.pull(base + "cursor = [\"id\"]\ncolumns = [\"t\"]\n", cursor).ok());
  const auto other = world.pull(base + "cursor = [\"t\"]\n", cursor);
  EXPECT_EQ(other.error().reason(), Reason::kCursorInvalid);
  const auto noise = world.pull(base + "cursor = [\"id\"]\n", Cursor{"\x84\x01\x02"});
  EXPECT_EQ(noise.error().reason(), Reason::kCursorInvalid);
}

TEST_P(Postgres, SignsInWithAnyPasswordAndNeverTellsIt) {
  server().sql(
      "DROP TABLE IF EXISTS g; CREATE TABLE g(id int); INSERT INTO g VALUES(1);"
      "GRANT SELECT ON g TO guarded;");
  const std::string toml = place("PostgreSQL Unicode", "guarded") +
                           "table = \"g\"\ncursor = [\"id\"]\npassword_secret = \"db\"\n";
  EXPECT_EQ(pulled(world, toml).size(), 1U);
  EXPECT_EQ(pulled(world, place("PostgreSQL ANSI", "guarded") +
                              "table = \"g\"\ncursor = [\"id\"]\npassword_secret = \"db\"\n")
                .size(),
            1U);
  world.secrets.values["db"] = "wrong-password";
  const auto wrong = world.pull(toml);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().reason(), Reason::kSourceRefused) << wrong.error().describe();
  EXPECT_EQ(wrong.error().describe().find("wrong-password"), std::string::npos);
  world.secrets.values.clear();
  EXPECT_EQ(world.pull(toml).error().reason(), Reason::kKeyMissing);
}

TEST_P(Postgres, ReadsOnlyFromASourceItPulls) {
  server().sql(
      "DROP TABLE IF EXISTS w; CREATE TABLE w(id int); INSERT INTO w VALUES(1);"
      "CREATE OR REPLACE FUNCTION writes() RETURNS int LANGUAGE plpgsql AS"
      " $$ BEGIN DELETE FROM w; RETURN 1; END $$;");
  auto source = must(
      world.pull(place() + "query = \"SELECT id, writes() AS n FROM w\"\ncursor = [\"id\"]\n"));
  const auto row = source->next();
  ASSERT_FALSE(row.ok());
  EXPECT_EQ(row.error().reason(), Reason::kSourceRefused);
  EXPECT_EQ(server().sql("SELECT count(*) FROM w;"), "1\n");
}

TEST_P(Postgres, GivesUpWhenTheServerStandsStill) {
  server().sql("DROP TABLE IF EXISTS s; CREATE TABLE s(id int); INSERT INTO s VALUES(1);");
  auto source = must(world.pull(place() + "query = \"SELECT 1 AS id, pg_sleep(30) AS z\"\n"
                                          "cursor = [\"id\"]\nquery_ms = 300\n"));
  const auto slow = source->next();
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().reason(), Reason::kSourceUnavailable) << slow.error().describe();
}

TEST_P(Postgres, ListsColumnsWithTheirTypesAndSomeRows) {
  server().sql(
      "DROP TABLE IF EXISTS l; CREATE TABLE l(id bigint NOT NULL, t varchar(30), d date);"
      "INSERT INTO l SELECT n, 't', '2024-01-05' FROM generate_series(1, 50) n;");
  const auto found =
      discover(world.surroundings(), world.host(), World::source(place() + "table = \"l\"\n"), 5);
  ASSERT_TRUE(found.ok()) << found.error().describe();
  ASSERT_EQ(found->columns.size(), 3U);
  EXPECT_EQ(found->columns[0].declared, "int8");
  EXPECT_EQ(found->columns[1].declared, "varchar");
  EXPECT_EQ(found->columns[1].size, 30U);
  EXPECT_EQ(found->columns[2].type, ColumnType::kDate);
  ASSERT_EQ(found->sample.size(), 5U);
  EXPECT_EQ(found->sample[4].values[2], "2024-01-05");
}

TEST_P(Postgres, SpeaksOnlyToTheServerWhoseCertificateItTrusts) {
  server().sql("DROP TABLE IF EXISTS tls; CREATE TABLE tls(id int); INSERT INTO tls VALUES(1);");
  const kits::ScratchFolder folder;
  kits::make_certificate(folder / "other", "root");
  std::string base = place() + "table = \"tls\"\ncursor = [\"id\"]\n";
  const std::size_t off = base.find("tls = \"off\"");
  const auto with = [&](const std::string& tls) {
    std::string toml = base;
    return world.pull(toml.replace(off, 11, tls));
  };
  EXPECT_TRUE(with("tls = \"encrypt\"").ok());
  const auto verified = with("tls_ca = \"" + server().certificate() + "\"");
  EXPECT_TRUE(verified.ok()) << verified.error().describe();
  EXPECT_FALSE(with("tls_ca = \"" + (folder / "other.pem") + "\"").ok());
  EXPECT_FALSE(with("tls = \"verify\"").ok());  // trusted by nobody
}

INSTANTIATE_TEST_SUITE_P(Drivers, Postgres, ::testing::Values(Drivers::kHere, Drivers::kInChild),
                         name_of);

}  // namespace
}  // namespace lh::adapters::sql
