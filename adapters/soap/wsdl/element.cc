#include "adapters/soap/wsdl/element.h"

#include <algorithm>

namespace lh::adapters::soap::wsdl {
namespace {

using schemas::XmlElement;
using schemas::XmlName;

constexpr std::size_t kDepth = 12;       // deeper, or a type that holds itself: unreadable
constexpr std::size_t kElements = 4000;  // of one message

bool is_zero(const std::string* text) {
  return text != nullptr && *text == "0";
}

class Reading {
 public:
  explicit Reading(const Description& in) : in_(in) {}

  // An element declared at `at`, inside a schema.
  Element declared(const Found& at, const XmlName& name) {
    Element out;
    out.name = name;
    const Status read = content(at, out);
    if (!read.ok()) give_up(out, read.error());
    return out;
  }
  Element typed(const XmlName& name, const XmlName& type, const Found& from) {
    Element out;
    out.name = name;
    const Status read = of_type(type, from, out);
    if (!read.ok()) give_up(out, read.error());
    return out;
  }

 private:
  static void give_up(Element& out, const Error& why) {
    out.content = Content::kUnreadable;
    out.children.clear();
    out.why = why.detail();
  }
  static Error unsupported(const Found& at, const XmlElement& node) {
    return wrong_at(*at.in, node, node.name.local + " is not supported");
  }

  Status content(const Found& at, Element& out) {
    if (++depth_ > kDepth || ++elements_ > kElements) {
      --depth_;
      return wrong_at(*at.in, *at.node, "too deep, or holds itself");
    }
    Status read = content_within(at, out);
    --depth_;
    return read;
  }

  Status content_within(const Found& at, Element& out) {
    if (const std::string* type = at.node->attribute("type")) {
      auto name = at.node->resolve(*type);
      if (!name.ok()) return wrong_at(*at.in, *at.node, "type: a prefix nobody declared");
      return of_type(*name, at, out);
    }
    for (const XmlElement& child : at.node->children) {
      if (child.is(kXsd, "simpleType")) return {};
      if (child.is(kXsd, "complexType")) return complex({&child, at.in, at.schema}, out);
    }
    return wrong_at(*at.in, *at.node, "an element of any type");
  }

  Status of_type(const XmlName& type, const Found& from, Element& out) {
    if (type.space == kXsd) {
      if (type.local != "anyType") return {};
      return wrong_at(*from.in, *from.node, "an element of any type");
    }
    if (in_.component("simpleType", type).node != nullptr) return {};
    const Found found = in_.component("complexType", type);
    if (found.node == nullptr) {
      return wrong_at(*from.in, *from.node, "type " + type.local + " is not there");
    }
    if (++depth_ > kDepth) {
      --depth_;
      return wrong_at(*from.in, *from.node, "too deep, or holds itself");
    }
    Status read = complex(found, out);
    --depth_;
    return read;
  }

  Status complex(const Found& at, Element& out) {
    out.content = Content::kElements;
    for (const XmlElement& child : at.node->children) {
      if (child.name.space != kXsd) continue;
      const std::string& what = child.name.local;
      if (what == "sequence" || what == "all") {
        LH_TRY(particles(at, child, out));
      } else if (what == "simpleContent") {
        out.content = Content::kText;
      } else if (what == "complexContent") {
        LH_TRY(extended(at, child, out));
      } else if (what == "attribute") {
        const std::string* use = child.attribute("use");
        if (use != nullptr && *use == "required") return unsupported(at, child);
      } else if (what != "annotation" && what != "anyAttribute") {
        return unsupported(at, child);
      }
    }
    return {};
  }

  // <complexContent><extension base="…"> : what the base holds comes first.
  Status extended(const Found& at, const XmlElement& node, Element& out) {
    for (const XmlElement& child : node.children) {
      if (child.is(kXsd, "annotation")) continue;
      const std::string* base = child.attribute("base");
      if (!child.is(kXsd, "extension") || base == nullptr) return unsupported(at, child);
      const auto name = child.resolve(*base);
      if (!name.ok()) return wrong_at(*at.in, child, "base: a prefix nobody declared");
      LH_TRY(of_type(*name, {&child, at.in, at.schema}, out));
      LH_TRY(complex({&child, at.in, at.schema}, out));
    }
    return {};
  }

  Status particles(const Found& at, const XmlElement& node, Element& out) {
    for (const XmlElement& child : node.children) {
      if (child.is(kXsd, "element")) {
        LH_TRY(particle(at, child, out));
      } else if (child.is(kXsd, "sequence")) {
        LH_TRY(particles(at, child, out));
      } else if (!child.is(kXsd, "annotation") && !is_zero(child.attribute("minOccurs"))) {
        return unsupported(at, child);
      }
    }
    return {};
  }

  Status particle(const Found& at, const XmlElement& node, Element& out) {
    Element made;
    if (const std::string* ref = node.attribute("ref")) {
      const auto name = node.resolve(*ref);
      const Found found = name.ok() ? in_.component("element", *name) : Found{};
      if (found.node == nullptr) return wrong_at(*at.in, node, "element " + *ref + " is not there");
      made = declared(found, *name);
    } else {
      const std::string* name = node.attribute("name");
      if (name == nullptr) return wrong_at(*at.in, node, "an element without a name");
      made = declared({&node, at.in, at.schema}, {space_within(at, node), *name});
    }
    const std::string* most = node.attribute("maxOccurs");
    made.needed = is_zero(node.attribute("minOccurs")) ? Needed::kNo : Needed::kYes;
    made.times = most == nullptr || *most == "1" || *most == "0" ? Times::kOnce : Times::kMany;
    out.children.push_back(std::move(made));
    return {};
  }

  // XML Schema part 1, 3.3.2: form, else elementFormDefault, else unqualified.
  static std::string space_within(const Found& at, const XmlElement& node) {
    const std::string* form = node.attribute("form");
    if (form == nullptr) form = at.schema->node->attribute("elementFormDefault");
    return form != nullptr && *form == "qualified" ? at.schema->space : std::string();
  }

  const Description& in_;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace

const Element* Element::child(std::string_view local) const {
  const auto at = std::find_if(children.begin(), children.end(),
                               [local](const Element& e) { return e.name.local == local; });
  return at == children.end() ? nullptr : &*at;
}

Result<Element> read_element(const Description& in, const XmlName& name, const Found& from) {
  const Found found = in.component("element", name);
  if (found.node == nullptr) {
    return wrong_at(*from.in, *from.node, "element " + name.local + " is not there");
  }
  return Reading(in).declared(found, name);
}

Element read_typed(const Description& in, const XmlName& name, const XmlName& type,
                   const Found& from) {
  return Reading(in).typed(name, type, from);
}

}  // namespace lh::adapters::soap::wsdl
