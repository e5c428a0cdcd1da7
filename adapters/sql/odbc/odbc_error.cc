#include <cstring>

#include "adapters/sql/odbc/odbc_handle.h"
#include "adapters/sql/session/sql_state.h"

namespace lh::adapters::sql {
namespace {

// libpq and others report a wrong password as a connection that failed.
bool speaks_of_refusal(const char* message) {
  return std::strstr(message, "authentication failed") != nullptr ||
         std::strstr(message, "no pg_hba.conf entry") != nullptr;
}

// psqlodbc gives the general state when the server has gone: only its text tells.
bool speaks_of_loss(const char* message) {
  for (const char* words :
       {"onnection", "no response from", "erver has gone away", "ommunication"}) {
    if (std::strstr(message, words) != nullptr) return true;
  }
  return false;
}

}  // namespace

Error odbc_error(SQLSMALLINT type, SQLHANDLE handle, const char* what) {
  SQLCHAR state[6] = {};
  SQLCHAR message[SQL_MAX_MESSAGE_LENGTH] = {};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  const SQLRETURN got =
      SQLGetDiagRec(type, handle, 1, state, &native, message, sizeof message, &length);
  if (!is_good(got)) return Error(Reason::kSourceUnavailable, std::string(what) + ": no reason");
  const char* const state_text = reinterpret_cast<const char*>(state);
  const char* const text = reinterpret_cast<const char*>(message);
  Reason reason = reason_of_state(state_text, native);
  if (reason == Reason::kSourceUnavailable && speaks_of_refusal(text)) {
    reason = Reason::kSourceRefused;
  } else if (reason == Reason::kSourceRefused && std::strncmp(state_text, "HY000", 5) == 0 &&
             speaks_of_loss(text)) {
    reason = Reason::kSourceUnavailable;
  }
  return Error(reason,
               std::string(what) + ": SQLSTATE " + state_text + ", " + std::to_string(native));
}

}  // namespace lh::adapters::sql
