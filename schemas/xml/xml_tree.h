// A small XML document as a tree with names, namespaces and lines: descriptions (WSDL, XML Schema),
// never data. As strict as XmlRows: no DOCTYPE, so no entities; nothing is ever loaded; an encoding
// declaration is ignored.
// Source: XML 1.0 (fifth edition), Namespaces in XML 1.0.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lh::schemas {

struct XmlName {
  std::string space;  // namespace; empty: none
  std::string local;
  auto operator<=>(const XmlName&) const = default;
};

struct XmlElement {
  XmlName name;
  std::vector<std::pair<XmlName, std::string>> attributes;
  std::vector<XmlElement> children;
  std::shared_ptr<const std::map<std::string, std::string>> prefixes;  // in scope; "": default
  int line = 0;

  bool is(std::string_view space, std::string_view local) const {
    return name.space == space && name.local == local;
  }
  // An attribute without a namespace; null: not there.
  const std::string* attribute(std::string_view local) const;
  // The name behind a prefixed one in an attribute's value. Errors: input.malformed (a prefix that
  // nobody declared).
  Result<XmlName> resolve(std::string_view prefixed) const;
};

struct XmlTreeLimits {
  std::size_t bytes = 2U << 20U;
  std::size_t elements = 50'000;
};

// UTF-8. Text between elements is not kept. Errors: input.malformed and input.encoding with the
// line, input.too_large (bytes, elements, depth 64, attributes, names).
Result<XmlElement> parse_xml_tree(std::string_view utf8, const XmlTreeLimits& limits = {});

}  // namespace lh::schemas
