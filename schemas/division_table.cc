#include "schemas/division_table.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace lh::schemas {
namespace {

constexpr std::string_view kHeader = "code,name,from,until,successor";
constexpr std::size_t kColumns = 5;
constexpr int kLongestChain = 16;  // merges of merges; a longer chain is a circle

Error bad_line(std::size_t line, std::string_view why) {
  return Error(Reason::kInputMalformed, "line " + std::to_string(line) + ": " + std::string(why));
}

// The table has no quoting: a name of a division holds neither comma nor quotation mark.
std::optional<std::array<std::string_view, kColumns>> split(std::string_view line) {
  std::array<std::string_view, kColumns> out;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto comma = line.find(',');
    if ((comma == std::string_view::npos) != (i == kColumns - 1)) return std::nullopt;
    out[i] = line.substr(0, comma);
    line = comma == std::string_view::npos ? std::string_view() : line.substr(comma + 1);
  }
  return out;
}

bool is_six_digits(std::string_view code) {
  return code.size() == 6 && parse_division(code).ok();
}

}  // namespace

Result<DivisionTable::Row> DivisionTable::row_from(std::string_view line, std::size_t number) {
  const auto columns = split(line);
  if (!columns) return bad_line(number, "not five columns");
  const auto& [code, name, from, until, successor] = *columns;
  if (!is_six_digits(code) || name.empty()) return bad_line(number, "code or name");
  const auto first = parse_date(from);
  if (!first.ok()) return bad_line(number, "from");
  Row row{std::string(code), std::string(name), *first, std::nullopt, std::string(successor)};
  if (!until.empty()) {
    const auto last = parse_date(until);
    if (!last.ok() || *last < *first) return bad_line(number, "until");
    row.until = *last;
  }
  if (!successor.empty() && (!row.until || !is_six_digits(successor))) {
    return bad_line(number, "successor");
  }
  return row;
}

Result<DivisionTable> DivisionTable::parse(std::string_view csv) {
  if (!is_utf8(csv)) return Error(Reason::kInputEncoding);
  DivisionTable table;
  bool header_seen = false;
  for (std::size_t number = 1; !csv.empty(); ++number) {
    const auto end = csv.find('\n');
    std::string_view line = csv.substr(0, end);
    csv = end == std::string_view::npos ? std::string_view() : csv.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (header_seen) {
      table.rows_.push_back(LH_TRY(row_from(line, number)));
    } else if (line == kHeader) {
      header_seen = true;
    } else {
      return bad_line(number, "not the header");
    }
  }
  if (!header_seen) return Error(Reason::kInputMalformed, "an empty table");
  return std::move(table).sorted();
}

// By code, then date; two rows of one code never cover the same day.
Result<DivisionTable> DivisionTable::sorted() && {
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return a.code != b.code ? a.code < b.code : a.from < b.from;
  });
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    const Row& before = rows_[i - 1];
    if (before.code != rows_[i].code) continue;
    if (!before.until || rows_[i].from <= *before.until) {
      return Error(Reason::kInputMalformed, before.code + " is there twice on one day");
    }
  }
  return std::move(*this);
}

const DivisionTable::Row* DivisionTable::find_row(std::string_view code, LocalDate at) const {
  auto it = std::upper_bound(
      rows_.begin(), rows_.end(), std::pair{code, at}, [](const auto& key, const Row& row) {
        return key.first != row.code ? key.first < row.code : key.second < row.from;
      });
  if (it == rows_.begin()) return nullptr;
  it = std::prev(it);
  return it->code == code ? &*it : nullptr;
}

std::optional<std::string> DivisionTable::find_name(const Division& d, LocalDate at) const {
  const Row* row = find_row(std::string_view(d.code()).substr(0, 6), at);
  if (row == nullptr || (row->until && *row->until < at)) return std::nullopt;
  return row->name;
}

std::optional<DivisionTable::Entry> DivisionTable::find(const Division& d, LocalDate at) const {
  const Row* row = find_row(std::string_view(d.code()).substr(0, 6), at);
  return row == nullptr ? std::nullopt : std::optional<Entry>(*row);
}

std::vector<DivisionTable::Entry> DivisionTable::parents(const Division& d, LocalDate at) const {
  std::vector<Entry> out;
  const std::string code = d.code().substr(0, 6);
  for (const std::size_t digits : {std::size_t{2}, std::size_t{4}}) {
    const std::string above = code.substr(0, digits) + std::string(6 - digits, '0');
    const Row* row = above == code ? nullptr : find_row(above, at);
    if (row != nullptr) out.push_back(*row);
  }
  return out;
}

Status DivisionTable::check(const Division& d, LocalDate at) const {
  if (find_name(d, at)) return {};
  return Error(Reason::kDivisionUnknown, d.code() + " at " + at.text());
}

std::optional<Division> DivisionTable::successor(const Division& d, LocalDate at) const {
  if (find_name(d, at)) return d;
  std::string code = d.code().substr(0, 6);
  for (int step = 0; step < kLongestChain; ++step) {
    const Row* row = find_row(code, at);
    if (row == nullptr) return std::nullopt;
    if (!row->until || at <= *row->until) return parse_division(code).value();
    if (row->successor.empty()) return std::nullopt;
    code = row->successor;
  }
  return std::nullopt;
}

}  // namespace lh::schemas
