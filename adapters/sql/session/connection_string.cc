#include "adapters/sql/session/connection_string.h"

namespace lh::adapters::sql {
namespace {

// Values hold no ; { } (read_settings sees to it): psqlodbc takes braces as part of most values.
void add(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append("=").append(value).append(";");
}

// A value in braces, those inside doubled: for those that may hold anything, where every driver
// takes braces away.
void add_braced(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append("={");
  for (const char c : value) {
    out.push_back(c);
    if (c == '}') out.push_back('}');
  }
  out.append("};");
}

// Rounded up: a driver counts in seconds.
std::string seconds(std::uint32_t ms) {
  return std::to_string((ms + 999) / 1000);
}

void add_postgresql(std::string& out, const Connection& to) {
  add(out, "Servername", to.server);
  add(out, "Port", std::to_string(to.port));
  // Types as they are: a boolean is a bit, bytea is binary, not text.
  out += "BoolsAsChar=0;ByteaAsLongVarBinary=1;UseServerSidePrepare=1;UseDeclareFetch=0;";
  const char* mode = to.tls == Tls::kVerify    ? "verify-full"
                     : to.tls == Tls::kEncrypt ? "require"
                                               : "disable";
  if (to.tls != Tls::kDriver) add(out, "SSLmode", mode);
  std::string more = "connect_timeout=" + seconds(to.login_ms);
  if (!to.tls_ca.empty()) more += " sslrootcert=" + to.tls_ca;
  add_braced(out, "pqopt", more);
}

void add_mysql(std::string& out, const Connection& to) {
  // "localhost" is a socket file to the client library, whatever the port.
  add(out, "Server", to.server == "localhost" ? "127.0.0.1" : to.server);
  add(out, "Port", std::to_string(to.port));
  // A server must not be able to ask this machine for files.
  out += "CHARSET=utf8mb4;NOLOCALINFILE=1;";
  if (to.tls == Tls::kVerify) out += "FORCETLS=1;SSLVERIFY=1;SSLMODE=VERIFY_IDENTITY;";
  if (to.tls == Tls::kEncrypt) out += "FORCETLS=1;SSLMODE=REQUIRED;";
  if (!to.tls_ca.empty()) add(out, "SSLCA", to.tls_ca);
}

void add_sqlite(std::string& out, const Connection& to) {
  // A name that is wrong must not become an empty database.
  out += "NoCreat=1;Timeout=" + std::to_string(to.query_ms) + ";";
}

std::vector<SessionStatement> postgresql_session(const Connection& to) {
  std::vector<SessionStatement> out = {
      {"SET client_encoding TO 'UTF8'"},
      {"SET DateStyle TO 'ISO, YMD'"},
      {"SET IntervalStyle TO 'iso_8601'"},
      {"SET extra_float_digits TO 2"},  // shortest text that is the same number again
      {"SET TIME ZONE INTERVAL '" + to.time_zone + "' HOUR TO MINUTE"},
      {"SET statement_timeout TO " + std::to_string(to.query_ms)},
  };
  if (to.access == Access::kRead) out.push_back({"SET default_transaction_read_only TO on"});
  return out;
}

std::vector<SessionStatement> mysql_session(const Connection& to) {
  const std::string limit = std::to_string(to.query_ms / 1000) + "." +
                            std::to_string(1000 + to.query_ms % 1000).substr(1);
  std::vector<SessionStatement> out = {
      {"SET SESSION time_zone = '" + to.time_zone + "'"},
      // PAD_CHAR…: values of CHAR columns without their padding, as the product gives them by
      // default; STRICT…: a value that does not fit is an error, not a cut.
      {"SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION'"},
      {"SET SESSION max_statement_time = " + limit, SessionStatement::Need::kMay},  // MariaDB
      {"SET SESSION max_execution_time = " + std::to_string(to.query_ms),
       SessionStatement::Need::kMay},  // MySQL
  };
  if (to.access == Access::kRead) out.push_back({"SET SESSION TRANSACTION READ ONLY"});
  return out;
}

}  // namespace

std::string connection_string(const Connection& to, ByteView password) {
  std::string out;
  if (to.dsn.empty()) {
    add_braced(out, "Driver", to.driver);
  } else {
    add(out, "DSN", to.dsn);
  }
  if (to.dsn.empty()) {
    switch (to.dialect) {
      case Dialect::kPostgresql:
        add_postgresql(out, to);
        break;
      case Dialect::kMysql:
        add_mysql(out, to);
        break;
      case Dialect::kSqlite:
        add_sqlite(out, to);
        break;
      case Dialect::kStandard:
      case Dialect::kSqlServer:
        add(out, "Server", to.server);
        add(out, "Port", std::to_string(to.port));
        break;
    }
    add(out, "Database", to.database);
  }
  for (const auto& [key, value] : to.options) add(out, key, value);
  if (!to.user.empty()) add(out, "UID", to.user);
  if (!password.empty()) add_braced(out, "PWD", password);
  return out;
}

std::vector<SessionStatement> session_statements(const Connection& to) {
  switch (to.dialect) {
    case Dialect::kPostgresql:
      return postgresql_session(to);
    case Dialect::kMysql:
      return mysql_session(to);
    case Dialect::kSqlite:
      if (to.access == Access::kRead) return {{"PRAGMA query_only = 1"}};
      break;
    case Dialect::kStandard:
    case Dialect::kSqlServer:
      break;
  }
  return {};
}

}  // namespace lh::adapters::sql
