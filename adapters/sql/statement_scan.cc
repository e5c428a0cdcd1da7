// Reads a statement of a mapping just enough to find its :names and to refuse what would let a
// value or another statement in.
#include "adapters/sql/statement_text.h"

namespace lh::adapters::sql {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::variant<NamedStatement, StatementFault> run() {
    while (fault_.empty() && at_ < text_.size()) take();
    if (fault_.empty() && depth_ != 0) fault_ = "its parentheses do not match";
    if (!fault_.empty()) return StatementFault{std::move(fault_)};
    return std::move(out_);
  }

 private:
  char next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }

  void take() {
    const char c = text_[at_];
    if (c == '\'' || c == '"' || c == '`') return take_quoted(c);
    if (c == ':') return take_name();
    if (c == '(') ++depth_;
    if (c == ')' && --depth_ < 0) fault_ = "its parentheses do not match";
    if (c == ';') fault_ = "it is one statement, without ;";
    if (c == '?') fault_ = "parameters are written :name, not ?";
    if (c == '$') fault_ = "$ is not allowed";
    if (c == '#' || (c == '-' && next() == '-') || (c == '/' && next() == '*')) {
      fault_ = "comments are not allowed";
    }
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t') {
      fault_ = "a control character is not allowed";
    }
    out_.sql.push_back(c);
    ++at_;
  }

  // A doubled quote is two quoted parts beside each other: the same for our purpose.
  void take_quoted(char quote) {
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) {
      fault_ = "a quote is not closed";
      return;
    }
    const std::string_view part = text_.substr(at_, end + 1 - at_);
    // What a backslash does depends on the product and its settings.
    if (part.find_first_of(std::string_view("\\\n\r\0", 4)) != std::string_view::npos) {
      fault_ = "a backslash or line end between quotes is not allowed";
    }
    out_.sql += part;
    at_ = end + 1;
  }

  void take_name() {
    if (next() == ':') {
      out_.sql += "::";
      at_ += 2;
      return;
    }
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_name(text_[end])) ++end;
    if (end == at_ + 1) {
      fault_ = "a parameter has a name: :name";
      return;
    }
    out_.names.emplace_back(text_.substr(at_ + 1, end - at_ - 1));
    out_.sql.push_back('?');
    at_ = end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  NamedStatement out_;
  std::string fault_;
};

}  // namespace

std::variant<NamedStatement, StatementFault> parse_statement(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace lh::adapters::sql
