// Against MariaDB: what its own client says is the truth.
#include "tests/integration/adapters_sql_kit.h"

namespace lh::adapters::sql {
namespace {

kits::MariadbServer& server() {
  static kits::MariadbServer instance;
  return instance;
}

class Mariadb : public ::testing::TestWithParam<Drivers> {
 protected:
  Mariadb() : world(GetParam()) {
    world.allow("127.0.0.1:" + std::to_string(server().port()));
    world.secrets.values["db"] = kits::kPassword;
  }
  static std::string place() {
    return "driver = \"MariaDB Unicode\"\nserver = \"127.0.0.1\"\nport = " +
           std::to_string(server().port()) +
           "\ndatabase = \"d\"\nuser = \"lh\"\npassword_secret = \"db\"\ntls = \"off\"\n";
  }
  World world;
};

TEST_P(Mariadb, GivesEveryCharacterOfGb18030AsItIs) {
  const auto texts = all_characters();
  std::string script = "DROP TABLE IF EXISTS chars; CREATE TABLE chars(id int, t text);\nBEGIN;";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    script += "INSERT INTO chars VALUES(" + std::to_string(i) + ", CONVERT(x'" + to_hex(texts[i]) +
              "' USING utf8mb4));\n";
  }
  server().sql(script + "COMMIT;");
  const auto rows =
      pulled(world, place() + "table = \"chars\"\ncursor = [\"id\"]\npage_rows = 100\n");
  EXPECT_TRUE(values_of(rows, 1) == texts);
}

TEST_P(Mariadb, GivesEachTypeInItsOneForm) {
  server().sql(R"(
SET time_zone = '+00:00'; SET sql_mode = '';
DROP TABLE IF EXISTS types; CREATE TABLE types(id bigint unsigned, d date, ts datetime(6),
  tz timestamp(3) NULL, n decimal(30,10), f8 double, f4 float, b boolean, bt bit(1), b8 bit(8),
  y longblob, tm time(3), yr year, en enum('甲','b'), c char(5), v varchar(300), t longtext);
INSERT INTO types VALUES(18446744073709551614,'2024-01-05','2024-01-05 12:00:00.120',
 '2024-01-05 12:00:00.5',-0.5,0.1e0+0.2e0,0.1,true,1,5,x'0001ff','12:01:02.5',2024,'甲','ab',
 repeat('汉',300),'');
INSERT INTO types(id,d,ts,f8)
 VALUES(18446744073709551615,'0000-00-00','9999-12-31 23:59:59.999999',1e300);
)");
  const auto rows =
      pulled(world, place() + "table = \"types\"\ncursor = [\"id\"]\npage_rows = 1\n");
  ASSERT_EQ(rows.size(), 2U);
  std::string han;
  for (int i = 0; i < 300; ++i) han += "汉";
  EXPECT_EQ(rows[0].values,
            (std::vector<std::string>{
                "18446744073709551614", "2024-01-05", "2024-01-05T12:00:00.12",
                "2024-01-05T20:00:00.5", "-0.5000000000", "0.30000000000000004", "0.1", "1", "1",
                "base64:BQ==", "base64:AAH/", "12:01:02.5", "2024", "甲", "ab", han, ""}));
  EXPECT_EQ(rows[1].values[1], "0000-00-00");
  EXPECT_EQ(rows[1].values[2], "9999-12-31T23:59:59.999999");
}

TEST_P(Mariadb, GivesTextsOfAnySizeWhole) {
  server().sql(
      "DROP TABLE IF EXISTS big; CREATE TABLE big(id int, t longtext, y longblob);"
      "INSERT INTO big "
      "VALUES(1,repeat('汉字𠀀x',1),'a'),(2,repeat('汉字𠀀x',5957),repeat('a',65535)),"
      "(3,repeat('汉字𠀀x',5958),repeat('a',65536)),(4,repeat('汉字𠀀x',30000),repeat('a',300000)),"
      "(5,'',''),(6,NULL,NULL),(7,repeat('a',1048577),NULL);");
  const auto rows = pulled(world, place() + "table = \"big\"\ncursor = [\"id\"]\n");
  ASSERT_EQ(rows.size(), 7U);
  const auto truth =
      lines_of(server().sql("SELECT CONCAT(HEX(t),'|',HEX(y)) FROM big WHERE id < 6 ORDER BY id;"));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto& v = rows[i].values;
    std::string ours = to_hex(v[1]) + "|" + to_hex(*parse_base64(v[2].substr(7)));
    std::transform(ours.begin(), ours.end(), ours.begin(), ::toupper);
    EXPECT_TRUE(ours == truth[i]) << i;
  }
  EXPECT_EQ(to_hex(rows[4].bytes), "8361356040");
  EXPECT_EQ(to_hex(rows[5].bytes), "836136f6f6");
  EXPECT_EQ(rows[6].malformed->reason(), Reason::kRowTooLong);
}

TEST_P(Mariadb, LosesAndDoublesNoRowOverAnyCursorType) {
  server().sql(
      "DROP TABLE IF EXISTS ties; CREATE TABLE ties(id bigint, at datetime(6), n decimal(30,10),"
      " code varchar(20));"
      "INSERT INTO ties SELECT 9007199254740990 + seq, '2024-01-05 00:00:00.123456' +"
      " INTERVAL (seq DIV 50) MICROSECOND, 12345678901234567890.0000000001 + seq * 0.0000000001,"
      " CONCAT('码', LPAD(seq, 6, '0')) FROM seq_1_to_400;");
  for (const char* cursor : {"\"at\", \"id\"", "\"id\"", "\"n\"", "\"code\"", "\"at\", \"code\""}) {
    const std::string toml =
        place() + "table = \"ties\"\ncursor = [" + cursor + "]\npage_rows = 7\n";
    std::vector<std::string> ids;
    Cursor from;
    for (int run = 0; run < 5; ++run) {
      auto source = must(world.pull(toml, from));
      for (int i = 0; i < 95 || run == 4; ++i) {
        const auto row = source->next();
        ASSERT_TRUE(row.ok()) << row.error().describe();
        if (!*row) break;
        ids.push_back((*row)->values[0]);
      }
      from = source->cursor();
    }
    const auto truth = lines_of(server().sql("SELECT id FROM ties ORDER BY id;"));
    EXPECT_EQ(ids, truth) << cursor;
  }
}

TEST_P(Mariadb, ReadsNamesOfAnyScriptAndQuote) {
  server().sql(
      "DROP TABLE IF EXISTS `企业 ``登记\"`; CREATE TABLE `企业 ``登记\"`(`编号` int, `名'称?` "
      "text);"
      "INSERT INTO `企业 ``登记\"` VALUES(1,'甲');");
  const auto rows = pulled(world, place() + "table = '企业 `登记\"'\ncursor = [\"编号\"]\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].values, (std::vector<std::string>{"1", "甲"}));
}

TEST_P(Mariadb, FindsByKeyNeitherByInjectionNorByCollation) {
  server().sql(
      "DROP TABLE IF EXISTS k; CREATE TABLE k(id bigint unsigned, code varchar(40), t text);"
      "INSERT INTO k VALUES(1,'AbC','t1'),(2,'x'' OR ''1''=''1','t2'),"
      "(9007199254740993,'big','t3'),(9007199254740992,'less','t4');");
  auto by_code = must(world.lookup(place() + "table = \"k\"\nkey = [\"code\"]\n"));
  EXPECT_EQ(values_of(*by_code->find({{"code", "AbC"}}), 2), std::vector<std::string>{"t1"});
  EXPECT_EQ(values_of(*by_code->find({{"code", "x' OR '1'='1"}}), 2),
            std::vector<std::string>{"t2"});
  for (const char* evil :
       {"abc", "ABC", "ÁbC", "' OR 1=1 -- ", "\\' OR 1=1 -- ", "\xBF' OR 1=1 -- ",
        "AbC'; DROP TABLE k; -- ", "?", "%", "{fn user()}"}) {
    EXPECT_TRUE(by_code->find({{"code", evil}})->empty()) << evil;
  }
  auto by_id = must(world.lookup(place() + "table = \"k\"\nkey = [\"id\"]\n"));
  EXPECT_EQ(values_of(*by_id->find({{"id", "9007199254740993"}}), 2),
            std::vector<std::string>{"t3"});
  EXPECT_TRUE(by_id->find({{"id", "1 OR 1=1"}})->empty());
}

TEST_P(Mariadb, PushesARecordOnceAndCutsNothing) {
  server().sql(
      "DROP TABLE IF EXISTS inbox; CREATE TABLE inbox(push_id varchar(40) PRIMARY KEY, n int,"
      " t varchar(4));");
  auto push = must(world.push(place() + "[source.push]\ntable = \"inbox\"\nid = \"push_id\"\n"
                                        "columns = [\"n\", \"t\"]\n"));
  EXPECT_TRUE(push->send("a", {{"n", "5"}, {"t", "𠀀'\\"}}).ok());
  EXPECT_TRUE(push->send("a", {{"n", "6"}, {"t", ""}}).ok());
  EXPECT_EQ(push->send("b", {{"n", "1"}, {"t", "12345"}}).error().reason(), Reason::kSourceRefused);
  EXPECT_EQ(push->send("b", {{"n", "x"}, {"t", ""}}).error().reason(), Reason::kSourceRefused);
  EXPECT_EQ(server().sql("SELECT * FROM inbox;"), "a\t5\t𠀀'\\\n");
}

TEST_P(Mariadb, NamesTheColumnThatIsMissing) {
  server().sql(
      "DROP TABLE IF EXISTS drift; CREATE TABLE drift(id int); INSERT INTO drift VALUES(1);");
  const auto opened =
      world.pull(place() + "table = \"drift\"\ncursor = [\"id\"]\ncolumns = [\"uscc\"]\n");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().describe(), "mapping.column_missing: column uscc");
}

TEST_P(Mariadb, ReadsOnlyAndInTime) {
  const auto slow = world.pull(place() +
                               "query = \"SELECT id, SLEEP(id) AS z FROM drift\"\n"
                               "cursor = [\"id\"]\nquery_ms = 200\n");
  auto row = slow.ok() ? (*slow)->next() : Result<std::optional<RawRow>>(slow.error());
  ASSERT_FALSE(row.ok());
  EXPECT_EQ(row.error().reason(), Reason::kSourceUnavailable) << row.error().describe();
  world.secrets.values["db"] = "wrong-password";
  const auto wrong = world.pull(place() + "table = \"drift\"\ncursor = [\"id\"]\n");
  EXPECT_EQ(wrong.error().reason(), Reason::kSourceRefused) << wrong.error().describe();
  EXPECT_EQ(wrong.error().describe().find("wrong-password"), std::string::npos);
}

TEST_P(Mariadb, SpeaksOnlyToTheServerWhoseCertificateItTrusts) {
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

INSTANTIATE_TEST_SUITE_P(Drivers, Mariadb, ::testing::Values(Drivers::kHere, Drivers::kInChild),
                         name_of);

}  // namespace
}  // namespace lh::adapters::sql
