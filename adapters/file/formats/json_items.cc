#include "adapters/file/formats/json_items.h"

#include <algorithm>

namespace lh::adapters::file::formats {
namespace {

constexpr std::size_t kNameBytes = 1024;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

Error not_there() {
  return Error(Reason::kSourceAnswer, "JSON: there is no array where rows says");
}

}  // namespace

// ---- one value ---------------------------------------------------------------------------------

void JsonValueScan::begin() {
  *this = JsonValueScan(encoding_);
}

// True for bytes inside a character of more than one byte. A lead byte that is not followed as it
// must be stands for itself: the row is refused later, and its end is still found.
bool JsonValueScan::in_character(unsigned char c) {
  if (encoding_ != Encoding::kGb18030) return false;
  if (skip_ > 0) {
    --skip_;
    return true;
  }
  if (lead_) {
    lead_ = false;
    if (c >= 0x30 && c <= 0x39) skip_ = 2;
    if (skip_ > 0 || (c >= 0x40 && c != 0x7F && c != 0xFF)) return true;
  }
  lead_ = c >= 0x81 && c != 0xFF;
  return lead_;
}

// False: the value has ended before this byte.
bool JsonValueScan::byte(unsigned char c) {
  if (in_character(c)) return true;
  if (in_string_) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
      done_ = depth_ == 0;
    }
    return true;
  }
  if (kind_ == Kind::kScalar) {
    return !is_space(static_cast<char>(c)) && c != ',' && c != ']' && c != '}';
  }
  if (c == '"') in_string_ = true;
  if (c == '{' || c == '[') ++depth_;
  if (c == '}' || c == ']') done_ = --depth_ == 0;
  if (kind_ == Kind::kUnknown) {
    kind_ = in_string_ ? Kind::kString : depth_ > 0 ? Kind::kNested : Kind::kScalar;
  }
  return true;
}

std::size_t JsonValueScan::take(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!byte(static_cast<unsigned char>(bytes[i]))) {
      done_ = true;
      return i;
    }
    if (done_) return i + 1;
  }
  return bytes.size();
}

// ---- the array ---------------------------------------------------------------------------------

Result<int> JsonItems::look() {
  for (;;) {
    const ByteView view = window_.view();
    const std::size_t blank = std::min(view.find_first_not_of(" \t\r\n"), view.size());
    window_.consume(blank);
    if (blank < view.size()) return static_cast<unsigned char>(window_.view().front());
    if (window_.at_end() || LH_TRY(window_.fill()) == 0) return -1;
  }
}

// The value that begins at the window.
Result<JsonFrame> JsonItems::take_value() {
  JsonFrame out;
  scan_.begin();
  while (!scan_.done()) {
    if (window_.empty() && LH_TRY(window_.fill()) == 0) {
      out.kind = JsonFrame::Kind::kCut;
      return out;
    }
    const std::size_t n = scan_.take(window_.view());
    const std::size_t room = max_bytes_ - out.bytes.size();
    out.bytes.append(window_.view().substr(0, std::min(n, room)));
    if (n > room) out.kind = JsonFrame::Kind::kTooLong;
    window_.consume(n);
  }
  return out;
}

Result<std::string> JsonItems::take_name() {
  if (LH_TRY(look()) != '"') return not_there();
  const JsonFrame frame = LH_TRY(take_value());
  if (frame.kind != JsonFrame::Kind::kItem || frame.bytes.size() > kNameBytes) return not_there();
  if (LH_TRY(look()) != ':') return not_there();
  window_.consume(1);
  Decoder decoder = LH_TRY(Decoder::create(encoding_));
  std::string text;
  if (!decoder.decode(frame.bytes, text)) return not_there();
  const auto name = schemas::parse_json(text, text.size());
  if (!name.ok() || name->string() == nullptr) return not_there();
  return *name->string();
}

// To the value of a member of the object at the window.
Status JsonItems::enter_member(const std::string& name) {
  if (LH_TRY(look()) != '{') return not_there();
  window_.consume(1);
  for (;;) {
    const std::string found = LH_TRY(take_name());
    if (found == name) return {};
    const int c = LH_TRY(look());
    if (c == -1 || c == ',' || c == '}' || c == ']') return not_there();
    LH_TRY(take_value());
    if (LH_TRY(look()) != ',') return not_there();
    window_.consume(1);
  }
}

Status JsonItems::enter(const JsonPath& path) {
  around_ = path;
  for (const JsonStep& step : path) LH_TRY(enter_member(step.name));
  if (LH_TRY(look()) != '[') return not_there();
  window_.consume(1);
  return {};
}

Result<std::optional<JsonFrame>> JsonItems::next() {
  if (ended_) return std::optional<JsonFrame>();
  int c = LH_TRY(look());
  if (c == ']') return finish();
  if (c == -1) return rest(JsonFrame::Kind::kCut);
  if (!first_) {
    if (c != ',') return rest(JsonFrame::Kind::kTrailing);
    window_.consume(1);
    c = LH_TRY(look());
    if (c == -1) return rest(JsonFrame::Kind::kCut);
  }
  if (c == ',' || c == ']' || c == '}' || c == ':') return rest(JsonFrame::Kind::kTrailing);
  first_ = false;
  JsonFrame frame = LH_TRY(take_value());
  ended_ = frame.kind == JsonFrame::Kind::kCut;
  return std::optional(std::move(frame));
}

// Behind the last item: the array and the objects around it end, and then the text.
Result<std::optional<JsonFrame>> JsonItems::finish() {
  window_.consume(1);
  for (; !around_.empty(); around_.pop_back()) {
    for (;;) {
      const int c = LH_TRY(look());
      if (c == -1) return rest(JsonFrame::Kind::kCut);
      if (c == '}') break;
      if (c != ',') return rest(JsonFrame::Kind::kTrailing);
      window_.consume(1);
      // Another member, whatever it is; but a second array of the same name would be lost.
      const auto name = take_name();
      if (LH_TRY(look()) == -1) return rest(JsonFrame::Kind::kCut);
      if (!name.ok() || *name == around_.back().name) return rest(JsonFrame::Kind::kTrailing);
      if (LH_TRY(take_value()).kind == JsonFrame::Kind::kCut) return rest(JsonFrame::Kind::kCut);
    }
    window_.consume(1);
  }
  if (LH_TRY(look()) != -1) return rest(JsonFrame::Kind::kTrailing);
  ended_ = true;
  return std::optional<JsonFrame>();
}

// Everything up to the end of the file, as one frame that keeps its beginning.
Result<std::optional<JsonFrame>> JsonItems::rest(JsonFrame::Kind kind) {
  JsonFrame out;
  out.kind = kind;
  ended_ = true;
  for (;;) {
    const ByteView view = window_.view();
    out.bytes.append(view.substr(0, std::min(view.size(), max_bytes_ - out.bytes.size())));
    window_.consume(view.size());
    if (LH_TRY(window_.fill()) == 0) return std::optional(std::move(out));
  }
}

}  // namespace lh::adapters::file::formats
