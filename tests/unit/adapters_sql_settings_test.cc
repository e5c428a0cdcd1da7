#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "adapters/sql/session/connection_string.h"
#include "adapters/sql/sql_cursor.h"
#include "adapters/sql/sql_settings.h"
#include "base/cbor.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::sql {
namespace {

Result<SqlSettings> read(const std::string& toml) {
  const auto root = parse_settings("[source]\nkind = \"sql\"\n" + toml);
  EXPECT_TRUE(root.ok()) << toml << root.error().describe();
  return read_settings(*root->find("source"));
}

std::string fault(const std::string& toml) {
  const auto settings = read(toml);
  return settings.ok() ? "good" : settings.error().describe();
}

const std::string kPg =
    "driver = \"PostgreSQL Unicode\"\nserver = \"db.example\"\nport = 5432\ndatabase = \"d\"\n";

TEST(SqlSettings, OfThePageAreRead) {
  std::ifstream in(std::string(LH_SOURCE_DIR) + "/docs/formats/source-sql.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::size_t from = page.find("```toml\n") + 8;
  const auto root = parse_settings(page.substr(from, page.find("```", from) - from));
  ASSERT_TRUE(root.ok()) << root.error().describe();
  const auto settings = read_settings(*root->find("source"));
  ASSERT_TRUE(settings.ok()) << settings.error().describe();
  EXPECT_EQ(settings->connection.dialect, Dialect::kPostgresql);
  EXPECT_EQ(settings->connection.tls, Tls::kVerify);
  EXPECT_EQ(settings->connection.query_ms, 20000U);
  EXPECT_EQ(settings->password_secret, "market-db");
  EXPECT_EQ(settings->cursor, (std::vector<std::string>{"updated_at", "licence_no"}));
  EXPECT_EQ(settings->push.id, "push_id");
  EXPECT_EQ(settings->connection.time_zone, "+08:00");
}

TEST(SqlSettings, RefuseWhatCouldReachAnotherPlaceOrLoadALibrary) {
  const std::string t = "table = \"t\"\n";
  EXPECT_EQ(fault(kPg + t), "good");
  const std::string rest = "port = 1\ndatabase = \"d\"\ndialect = \"postgresql\"\n" + t;
  for (const char* driver : {"/tmp/evil.so", "../x", "a;b", "a}b", "{x}"}) {
    EXPECT_NE(fault("driver = \"" + std::string(driver) + "\"\nserver = \"s\"\n" + rest), "good");
  }
  for (const char* server : {"/run/postgresql", "a,b", "@x", "a b", "a;Port=1", "", "-x", "{a}"}) {
    EXPECT_NE(fault("driver = \"D\"\nserver = \"" + std::string(server) + "\"\n" + rest), "good")
        << server;
  }
  for (const char* word : {"d;Servername=x", "d}", "{d", "d\\n", " d", "d\\u0000"}) {
    EXPECT_NE(fault("driver = \"D\"\nserver = \"s\"\nport = 1\ndialect = \"mysql\"\ndatabase = \"" +
                    std::string(word) + "\"\n" + t),
              "good")
        << word;
    EXPECT_NE(fault(kPg + t + "user = \"" + word + "\"\n"), "good") << word;
    EXPECT_NE(fault(kPg + t + "options = { SSLCERT = \"" + word + "\" }\n"), "good") << word;
  }
  for (const char* key : {"pqopt", "ConnSettings", "Servername", "LoadExt", "PLUGIN_DIR", "Driver",
                          "PWD", "INITSTMT", "SOCKET"}) {
    EXPECT_NE(fault(kPg + t + "options = { " + key + " = \"x\" }\n"), "good") << key;
  }
  EXPECT_NE(fault(kPg + t + "tls_ca = \"/x host=evil\"\n"), "good");
  EXPECT_NE(fault(kPg + t + "time_zone = \"+08:00'; DROP\"\n"), "good");
  EXPECT_NE(fault("driver = \"SQLite3\"\ndatabase = \"file:x?vfs=y\"\n" + t), "good");
  EXPECT_NE(fault("driver = \"SQLite3\"\ndatabase = \":memory:\"\n" + t), "good");
}

TEST(SqlSettings, TellEachMistakeWithItsLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "mapping.invalid: line 1: table or query is missing"},
      {"table = \"t\"\nquery = \"SELECT 1\"\n",
       "mapping.invalid: line 1: table or query, one of them"},
      {"query = \"DELETE FROM t\"\n",
       "mapping.invalid: line 1: query: it begins with SELECT or WITH"},
      {"query = \"SELECT :x\"\n", "mapping.invalid: line 1: query: it has no parameters"},
      {"query = \"SELECT 1; SELECT 2\"\n",
       "mapping.invalid: line 1: query: it is one statement, without ;"},
      {"table = \"t\"\ncursor = [\"a\", \"a\"]\n",
       "mapping.invalid: line 1: cursor: a stands twice"},
      {"table = \"t\"\nsize = 3\n", "mapping.invalid: line 8: the key size is not known here"},
      {"table = \"t\"\npassword = \"x\"\n",
       "mapping.invalid: line 8: the key password is not known here"},
      {"table = \"t\"\npage_rows = 0\n",
       "mapping.invalid: line 8: page_rows is a number from 1 to 10000"},
      {"table = \"t\"\npush = { table = \"p\", columns = [\"a\"] }\n",
       "mapping.invalid: line 8: push: columns, and id: the column that holds the id of a push"},
      {"table = \"t\"\npush = { statement = \"INSERT INTO p VALUES (:a)\" }\n",
       "mapping.invalid: line 8: push: the statement names :id, by which a repeated push changes "
       "nothing"},
  };
  for (const auto& [toml, expected] : cases) EXPECT_EQ(fault(kPg + toml), expected) << toml;
  EXPECT_EQ(fault("driver = \"MariaDB\"\nserver = \"s\"\nport = 1\ndatabase = \"d\"\n"
                  "table = \"t\"\nencoding = \"utf-16\"\n"),
            "mapping.invalid: line 1: encoding: this driver is not exact in utf-16; use utf-8");
  EXPECT_EQ(fault("driver = \"DM8\"\nserver = \"s\"\nport = 1\ndatabase = \"d\"\ntable = \"t\"\n"),
            "mapping.invalid: line 1: dialect: the driver does not tell it; name it");
}

class NoSecrets final : public Secrets {
  Result<Secret> find(std::string_view) const override { return Reason::kKeyMissing; }
};

TEST(SqlTarget, IsOnlyWhatTheConfigurationAllows) {
  SystemClock clock;
  kits::SeededRandom random(1);
  NoSecrets secrets;
  Surroundings around{clock, random, secrets, {"127.0.0.1:5432", "169.254.169.254:80", "dsn:x"}};
  const auto check = [&around](const char* server, std::uint16_t port, const char* dsn = "") {
    Connection to;
    to.server = server;
    to.port = port;
    to.dsn = dsn;
    const Status status = check_target(to, around);
    return status.ok() ? std::string("good") : std::string(status.error().id());
  };
  EXPECT_EQ(check("", 0), "good");  // a file
  EXPECT_EQ(check("10.0.0.1", 5432), "source.target");
  EXPECT_EQ(check("127.0.0.1", 5432), "source.target");
  EXPECT_EQ(check("169.254.169.254", 80), "source.target");
  EXPECT_EQ(check("", 0, "x"), "good");
  EXPECT_EQ(check("", 0, "y"), "source.target");
  around.allow_loopback = true;
  EXPECT_EQ(check("127.0.0.1", 5432), "good");
  EXPECT_EQ(check("127.0.0.1", 5433), "source.target");
  EXPECT_EQ(check("169.254.169.254", 80), "source.target");
  around.allowed_targets = {"::ffff:127.0.0.1:1", "0.0.0.0:1", "fe80::1:1"};
  around.allow_loopback = false;
  EXPECT_EQ(check("::ffff:127.0.0.1", 1), "source.target");
  EXPECT_EQ(check("0.0.0.0", 1), "source.target");
  EXPECT_EQ(check("fe80::1", 1), "source.target");
}

TEST(ConnectionString, KeepsThePasswordInItsBraces) {
  Connection to = read(kPg + "table = \"t\"\nuser = \"u\"\ntls = \"off\"\n")->connection;
  EXPECT_EQ(connection_string(to, "a};Servername=evil;{"),
            "Driver={PostgreSQL Unicode};Servername=db.example;Port=5432;BoolsAsChar=0;"
            "ByteaAsLongVarBinary=1;UseServerSidePrepare=1;UseDeclareFetch=0;SSLmode=disable;"
            "pqopt={connect_timeout=10};Database=d;UID=u;PWD={a}};Servername=evil;{};");
  to.tls = Tls::kVerify;
  to.tls_ca = "/ca.pem";
  EXPECT_NE(connection_string(to, "").find("SSLmode=verify-full;pqopt={connect_timeout=10 "
                                           "sslrootcert=/ca.pem};"),
            std::string::npos);
  to.dialect = Dialect::kMysql;
  EXPECT_NE(connection_string(to, "").find("FORCETLS=1;SSLVERIFY=1;"), std::string::npos);
  to.dsn = "N";
  EXPECT_EQ(connection_string(to, "p"), "DSN=N;UID=u;PWD={p};");
}

TEST(SqlCursorBytes, AreReadBackAndOnlyByTheirOwnQuery) {
  const std::vector<CursorColumn> columns = {{"at", ParameterType::kText},
                                             {"id", ParameterType::kInteger}};
  SqlSettings settings;
  settings.table = "t";
  settings.cursor = {"at", "id"};
  const std::uint64_t digest = query_digest(settings);
  const SqlCursor at{7,
                     {{ParameterType::kText, "2024-01-05 00:00:00.123456"},
                      {ParameterType::kInteger, "9007199254740993"}}};
  const Cursor cursor = make_cursor(digest, at);
  EXPECT_TRUE(check_deterministic(cursor.value).ok());
  const auto back = parse_cursor(cursor, digest, columns);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->rows, 7U);
  EXPECT_EQ(back->last[1].text, "9007199254740993");
  EXPECT_TRUE(parse_cursor({}, digest, columns)->last.empty());
  EXPECT_TRUE(make_cursor(digest, {}).value.empty());
  for (const auto& change : std::vector<std::function<void(SqlSettings&)>>{
           [](SqlSettings& s) { s.table = "u"; }, [](SqlSettings& s) { s.schema = "t"; },
           [](SqlSettings& s) { s.query = "SELECT 1"; },
           [](SqlSettings& s) {
             s.cursor = {"id", "at"};
           },
           [](SqlSettings& s) { s.cursor = {"atid"}; }}) {
    SqlSettings other = settings;
    change(other);
    EXPECT_EQ(parse_cursor(cursor, query_digest(other), columns).error().reason(),
              Reason::kCursorInvalid);
  }
  EXPECT_FALSE(parse_cursor(cursor, digest, {columns[1], columns[0]}).ok());
  EXPECT_FALSE(parse_cursor(cursor, digest, {columns[0]}).ok());
  for (std::size_t n = 1; n < cursor.value.size(); ++n) {
    EXPECT_EQ(parse_cursor({cursor.value.substr(0, n)}, digest, columns).error().reason(),
              Reason::kCursorInvalid);
  }
}

}  // namespace
}  // namespace lh::adapters::sql
