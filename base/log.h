// The operator's log: one JSON object a line on stderr (or a file), never personal data.
// Values are numbers, catalogue ids and names of our own making; a Personal does not fit.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/error.h"

namespace lh {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view name;
  std::variant<std::int64_t, std::uint64_t, double, std::string_view, Reason> value;
};

// Threads: any. Cost: formats only when the level is on.
void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
void set_log_level(LogLevel level);
void set_log_file(const std::string& path);  // empty = stderr

}  // namespace lh
