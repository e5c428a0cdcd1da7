// A WSDL 1.1 file and what lies beside it, read whole and strictly: definitions and schemas by
// name. Only local files are read, and of them only those in the folder of the first: never the
// network, never another folder. Source: W3C Note WSDL 1.1 (2001), XML Schema Part 1. Refused with
// the line: WSDL 2.0, redefine.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "schemas/xml/xml_tree.h"

namespace lh::adapters::soap::wsdl {

inline constexpr std::string_view kWsdl = "http://schemas.xmlsoap.org/wsdl/";
inline constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema";

struct Document {
  std::string file;  // its name in the folder
  schemas::XmlElement root;
};

struct Schema {
  const schemas::XmlElement* node = nullptr;
  const Document* in = nullptr;
  std::string space;  // its target namespace, or that of who included it
};

// A component and where it stands.
struct Found {
  const schemas::XmlElement* node = nullptr;
  const Document* in = nullptr;
  const Schema* schema = nullptr;  // of those of a schema
};

// "civil.wsdl, line 12: what".
Error wrong_at(const Document& in, const schemas::XmlElement& at, std::string_view what);

class Description {
 public:
  // Errors: mapping.invalid (file, line and what), file.unreadable, input.too_large (1 MiB a file,
  // 32 files, 4 MiB together).
  static Result<Description> load(const std::string& path);
  Description(Description&&) noexcept = default;
  Description& operator=(Description&&) noexcept = default;

  const std::vector<const Document*>& definitions() const { return definitions_; }
  // "message", "portType", "binding" of the definitions. Errors: mapping.invalid at `from`.
  Result<Found> definition(std::string_view what, const schemas::XmlName& name,
                           const Found& from) const;
  // "element", "complexType", "simpleType" of the schemas; null node: there is none.
  Found component(std::string_view what, const schemas::XmlName& name) const;
  // The bytes of all files, in the order they were read: what a digest of it is over.
  const std::string& bytes() const { return bytes_; }

 private:
  Description() = default;
  class Loading;
  std::deque<Document> documents_;
  std::vector<const Document*> definitions_;
  std::deque<Schema> schemas_;
  std::string bytes_;
};

}  // namespace lh::adapters::soap::wsdl
