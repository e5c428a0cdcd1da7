// The text of one line of the operator's log, without the writing of it.
#pragma once

#include <span>
#include <string>

#include "base/log.h"
#include "base/time.h"

namespace lh {

// {"time":"…","level":"info","event":"…",…}: one line of JSON without line breaks, members in the
// order of the fields. Text that is not UTF-8 keeps its ASCII; its other bytes become U+FFFD.
std::string log_line(UtcTime time, LogLevel level, std::string_view event,
                     std::span<const LogField> fields);

}  // namespace lh
