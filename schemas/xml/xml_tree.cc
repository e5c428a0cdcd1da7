#include "schemas/xml/xml_tree.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <optional>

#include "base/bytes.h"
#include "schemas/xml/xml_guard.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kDepth = 64;
constexpr std::size_t kPrefixes = 1024;  // in scope of one element

using Prefixes = std::map<std::string, std::string>;

std::string text_of(const xmlChar* begin, std::size_t n) {
  return {reinterpret_cast<const char*>(begin), n};  // NOLINT: xmlChar is a byte of UTF-8
}

std::string name_of(const xmlChar* name) {
  return name == nullptr ? std::string() : text_of(name, static_cast<std::size_t>(xmlStrlen(name)));
}

struct FreeParser {
  void operator()(xmlParserCtxtPtr p) const {
    if (p->myDoc != nullptr) xmlFreeDoc(p->myDoc);
    xmlFreeParserCtxt(p);
  }
};

// What the parser calls, and the tree as far as it is read.
struct Reading {
  std::unique_ptr<xmlParserCtxt, FreeParser> parser;
  std::size_t elements_left = 0;
  std::vector<XmlElement> open;
  std::optional<XmlElement> root;
  std::optional<Error> failed;

  int line() const { return xmlSAX2GetLineNumber(parser.get()); }
  void stop(Reason why, std::string_view what) {
    if (!failed) {
      failed = Error(why, "line " + std::to_string(line()) + ": XML: " + std::string(what));
    }
    xmlStopParser(parser.get());
  }

  // Three kinds of what the parser gives: the name, declared prefixes (pairs), attributes (fives).
  struct Given {
    const xmlChar* local;
    const xmlChar* space;
    int prefix_count;
    const xmlChar** prefixes;
    int attribute_count;
    const xmlChar** attributes;
  };
  void start(const Given& given) {
    if (failed) return;
    if (open.size() >= kDepth) return stop(Reason::kInputTooLarge, "depth");
    if (elements_left == 0) return stop(Reason::kInputTooLarge, "elements");
    --elements_left;
    XmlElement element;
    element.name = {name_of(given.space), name_of(given.local)};
    element.line = line();
    element.prefixes = scope(given);
    if (element.prefixes == nullptr) return stop(Reason::kInputTooLarge, "prefixes");
    // Five pointers an attribute: local name, prefix, namespace, begin and end of the value.
    for (int i = 0; i < given.attribute_count; ++i) {
      const xmlChar** a = given.attributes + static_cast<std::ptrdiff_t>(i) * 5;
      element.attributes.emplace_back(XmlName{name_of(a[2]), name_of(a[0])},
                                      text_of(a[3], static_cast<std::size_t>(a[4] - a[3])));
    }
    open.push_back(std::move(element));
  }

  std::shared_ptr<const Prefixes> scope(const Given& given) const {
    auto outer = open.empty() ? std::make_shared<const Prefixes>() : open.back().prefixes;
    if (given.prefix_count == 0) return outer;
    Prefixes own = *outer;
    for (int i = 0; i < given.prefix_count; ++i) {
      const xmlChar** p = given.prefixes + static_cast<std::ptrdiff_t>(i) * 2;
      own.insert_or_assign(name_of(p[0]), name_of(p[1]));
    }
    return own.size() > kPrefixes ? nullptr : std::make_shared<const Prefixes>(std::move(own));
  }

  void end() {
    if (failed || open.empty()) return;
    XmlElement done = std::move(open.back());
    open.pop_back();
    if (open.empty()) {
      root = std::move(done);
    } else {
      open.back().children.push_back(std::move(done));
    }
  }
};

xmlSAXHandler callbacks() {
  xmlSAXHandler sax = {};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar* space,
                          int prefix_count, const xmlChar** prefixes, int n, int,
                          const xmlChar** attributes) {
    static_cast<Reading*>(self)->start({name, space, prefix_count, prefixes, n, attributes});
  };
  sax.endElementNs = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    static_cast<Reading*>(self)->end();
  };
  sax.internalSubset = [](void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    static_cast<Reading*>(self)->stop(Reason::kInputMalformed, "DOCTYPE");
  };
  sax.serror = [](void*, xmlErrorPtr) {};  // else it would be printed
  return sax;
}

}  // namespace

const std::string* XmlElement::attribute(std::string_view local) const {
  for (const auto& [known, value] : attributes) {
    if (known.space.empty() && known.local == local) return &value;
  }
  return nullptr;
}

Result<XmlName> XmlElement::resolve(std::string_view prefixed) const {
  const auto colon = prefixed.find(':');
  const std::string prefix(colon == std::string_view::npos ? "" : prefixed.substr(0, colon));
  const std::string local(prefixed.substr(colon == std::string_view::npos ? 0 : colon + 1));
  const auto known = prefixes->find(prefix);
  if (local.empty() || (known == prefixes->end() && !prefix.empty())) {
    return Error(Reason::kInputMalformed,
                 "line " + std::to_string(line) + ": a prefix nobody declared");
  }
  return XmlName{known == prefixes->end() ? std::string() : known->second, local};
}

Result<XmlElement> parse_xml_tree(std::string_view utf8, const XmlTreeLimits& limits) {
  if (utf8.starts_with("\xEF\xBB\xBF")) utf8.remove_prefix(3);
  if (utf8.size() > limits.bytes) return Error(Reason::kInputTooLarge, "XML: bytes");
  if (utf8.find('\0') != std::string_view::npos || !is_utf8(utf8)) {
    return Error(Reason::kInputEncoding, "XML");
  }
  LH_TRY(XmlGuard().pass(utf8));
  forbid_loading();
  xmlSAXHandler sax = callbacks();
  Reading reading;
  reading.elements_left = limits.elements;
  reading.parser.reset(xmlCreatePushParserCtxt(&sax, &reading, nullptr, 0, nullptr));
  if (!reading.parser ||
      xmlCtxtUseOptions(reading.parser.get(),
                        XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT) != 0) {
    return Error(Reason::kInputMalformed, "XML: no parser");
  }
  xmlParserCtxtPtr parser = reading.parser.get();
  xmlParseChunk(parser, utf8.data(), static_cast<int>(utf8.size()), 0);
  if (!reading.failed) xmlParseChunk(parser, nullptr, 0, 1);
  if (reading.failed) return *reading.failed;
  if (parser->wellFormed == 0 || parser->nsWellFormed == 0 || !reading.root) {
    return Error(Reason::kInputMalformed, "line " + std::to_string(reading.line()) +
                                              ": XML: error " + std::to_string(parser->errNo));
  }
  return std::move(*reading.root);
}

}  // namespace lh::schemas
