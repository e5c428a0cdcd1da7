// The [source] table of the kind "message" and its cursor (docs/formats/source-message.md).
#pragma once

#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/http/answer/answer.h"
#include "adapters/settings.h"

namespace lh::adapters::message {

struct MessageSettings {
  std::string folder;
  std::vector<std::string> types;  // of events; empty: all
  http::answer::Shape shape;
  std::size_t files = 10000;    // of one run
  std::size_t remember = 1000;  // files of done/ whose events are known
};
// Errors: mapping.invalid with the line.
Result<MessageSettings> read_settings(const SettingsNode& source);

// CBOR: [2, file, events, whole, rows].
struct MessageCursor {
  std::uint64_t number = 0;  // of the file
  std::uint64_t events = 0;  // of it that were given or left out; all: see whole
  bool whole = true;
  std::uint64_t rows = 0;
};

Cursor encode_cursor(const MessageCursor& at);
Result<MessageCursor> parse_cursor(const Cursor& cursor);  // cursor.invalid; empty: the beginning

}  // namespace lh::adapters::message
