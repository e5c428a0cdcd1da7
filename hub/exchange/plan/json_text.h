// JSON written straight into a text, for long answers that nobody looks at as a tree. The same form
// as to_text(). The calls stand in the order of the text; that they are balanced is checked.
// Private to hub/exchange.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/catalogue.h"

namespace lh::hub::exchange {

class JsonText {
 public:
  explicit JsonText(std::size_t expected_bytes) { out_.reserve(expected_bytes); }
  JsonText& begin_object() { return begin('{', '}'); }
  JsonText& begin_array() { return begin('[', ']'); }
  JsonText& end();  // of what was begun last
  JsonText& name(std::string_view member);
  JsonText& text(std::string_view value);
  JsonText& number(std::int64_t value);
  // A member with its value.
  JsonText& set(std::string_view member, std::string_view value) {
    return name(member).text(value);
  }
  JsonText& set(std::string_view member, std::int64_t value) { return name(member).number(value); }
  JsonText& set(std::string_view member, const schemas::Names& names);
  JsonText& set_filled(std::string_view member, std::string_view value) {  // not when it is empty
    return value.empty() ? *this : set(member, value);
  }
  std::string take();

 private:
  JsonText& begin(char open, char close);
  void comma();
  std::string out_;
  std::string open_;      // what is to be closed, the innermost last
  bool follows_ = false;  // a value stands before
};

}  // namespace lh::hub::exchange
