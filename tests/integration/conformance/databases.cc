// The kind "sql" against PostgreSQL, MariaDB and SQLite, their drivers in a child as in the hub.
#include <stdlib.h>

#include "adapters/sql/sql_kind.h"
#include "kit.h"
#include "tests/integration/sql_servers.h"

namespace lh::conformance {
namespace {

class SqlBench : public Bench {
 public:
  const adapters::Kind& kind() const override { return *kind_; }
  std::string toml() const override { return place(at_, 30000) + rest_; }
  std::string toml_at(const Address& at, int deadline_ms) const override {
    return place(at, deadline_ms) + rest_;
  }
  // Every control character but NUL can stand in a database.
  void put(const Table& table) override {
    std::string script = "DROP TABLE IF EXISTS t;" + create() + "BEGIN;\n";
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Row& row = table.rows[i];
      script += "INSERT INTO t VALUES(" + std::to_string(i) + "," + text(row.k) + "," +
                (row.v ? text(with_bad(*row.v, table.bad)) : "NULL") + ");\n";
    }
    sql(script + "COMMIT;");
    rest_ = "table = 't'\ncolumns = ['k', 'v']\ncursor = ['n']\nkey = ['k']\n";
  }

  std::optional<Outcome> own(Case id) override {
    switch (id) {
      case Case::kRedirects:
        return not_applicable("the protocol's redirects are the driver's, which is given none");
      case Case::kPaths:
        return statements();
      case Case::kXml:
      case Case::kZip:
        return not_applicable("values are not read as documents");
      case Case::kClock:
        return not_applicable("the source's own clock orders its rows; the hub's is not asked");
      case Case::kLobs:
        return lobs();
      case Case::kSizes:
        return sizes();
      default:
        return std::nullopt;
    }
  }

 protected:
  virtual std::string place(const Address& at, int deadline_ms) const = 0;
  virtual std::string create() const { return "CREATE TABLE t(n bigint, k text, v text);"; }
  virtual std::string text(const std::string& value) const = 0;
  virtual std::string blob(const std::string& hex) const = 0;
  virtual std::string blob_type() const = 0;
  virtual std::string narrow() const { return "varchar(20000)"; }
  virtual void sql(const std::string& script) const = 0;
  static std::string limits(int ms) {
    return "login_ms = " + std::to_string(ms) + "\nquery_ms = " + std::to_string(ms) + "\n";
  }

  Address at_;
  std::string rest_ = "table = 't'\ncursor = ['n']\n";
  std::unique_ptr<adapters::Kind> kind_ =
      adapters::sql::make_kind(with, adapters::sql::HostCommand{{LH_DRIVER_HOST}});

 private:
  static std::string with_bad(std::string value, const Bytes& bad) {
    const std::size_t at = value.find(kBadMark);
    return at == std::string::npos ? value : value.replace(at, std::string(kBadMark).size(), bad);
  }
  // A mapping is one reading statement over one place; it loads no file and no library.
  Outcome statements() {
    put({{{"1", "a"}}});
    for (const char* query :
         {"SELECT 1 AS n; DROP TABLE t", "DELETE FROM t", "SELECT * FROM t -- x",
          "ATTACH '/etc/passwd' AS x", "COPY t TO '/tmp/x'"}) {
      const Read read = pull(place(at_, 5000) + "query = \"" + query + "\"\ncursor = ['n']\n");
      if (!read.end.starts_with("mapping.invalid")) return fails(std::string(query) + read.end);
    }
    const Read library = pull(place(at_, 5000) + rest_ + "options = {Driver = '/tmp/x.so'}\n");
    if (!library.end.starts_with("mapping.invalid")) return fails("an option: " + library.end);
    return pull().rows.size() == 1 ? passes() : fails("the table is gone");
  }
  Outcome lobs() {
    std::string bytes;
    for (int i = 0; i < 300'000; ++i) bytes.push_back(static_cast<char>(i * 7 % 256));
    sql("DROP TABLE IF EXISTS lobs; CREATE TABLE lobs(n bigint, v " + blob_type() +
        "); INSERT INTO lobs VALUES(1," + blob(to_hex(bytes)) + ");");
    const Read read = pull(place(at_, 30000) + "table = 'lobs'\ncursor = ['n']\n");
    if (read.end != "end" || read.rows.size() != 1) return fails(read.end);
    return read.column(1)[0] == "base64:" + to_base64(bytes) ? passes() : fails("other bytes");
  }
  // The announced size is of characters, of nothing, or a lie of the driver's.
  Outcome sizes() {
    std::string value;
    for (int i = 0; i < 6000; ++i) value += "汉";  // 18,000 bytes in 6,000 characters
    sql("DROP TABLE IF EXISTS sizes; CREATE TABLE sizes(n bigint, v " + narrow() +
        "); INSERT INTO sizes VALUES(1," + text(value) + ");");
    const Read read = pull(place(at_, 30000) + "table = 'sizes'\ncursor = ['n']\n");
    if (read.end != "end" || read.column(1) != std::vector<std::string>{value}) {
      return fails("cut: " + read.end);
    }
    const kits::ScratchFolder folder;
    kits::store_file(folder / "odbcinst.ini",
                     std::string("[False]\nDriver=") + LH_FALSE_DRIVER + "\n");
    ::setenv("ODBCSYSINI", folder.path().c_str(), 1);
    const auto before = with.allowed_targets;
    with.allowed_targets = {"127.0.0.1:1"};
    Outcome out = passes();
    for (const char* mode : {"short", "long", "negative", "stuck"}) {
      const auto root = adapters::parse_settings(
          "driver = 'False'\ndialect = 'standard'\nserver = '127.0.0.1'\nport = 1\ndatabase = '" +
          std::string(mode) + "'\ntls = 'driver'\ntable = 't'\n" + limits(5000));
      const auto found = adapters::sql::discover(with, adapters::sql::HostCommand{{LH_DRIVER_HOST}},
                                                 root.value(), 1);
      const bool cut = found.ok() && found->sample.size() == 1 && found->sample[0].malformed &&
                       found->sample[0].malformed->id() == "row.cut";
      if (!cut) out = fails(std::string("a driver that lies is believed: ") + mode);
    }
    with.allowed_targets = before;
    ::unsetenv("ODBCSYSINI");
    return out;
  }
};

class PostgresBench final : public SqlBench {
 public:
  PostgresBench() {
    at_ = {"127.0.0.1", server_.port()};
    with.allowed_targets = {at_.text()};
  }
  std::string name() const override { return "sql, PostgreSQL"; }
  std::optional<Outcome> own(Case id) override {
    if (id != Case::kEncoding) return SqlBench::own(id);
    server_.sql("DROP DATABASE IF EXISTS bytes;");
    server_.sql(
        "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' "
        "LC_CTYPE 'C';");
    for (const char* bad : {"\\xff", "\\x81", "\\xc0\\xaf"}) {
      server_.sql(
          "\\c bytes\nDROP TABLE IF EXISTS t; CREATE TABLE t(n int, v text);"
          "INSERT INTO t VALUES(1,'a'),(2,E'b" +
          std::string(bad) + "b'),(3,'c');");
      std::string where = place(at_, 30000);
      where.replace(where.find("'postgres'"), 10, "'bytes'");
      const Read read = pull(where + "table = 't'\ncursor = ['n']\n");
      if (!read.end.starts_with("source.refused")) return fails(read.end);
    }
    return not_applicable(
        "the server sends valid UTF-8 only; anything else stops the pull (22021)");
  }

 private:
  std::string place(const Address& at, int deadline_ms) const override {
    return "kind = 'sql'\ndriver = 'PostgreSQL Unicode'\nserver = '" + at.host +
           "'\nport = " + std::to_string(at.port) +
           "\ndatabase = 'postgres'\nuser = 'lh'\ntls = 'off'\n" + limits(deadline_ms);
  }
  std::string text(const std::string& value) const override {
    return "convert_from(decode('" + to_hex(value) + "','hex'),'UTF8')";
  }
  std::string blob(const std::string& hex) const override { return "decode('" + hex + "','hex')"; }
  std::string blob_type() const override { return "bytea"; }
  std::string narrow() const override { return "varchar"; }  // the driver announces 255
  void sql(const std::string& script) const override { server_.sql(script); }
  kits::PostgresServer server_;
};

class MariadbBench final : public SqlBench {
 public:
  MariadbBench() {
    at_ = {"127.0.0.1", server_.port()};
    with.allowed_targets = {at_.text()};
    secrets.values["db"] = kits::kPassword;
  }
  std::string name() const override { return "sql, MariaDB"; }
  std::optional<Outcome> own(Case id) override {
    if (id != Case::kEncoding) return SqlBench::own(id);
    return not_applicable("the server makes every text valid UTF-8 before it sends it");
  }

 private:
  std::string place(const Address& at, int deadline_ms) const override {
    return "kind = 'sql'\ndriver = 'MariaDB Unicode'\nserver = '" + at.host +
           "'\nport = " + std::to_string(at.port) +
           "\ndatabase = 'd'\nuser = 'lh'\npassword_secret = 'db'\ntls = 'off'\n" +
           limits(deadline_ms);
  }
  std::string create() const override {
    return "SET sql_mode = ''; CREATE TABLE t(n bigint, k varchar(200) COLLATE utf8mb4_bin, v "
           "longtext);";
  }
  std::string text(const std::string& value) const override {
    return "CONVERT(x'" + to_hex(value) + "' USING utf8mb4)";
  }
  std::string blob(const std::string& hex) const override { return "x'" + hex + "'"; }
  std::string blob_type() const override { return "longblob"; }
  std::string narrow() const override { return "varchar(6000)"; }
  void sql(const std::string& script) const override { server_.sql(script); }
  kits::MariadbServer server_;
};

class SqliteBench final : public SqlBench {
 public:
  std::string name() const override { return "sql, SQLite"; }
  std::optional<Outcome> own(Case id) override {
    if (id == Case::kTargets || id == Case::kHalfClosed || id == Case::kDripping) {
      return not_applicable("a file on this machine");
    }
    return SqlBench::own(id);
  }

 private:
  std::string place(const Address&, int deadline_ms) const override {
    return "kind = 'sql'\ndriver = 'SQLite3'\ndatabase = '" + file_.path() + "'\n" +
           limits(deadline_ms);
  }
  std::string text(const std::string& value) const override {
    return "CAST(x'" + to_hex(value) + "' AS TEXT)";
  }
  std::string blob(const std::string& hex) const override { return "x'" + hex + "'"; }
  std::string blob_type() const override { return "blob"; }
  std::string narrow() const override { return "varchar(10)"; }
  void sql(const std::string& script) const override { file_.sql(script); }
  kits::SqliteFile file_;
};

}  // namespace

void add_databases(Benches& to) {
  to.push_back(std::make_unique<PostgresBench>());
  to.push_back(std::make_unique<MariadbBench>());
  to.push_back(std::make_unique<SqliteBench>());
}

}  // namespace lh::conformance
