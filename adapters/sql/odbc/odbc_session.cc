#include "adapters/sql/odbc/odbc_session.h"

#include <algorithm>
#include <deque>

#include "adapters/sql/odbc/odbc_handle.h"
#include "adapters/sql/odbc/odbc_parameters.h"
#include "adapters/sql/odbc/odbc_value.h"
#include "adapters/sql/session/connection_string.h"
#include "base/limits.h"

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kShortValue = 4096;  // 512 of them and one row fit into a frame

constexpr std::size_t kRowsBytes = 1U << 20U;  // one answer of rows() stops behind it

SQLPOINTER attribute(SQLULEN value) {
  return reinterpret_cast<SQLPOINTER>(value);
}

SQLCHAR* sql_text(const std::string& text) {
  return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.data()));
}

class OdbcSession final : public Session {
 public:
  OdbcSession(Environment environment, Connection to, ValueReader reader)
      : environment_(std::move(environment)), to_(std::move(to)), reader_(std::move(reader)) {}

  Status connect(const Secret& password) {
    SQLHANDLE handle = nullptr;
    if (!is_good(SQLAllocHandle(SQL_HANDLE_DBC, environment_.get(), &handle))) {
      return odbc_error(SQL_HANDLE_ENV, environment_.get(), "connecting");
    }
    wire_ = Wire(handle);
    SQLSetConnectAttr(handle, SQL_ATTR_LOGIN_TIMEOUT, attribute((to_.login_ms + 999) / 1000), 0);
    std::string words = connection_string(to_, password.bytes());
    SQLSMALLINT length = 0;
    const SQLRETURN code =
        SQLDriverConnect(handle, nullptr, sql_text(words), static_cast<SQLSMALLINT>(words.size()),
                         nullptr, 0, &length, SQL_DRIVER_NOPROMPT);
    wipe(words);
    if (!is_good(code)) return odbc_error(SQL_HANDLE_DBC, handle, "connecting");
    return prepare_session();
  }

  Result<const std::vector<Column>*> query(const std::string& sql,
                                           const Parameters& parameters) override {
    LH_TRY(execute(sql, parameters));
    if (columns_.empty()) LH_TRY(describe());
    if (columns_.empty()) return Error(Reason::kSourceAnswer, "the statement gives no rows");
    open_ = true;
    return static_cast<const std::vector<Column>*>(&columns_);
  }

  Result<std::vector<Bytes>> rows(std::size_t most) override {
    std::vector<Bytes> out;
    std::size_t bytes = 0;
    while (open_ && out.size() < most && bytes < kRowsBytes) {
      const SQLRETURN code = SQLFetch(statement_.get());
      if (code == SQL_NO_DATA) {
        open_ = false;
        SQLFreeStmt(statement_.get(), SQL_CLOSE);
        break;
      }
      if (!is_good(code)) return failed("reading rows");
      auto row = read_row();
      if (!row.ok()) {
        open_ = false;
        return std::move(row).error();
      }
      bytes += row->size();
      out.push_back(std::move(row).value());
    }
    return out;
  }

  Status change(const std::string& sql, const Parameters& parameters) override {
    LH_TRY(execute(sql, parameters));
    SQLFreeStmt(statement_.get(), SQL_CLOSE);
    return {};
  }

  Status transaction(Step step) override {
    if (step == Step::kBegin) return set_commit(SQL_AUTOCOMMIT_OFF);
    const SQLRETURN code =
        SQLEndTran(SQL_HANDLE_DBC, wire_.get(), step == Step::kCommit ? SQL_COMMIT : SQL_ROLLBACK);
    if (!is_good(code)) return odbc_error(SQL_HANDLE_DBC, wire_.get(), "ending a transaction");
    return set_commit(SQL_AUTOCOMMIT_ON);
  }

 private:
  // Tools of the driver that a product may lack are set where they are known to work.
  Status prepare_session() {
    for (const SessionStatement& line : session_statements(to_)) {
      const Status done = change(line.sql, {});
      if (!done.ok() && line.need == SessionStatement::Need::kMust) {
        return Error(done.error().reason(), "preparing the session: " + done.error().detail());
      }
    }
    return {};
  }

  Status set_commit(SQLULEN mode) {
    const SQLRETURN code =
        SQLSetConnectAttr(wire_.get(), SQL_ATTR_AUTOCOMMIT, attribute(mode), SQL_IS_UINTEGER);
    if (!is_good(code)) return odbc_error(SQL_HANDLE_DBC, wire_.get(), "beginning a transaction");
    return {};
  }

  Error failed(const char* what) {
    Error error = odbc_error(SQL_HANDLE_STMT, statement_.get(), what);
    open_ = false;
    sql_.clear();
    statement_ = Statement();
    return error;
  }

  Status prepare(const std::string& sql) {
    SQLHANDLE handle = nullptr;
    statement_ = Statement();
    sql_.clear();
    columns_.clear();
    if (!is_good(SQLAllocHandle(SQL_HANDLE_STMT, wire_.get(), &handle))) {
      return odbc_error(SQL_HANDLE_DBC, wire_.get(), "preparing a statement");
    }
    statement_ = Statement(handle);
    // The others have a statement of their own for it, which does not cost a round trip each time.
    if (to_.dialect == Dialect::kStandard || to_.dialect == Dialect::kSqlServer) {
      SQLSetStmtAttr(handle, SQL_ATTR_QUERY_TIMEOUT, attribute((to_.query_ms + 999) / 1000), 0);
    }
    if (!is_good(SQLPrepare(handle, sql_text(sql), static_cast<SQLINTEGER>(sql.size())))) {
      return failed("preparing a statement");
    }
    sql_ = sql;
    return {};
  }

  Status execute(const std::string& sql, const Parameters& parameters) {
    if (statement_ && sql == sql_) {
      SQLFreeStmt(statement_.get(), SQL_CLOSE);
      SQLFreeStmt(statement_.get(), SQL_RESET_PARAMS);
    } else {
      LH_TRY(prepare(sql));
    }
    open_ = false;
    BoundParameters bound;
    LH_TRY(bound.bind(statement_.get(), to_.text, parameters));
    const SQLRETURN code = SQLExecute(statement_.get());
    if (!is_good(code) && code != SQL_NO_DATA) return failed("running a statement");
    return {};
  }

  Status describe() {
    SQLSMALLINT count = 0;
    if (!is_good(SQLNumResultCols(statement_.get(), &count))) return failed("asking for columns");
    if (static_cast<std::size_t>(count) > limits::kRowColumns) {
      return Error(Reason::kSourceAnswer, "more than 512 columns");
    }
    for (SQLSMALLINT i = 1; i <= count; ++i) {
      columns_.push_back(LH_TRY(describe_column(statement_.get(), static_cast<SQLUSMALLINT>(i))));
    }
    return {};
  }

  Fetch how(const Column& column) const {
    if (column.type == ColumnType::kBinary) return Fetch::kBinary;
    if (column.type == ColumnType::kBit && to_.dialect == Dialect::kMysql) return Fetch::kBinary;
    return to_.text == TextForm::kUtf16 ? Fetch::kWide : Fetch::kText;
  }

  Result<Bytes> read_row() {
    RowWriter out(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      // A value behind a huge one still has its place: cursor columns stand at the end.
      const std::size_t used = std::min(out.size(), limits::kRowBytes - kShortValue);
      LH_TRY(reader_.read(statement_.get(), static_cast<SQLUSMALLINT>(i + 1), how(columns_[i]),
                          limits::kRowBytes - used, out));
    }
    return out.take();
  }

  Environment environment_;
  Wire wire_;
  Statement statement_;
  Connection to_;
  ValueReader reader_;
  std::string sql_;  // what statement_ has prepared
  std::vector<Column> columns_;
  bool open_ = false;  // rows may come
};

class OdbcConnector final : public Connector {
 public:
  Result<std::unique_ptr<Session>> connect(const Connection& to,
                                           const Secret& password) const override {
    SQLHANDLE handle = nullptr;
    if (!is_good(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle))) {
      return Error(Reason::kSourceUnavailable, "the ODBC driver manager does not start");
    }
    Environment environment(handle);
    SQLSetEnvAttr(handle, SQL_ATTR_ODBC_VERSION, attribute(SQL_OV_ODBC3), 0);
    std::optional<file::Decoder> decoder;
    if (to.text == TextForm::kGb18030) {
      decoder = LH_TRY(file::Decoder::create(file::Encoding::kGb18030));
    }
    auto session = std::make_unique<OdbcSession>(
        std::move(environment), to, ValueReader(to.text, to.max_value_bytes, std::move(decoder)));
    LH_TRY(session->connect(password));
    return std::unique_ptr<Session>(std::move(session));
  }
};

}  // namespace

std::unique_ptr<Connector> make_odbc_connector() {
  return std::make_unique<OdbcConnector>();
}

}  // namespace lh::adapters::sql
