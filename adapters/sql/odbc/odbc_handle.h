// Handles of the ODBC driver manager, freed in the order it wants, and its errors as ours.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"

namespace lh::adapters::sql {

template <SQLSMALLINT kType>
class OdbcHandle {
 public:
  OdbcHandle() = default;
  explicit OdbcHandle(SQLHANDLE handle) : handle_(handle) {}
  OdbcHandle(OdbcHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  OdbcHandle& operator=(OdbcHandle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  OdbcHandle(const OdbcHandle&) = delete;
  OdbcHandle& operator=(const OdbcHandle&) = delete;
  ~OdbcHandle() {
    if (handle_ != nullptr) SQLFreeHandle(kType, handle_);
  }
  SQLHANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  SQLHANDLE handle_ = nullptr;
};

using Environment = OdbcHandle<SQL_HANDLE_ENV>;
using Statement = OdbcHandle<SQL_HANDLE_STMT>;

// Disconnects before it is freed: the driver manager refuses to free a connection that is open.
class Wire {
 public:
  Wire() = default;
  explicit Wire(SQLHANDLE handle) : handle_(handle) {}
  Wire(Wire&&) noexcept = default;
  Wire& operator=(Wire&&) noexcept = default;
  ~Wire() {
    if (handle_) SQLDisconnect(handle_.get());
  }
  SQLHANDLE get() const { return handle_.get(); }

 private:
  OdbcHandle<SQL_HANDLE_DBC> handle_;
};

inline bool is_good(SQLRETURN code) {
  return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO;
}

// The first diagnostic record of the handle; detail: "what: SQLSTATE 42P01, 7". The text of the
// driver stays out: it may hold values of a row.
Error odbc_error(SQLSMALLINT type, SQLHANDLE handle, const char* what);

}  // namespace lh::adapters::sql
