// The items of a JSON array in a file, one after the other, found without reading the whole text.
#pragma once

#include <optional>

#include "adapters/file/byte_window.h"
#include "adapters/file/encoding.h"
#include "adapters/file/formats/json_path.h"

namespace lh::adapters::file::formats {

// Where a value ends, byte by byte. In GB 18030 brackets and the reverse solidus also stand inside
// characters of two bytes, so characters are walked over whole.
class JsonValueScan {
 public:
  explicit JsonValueScan(Encoding encoding) : encoding_(encoding) {}
  // Begins a value whose first byte is the first of the next bytes given.
  void begin();
  // How many of the bytes belong to the value; done() tells whether it ended there.
  std::size_t take(ByteView bytes);
  bool done() const { return done_; }

 private:
  enum class Kind : std::uint8_t { kUnknown, kScalar, kString, kNested };
  bool in_character(unsigned char c);
  bool byte(unsigned char c);

  Encoding encoding_;
  Kind kind_ = Kind::kUnknown;
  bool in_string_ = false;
  bool escaped_ = false;
  bool lead_ = false;     // the byte before began a character of GB 18030
  std::size_t skip_ = 0;  // bytes of a character still to come
  std::uint64_t depth_ = 0;
  bool done_ = false;
};

struct JsonFrame {
  enum class Kind : std::uint8_t {
    kItem,     // a whole value by its brackets; not yet known to be JSON
    kTooLong,  // its first max_bytes
    kCut,      // the file ends inside the array: what there is of an item, perhaps nothing
    kTrailing  // what stands where the array or the text has ended, or between items
  };
  Kind kind = Kind::kItem;
  Bytes bytes;
};

class JsonItems {
 public:
  // The window stands at the beginning of the text. path: names only; empty = the text is the
  // array.
  JsonItems(ByteWindow& window, Encoding encoding, std::size_t max_bytes)
      : window_(window), encoding_(encoding), max_bytes_(max_bytes), scan_(encoding) {}
  // Errors: source.answer (there is no array at the path), source.unavailable.
  Status enter(const JsonPath& path);
  // The window stands behind an item of an array that was entered before.
  void go_on(const JsonPath& path) {
    around_ = path;
    first_ = false;
  }
  // Consumes up to the end of the item. nullopt: the array has ended, and the text behind it as it
  // should. After kCut and kTrailing there is nothing more. Errors: source.unavailable.
  Result<std::optional<JsonFrame>> next();

 private:
  Result<int> look();  // the next byte that is not white space, -1 at the end; not consumed
  Result<JsonFrame> take_value();
  Result<std::string> take_name();
  Status enter_member(const std::string& name);
  Result<std::optional<JsonFrame>> finish();
  Result<std::optional<JsonFrame>> rest(JsonFrame::Kind kind);

  ByteWindow& window_;
  Encoding encoding_;
  std::size_t max_bytes_;
  JsonValueScan scan_;
  JsonPath around_;  // members that the array lies in, outermost first
  bool first_ = true;
  bool ended_ = false;
};

}  // namespace lh::adapters::file::formats
