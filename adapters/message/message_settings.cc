#include "adapters/message/message_settings.h"

#include <algorithm>

#include "base/cbor.h"
#include "base/limits.h"

namespace lh::adapters::message {
namespace {

constexpr std::uint64_t kFormat = 2;  // stored; never renumber

}  // namespace

Result<MessageSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  MessageSettings out;
  out.folder = LH_TRY(in.text("folder"));
  out.types = LH_TRY(in.texts("types"));
  out.shape.rows = ".";
  out.shape.columns = LH_TRY(in.pairs("columns"));
  out.shape.max_row_bytes =
      LH_TRY(in.number("max_event_bytes", 1024, limits::kRowBytes, limits::kRowBytes));
  out.files = LH_TRY(in.number("files", 1, 1000000, out.files));
  out.remember = LH_TRY(in.number("remember", 0, 100000, out.remember));
  if (out.shape.columns.empty()) return in.invalid("columns are missing");
  if (out.shape.columns.size() > limits::kRowColumns) return in.invalid("too many columns");
  const auto checked = http::answer::check_json_shape(out.shape);
  if (!checked.ok()) return in.invalid(checked.error().detail());
  for (const std::string& name : LH_TRY(in.texts("header"))) {
    const bool known = std::any_of(out.shape.columns.begin(), out.shape.columns.end(),
                                   [&name](const auto& c) { return c.first == name; });
    if (!known) return in.invalid("header: " + name + " is not among the columns");
  }
  LH_TRY(in.finish());
  return out;
}

Cursor encode_cursor(const MessageCursor& at) {
  CborWriter out;
  out.array(5);
  out.uint(kFormat);
  out.uint(at.number);
  out.uint(at.events);
  out.boolean(at.whole);
  out.uint(at.rows);
  return Cursor{out.take()};
}

Result<MessageCursor> parse_cursor(const Cursor& cursor) {
  if (cursor.value.empty()) return MessageCursor{};
  CborReader in(cursor.value);
  const auto items = in.read_array();
  const auto format = in.read_uint();
  const auto number = in.read_uint();
  const auto events = in.read_uint();
  const auto whole = in.read_bool();
  const auto rows = in.read_uint();
  if (!items.ok() || *items != 5 || !format.ok() || *format != kFormat || !number.ok() ||
      !events.ok() || !whole.ok() || !rows.ok() || !in.finish().ok()) {
    return Error(Reason::kCursorInvalid, "not a cursor of a spool");
  }
  return MessageCursor{*number, *events, *whole, *rows};
}

}  // namespace lh::adapters::message
