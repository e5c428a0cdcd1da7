// CPtr: a handle of a C library, wrapped in the statement that makes it and freed by its own
// function; and the end of the error queue. Inside crypto and pki only.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"

namespace lh::crypto {

template <auto Free>
struct CFree {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
template <class T, auto Free>
using CPtr = std::unique_ptr<T, CFree<Free>>;

// Empties OpenSSL's error queue of this thread (a stale entry would be blamed on the next call) and
// gives an Error whose detail is `what` and the library's own words of the newest entry.
Error openssl_error(Reason reason, std::string_view what);

}  // namespace lh::crypto
