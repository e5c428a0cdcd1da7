// JSON: one object a line, or the objects of one array.
#include "adapters/file/formats/file_rows.h"
#include "adapters/file/formats/formats.h"
#include "adapters/file/formats/json_items.h"

namespace lh::adapters::file::formats {
namespace {

// What is wrong with the text of a row, in the words of rows where there are some.
Error row_error(const Error& error) {
  switch (error.reason()) {
    case Reason::kInputEncoding:
    case Reason::kJsonNul:
      return Error(Reason::kRowEncoding);
    case Reason::kInputTooLarge:
      return Error(Reason::kRowTooLong);
    default:
      return error;
  }
}

class JsonRows : public FileRows {
 protected:
  JsonRows(FileBytes file, Decoder decoder, const FileSourceSettings& settings, CursorRules rules)
      : FileRows(std::move(file), std::move(decoder), settings, rules) {}

  Status read_paths() {
    for (const ColumnPlace& c : settings_.columns)
      paths_.push_back(LH_TRY(parse_json_path(c.path)));
    return check_header();
  }

  void read_object(RawRow& row) {
    if (!decoder_.decode(row.bytes, text_)) {
      row.malformed = Error(Reason::kRowEncoding);
      return;
    }
    // A character of four bytes is at most as long in UTF-8; one of two bytes may become three.
    const auto item = schemas::parse_json(text_, 2 * settings_.max_row_bytes);
    if (!item.ok()) {
      row.malformed = row_error(item.error());
    } else if (item->members() == nullptr) {
      row.malformed = Error(Reason::kJsonWrongType, "not an object");
    } else {
      row.values.reserve(paths_.size());
      for (const JsonPath& path : paths_) row.values.push_back(json_value_at(*item, text_, path));
    }
  }

 private:
  std::vector<JsonPath> paths_;
  std::string text_;
};

class JsonLinesSource final : public JsonRows {
 public:
  JsonLinesSource(FileBytes file, Decoder decoder, const FileSourceSettings& settings)
      : JsonRows(std::move(file), std::move(decoder), settings, {}) {}

  Status start(const Cursor& from) {
    LH_TRY(read_paths());
    at_ = LH_TRY(parse_cursor(window_.file(), from, rules_));
    if (at_.offset == 0) return skip_byte_order_mark();
    window_.seek(at_.offset);
    return {};
  }

  Result<std::optional<RawRow>> next() override {
    for (;;) {
      auto line = LH_TRY(take_line(window_, settings_.max_row_bytes));
      if (!line) return std::optional<RawRow>();
      const bool whole = line->size == Line::Size::kWhole;
      if (whole && line->bytes.find_first_not_of(" \t") == Bytes::npos) continue;  // a blank line
      RawRow row = next_row(std::move(line->bytes));
      if (whole) {
        read_object(row);
      } else {
        row.malformed = Error(Reason::kRowTooLong);
      }
      return std::optional(std::move(row));
    }
  }
};

class JsonArraySource final : public JsonRows {
 public:
  JsonArraySource(FileBytes file, Decoder decoder, const FileSourceSettings& settings)
      : JsonRows(std::move(file), std::move(decoder), settings, {CursorRules::RowEnd::kOwn, 0, 0}),
        items_(window_, settings.encoding, settings.max_row_bytes) {}

  Status start(const Cursor& from) {
    LH_TRY(read_paths());
    JsonPath rows;
    if (!settings_.rows.empty()) rows = LH_TRY(parse_json_path(settings_.rows));
    at_ = LH_TRY(parse_cursor(window_.file(), from, rules_));
    if (at_.offset == 0) {
      LH_TRY(skip_byte_order_mark());
      return items_.enter(rows);
    }
    window_.seek(at_.offset);
    items_.go_on(rows);
    return {};
  }

  Result<std::optional<RawRow>> next() override {
    if (at_.cut != 0) return std::optional<RawRow>();
    auto frame = LH_TRY(items_.next());
    if (!frame) return std::optional<RawRow>();
    const bool last =
        frame->kind == JsonFrame::Kind::kCut || frame->kind == JsonFrame::Kind::kTrailing;
    RawRow row = next_row(std::move(frame->bytes));
    if (last) at_.cut = 1;
    switch (frame->kind) {
      case JsonFrame::Kind::kItem:
        read_object(row);
        break;
      case JsonFrame::Kind::kTooLong:
        row.malformed = Error(Reason::kRowTooLong);
        break;
      case JsonFrame::Kind::kCut:
        row.malformed = Error(Reason::kRowCut, "the file ends inside the array");
        break;
      case JsonFrame::Kind::kTrailing:
        row.malformed = Error(Reason::kJsonSyntax, "what stands here is no item of the array");
        break;
    }
    return std::optional(std::move(row));
  }

 private:
  JsonItems items_;
};

template <class T>
Result<std::unique_ptr<Source>> open_json(const std::string& path,
                                          const FileSourceSettings& settings, const Cursor& from) {
  FileBytes file = LH_TRY(FileBytes::open(path));
  Decoder decoder = LH_TRY(Decoder::create(settings.encoding));
  auto source = std::make_unique<T>(std::move(file), std::move(decoder), settings);
  LH_TRY(source->start(from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

Result<std::unique_ptr<Source>> open_json_lines(const std::string& path,
                                                const FileSourceSettings& settings,
                                                const Cursor& from) {
  return open_json<JsonLinesSource>(path, settings, from);
}

Result<std::unique_ptr<Source>> open_json_array(const std::string& path,
                                                const FileSourceSettings& settings,
                                                const Cursor& from) {
  return open_json<JsonArraySource>(path, settings, from);
}

}  // namespace lh::adapters::file::formats
