// A row that was kept as bytes, read again.
#include "adapters/http/answer/answer.h"

namespace lh::adapters::http::answer {

Result<KeptRow> reread_item(Format format, const Shape& shape, KeptRow kept) {
  Shape alone = shape;
  const auto last = shape.rows.rfind('/');
  const bool xml = format == Format::kXml;
  alone.rows = xml && last != std::string::npos ? shape.rows.substr(last) : ".";
  kept.columns.clear();
  kept.types.clear();
  for (const auto& [name, path] : shape.columns) kept.columns.push_back(name);
  kept.row.values.clear();
  kept.row.malformed.reset();
  auto answer = xml ? read_xml(kept.row.bytes, alone) : read_json(kept.row.bytes, alone);
  const Status located = answer.ok() ? (*answer)->locate_rows(Rows::kOneOrMany) : answer.error();
  if (!located.ok()) {
    kept.row.malformed = Error(Reason::kInputMalformed, located.error().detail());
    return kept;
  }
  auto row = (*answer)->next();
  if (!row || (*answer)->rows_left() > 0) {
    kept.row.malformed = Error(Reason::kRowWidth, "the bytes are not one row");
    return kept;
  }
  kept.row.values = std::move(row->values);
  kept.row.malformed = std::move(row->malformed);
  return kept;
}

}  // namespace lh::adapters::http::answer
