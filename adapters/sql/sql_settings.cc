#include "adapters/sql/sql_settings.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kNameBytes = 128;

// Keywords that choose how a driver speaks. Everything else could name another server, a file or a
// library to load: it is not for a mapping.
constexpr std::array<std::string_view, 8> kOptions = {"SSLCERT",       "SSLKEY",  "SSLCIPHER",
                                                      "Encryption",    "Encrypt", "TDS_Version",
                                                      "ClientCharset", "Sslcert"};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

// No control character: some drivers end a value there.
bool plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

// A value of a connection string: nothing that could end it and begin another keyword.
bool is_word(std::string_view text) {
  return plain(text) && text.find_first_of(";{}") == std::string_view::npos &&
         !text.starts_with(' ') && !text.ends_with(' ');
}

bool is_time_zone(std::string_view t) {
  const auto digit = [t](std::size_t i, char most) { return t[i] >= '0' && t[i] <= most; };
  return t.size() == 6 && (t[0] == '+' || t[0] == '-') && digit(1, '1') && digit(2, '9') &&
         t[3] == ':' && digit(4, '5') && digit(5, '9');
}

Status check_names(SettingsReader& in, std::string_view key, const std::vector<std::string>& names,
                   std::size_t most) {
  if (names.size() > most) {
    return in.invalid(std::string(key) + ": at most " + std::to_string(most) + " columns");
  }
  for (const std::string& name : names) {
    if (name.empty() || name.size() > kNameBytes || !plain(name)) {
      return in.invalid(std::string(key) + ": a column has a name of 1 to 128 bytes");
    }
    if (std::count(names.begin(), names.end(), name) > 1) {
      return in.invalid(std::string(key) + ": " + name + " stands twice");
    }
  }
  return {};
}

Result<std::string> name_text(SettingsReader& in, std::string_view key) {
  std::string name = LH_TRY(in.text(key));
  if (name.size() > kNameBytes || !plain(name)) {
    return in.invalid(std::string(key) + " is a name of at most 128 bytes");
  }
  return name;
}

Result<Dialect> read_dialect(SettingsReader& in, const std::string& driver) {
  const std::string named = LH_TRY(
      in.choice("dialect", {"auto", "postgresql", "mysql", "sqlite", "standard", "sqlserver"}));
  if (named == "postgresql") return Dialect::kPostgresql;
  if (named == "mysql") return Dialect::kMysql;
  if (named == "sqlite") return Dialect::kSqlite;
  if (named == "standard") return Dialect::kStandard;
  if (named == "sqlserver") return Dialect::kSqlServer;
  const std::string name = lower(driver);
  if (contains(name, "postgres") || contains(name, "psql") || contains(name, "kingbase")) {
    return Dialect::kPostgresql;
  }
  if (contains(name, "maria") || contains(name, "mysql")) return Dialect::kMysql;
  if (name.starts_with("sqlite")) return Dialect::kSqlite;
  if (contains(name, "freetds") || contains(name, "sql server")) return Dialect::kSqlServer;
  return in.invalid("dialect: the driver does not tell it; name it");
}

Status read_tls(SettingsReader& in, Connection& out) {
  const std::string tls = LH_TRY(in.choice("tls", {"verify", "encrypt", "off", "driver"}));
  out.tls = tls == "verify"    ? Tls::kVerify
            : tls == "encrypt" ? Tls::kEncrypt
            : tls == "off"     ? Tls::kOff
                               : Tls::kDriver;
  out.tls_ca = LH_TRY(in.text("tls_ca"));
  if (!only(out.tls_ca, "/._-")) return in.invalid("tls_ca is a path of letters, digits, / . _ -");
  const bool own_words = out.dialect == Dialect::kStandard || out.dialect == Dialect::kSqlServer;
  if ((own_words || !out.dsn.empty()) && (out.tls == Tls::kVerify || out.tls == Tls::kEncrypt)) {
    return in.invalid("tls: for this source it is set by the driver: say \"driver\" or \"off\"");
  }
  return {};
}

Status read_options(SettingsReader& in, Connection& out) {
  out.options = LH_TRY(in.pairs("options"));
  for (const auto& [key, value] : out.options) {
    if (std::find(kOptions.begin(), kOptions.end(), key) == kOptions.end()) {
      return in.invalid("options: " + key + " is not among the keywords a mapping may set");
    }
    if (!is_word(value)) return in.invalid("options: " + key + " has a character it cannot have");
  }
  return {};
}

// A server, a DSN of the operator, or a file: never what a driver takes for granted by itself.
Status read_place(SettingsReader& in, Connection& out) {
  out.server = LH_TRY(in.text("server"));
  out.port = static_cast<std::uint16_t>(LH_TRY(in.number("port", 1, 65535, 0)));
  out.database = LH_TRY(in.text("database"));
  out.user = LH_TRY(in.text("user"));
  if (!is_word(out.database) || !is_word(out.user)) {
    return in.invalid("database and user hold no ; { } and no control characters");
  }
  if (!out.dsn.empty()) {
    const bool more = !out.server.empty() || out.port != 0 || !out.database.empty();
    if (more) return in.invalid("dsn: server, port and database are those of odbc.ini");
    return {};
  }
  if (out.dialect == Dialect::kSqlite) {
    if (!out.server.empty() || out.port != 0) return in.invalid("a file database has no server");
    if (!out.database.starts_with('/')) {
      return in.invalid("database is the path of the file, from the root");
    }
    return {};
  }
  // One host name or address; lists, sockets and options of a driver do not look like that.
  if (out.server.empty() || !only(out.server, ".-:") || out.server.starts_with('-')) {
    return in.invalid("server is a host name or an address");
  }
  if (out.port == 0) return in.invalid("port is missing");
  if (out.database.empty()) return in.invalid("database is missing");
  return {};
}

Status read_connection(SettingsReader& in, SqlSettings& out) {
  Connection& c = out.connection;
  c.driver = LH_TRY(in.text("driver"));
  c.dsn = LH_TRY(in.text("dsn"));
  if (c.driver.empty() == c.dsn.empty()) return in.invalid("driver or dsn, one of them");
  // A path would load any library into the process.
  if (!only(c.driver, " ._-()") || !only(c.dsn, "._-")) {
    return in.invalid("driver and dsn are names of odbcinst.ini and odbc.ini");
  }
  c.dialect = LH_TRY(read_dialect(in, c.driver));
  LH_TRY(read_place(in, c));
  LH_TRY(read_tls(in, c));
  LH_TRY(read_options(in, c));
  out.password_secret = LH_TRY(in.text("password_secret"));
  const std::string text = LH_TRY(in.choice("encoding", {"utf-8", "gb18030", "utf-16"}));
  c.text = text == "utf-8"     ? TextForm::kUtf8
           : text == "gb18030" ? TextForm::kGb18030
                               : TextForm::kUtf16;
  // Measured: the MariaDB driver loses the end of a wide text, the SQLite driver gives other
  // characters for plane 16. Both give UTF-8 exactly.
  if (c.text == TextForm::kUtf16 &&
      (c.dialect == Dialect::kMysql || c.dialect == Dialect::kSqlite)) {
    return in.invalid("encoding: this driver is not exact in utf-16; use utf-8");
  }
  c.time_zone = LH_TRY(in.text("time_zone"));
  if (c.time_zone.empty()) c.time_zone = "+08:00";  // business dates are civil dates of UTC+8
  if (!is_time_zone(c.time_zone)) return in.invalid("time_zone is +HH:MM or -HH:MM");
  c.login_ms = static_cast<std::uint32_t>(LH_TRY(in.number("login_ms", 100, 120000, 10000)));
  c.query_ms = static_cast<std::uint32_t>(LH_TRY(in.number("query_ms", 100, 3600000, 30000)));
  c.max_value_bytes = LH_TRY(in.number("max_value_bytes", 1, limits::kRowBytes, limits::kRowBytes));
  return {};
}

Result<NamedStatement> read_statement(SettingsReader& in, std::string_view key) {
  const std::string text = LH_TRY(in.text(key));
  auto parsed = parse_statement(text);
  if (const auto* fault = std::get_if<StatementFault>(&parsed)) {
    return in.invalid(std::string(key) + ": " + fault->what);
  }
  return std::get<NamedStatement>(std::move(parsed));
}

Status read_rows(SettingsReader& in, SqlSettings& out) {
  out.schema = LH_TRY(name_text(in, "schema"));
  out.table = LH_TRY(name_text(in, "table"));
  NamedStatement query = LH_TRY(read_statement(in, "query"));
  if (!query.names.empty()) return in.invalid("query: it has no parameters");
  const std::string begin = lower(query.sql).substr(0, query.sql.find_first_of(" \t\r\n(*\"'"));
  if (!query.sql.empty() && begin != "select" && begin != "with") {
    return in.invalid("query: it begins with SELECT or WITH");
  }
  out.query = std::move(query.sql);
  if (!out.table.empty() && !out.query.empty()) return in.invalid("table or query, one of them");
  if (!out.schema.empty() && out.table.empty()) return in.invalid("schema is for table only");
  out.columns = LH_TRY(in.texts("columns"));
  out.cursor = LH_TRY(in.texts("cursor"));
  out.key = LH_TRY(in.texts("key"));
  out.header = LH_TRY(in.texts("header"));
  LH_TRY(check_names(in, "columns", out.columns, limits::kRowColumns));
  LH_TRY(check_names(in, "cursor", out.cursor, 4));
  LH_TRY(check_names(in, "key", out.key, 8));
  out.page_rows = LH_TRY(in.number("page_rows", 1, 10000, 2000));
  return {};
}

Status read_push(SettingsReader& source, PushSettings& out) {
  const SettingsNode* node = LH_TRY(source.table("push"));
  if (node == nullptr) return {};
  auto in = LH_TRY(SettingsReader::open(*node, "push"));
  out.schema = LH_TRY(name_text(in, "schema"));
  out.table = LH_TRY(name_text(in, "table"));
  out.columns = LH_TRY(in.texts("columns"));
  out.id = LH_TRY(name_text(in, "id"));
  out.statement = LH_TRY(read_statement(in, "statement"));
  LH_TRY(check_names(in, "columns", out.columns, limits::kRowColumns));
  LH_TRY(in.finish());
  if (out.table.empty() == out.statement.sql.empty()) {
    return in.invalid("push: table or statement, one of them");
  }
  if (!out.table.empty() && (out.columns.empty() || out.id.empty())) {
    return in.invalid("push: columns, and id: the column that holds the id of a push");
  }
  if (std::find(out.columns.begin(), out.columns.end(), out.id) != out.columns.end()) {
    return in.invalid("push: id is not one of columns");
  }
  const auto& names = out.statement.names;
  if (out.table.empty() && std::find(names.begin(), names.end(), "id") == names.end()) {
    return in.invalid("push: the statement names :id, by which a repeated push changes nothing");
  }
  if (out.table.empty() && (!out.columns.empty() || !out.id.empty() || !out.schema.empty())) {
    return in.invalid("push: schema, columns and id are for table");
  }
  return {};
}

}  // namespace

Result<SqlSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  SqlSettings out;
  LH_TRY(read_connection(in, out));
  LH_TRY(read_rows(in, out));
  LH_TRY(read_push(in, out.push));
  LH_TRY(in.finish());
  if (out.table.empty() && out.query.empty() && !out.push.is_set()) {
    return in.invalid("table or query is missing");
  }
  return out;
}

}  // namespace lh::adapters::sql
