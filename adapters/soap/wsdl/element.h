// What an element of a message holds, as its schema says: children in order, which of them must be
// there, which are texts. What this house does not read (choices, groups, attributes that must be
// there, …) is kept as the reason why, and matters only where it is needed.
#pragma once

#include "adapters/soap/wsdl/description.h"

namespace lh::adapters::soap::wsdl {

enum class Content : std::uint8_t { kText, kElements, kUnreadable };
enum class Needed : std::uint8_t { kNo, kYes };
enum class Times : std::uint8_t { kOnce, kMany };

struct Element {
  schemas::XmlName name;  // without a namespace: unqualified
  Needed needed = Needed::kYes;
  Times times = Times::kOnce;
  Content content = Content::kText;
  std::string why;  // unreadable: file, line and what
  std::vector<Element> children;

  const Element* child(std::string_view local) const;
};

// A global element. Errors: mapping.invalid at `from` (there is none).
Result<Element> read_element(const Description& in, const schemas::XmlName& name,
                             const Found& from);
// An element of that name whose content is of a type: a part of an rpc message.
Element read_typed(const Description& in, const schemas::XmlName& name,
                   const schemas::XmlName& type, const Found& from);

}  // namespace lh::adapters::soap::wsdl
