#include "adapters/soap/wsdl/operation.h"

#include <algorithm>

namespace lh::adapters::soap::wsdl {
namespace {

using schemas::XmlElement;
using schemas::XmlName;

constexpr std::string_view kSoap11 = "http://schemas.xmlsoap.org/wsdl/soap/";
constexpr std::string_view kSoap12 = "http://schemas.xmlsoap.org/wsdl/soap12/";
constexpr std::string_view kOverHttp = "http://schemas.xmlsoap.org/soap/http";

const XmlElement* soap_child(const XmlElement& of, std::string_view local) {
  for (const XmlElement& child : of.children) {
    if (child.is(kSoap11, local) || child.is(kSoap12, local)) return &child;
  }
  return nullptr;
}

const XmlElement* named_child(const XmlElement& of, std::string_view what, std::string_view name) {
  for (const XmlElement& child : of.children) {
    const std::string* own = child.attribute("name");
    if (child.is(kWsdl, what) && own != nullptr && *own == name) return &child;
  }
  return nullptr;
}

const XmlElement* first_child(const XmlElement& of, std::string_view what) {
  for (const XmlElement& child : of.children) {
    if (child.is(kWsdl, what)) return &child;
  }
  return nullptr;
}

std::string text_of(const XmlElement& node, std::string_view attribute) {
  const std::string* value = node.attribute(attribute);
  return value == nullptr ? std::string() : *value;
}

Result<XmlName> reference(const Found& at, std::string_view attribute) {
  const std::string* value = at.node->attribute(attribute);
  if (value == nullptr) {
    return wrong_at(*at.in, *at.node, std::string(attribute) + " is missing");
  }
  auto name = at.node->resolve(*value);
  if (!name.ok()) return wrong_at(*at.in, *at.node, "a prefix nobody declared");
  return name;
}

// One operation while it is put together.
class Finder {
 public:
  Finder(const Description& in, const std::string& name) : in_(in), name_(name) {}

  // Whether this port is over SOAP and has it.
  Result<bool> try_port(const Found& port) {
    const XmlElement* address = soap_child(*port.node, "address");
    if (address == nullptr) return false;
    binding_ = LH_TRY(in_.definition("binding", LH_TRY(reference(port, "binding")), port));
    bound_ = named_child(*binding_.node, "operation", name_);
    const XmlElement* soap = soap_child(*binding_.node, "binding");
    if (bound_ == nullptr || soap == nullptr) return false;
    if (text_of(*soap, "transport") != kOverHttp) {
      return wrong_at(*binding_.in, *soap, "a transport that is not HTTP");
    }
    out_.port = text_of(*port.node, "name");
    out_.endpoint = text_of(*address, "location");
    out_.version = soap->name.space == kSoap11 ? Version::kSoap11 : Version::kSoap12;
    style_ = text_of(*soap, "style");
    return true;
  }

  Result<Operation> finish() {
    if (const XmlElement* soap = soap_child(*bound_, "operation")) {
      out_.action = text_of(*soap, "soapAction");
      if (soap->attribute("style") != nullptr) style_ = text_of(*soap, "style");
    }
    if (style_.empty()) style_ = "document";
    if (style_ != "document" && style_ != "rpc") {
      return wrong_at(*binding_.in, *bound_, "style is document or rpc");
    }
    const Found type =
        LH_TRY(in_.definition("portType", LH_TRY(reference(binding_, "type")), binding_));
    const XmlElement* abstract = named_child(*type.node, "operation", name_);
    if (abstract == nullptr) return wrong_at(*type.in, *type.node, "no operation " + name_);
    out_.request = LH_TRY(message({abstract, type.in, nullptr}, "input"));
    out_.answer = LH_TRY(message({abstract, type.in, nullptr}, "output"));
    return std::move(out_);
  }

 private:
  // Input or output: the element that stands in the body.
  Result<Element> message(const Found& abstract, std::string_view what) {
    const XmlElement* io = first_child(*abstract.node, what);
    const XmlElement* bound = first_child(*bound_, what);
    if (io == nullptr || bound == nullptr) {
      return wrong_at(*abstract.in, *abstract.node, "an operation without " + std::string(what));
    }
    const XmlElement* body = soap_child(*bound, "body");
    if (body == nullptr) return wrong_at(*binding_.in, *bound, "a body that is not of SOAP");
    if (text_of(*body, "use") != "literal") {
      return wrong_at(*binding_.in, *body, "use is literal; encoded is not supported");
    }
    if (what == "input" && soap_child(*bound, "header") != nullptr) {
      out_.headers = Headers::kDeclared;
    }
    const Found at{io, abstract.in, nullptr};
    const Found message = LH_TRY(in_.definition("message", LH_TRY(reference(at, "message")), at));
    const auto parts = body_parts(*message.node, *body);
    return style_ == "rpc" ? rpc(message, parts, what, *body) : document(message, parts);
  }

  // All parts, or those that soap:body names.
  static std::vector<const XmlElement*> body_parts(const XmlElement& message,
                                                   const XmlElement& body) {
    const std::string* named = body.attribute("parts");
    std::vector<const XmlElement*> out;
    for (const XmlElement& child : message.children) {
      if (!child.is(kWsdl, "part")) continue;
      const std::string own = " " + text_of(child, "name") + " ";
      if (named == nullptr || (" " + *named + " ").find(own) != std::string::npos) {
        out.push_back(&child);
      }
    }
    return out;
  }

  Result<Element> document(const Found& message, const std::vector<const XmlElement*>& parts) {
    if (parts.size() != 1 || parts[0]->attribute("element") == nullptr) {
      return wrong_at(*message.in, *message.node, "document style: one part with an element");
    }
    const Found part{parts[0], message.in, nullptr};
    return read_element(in_, LH_TRY(reference(part, "element")), part);
  }

  // The element is made by the style: the operation's name, or that and Response.
  Result<Element> rpc(const Found& message, const std::vector<const XmlElement*>& parts,
                      std::string_view what, const XmlElement& body) {
    Element out;
    out.name = {text_of(body, "namespace"), name_ + (what == "output" ? "Response" : "")};
    out.content = Content::kElements;
    for (const XmlElement* node : parts) {
      const Found part{node, message.in, nullptr};
      if (node->attribute("type") == nullptr) {
        return wrong_at(*message.in, *node, "rpc style: parts with a type");
      }
      const XmlName type = LH_TRY(reference(part, "type"));
      out.children.push_back(read_typed(in_, {"", text_of(*node, "name")}, type, part));
    }
    return out;
  }

  const Description& in_;
  const std::string& name_;
  Found binding_;
  const XmlElement* bound_ = nullptr;  // the operation in the binding
  std::string style_;
  Operation out_;
};

std::vector<Found> children_of(const Found& of, std::string_view what) {
  std::vector<Found> out;
  for (const XmlElement& child : of.node->children) {
    if (child.is(kWsdl, what)) out.push_back({&child, of.in, nullptr});
  }
  return out;
}

// In the order of the files.
std::vector<Found> ports_of(const Description& in) {
  std::vector<Found> out;
  for (const Document* document : in.definitions()) {
    for (const Found& service : children_of({&document->root, document, nullptr}, "service")) {
      const auto ports = children_of(service, "port");
      out.insert(out.end(), ports.begin(), ports.end());
    }
  }
  return out;
}

}  // namespace

Result<Operation> find_operation(const Description& in, const std::string& name,
                                 const std::string& port) {
  for (const Found& one : ports_of(in)) {
    if (!port.empty() && text_of(*one.node, "name") != port) continue;
    Finder finder(in, name);
    if (LH_TRY(finder.try_port(one))) return finder.finish();
  }
  return Error(Reason::kMappingInvalid,
               "no port " + (port.empty() ? "over SOAP" : port) + " has the operation " + name);
}

}  // namespace lh::adapters::soap::wsdl
