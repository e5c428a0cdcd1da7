// What a source answered, as rows and a few values around them, whatever the format was.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/file/encoding.h"
#include "adapters/kind.h"
#include "base/limits.h"

namespace lh::adapters::http::answer {

enum class Format : std::uint8_t { kJson, kXml };

struct Form {
  Format format = Format::kJson;
  file::Encoding encoding = file::Encoding::kUtf8;  // of the answer, whatever its head says
  // XML path of a text that is itself the document of the rows ("return" of old services); empty:
  // the answer is.
  std::string inner;
};

// What it means when the place of the rows is not there.
enum class Absent : std::uint8_t { kError, kNone };

struct Shape {
  std::string rows;  // path of the rows
  Absent absent = Absent::kError;
  std::vector<std::pair<std::string, std::string>> columns;  // name, path inside a row
  std::size_t max_items = 100000;
  std::size_t max_row_bytes = limits::kRowBytes;
};

// What may stand where the rows are.
enum class Rows : std::uint8_t {
  kMany,       // an array (null: none)
  kOneOrMany,  // one object too
  kNone        // nobody asks
};

class Answer {
 public:
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  virtual ~Answer() = default;
  // A value outside the rows, as text; absent: not there, null, or not a single value.
  virtual std::optional<std::string> find(std::string_view path) const = 0;
  // Errors: source.answer where the rows were to be and are not.
  virtual Status locate_rows(Rows rule) = 0;
  virtual std::size_t rows_left() const = 0;
  // The next row, numbered from 1; bytes are the row as received. A row that cannot be read is
  // malformed: row.encoding, row.too_long, json.*.
  virtual std::optional<RawRow> next() = 0;
};

// Paths of a shape, or one of a value, are good. Errors: input.malformed naming the path.
Status check_shape(Format format, const Shape& shape);
Status check_path(Format format, std::string_view path);
// The shape outlives the answer. Errors: source.answer (not text in its encoding; what is around
// the rows is not strict JSON; not strict XML), input.too_large (items).
Result<std::unique_ptr<Answer>> read(std::string body, const Form& form, const Shape& shape);

// One row from its bytes alone: an item as next() gave it.
Result<KeptRow> reread_item(Format format, const Shape& shape, KeptRow kept);

// The code of a SOAP fault (1.1: faultcode, 1.2: Code and Subcode), without prefixes, or "a code
// that is not shown"; absent: the body is no fault. Errors: source.answer (not XML).
Result<std::optional<std::string>> find_soap_fault(std::string_view body);

// The text at one path of an XML document; absent: not there, empty, or there twice. Errors:
// source.answer, input.too_large.
Result<std::optional<std::string>> find_xml_text(std::string_view body, std::string_view path,
                                                 std::size_t max_bytes);

// The same of one format, of UTF-8.
Status check_json_shape(const Shape& shape);
Status check_xml_shape(const Shape& shape);
Status check_xml_path(std::string_view path);
Result<std::unique_ptr<Answer>> read_json(std::string body, const Shape& shape);
Result<std::unique_ptr<Answer>> read_xml(std::string body, const Shape& shape);

}  // namespace lh::adapters::http::answer
