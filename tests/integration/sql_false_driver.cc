// An ODBC driver that lies, hangs or crashes, as the name of its database says. It is a library of
// its own, registered for the test only. Every answer has one row, or as many as told, of one
// column.
#include <signal.h>
#include <sql.h>
#include <sqlext.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

struct Connected {
  std::string mode;
};
struct Asked {
  Connected* connected = nullptr;
  int rows = 0;
  std::size_t given = 0;  // of the value
  int calls = 0;
};

std::string word_of(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(key + "=");
  if (at == std::string::npos) return {};
  const std::size_t from = at + key.size() + 1;
  return text.substr(from, text.find(';', from) - from);
}

// What the value is, and what is announced of it.
struct Lie {
  std::string value;
  SQLLEN announced;
};
const Lie& lie_of(const std::string& mode) {
  static const Lie kShort{std::string(100, 'a'), 903};
  static const Lie kLong{std::string(200000, 'a'), 100000};
  static const Lie kUnknown{std::string(200000, 'b'), SQL_NO_TOTAL};
  static const Lie kNegative{"abc", -77};
  static const Lie kEndless{std::string(std::size_t{64} << 20U, 'e'), SQL_NO_TOTAL};
  static const Lie kGood{"good", 4};
  if (mode == "short") return kShort;
  if (mode == "long") return kLong;
  if (mode == "unknown") return kUnknown;
  if (mode == "negative") return kNegative;
  if (mode == "endless") return kEndless;
  return kGood;
}

}  // namespace

extern "C" {

SQLRETURN SQLAllocHandle(SQLSMALLINT type, SQLHANDLE parent, SQLHANDLE* out) {
  if (type == SQL_HANDLE_ENV) *out = new int(0);
  if (type == SQL_HANDLE_DBC) *out = new Connected;
  if (type == SQL_HANDLE_STMT) *out = new Asked{static_cast<Connected*>(parent)};
  return SQL_SUCCESS;
}
SQLRETURN SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle) {
  if (type == SQL_HANDLE_ENV) delete static_cast<int*>(handle);
  if (type == SQL_HANDLE_DBC) delete static_cast<Connected*>(handle);
  if (type == SQL_HANDLE_STMT) delete static_cast<Asked*>(handle);
  return SQL_SUCCESS;
}
SQLRETURN SQLSetEnvAttr(SQLHENV, SQLINTEGER, SQLPOINTER, SQLINTEGER) {
  return SQL_SUCCESS;
}
SQLRETURN SQLSetConnectAttr(SQLHDBC, SQLINTEGER, SQLPOINTER, SQLINTEGER) {
  return SQL_SUCCESS;
}
SQLRETURN SQLSetStmtAttr(SQLHSTMT, SQLINTEGER, SQLPOINTER, SQLINTEGER) {
  return SQL_SUCCESS;
}
SQLRETURN SQLGetInfo(SQLHDBC, SQLUSMALLINT, SQLPOINTER out, SQLSMALLINT size, SQLSMALLINT*) {
  if (out != nullptr && size > 0) std::memset(out, 0, static_cast<std::size_t>(size));
  return SQL_SUCCESS;
}
SQLRETURN SQLDriverConnect(SQLHDBC handle, SQLHWND, SQLCHAR* words, SQLSMALLINT size, SQLCHAR*,
                           SQLSMALLINT, SQLSMALLINT*, SQLUSMALLINT) {
  auto* connected = static_cast<Connected*>(handle);
  const std::size_t n = size == SQL_NTS ? std::strlen(reinterpret_cast<char*>(words))
                                        : static_cast<std::size_t>(size);
  connected->mode = word_of({reinterpret_cast<char*>(words), n}, "Database");
  if (connected->mode == "crash_connect") std::abort();
  if (connected->mode == "prints") {
    static_cast<void>(!::write(1, "driver: hello\n", 14));
    std::string line;
    char c = 0;
    if (::read(0, &c, 1) > 0) std::abort();  // questions of the hub are not for the driver
  }
  return SQL_SUCCESS;
}
SQLRETURN SQLDisconnect(SQLHDBC) {
  return SQL_SUCCESS;
}
SQLRETURN SQLPrepare(SQLHSTMT, SQLCHAR*, SQLINTEGER) {
  return SQL_SUCCESS;
}
SQLRETURN SQLBindParameter(SQLHSTMT, SQLUSMALLINT, SQLSMALLINT, SQLSMALLINT, SQLSMALLINT, SQLULEN,
                           SQLSMALLINT, SQLPOINTER, SQLLEN, SQLLEN*) {
  return SQL_SUCCESS;
}
SQLRETURN SQLExecute(SQLHSTMT handle) {
  auto* asked = static_cast<Asked*>(handle);
  asked->rows = 1;
  if (asked->connected->mode == "crash") std::abort();
  if (asked->connected->mode == "segfault") ::raise(11);
  if (asked->connected->mode == "exit") ::_exit(0);
  if (asked->connected->mode == "hang") ::pause();
  return SQL_SUCCESS;
}
SQLRETURN SQLFetch(SQLHSTMT handle) {
  auto* asked = static_cast<Asked*>(handle);
  asked->given = 0;
  asked->calls = 0;
  return asked->rows-- > 0 ? SQL_SUCCESS : SQL_NO_DATA;
}
SQLRETURN SQLNumResultCols(SQLHSTMT, SQLSMALLINT* out) {
  *out = 1;
  return SQL_SUCCESS;
}
SQLRETURN SQLDescribeCol(SQLHSTMT, SQLUSMALLINT, SQLCHAR* name, SQLSMALLINT, SQLSMALLINT* length,
                         SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* digits,
                         SQLSMALLINT* nulls) {
  std::memcpy(name, "k", 2);
  *length = 1;
  *type = SQL_VARCHAR;
  *size = 3;  // whatever comes
  *digits = 0;
  *nulls = SQL_NULLABLE;
  return SQL_SUCCESS;
}
SQLRETURN SQLColAttribute(SQLHSTMT, SQLUSMALLINT, SQLUSMALLINT, SQLPOINTER, SQLSMALLINT,
                          SQLSMALLINT*, SQLLEN*) {
  return SQL_ERROR;
}
SQLRETURN SQLGetData(SQLHSTMT handle, SQLUSMALLINT, SQLSMALLINT, SQLPOINTER to, SQLLEN size,
                     SQLLEN* left) {
  auto* asked = static_cast<Asked*>(handle);
  const Lie& lie = lie_of(asked->connected->mode);
  if (asked->connected->mode == "stuck") {  // more to come, for ever, and nothing comes
    *left = SQL_NO_TOTAL;
    if (asked->calls++ > 1000) std::abort();
    return SQL_SUCCESS_WITH_INFO;
  }
  if (asked->given == lie.value.size()) return SQL_NO_DATA;
  const std::size_t n =
      std::min(static_cast<std::size_t>(size) - 1, lie.value.size() - asked->given);
  std::memcpy(to, lie.value.data() + asked->given, n);
  static_cast<char*>(to)[n] = '\0';
  *left = lie.announced < 0 ? lie.announced : lie.announced - static_cast<SQLLEN>(asked->given);
  asked->given += n;
  return asked->given < lie.value.size() || lie.announced == SQL_NO_TOTAL ? SQL_SUCCESS_WITH_INFO
                                                                          : SQL_SUCCESS;
}
SQLRETURN SQLFreeStmt(SQLHSTMT, SQLUSMALLINT) {
  return SQL_SUCCESS;
}
SQLRETURN SQLEndTran(SQLSMALLINT, SQLHANDLE, SQLSMALLINT) {
  return SQL_SUCCESS;
}
SQLRETURN SQLGetDiagRec(SQLSMALLINT, SQLHANDLE, SQLSMALLINT, SQLCHAR*, SQLINTEGER*, SQLCHAR*,
                        SQLSMALLINT, SQLSMALLINT*) {
  return SQL_NO_DATA;
}

}  // extern "C"
