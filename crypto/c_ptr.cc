#include "crypto/c_ptr.h"

#include <openssl/err.h>

namespace lh::crypto {

Error openssl_error(Reason reason, std::string_view what) {
  std::string detail(what);
  const unsigned long code = ERR_peek_last_error();
  if (const char* words = code == 0 ? nullptr : ERR_reason_error_string(code)) {
    detail += ": ";
    detail += words;
  }
  ERR_clear_error();
  return Error(reason, std::move(detail));
}

}  // namespace lh::crypto
