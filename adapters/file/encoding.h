// Text of another encoding to UTF-8 and back (glibc iconv, which has the 2022 edition of GB 18030).
// All or nothing: invalid text is refused, never replaced.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace lh::adapters::file {

enum class Encoding : std::uint8_t { kUtf8, kGb18030 };

class Decoder {
 public:
  static Result<Decoder> create(Encoding encoding);  // source.unavailable: iconv lacks it
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();
  // out becomes the UTF-8 text of bytes. False when bytes are not valid or hold U+0000; out is then
  // unspecified. Threads: one at a time an object. Cost: 0.3 µs a row of ASCII, 2 µs of Chinese.
  [[nodiscard]] bool decode(ByteView bytes, std::string& out);

 private:
  struct Handle;
  explicit Decoder(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;  // null for UTF-8
};

// Bytes of the character that text of GB 18030 begins with, by the form of its first two bytes: 1,
// 2 or 4; 1 also for what is no character. More than text.size() when the text ends inside it.
std::size_t gb18030_length(ByteView text);

// Input: UTF-8. Errors: input.encoding. For files made for old systems, and for tests.
Result<Bytes> encode_gb18030(std::string_view utf8);

}  // namespace lh::adapters::file
