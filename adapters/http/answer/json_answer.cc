#include "adapters/http/answer/answer.h"
#include "adapters/http/answer/json_text.h"
#include "schemas/json.h"

namespace lh::adapters::http::answer {
namespace {

using schemas::Json;

// More than any answer is: its size was limited when it was received.
constexpr std::size_t kWhole = std::size_t{1} << 32U;

// Sizes of numbers are no matter here: a number is taken as it is written.
Result<Json> parse_any_numbers(std::string_view text) {
  auto parsed = schemas::parse_json(text, kWhole);
  if (parsed.ok() || parsed.error().reason() != Reason::kJsonNumber) return parsed;
  const auto blanked = without_numbers(text);
  if (!blanked) return parsed;
  return schemas::parse_json(*blanked, kWhole);
}

const Json* walk(const Json& from, const JsonPath& path) {
  const Json* at = &from;
  for (const std::string& name : path) {
    if (const auto* items = at->items()) {
      const bool digits = !name.empty() && name.size() < 7 &&
                          name.find_first_not_of("0123456789") == std::string::npos;
      if (!digits || std::stoul(name) >= items->size()) return nullptr;
      at = &(*items)[std::stoul(name)];
    } else {
      at = at->find(name);
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

// A text as it reads, everything else as it is written; null and absent are empty.
std::string value_text(std::string_view written, const Json& tree, const JsonPath& path) {
  const Json* value = walk(tree, path);
  if (value == nullptr || value->is_null()) return {};
  if (const std::string* text = value->string()) return *text;
  const auto found = find_value(written, path);
  return found.ok() && *found ? std::string(**found) : std::string();
}

Reason row_reason(Reason reason) {
  if (reason == Reason::kInputEncoding || reason == Reason::kJsonNul) return Reason::kRowEncoding;
  return reason == Reason::kInputTooLarge ? Reason::kRowTooLong : reason;
}

class JsonAnswer final : public Answer {
 public:
  JsonAnswer(std::string body, const Shape& shape) : body_(std::move(body)), shape_(shape) {}

  Status start() {
    rows_path_ = LH_TRY(parse_path(shape_.rows));
    for (const auto& [name, path] : shape_.columns) columns_.push_back(LH_TRY(parse_path(path)));
    rows_ = LH_TRY(find_value(body_, rows_path_));
    // What is around the rows is read as a whole; each row is read by itself, so that a bad one
    // spoils no other.
    around_ = body_;
    const bool array = rows_ && rows_->starts_with('[');
    if (array) {
      const auto at = static_cast<std::size_t>(rows_->data() - body_.data());
      around_.replace(at, rows_->size(), "[]");
    }
    auto envelope = parse_any_numbers(around_);
    if (!envelope.ok()) {
      return Error(Reason::kSourceAnswer, std::string(envelope.error().id()));
    }
    envelope_ = std::move(envelope).value();
    return {};
  }

  std::optional<std::string> find(std::string_view path) const override {
    const auto parsed = parse_path(path);
    if (!parsed.ok()) return std::nullopt;
    const Json* value = walk(envelope_, *parsed);
    if (value == nullptr || value->is_null() || value->items() != nullptr ||
        value->members() != nullptr) {
      return std::nullopt;
    }
    return value_text(around_, envelope_, *parsed);
  }

  Status locate_rows(Rows rule) override {
    if (rule == Rows::kNone) return {};
    if (!rows_ && shape_.absent == Absent::kNone) return {};
    if (!rows_) return Error(Reason::kSourceAnswer, "no rows at " + shape_.rows);
    if (*rows_ == "null") return {};
    if (rule == Rows::kOneOrMany && rows_->starts_with('{')) {
      items_.push_back(*rows_);
      return {};
    }
    items_ = LH_TRY(split_array(*rows_, shape_.max_items));
    return {};
  }

  std::size_t rows_left() const override { return items_.size() - given_; }

  std::optional<RawRow> next() override {
    if (given_ == items_.size()) return std::nullopt;
    const std::string_view item = items_[given_++];
    RawRow row;
    row.number = given_;
    row.bytes = Bytes(item.substr(0, shape_.max_row_bytes));
    if (item.size() > shape_.max_row_bytes) {
      row.malformed = Error(Reason::kRowTooLong);
      return row;
    }
    const auto tree = parse_any_numbers(item);
    if (!tree.ok()) {
      const bool surrogate = tree.error().reason() == Reason::kJsonSyntax && !reads_as_utf8(item);
      row.malformed = Error(surrogate ? Reason::kRowEncoding : row_reason(tree.error().reason()));
      return row;
    }
    row.values.reserve(columns_.size());
    for (const JsonPath& path : columns_) row.values.push_back(value_text(item, *tree, path));
    return row;
  }

 private:
  // A lone surrogate escape is the one thing that is no text though its bytes are.
  static bool reads_as_utf8(std::string_view item) {
    return item.find("\\uD") == std::string_view::npos &&
           item.find("\\ud") == std::string_view::npos;
  }

  std::string body_;
  const Shape& shape_;
  JsonPath rows_path_;
  std::vector<JsonPath> columns_;
  std::optional<std::string_view> rows_;  // in body_
  std::vector<std::string_view> items_;   // in body_
  std::size_t given_ = 0;
  std::string around_;
  Json envelope_;
};

}  // namespace

Status check_json_shape(const Shape& shape) {
  LH_TRY(parse_path(shape.rows));
  for (const auto& [name, path] : shape.columns) {
    if (!parse_path(path).ok()) return Error(Reason::kInputMalformed, "the path of " + name);
  }
  return {};
}

Result<std::unique_ptr<Answer>> read_json(std::string body, const Shape& shape) {
  auto answer = std::make_unique<JsonAnswer>(std::move(body), shape);
  LH_TRY(answer->start());
  return std::unique_ptr<Answer>(std::move(answer));
}

}  // namespace lh::adapters::http::answer
