#include "adapters/http/pull_cursor.h"

#include "base/cbor.h"

namespace lh::adapters::http {
namespace {

constexpr std::uint64_t kFormat = 1;  // stored; never renumber

std::string_view without_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? digits.substr(digits.size()) : digits.substr(first);
}
bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Cursor encode_cursor(const PullCursor& at) {
  CborWriter out;
  out.array(7);
  out.uint(kFormat);
  out.uint(at.rows);
  for (const std::string* text : {&at.since, &at.before, &at.token, &at.etag, &at.modified}) {
    out.bytes(*text);
  }
  return Cursor{out.take()};
}

Result<PullCursor> parse_cursor(const Cursor& cursor) {
  PullCursor out;
  if (cursor.value.empty()) return out;
  const auto invalid = [] { return Error(Reason::kCursorInvalid, "not a cursor of this source"); };
  CborReader in(cursor.value);
  const auto items = in.read_array();
  const auto format = in.read_uint();
  const auto rows = in.read_uint();
  if (!items.ok() || *items != 7 || !format.ok() || *format != kFormat || !rows.ok()) {
    return invalid();
  }
  out.rows = *rows;
  for (std::string* text : {&out.since, &out.before, &out.token, &out.etag, &out.modified}) {
    const auto read = in.read_bytes();
    if (!read.ok()) return invalid();
    *text = std::string(*read);
  }
  if (!in.finish().ok()) return invalid();
  return out;
}

int compare_since(std::string_view a, std::string_view b) {
  if (all_digits(a) && all_digits(b)) {
    a = without_zeros(a);
    b = without_zeros(b);
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  }
  return a.compare(b) < 0 ? -1 : (a == b ? 0 : 1);
}

std::string SinceMark::asked() const {
  const std::string& value = rule_.edge == SinceEdge::kInclusive ? since_ : before_;
  return value.empty() ? rule_.initial : value;
}

Status SinceMark::observe(std::string_view value) {
  if (rule_.column.empty() || value.empty()) return {};
  if (rule_.order == SinceOrder::kAscending) {
    if (!last_.empty() && compare_since(value, last_) < 0) {
      return Error(Reason::kSourceAnswer, "rows are not ascending by " + rule_.column);
    }
    last_ = std::string(value);
  }
  const int order = since_.empty() ? 1 : compare_since(value, since_);
  if (order > 0) {
    before_ = std::move(since_);
    since_ = std::string(value);
  } else if (order < 0 && (before_.empty() || compare_since(value, before_) > 0)) {
    before_ = std::string(value);
  }
  return {};
}

}  // namespace lh::adapters::http
