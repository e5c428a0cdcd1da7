// In GB 18030 the bytes < > & " ' / ! ? - = and white space are never part of a longer character
// (section 5: second bytes are 30..39, 40..7E, 80..FE), so tags, comments and instructions are
// found as in UTF-8. Only the end of CDATA holds brackets, which may be second bytes.
#include "adapters/file/formats/xml_frames.h"

#include <algorithm>

namespace lh::adapters::file::formats {
namespace {

constexpr std::size_t kDepth = 60;  // around rows; schemas/xml/xml_rows.h allows 64 in all
constexpr std::size_t kAroundTagBytes = 16U << 10U;
constexpr std::size_t kDeclarationBytes = 1024;
constexpr std::size_t kProbeBytes = 16;
constexpr ByteView kBlank = " \t\r\n";

Error answer(std::string_view what) {
  return Error(Reason::kSourceAnswer, "XML: " + std::string(what));
}

bool is_blank(ByteView text) {
  return text.find_first_not_of(kBlank) == ByteView::npos;
}

// Of "<a:name …>" and "</a:name>": "a:name".
ByteView name_in(ByteView tag) {
  const std::size_t from = tag.starts_with("</") ? 2 : 1;
  const std::size_t to = tag.find_first_of(" \t\r\n/>", from);
  return tag.substr(from, std::min(to, tag.size()) - from);
}

ByteView local_name(ByteView name) {
  return name.substr(name.find(':') + 1);  // npos + 1 = 0: no prefix
}

// The value of version="…" or encoding='…' in an XML declaration; empty when it is not there.
ByteView declared(ByteView declaration, ByteView what) {
  std::size_t at = declaration.find(what);
  if (at == ByteView::npos) return {};
  at = declaration.find_first_not_of(kBlank, at + what.size());
  if (at == ByteView::npos || declaration[at] != '=') return {};
  at = declaration.find_first_not_of(kBlank, at + 1);
  if (at == ByteView::npos || (declaration[at] != '"' && declaration[at] != '\'')) return {};
  const std::size_t end = declaration.find(declaration[at], at + 1);
  if (end == ByteView::npos) return {};
  return declaration.substr(at + 1, end - at - 1);
}

bool same_letters(ByteView a, ByteView upper) {
  const auto same = [](char x, char y) { return (x >= 'a' && x <= 'z' ? x - 32 : x) == y; };
  return a.size() == upper.size() && std::equal(a.begin(), a.end(), upper.begin(), same);
}

}  // namespace

// ---- pieces of markup --------------------------------------------------------------------------

Result<XmlFrames::Token> XmlFrames::until(ByteView mark, std::size_t from) {
  for (;;) {
    const ByteView view = window_.view();
    const std::size_t at = view.find(mark, from);
    if (at != ByteView::npos) return Token{Kind::kComment, at + mark.size()};
    if (window_.at_end()) return Token{Kind::kCut, view.size()};
    if (view.size() > max_bytes_) return Token{Kind::kTooLong, view.size()};
    from = std::max(from, view.size() - std::min(view.size(), mark.size() - 1));
    LH_TRY(window_.fill());
  }
}

Result<XmlFrames::Token> XmlFrames::look_at_tag() {
  char quote = 0;
  for (std::size_t i = 1;;) {
    const ByteView view = window_.view();
    for (; i < view.size(); ++i) {
      const char c = view[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        const Kind opening = view[i - 1] == '/' ? Kind::kEmptyTag : Kind::kStartTag;
        return Token{view[1] == '/' ? Kind::kEndTag : opening, i + 1};
      }
    }
    if (window_.at_end()) return Token{Kind::kCut, view.size()};
    if (view.size() > max_bytes_) return Token{Kind::kTooLong, view.size()};
    LH_TRY(window_.fill());
  }
}

Result<XmlFrames::Token> XmlFrames::look_at_markup() {
  LH_TRY(window_.want(kProbeBytes));
  const ByteView view = window_.view();
  if (view.starts_with("<!--")) return until("-->", 4);
  if (view.starts_with("<![CDATA[")) return Token{Kind::kCdata, 9};
  const bool unfinished =
      ByteView("<!--").starts_with(view) || ByteView("<![CDATA[").starts_with(view);
  if (unfinished) return Token{Kind::kCut, view.size()};  // all there is: the file ends here
  if (view.starts_with("<!")) return Token{Kind::kDeclaration, 2};
  if (view.starts_with("<?")) return until("?>", 2);
  return look_at_tag();
}

Result<XmlFrames::Token> XmlFrames::look() {
  if (window_.empty() && LH_TRY(window_.fill()) == 0) return Token{};
  const ByteView view = window_.view();
  if (view.front() == '<') return look_at_markup();
  return Token{Kind::kText, std::min(view.find('<'), view.size())};
}

// ---- before the rows ---------------------------------------------------------------------------

Status XmlFrames::read_declaration() {
  LH_TRY(window_.want(kDeclarationBytes));
  const ByteView view = window_.view();
  const bool there = view.starts_with("<?xml") && view.size() > 5 && is_blank(view.substr(5, 1));
  ByteView encoding = "UTF-8";  // XML 1.0, 4.3.3: what is not declared is UTF-8
  std::size_t bytes = 0;
  if (there) {
    const std::size_t end = view.substr(0, kDeclarationBytes).find("?>");
    if (end == ByteView::npos) return answer("the declaration does not end");
    bytes = end + 2;
    const ByteView declaration = view.substr(0, bytes);
    if (declared(declaration, "version") != "1.0") return answer("the version is not 1.0");
    if (declaration.find("encoding") != ByteView::npos)
      encoding = declared(declaration, "encoding");
  }
  if (!same_letters(encoding, encoding_ == Encoding::kUtf8 ? "UTF-8" : "GB18030")) {
    return answer("the file declares another encoding than the mapping");
  }
  window_.consume(bytes);
  return {};
}

Status XmlFrames::start() {
  LH_TRY(read_declaration());
  for (;;) {
    const Token token = LH_TRY(look());
    switch (token.kind) {
      case Kind::kStartTag:
      case Kind::kEmptyTag:
        return {};
      case Kind::kDeclaration:
        return answer("a DOCTYPE or another declaration is refused");
      case Kind::kText:
        if (!is_blank(window_.view().substr(0, token.bytes))) return answer("text before the root");
        break;
      case Kind::kComment:
        break;
      default:
        return answer("there is no root element");
    }
    window_.consume(token.bytes);
  }
}

// ---- around the rows ---------------------------------------------------------------------------

Bytes XmlFrames::around() const {
  Bytes out;
  for (const Open& element : open_) out += element.tag;
  return out;
}

bool XmlFrames::is_row(ByteView name) const {
  const bool inside = open_.empty() || open_.back().on_path;
  return inside && open_.size() + 1 == path_.size() && local_name(name) == path_.back();
}

// False: it cannot stand here.
bool XmlFrames::take_start(const Token& token) {
  const ByteView tag = window_.view().substr(0, token.bytes);
  if ((open_.empty() && root_seen_) || name_in(tag).empty()) return false;
  root_seen_ = true;
  if (open_.size() == kDepth || tag.size() > kAroundTagBytes) return false;
  if (token.kind == Kind::kEmptyTag) return true;
  Open element;
  element.name = name_in(tag);
  element.tag = tag;
  const bool inside = open_.empty() || open_.back().on_path;
  element.on_path =
      inside && open_.size() + 1 < path_.size() && local_name(element.name) == path_[open_.size()];
  open_.push_back(std::move(element));
  ++around_version_;
  return true;
}

bool XmlFrames::take_end(const Token& token) {
  const ByteView name = name_in(window_.view().substr(0, token.bytes));
  if (open_.empty() || open_.back().name != name) return false;
  open_.pop_back();
  ++around_version_;
  return true;
}

// Text and comments between rows are no rows; text around the root element is no XML.
bool XmlFrames::take_outer(const Token& token) {
  switch (token.kind) {
    case Kind::kStartTag:
    case Kind::kEmptyTag:
      return take_start(token);
    case Kind::kEndTag:
      return take_end(token);
    case Kind::kText:
      return !open_.empty() || is_blank(window_.view().substr(0, token.bytes));
    case Kind::kComment:
      return true;
    case Kind::kCdata:
      return !open_.empty();
    default:
      return false;
  }
}

Result<std::optional<XmlFrame>> XmlFrames::next() {
  for (;;) {
    if (ended_) return std::optional<XmlFrame>();
    const Token token = LH_TRY(look());
    const bool starts = token.kind == Kind::kStartTag || token.kind == Kind::kEmptyTag;
    if (starts && is_row(name_in(window_.view().substr(0, token.bytes))) &&
        !(open_.empty() && root_seen_)) {
      root_seen_ = true;
      return std::optional(LH_TRY(take_row(token)));
    }
    if (token.kind == Kind::kEnd && open_.empty()) {
      ended_ = true;
      continue;
    }
    if (token.kind == Kind::kEnd || token.kind == Kind::kCut) return rest(XmlFrame::Kind::kCut);
    if (!take_outer(token)) return rest(XmlFrame::Kind::kStray);
    window_.consume(token.bytes);
    if (token.kind == Kind::kCdata) LH_TRY(take_cdata(nullptr));
  }
}

// ---- a row -------------------------------------------------------------------------------------

void XmlFrames::keep(Bytes* kept, std::size_t n) {
  if (kept != nullptr) {
    const std::size_t room = max_bytes_ - kept->size();
    kept->append(window_.view().substr(0, std::min(n, room)));
    too_long_ = too_long_ || n > room;
  }
  window_.consume(n);
}

// Behind "<![CDATA[": up to and with "]]>".
Status XmlFrames::take_cdata(Bytes* kept) {
  std::size_t brackets = 0;
  for (;;) {
    LH_TRY(window_.want(kProbeBytes));
    const ByteView view = window_.view();
    // A character is looked at only when it is there whole.
    const std::size_t stop =
        view.size() - (window_.at_end() ? 0 : std::min<std::size_t>(3, view.size()));
    if (stop == 0) return {};
    std::size_t i = 0;
    bool ended = false;
    while (i < stop && !ended) {
      ended = view[i] == '>' && brackets >= 2;
      brackets = view[i] == ']' ? brackets + 1 : 0;
      i += encoding_ == Encoding::kGb18030 ? gb18030_length(view.substr(i)) : 1;
    }
    keep(kept, std::min(i, view.size()));
    if (ended) return {};
  }
}

// Elements of the row's own name are counted; what else is wrong inside is the reader's to say.
Result<XmlFrame> XmlFrames::take_row(Token token) {
  XmlFrame out;
  const Bytes name(name_in(window_.view().substr(0, token.bytes)));
  too_long_ = false;
  std::size_t nested = 0;
  for (;;) {
    const ByteView tag = window_.view().substr(0, token.bytes);
    if (token.kind == Kind::kStartTag && name_in(tag) == name) ++nested;
    if (token.kind == Kind::kEndTag && name_in(tag) == name) --nested;
    const bool ended = nested == 0;  // also of one empty tag
    const bool lost = token.kind == Kind::kCut || token.kind == Kind::kEnd;
    keep(&out.bytes, token.bytes);
    if (token.kind == Kind::kCdata) LH_TRY(take_cdata(&out.bytes));
    if (lost || token.kind == Kind::kTooLong) {
      // Markup that does not end within the length of a row hides everything behind it.
      if (token.kind == Kind::kTooLong) LH_TRY(rest(XmlFrame::Kind::kCut));
      ended_ = true;
      out.kind = XmlFrame::Kind::kCut;
      return out;
    }
    if (ended) break;
    token = LH_TRY(look());
  }
  if (too_long_) out.kind = XmlFrame::Kind::kTooLong;
  return out;
}

// Everything up to the end of the file, as one frame that keeps its beginning.
Result<std::optional<XmlFrame>> XmlFrames::rest(XmlFrame::Kind kind) {
  XmlFrame out;
  out.kind = kind;
  ended_ = true;
  do {
    keep(&out.bytes, window_.view().size());
  } while (LH_TRY(window_.fill()) != 0);
  return std::optional(std::move(out));
}

}  // namespace lh::adapters::file::formats
