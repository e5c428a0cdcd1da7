// XML: the strict row reader of schemas gives the values; where the rows stand in the text is found
// beside it, so that a row keeps its own bytes.
#include "adapters/http/answer/answer.h"
#include "schemas/xml/xml_rows.h"

namespace lh::adapters::http::answer {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kPieceBytes = 256U << 10U;
constexpr std::size_t kValueBytes = 4096;  // of one value around the rows

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> out;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    out.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return out;
}

// Elements at a path in a document that the row reader has found to be well formed.
class Spans {
 public:
  Spans(std::string_view text, std::string_view path) : text_(text), path_(steps_of(path)) {}

  std::vector<std::string_view> find() {
    for (std::size_t i = text_.find('<'); i != kNone && i < text_.size(); i = text_.find('<', i)) {
      i = markup(i);
    }
    return std::move(out_);
  }

 private:
  std::size_t behind(std::size_t from, std::string_view end) const {
    const auto at = text_.find(end, from);
    return at == kNone ? text_.size() : at + end.size();
  }

  // Position behind what begins at i.
  std::size_t markup(std::size_t i) {
    const auto rest = text_.substr(i);
    if (rest.starts_with("<!--")) return behind(i + 4, "-->");
    if (rest.starts_with("<![CDATA[")) return behind(i, "]]>");
    if (rest.starts_with("<?")) return behind(i, "?>");
    const std::size_t end = behind_tag(i);
    if (rest.starts_with("</")) {
      close(end);
      return end;
    }
    open(i);
    if (text_[end - 2] == '/') close(end);
    return end;
  }

  std::size_t behind_tag(std::size_t i) const {
    char quote = 0;
    for (++i; i < text_.size(); ++i) {
      const char c = text_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i + 1;
      }
    }
    return i;
  }

  void open(std::size_t i) {
    auto name = text_.substr(i + 1, text_.find_first_of(" \t\r\n/>", i + 1) - i - 1);
    if (const auto colon = name.find(':'); colon != kNone) name.remove_prefix(colon + 1);
    if (matched_ == depth_ && matched_ < path_.size() && path_[matched_] == name) ++matched_;
    ++depth_;
    if (matched_ == path_.size() && depth_ == matched_) begin_ = i;
  }

  void close(std::size_t end) {
    if (depth_ == path_.size() && matched_ == depth_) {
      out_.push_back(text_.substr(begin_, end - begin_));
    }
    if (depth_ > 0) --depth_;
    matched_ = std::min(matched_, depth_);
  }

  std::string_view text_;
  std::vector<std::string> path_;
  std::size_t depth_ = 0;
  std::size_t matched_ = 0;
  std::size_t begin_ = 0;
  std::vector<std::string_view> out_;
};

// Whole characters: a piece ends before a byte that continues one.
std::size_t piece_end(std::string_view text, std::size_t from) {
  std::size_t end = std::min(from + kPieceBytes, text.size());
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

Error of_source(const Error& error) {
  if (error.reason() == Reason::kInputTooLarge) return error;
  return Error(Reason::kSourceAnswer, error.describe());
}

Status feed_all(schemas::XmlRows& rows, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = piece_end(text, at);
    const auto fed = rows.feed(text.substr(at, end - at));
    if (!fed.ok()) return of_source(fed.error());
    at = end;
  }
  const auto finished = rows.finish();
  if (!finished.ok()) return of_source(finished.error());
  return {};
}

// "/a/b/c" -> row "/a", column "b/c"; "/a" -> row "/a", column ".".
std::pair<std::string, std::string> split_path(std::string_view path) {
  const auto second = path.find('/', 1);
  if (second == kNone) return {std::string(path), "."};
  return {std::string(path.substr(0, second)), std::string(path.substr(second + 1))};
}

std::vector<std::string> paths_of(const Shape& shape) {
  std::vector<std::string> out;
  for (const auto& [name, path] : shape.columns) out.push_back(path);
  return out;
}

class XmlAnswer final : public Answer {
 public:
  XmlAnswer(std::string body, const Shape& shape) : body_(std::move(body)), shape_(shape) {}

  Status start() {
    auto rows =
        LH_TRY(schemas::XmlRows::create(shape_.rows, paths_of(shape_), shape_.max_row_bytes));
    const auto read = feed_all(rows, body_);
    if (!read.ok()) {
      const bool large = read.error().reason() == Reason::kInputTooLarge;
      return large ? read.error()
                   : Error(Reason::kSourceAnswer,
                           std::string(read.error().id()) + ", " + read.error().detail());
    }
    spans_ = Spans(body_, shape_.rows).find();
    if (spans_.size() > shape_.max_items) {
      return Error(Reason::kInputTooLarge, "items of one answer");
    }
    for (auto row = rows.take(); row; row = rows.take()) rows_.push_back(std::move(*row));
    LH_CHECK(rows_.size() == spans_.size(), "two readers of one XML found different rows");
    return {};
  }

  std::optional<std::string> find(std::string_view path) const override {
    auto found = find_xml_text(body_, path, kValueBytes);
    return found.ok() ? std::move(found).value() : std::nullopt;
  }

  // No row is an empty list only where the list is: another document has none either.
  Status locate_rows(Rows rule) override {
    if (rule == Rows::kNone) given_ = rows_.size();
    if (rule == Rows::kNone || !rows_.empty() || shape_.absent == Absent::kNone) return {};
    const auto list = std::string_view(shape_.rows).substr(0, shape_.rows.rfind('/'));
    if (!list.empty() && Spans(body_, list).find().empty()) {
      return Error(Reason::kSourceAnswer, "no rows at " + shape_.rows);
    }
    return {};
  }
  std::size_t rows_left() const override { return rows_.size() - given_; }

  std::optional<RawRow> next() override {
    if (given_ == rows_.size()) return std::nullopt;
    RawRow row;
    row.bytes = Bytes(spans_[given_].substr(0, shape_.max_row_bytes));
    schemas::XmlRow& read = rows_[given_++];
    row.number = given_;
    row.malformed = std::move(read.malformed);
    row.values = std::move(read.values);
    if (!row.malformed && spans_[given_ - 1].size() > shape_.max_row_bytes) {
      row.malformed = Error(Reason::kRowTooLong);
    }
    if (row.malformed) row.values.clear();
    return row;
  }

 private:
  std::string body_;
  const Shape& shape_;
  std::vector<std::string_view> spans_;
  std::vector<schemas::XmlRow> rows_;
  std::size_t given_ = 0;
};

}  // namespace

Status check_xml_shape(const Shape& shape) {
  const auto made = schemas::XmlRows::create(shape.rows, paths_of(shape), shape.max_row_bytes);
  if (!made.ok()) return Error(Reason::kInputMalformed, made.error().detail());
  return {};
}

Status check_xml_path(std::string_view path) {
  const auto [row, column] = split_path(path);
  if (!schemas::XmlRows::create(row, {column}, kValueBytes).ok()) {
    return Error(Reason::kInputMalformed, "a path as /list/total");
  }
  return {};
}

Result<std::optional<std::string>> find_xml_text(std::string_view body, std::string_view path,
                                                 std::size_t max_bytes) {
  const auto [row, column] = split_path(path);
  auto rows = LH_TRY(schemas::XmlRows::create(row, {column}, max_bytes));
  LH_TRY(feed_all(rows, body));
  auto found = rows.take();
  if (!found || found->malformed || found->values[0].empty()) return std::optional<std::string>();
  return std::optional(std::move(found->values[0]));
}

Result<std::unique_ptr<Answer>> read_xml(std::string body, const Shape& shape) {
  auto answer = std::make_unique<XmlAnswer>(std::move(body), shape);
  LH_TRY(answer->start());
  return std::unique_ptr<Answer>(std::move(answer));
}

}  // namespace lh::adapters::http::answer
