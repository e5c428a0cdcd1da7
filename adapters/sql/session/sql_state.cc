#include "adapters/sql/session/sql_state.h"

#include <algorithm>
#include <array>

namespace lh::adapters::sql {
namespace {

// ISO/IEC 9075-2 table 33 and ODBC: connection, transaction rollback, resources, operator, system.
constexpr std::array<std::string_view, 6> kLater = {"08", "40", "53", "57", "58", "55"};

// Numbers behind the general state HY000. MariaDB/MySQL: no connection, gone away, lost; too many
// connections, lock wait, deadlock, shutting down. SQLite: busy, locked, disk.
constexpr std::array<std::int64_t, 12> kLaterNumbers = {2002, 2003, 2006, 2013, 2055, 1040,
                                                        1205, 1213, 1053, 5,    6,    10};

constexpr std::int64_t kAccessDenied = 1045;

}  // namespace

Reason reason_of_state(std::string_view state, std::int64_t native) {
  if (native == kAccessDenied || state.starts_with("28")) return Reason::kSourceRefused;
  if (state.starts_with("HYT") || state.starts_with("IM")) return Reason::kSourceUnavailable;
  const std::string_view subclass = state.substr(0, std::min<std::size_t>(2, state.size()));
  if (std::find(kLater.begin(), kLater.end(), subclass) != kLater.end()) {
    return Reason::kSourceUnavailable;
  }
  if (state.starts_with("HY0") &&
      std::find(kLaterNumbers.begin(), kLaterNumbers.end(), native) != kLaterNumbers.end()) {
    return Reason::kSourceUnavailable;
  }
  return Reason::kSourceRefused;
}

}  // namespace lh::adapters::sql
