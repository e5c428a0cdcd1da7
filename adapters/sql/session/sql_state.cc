#include "adapters/sql/session/sql_state.h"

#include <algorithm>
#include <array>

namespace lh::adapters::sql {
namespace {

// ISO/IEC 9075-2 table 33 and ODBC: connection, transaction rollback, resources, operator, system.
// 01: the driver manager could not load the driver.
constexpr std::array<std::string_view, 7> kLater = {"01", "08", "40", "53", "55", "57", "58"};

// Numbers behind the states HY0xx. MariaDB/MySQL: no connection, gone away, lost; too many
// connections, lock wait, deadlock, shutting down, the deadline of a statement. SQLite: busy,
// locked, disk.
constexpr std::array<std::int64_t, 14> kLaterNumbers = {2002, 2003, 2006, 2013, 2055, 1040, 1205,
                                                        1213, 1053, 1969, 3024, 5,    6,    10};

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
