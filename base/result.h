// Result<T>: a value or an Error; the only way a room of this house reports failure.
// Foreign exceptions and return codes stop at their wrapper. A bug is LH_CHECK, not an Error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"

namespace lh {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  Result(Error error) : v_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  Result(Reason reason) : v_(std::in_place_index<1>, Error(reason)) {}   // NOLINT

  bool ok() const { return v_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return check(), std::get<0>(v_); }
  const T& value() const& { return check(), std::get<0>(v_); }
  T value() && { return check(), std::get<0>(std::move(v_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  const Error& error() const& { return std::get<1>(v_); }
  Error error() && { return std::get<1>(std::move(v_)); }

 private:
  void check() const {
    if (!ok()) check_failed("Result::value() without a value", std::get<1>(v_).describe());
  }
  std::variant<T, Error> v_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : e_(std::move(error)) {}  // NOLINT
  Result(Reason reason) : e_(Error(reason)) {}   // NOLINT
  bool ok() const { return !e_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const {
    if (e_) check_failed("Result<void>::value() of an error", e_->describe());
  }
  const Error& error() const& { return *e_; }
  Error error() && { return std::move(*e_); }

 private:
  std::optional<Error> e_;
};

using Status = Result<void>;
inline Status ok_status() {
  return {};
}

// A dropped error is written out, with the reason why it may be dropped.
template <class T>
void ignore(const Result<T>& /*result*/, std::string_view /*why*/) {}

}  // namespace lh

#define LH_CONCAT_(a, b) a##b
#define LH_CONCAT(a, b) LH_CONCAT_(a, b)
#define LH_TRY_(r, expr)                      \
  __extension__({                             \
    auto r = (expr);                          \
    if (!r.ok()) return std::move(r).error(); \
    std::move(r).value();                     \
  })
// auto x = LH_TRY(f());  leaves the function with the Error of f, else gives its value.
#define LH_TRY(expr) LH_TRY_(LH_CONCAT(lh_try_, __COUNTER__), expr)
// A broken promise of our own code: logs and aborts, in release too.
#define LH_CHECK(cond, what) ((cond) ? static_cast<void>(0) : ::lh::check_failed(#cond, what))
