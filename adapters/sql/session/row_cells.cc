#include "adapters/sql/session/row_cells.h"

#include <algorithm>

namespace lh::adapters::sql {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether text has the form of pattern: 'd' stands for a digit, anything else for itself.
bool has_form(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() &&
         std::equal(text.begin(), text.end(), pattern.begin(),
                    [](char c, char p) { return p == 'd' ? is_digit(c) : c == p; });
}

// "HH:MM:SS", a fraction without zeros at its end, and a zone as +HH:MM; empty: not a time.
std::string plain_time(std::string_view text) {
  if (!has_form(text.substr(0, 8), "dd:dd:dd")) return {};
  std::string out(text.substr(0, 8));
  std::size_t at = 8;
  if (at < text.size() && text[at] == '.') {
    std::size_t end = at + 1;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == at + 1) return {};
    std::size_t last = end;
    while (text[last - 1] == '0') --last;
    if (text[last - 1] != '.') out += text.substr(at, last - at);
    at = end;
  }
  const std::string_view zone = text.substr(at);
  if (zone.empty() || has_form(zone, "+dd:dd") || has_form(zone, "-dd:dd")) return out.append(zone);
  if (has_form(zone, "+dd") || has_form(zone, "-dd")) return out.append(zone).append(":00");
  return zone == "Z" ? out + "+00:00" : std::string();
}

std::string render_timestamp(std::string_view text) {
  const std::size_t day = 10;
  if (text.size() > day && has_form(text.substr(0, day), "dddd-dd-dd") &&
      (text[day] == ' ' || text[day] == 'T')) {
    const std::string time = plain_time(text.substr(day + 1));
    if (!time.empty()) return std::string(text.substr(0, day)).append("T").append(time);
  }
  return std::string(text);
}

std::string render_decimal(std::string_view text) {
  const bool minus = text.starts_with('-');
  const std::string_view digits = minus ? text.substr(1) : text;
  if (!digits.starts_with('.')) return std::string(text);
  return std::string(minus ? "-0" : "0").append(digits);
}

std::string render_text(ColumnType type, std::string_view text) {
  switch (type) {
    case ColumnType::kTimestamp:
      return render_timestamp(text);
    case ColumnType::kTime: {
      std::string time = plain_time(text);
      return time.empty() ? std::string(text) : time;
    }
    case ColumnType::kDecimal:
      return render_decimal(text);
    default:
      return std::string(text);
  }
}

Error not_a_row() {
  return Error(Reason::kSourceAnswer, "a row that is not in the form agreed with the driver");
}

Result<Cell> read_cell(CborReader& in) {
  switch (in.peek()) {
    case CborKind::kNull:
      LH_TRY(in.read_null());
      return Cell{};
    case CborKind::kText:
      return Cell{CellKind::kText, {}, LH_TRY(in.read_text())};
    case CborKind::kBytes:
      return Cell{CellKind::kBytes, {}, LH_TRY(in.read_bytes())};
    default:
      break;
  }
  if (LH_TRY(in.read_array()) != 2) return not_a_row();
  const std::uint64_t why = LH_TRY(in.read_uint());
  if (why < 1 || why > 3) return not_a_row();
  return Cell{CellKind::kBad, static_cast<BadValue>(why), LH_TRY(in.read_bytes())};
}

}  // namespace

Reason reason_of(BadValue bad) {
  switch (bad) {
    case BadValue::kEncoding:
      return Reason::kRowEncoding;
    case BadValue::kTooLong:
      return Reason::kRowTooLong;
    case BadValue::kCut:
      break;
  }
  return Reason::kRowCut;
}

void RowWriter::text(std::string_view value) {
  if (value.find('\0') != std::string_view::npos || !is_utf8(value)) {
    bad(BadValue::kEncoding, value);
  } else {
    out_.text(value);
  }
}

void RowWriter::bad(BadValue why, ByteView beginning) {
  out_.array(2);
  out_.uint(static_cast<std::uint64_t>(why));
  out_.bytes(beginning);
}

Status read_cells(ByteView row, std::size_t columns, std::vector<Cell>& out) {
  CborReader in(row);
  const auto count = in.read_array();
  if (!count.ok() || *count != columns) return not_a_row();
  out.clear();
  out.reserve(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    const auto cell = read_cell(in);
    if (!cell.ok()) return not_a_row();
    out.push_back(*cell);
  }
  if (!in.finish().ok()) return not_a_row();
  return {};
}

std::string render(ColumnType type, const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kText:
      return render_text(type, cell.bytes);
    case CellKind::kBytes:
      if (type == ColumnType::kBit && cell.bytes.size() == 1) {
        return cell.bytes[0] == 0 ? "0" : "1";
      }
      return "base64:" + to_base64(cell.bytes);
    case CellKind::kNull:
    case CellKind::kBad:
      break;
  }
  return {};
}

RawRow make_row(const std::vector<Cell>& cells, const std::vector<Column>& columns) {
  RawRow out;
  out.values.reserve(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].kind == CellKind::kBad) {
      out.malformed = Error(reason_of(cells[i].bad), "column " + columns[i].name);
      out.values.clear();
      break;
    }
    out.values.push_back(render(columns[i].type, cells[i]));
  }
  return out;
}

namespace {

// Stored with quarantined rows; never rename. In the order of ColumnType.
constexpr std::string_view kTypeNames[] = {"text", "integer", "decimal",   "float",  "bit",
                                           "date", "time",    "timestamp", "binary", "other"};

}  // namespace

std::string type_text(const Column& column) {
  return std::string(kTypeNames[static_cast<std::size_t>(column.type)]) + " " + column.declared;
}

Result<std::vector<Column>> columns_of(const std::vector<std::string>& names,
                                       const std::vector<std::string>& types) {
  std::vector<Column> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string type = i < types.size() ? types[i].substr(0, types[i].find(' ')) : "";
    const auto* found = std::find(std::begin(kTypeNames), std::end(kTypeNames), type);
    if (found == std::end(kTypeNames)) {
      return Error(Reason::kAdapterUnsupported, "the type of column " + names[i] + " is not known");
    }
    Column column;
    column.name = names[i];
    column.type = static_cast<ColumnType>(found - std::begin(kTypeNames));
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace lh::adapters::sql
