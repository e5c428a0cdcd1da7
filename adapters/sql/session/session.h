// A connection to a database as the sql kind sees it, whoever holds the driver: this process
// (adapters/sql/odbc) or a child that may crash (adapters/sql/host). Plain values go in and out.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/secret.h"

namespace lh::adapters::sql {

// How the product writes identifiers, limits and row comparisons. On the wire; never renumber.
enum class Dialect : std::uint8_t {
  kPostgresql = 0,  // also KingbaseES, openGauss, GaussDB
  kMysql = 1,       // MariaDB, MySQL, OceanBase, TiDB
  kSqlite = 2,
  kStandard = 3,  // DM, Oracle 12, DB2: "quoted", FETCH FIRST n ROWS ONLY
  kSqlServer = 4
};
// What the driver gives and takes as text. On the wire; never renumber.
enum class TextForm : std::uint8_t { kUtf8 = 0, kGb18030 = 1, kUtf16 = 2 };
enum class Tls : std::uint8_t { kVerify = 0, kEncrypt = 1, kOff = 2, kDriver = 3 };
enum class Access : std::uint8_t { kRead = 0, kWrite = 1 };

// Where and how to connect; the password goes beside it and is never kept.
struct Connection {
  Dialect dialect = Dialect::kStandard;
  TextForm text = TextForm::kUtf8;
  Tls tls = Tls::kVerify;
  Access access = Access::kRead;
  std::string driver;  // as registered in odbcinst.ini; or dsn
  std::string dsn;
  std::string server;  // empty: a file database
  std::uint16_t port = 0;
  std::string database;
  std::string user;
  std::string tls_ca;
  std::string time_zone;                                     // "+08:00" of the session
  std::vector<std::pair<std::string, std::string>> options;  // from a closed list of keywords
  std::uint32_t login_ms = 10000;
  std::uint32_t query_ms = 30000;
  std::size_t max_value_bytes = 0;
};

// On the wire; never renumber.
enum class ColumnType : std::uint8_t {
  kText = 0,
  kInteger = 1,
  kDecimal = 2,
  kFloat = 3,
  kBit = 4,
  kDate = 5,
  kTime = 6,
  kTimestamp = 7,
  kBinary = 8,
  kOther = 9
};
enum class Nulls : std::uint8_t { kPossible = 0, kNever = 1 };

struct Column {
  std::string name;
  ColumnType type = ColumnType::kText;
  Nulls nulls = Nulls::kPossible;
  std::string declared;    // the source's own name of the type
  std::uint64_t size = 0;  // as announced; nothing relies on it
};

// On the wire and in cursors; never renumber.
enum class ParameterType : std::uint8_t { kNull = 0, kText = 1, kInteger = 2, kDecimal = 3 };
struct Parameter {
  ParameterType type = ParameterType::kText;
  std::string text;
};
using Parameters = std::vector<Parameter>;

enum class Step : std::uint8_t { kBegin = 0, kCommit = 1, kRollback = 2 };

// Errors of every function: source.unavailable (the session is of no further use), source.refused
// (the statement), source.answer. Details hold codes and names of ours, never a value or a message
// of the driver. Not for use by two threads at once.
class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;
  // Runs a statement that gives rows. The same text again is not prepared anew. The columns are
  // valid until the next call.
  virtual Result<const std::vector<Column>*> query(const std::string& sql,
                                                   const Parameters& parameters) = 0;
  // The next rows of the query, at most `most`, each as row_cells.h says; none: the end.
  virtual Result<std::vector<Bytes>> rows(std::size_t most) = 0;
  // Runs a statement that gives none.
  virtual Status change(const std::string& sql, const Parameters& parameters) = 0;
  virtual Status transaction(Step step) = 0;
};

class Connector {
 public:
  Connector() = default;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  virtual ~Connector() = default;
  // Errors: source.unavailable, source.refused.
  virtual Result<std::unique_ptr<Session>> connect(const Connection& to,
                                                   const Secret& password) const = 0;
};

}  // namespace lh::adapters::sql
