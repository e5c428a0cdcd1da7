#include "schemas/xml/xml_guard.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <mutex>

namespace lh::schemas {
namespace {

constexpr std::size_t kAttributes = 256;
constexpr std::size_t kNameBytes = 512;

Error not_xml(std::string_view what) {
  return Error(Reason::kInputMalformed, "XML: " + std::string(what));
}

Error too_large(std::string_view what) {
  return Error(Reason::kInputTooLarge, "XML: " + std::string(what));
}

xmlParserInputPtr refuse_entity(const char*, const char*, xmlParserCtxtPtr) {
  return nullptr;
}

}  // namespace

Status XmlGuard::pass(std::string_view piece) {
  for (const char c : piece) {
    if (const Status s = byte(c); !s.ok()) return s;
  }
  return {};
}

Status XmlGuard::byte(char c) {
  switch (at_) {
    case At::kText:
      if (c == '<') at_ = At::kOpen;
      return {};
    case At::kOpen:
      return open(c);
    case At::kBang:
      if (c != '-' && c != '[') return not_xml("a declaration (DOCTYPE) is refused");
      at_ = c == '-' ? At::kComment : At::kCdata;
      tail_ = 0;
      return {};
    case At::kTag:
      return tag(c);
    case At::kQuote:
      if (c == quote_) at_ = At::kTag;
      return {};
    default:
      return until_end(c);
  }
}

Status XmlGuard::open(char c) {
  tail_ = 0;
  attributes_ = 0;
  name_bytes_ = 1;
  at_ = c == '!' ? At::kBang : c == '?' ? At::kPi : At::kTag;
  return {};
}

Status XmlGuard::tag(char c) {
  if (c == '>') {
    at_ = At::kText;
  } else if (c == '"' || c == '\'') {
    quote_ = c;
    at_ = At::kQuote;
    name_bytes_ = 0;
    if (++attributes_ > kAttributes) return too_large("attributes of one element");
  } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=' || c == '/') {
    name_bytes_ = 0;
  } else if (++name_bytes_ > kNameBytes) {
    return too_large("a name");
  }
  return {};
}

Status XmlGuard::until_end(char c) {
  tail_ = (tail_ << 8U | static_cast<unsigned char>(c)) & 0xFFFFFFU;
  const bool ends = at_ == At::kComment ? tail_ == 0x2D2D3EU             // -->
                    : at_ == At::kCdata ? tail_ == 0x5D5D3EU             // ]]>
                                        : (tail_ & 0xFFFFU) == 0x3F3EU;  // ?>
  if (ends) at_ = At::kText;
  return {};
}

void forbid_loading() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSetExternalEntityLoader(refuse_entity);
  });
}

}  // namespace lh::schemas
