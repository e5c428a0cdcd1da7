// A file of CloudEvents 1.0 in JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schemas/json.h"

namespace lh::adapters::message {

inline constexpr std::size_t kFileBytes = 32U << 20U;  // one of more is one bad row

// A regular file, at most kFileBytes + 1 of it; no link is followed. Errors: file.unreadable.
Result<std::string> read_event_file(const std::string& path);

enum class Events : std::uint8_t { kOne, kOneALine };
Events events_of(const std::string& path);  // by its ending
// In `text`; without the white space behind them, empty ones left out.
std::vector<std::string_view> split_events(std::string_view text, Events events);

// What tells an event from others. Types: those taken; empty: all. Errors: row.check (not a
// CloudEvent 1.0, section 3.1, or one of another type).
Result<std::string> read_identity(const schemas::Json& event,
                                  const std::vector<std::string>& types);

}  // namespace lh::adapters::message
