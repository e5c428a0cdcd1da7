#include "hub/exchange/plan/json_text.h"

#include <array>
#include <charconv>

#include "schemas/json.h"

namespace lh::hub::exchange {

void JsonText::comma() {
  if (follows_) out_ += ',';
}

JsonText& JsonText::begin(char open, char close) {
  comma();
  out_ += open;
  open_ += close;
  follows_ = false;
  return *this;
}

JsonText& JsonText::end() {
  LH_CHECK(!open_.empty(), "nothing is open");
  out_ += open_.back();
  open_.pop_back();
  follows_ = true;
  return *this;
}

JsonText& JsonText::name(std::string_view member) {
  LH_CHECK(!open_.empty() && open_.back() == '}', "a member stands in an object");
  comma();
  schemas::append_json_string(out_, member);
  out_ += ':';
  follows_ = false;
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  comma();
  schemas::append_json_string(out_, value);
  follows_ = true;
  return *this;
}

JsonText& JsonText::number(std::int64_t value) {
  comma();
  std::array<char, 24> buffer{};
  const auto r = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out_.append(buffer.data(), r.ptr);
  follows_ = true;
  return *this;
}

JsonText& JsonText::set(std::string_view member, const schemas::Names& names) {
  return name(member)
      .begin_object()
      .set("chinese", names.chinese)
      .set("english", names.english)
      .end();
}

std::string JsonText::take() {
  LH_CHECK(open_.empty(), "something is still open");
  return std::move(out_);
}

}  // namespace lh::hub::exchange
