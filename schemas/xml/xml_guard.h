// What stands before the XML parser: refuses every "<!" but comments and CDATA, crowds of
// attributes and names without end, before libxml2 sees them. Private to schemas/xml.
#pragma once

#include <string_view>

#include "base/result.h"

namespace lh::schemas {

// Looks at every byte. It needs to be no more than an under-approximation of comments, CDATA and
// instructions: where it is in doubt it is in text or in a tag, and refuses.
class XmlGuard {
 public:
  // The next piece. Errors: input.malformed, input.too_large.
  Status pass(std::string_view piece);

 private:
  enum class At : std::uint8_t { kText, kOpen, kBang, kTag, kQuote, kComment, kCdata, kPi };

  Status byte(char c);
  Status open(char c);
  Status tag(char c);
  Status until_end(char c);

  At at_ = At::kText;
  char quote_ = 0;
  std::uint32_t tail_ = 0;
  std::size_t attributes_ = 0;
  std::size_t name_bytes_ = 0;
};

// Of the whole process: no parser loads anything from outside, whatever a document says.
void forbid_loading();

}  // namespace lh::schemas
