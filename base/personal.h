// Personal<T>: a value about a natural person that cannot be printed, logged or compared by
// accident. The one way to the value is reveal(); every use of it can be found by that word. There
// is no operator<<, no conversion and no std::hash.
#pragma once

#include <utility>

namespace lh {

template <class T>
class Personal {
 public:
  Personal() = default;
  explicit Personal(T value) : value_(std::move(value)) {}
  const T& reveal() const& { return value_; }
  T reveal() && { return std::move(value_); }
  bool empty() const { return value_.empty(); }

 private:
  T value_{};
};

template <class Stream, class T>
Stream& operator<<(Stream&, const Personal<T>&) = delete;

}  // namespace lh
