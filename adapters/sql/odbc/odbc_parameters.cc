#include "adapters/sql/odbc/odbc_parameters.h"

#include <algorithm>
#include <charconv>

#include "adapters/file/encoding.h"
#include "adapters/sql/odbc/odbc_value.h"

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kNameBytes = 1024;

template <class T>
bool whole_number(std::string_view text, T& out) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc() && end == text.data() + text.size();
}

ColumnType type_of(SQLSMALLINT type) {
  switch (type) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
      return ColumnType::kText;
    case SQL_TINYINT:
    case SQL_SMALLINT:
    case SQL_INTEGER:
    case SQL_BIGINT:
      return ColumnType::kInteger;
    case SQL_DECIMAL:
    case SQL_NUMERIC:
      return ColumnType::kDecimal;
    case SQL_REAL:
    case SQL_FLOAT:
    case SQL_DOUBLE:
      return ColumnType::kFloat;
    case SQL_BIT:
      return ColumnType::kBit;
    case SQL_TYPE_DATE:
      return ColumnType::kDate;
    case SQL_TYPE_TIME:
      return ColumnType::kTime;
    case SQL_TYPE_TIMESTAMP:
      return ColumnType::kTimestamp;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return ColumnType::kBinary;
    default:
      return ColumnType::kOther;
  }
}

struct Binding {
  SQLSMALLINT c_type = SQL_C_CHAR;
  SQLSMALLINT sql_type = SQL_VARCHAR;
  SQLPOINTER value = nullptr;
};

}  // namespace

Status BoundParameters::bind(SQLHANDLE statement, TextForm form, const Parameters& parameters) {
  for (const Parameter& parameter : parameters) {
    Slot& slot = slots_.emplace_back();
    Binding to;
    slot.text = parameter.text;
    if (parameter.type == ParameterType::kNull) {
      slot.length = SQL_NULL_DATA;
    } else if (parameter.type == ParameterType::kInteger && whole_number(slot.text, slot.number)) {
      to = {SQL_C_SBIGINT, SQL_BIGINT, &slot.number};
      slot.length = sizeof slot.number;
    } else if (parameter.type == ParameterType::kInteger && whole_number(slot.text, slot.large)) {
      to = {SQL_C_UBIGINT, SQL_BIGINT, &slot.large};
      slot.length = sizeof slot.large;
    } else {
      const bool wide = form == TextForm::kUtf16;
      if (wide) slot.text = utf8_to_utf16(slot.text);
      if (form == TextForm::kGb18030) {
        auto encoded = file::encode_gb18030(slot.text);
        if (!encoded.ok()) return Error(Reason::kSourceRefused, "a parameter is not text");
        slot.text = std::move(encoded).value();
      }
      to.c_type = wide ? SQL_C_WCHAR : SQL_C_CHAR;
      to.sql_type = wide ? SQL_WVARCHAR : SQL_VARCHAR;
      slot.length = static_cast<SQLLEN>(slot.text.size());
    }
    if (to.value == nullptr) to.value = slot.text.data();
    const auto size = std::max<std::size_t>(slot.text.size(), 1);
    const SQLRETURN code = SQLBindParameter(statement, static_cast<SQLUSMALLINT>(slots_.size()),
                                            SQL_PARAM_INPUT, to.c_type, to.sql_type, size, 0,
                                            to.value, static_cast<SQLLEN>(size), &slot.length);
    if (!is_good(code)) return odbc_error(SQL_HANDLE_STMT, statement, "binding a parameter");
  }
  return {};
}

Result<Column> describe_column(SQLHANDLE statement, SQLUSMALLINT column) {
  SQLCHAR name[kNameBytes] = {};
  SQLSMALLINT length = 0;
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT digits = 0;
  SQLSMALLINT nulls = SQL_NULLABLE_UNKNOWN;
  if (!is_good(SQLDescribeCol(statement, column, name, sizeof name, &length, &type, &size, &digits,
                              &nulls))) {
    return odbc_error(SQL_HANDLE_STMT, statement, "asking for columns");
  }
  Column out;
  out.name = reinterpret_cast<const char*>(name);
  if (!is_utf8(out.name) || out.name.empty()) {
    return Error(Reason::kSourceAnswer, "a column whose name is not text");
  }
  out.type = type_of(type);
  out.nulls = nulls == SQL_NO_NULLS ? Nulls::kNever : Nulls::kPossible;
  out.size = size;
  SQLCHAR declared[kNameBytes] = {};
  if (is_good(SQLColAttribute(statement, column, SQL_DESC_TYPE_NAME, declared, sizeof declared,
                              &length, nullptr)) &&
      is_utf8(reinterpret_cast<const char*>(declared))) {
    out.declared = reinterpret_cast<const char*>(declared);
  }
  return out;
}

}  // namespace lh::adapters::sql
