// Rows of an XML document, one after the other, while it is being read: each element at one path is
// a row, its parts at relative paths are the values. No tree is built.
// Refuses before libxml2 sees it: every "<!" but comments and CDATA (so DOCTYPE, and with it every
// entity but the five of XML 1.0 and character references), more than 256 attributes in a tag,
// names beyond 512 bytes, U+0000. Deeper than 64 elements is refused while reading. Nothing is ever
// loaded from outside; an encoding declaration is ignored, the caller decodes.
// Source: XML 1.0 (fifth edition), Namespaces in XML 1.0. Deviates: paths name elements and
// attributes by their local names, whatever their namespace.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lh::schemas {

struct XmlRow {
  std::vector<std::string> values;  // in the order of the columns; absent = empty
  // row.width: a column is there twice; row.too_long. The document itself is well formed.
  std::optional<Error> malformed;
};

class XmlRows {
 public:
  // row_path: "/list/row". columns: "name", "address/street", "@id", "address/@code", "." (the text
  // of the row element itself); text is what stands directly in the element, CDATA included.
  // max_row_bytes: of all values of one row. Errors: mapping.invalid (a path of another form, two
  // columns of one path).
  static Result<XmlRows> create(std::string_view row_path, const std::vector<std::string>& columns,
                                std::size_t max_row_bytes);
  XmlRows(XmlRows&&) noexcept;
  XmlRows& operator=(XmlRows&&) noexcept;
  ~XmlRows();

  // The next piece of the document: UTF-8, whole characters. After an error nothing more can be
  // fed; rows that ended before it can be taken. Errors: input.malformed, input.encoding,
  // input.too_large (depth, attributes, names). Cost: about 4 ns a byte, twice that with many tags.
  Status feed(std::string_view utf8);
  // The document has ended. Errors: as feed; input.malformed when it is not whole.
  Status finish();
  std::optional<XmlRow> take();  // the next row that has ended

 private:
  struct Impl;
  explicit XmlRows(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::schemas
