#include "adapters/sql/odbc/odbc_value.h"

#include <algorithm>

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kPartBytes = 64U << 10U;

SQLSMALLINT c_type(Fetch how) {
  switch (how) {
    case Fetch::kWide:
      return SQL_C_WCHAR;
    case Fetch::kBinary:
      return SQL_C_BINARY;
    case Fetch::kText:
      break;
  }
  return SQL_C_CHAR;
}

// The driver ends text with a terminator, which takes room in the part.
std::size_t terminator(Fetch how) {
  return how == Fetch::kText ? 1 : how == Fetch::kWide ? sizeof(SQLWCHAR) : 0;
}

// How much of a part is text, where the driver does not say: up to the terminator. The part was all
// zero before; something behind a terminator is a U+0000 inside the value, which stays in it.
std::size_t text_length(ByteView part, Fetch how) {
  std::size_t end = part.find_last_not_of('\0');
  end = end == ByteView::npos ? 0 : end + 1;
  return how == Fetch::kWide ? end + end % 2 : end;
}

}  // namespace

ValueReader::ValueReader(TextForm form, std::size_t max_value_bytes,
                         std::optional<file::Decoder> decoder)
    : form_(form),
      max_value_bytes_(max_value_bytes),
      decoder_(std::move(decoder)),
      part_(kPartBytes, '\0') {}

// ODBC, SQLGetData: parts come until SQL_SUCCESS or SQL_NO_DATA; the indicator is what was left
// before the call. The announced size of the column is never relied on; what the first indicator
// announced is held against what came.
Result<ValueReader::End> ValueReader::collect(SQLHANDLE statement, SQLUSMALLINT column, Fetch how,
                                              std::size_t limit) {
  value_.clear();
  const std::size_t room = part_.size() - terminator(how);
  std::optional<std::size_t> announced;
  for (bool first = true;; first = false) {
    SQLLEN left = SQL_NO_TOTAL;
    const SQLRETURN code = SQLGetData(statement, column, c_type(how), part_.data(),
                                      static_cast<SQLLEN>(part_.size()), &left);
    if (code == SQL_NO_DATA) break;
    if (!is_good(code)) return odbc_error(SQL_HANDLE_STMT, statement, "reading a value");
    if (left == SQL_NULL_DATA) return first ? End::kNull : End::kCut;
    if (left < 0 && left != SQL_NO_TOTAL) return End::kCut;
    const std::size_t came = take_part(how, left, room);
    if (first && left != SQL_NO_TOTAL) announced = static_cast<std::size_t>(left);
    if (value_.size() > limit) {
      value_.resize(limit);
      return End::kTooLong;
    }
    if (code == SQL_SUCCESS && (left == SQL_NO_TOTAL || came == static_cast<std::size_t>(left))) {
      break;
    }
    if (came == 0) return End::kCut;  // no progress
  }
  return announced && *announced != value_.size() ? End::kCut : End::kWhole;
}

// Adds what the driver wrote to the value, and makes the part zero again: what a driver announces
// and does not write must not be the value before.
std::size_t ValueReader::take_part(Fetch how, SQLLEN left, std::size_t room) {
  const bool told = left != SQL_NO_TOTAL;
  const std::size_t most = told ? std::min(room, static_cast<std::size_t>(left)) : room;
  const ByteView written(part_.data(), most);
  const std::size_t came = how == Fetch::kBinary ? most : std::min(most, text_length(written, how));
  value_.append(written.substr(0, came));
  std::fill_n(part_.begin(), told ? most + terminator(how) : part_.size(), '\0');
  return came;
}

Status ValueReader::read(SQLHANDLE statement, SQLUSMALLINT column, Fetch how, std::size_t room,
                         RowWriter& out) {
  switch (LH_TRY(collect(statement, column, how, std::min(max_value_bytes_, room)))) {
    case End::kNull:
      out.null();
      break;
    case End::kCut:
      out.bad(BadValue::kCut, value_);
      break;
    case End::kTooLong:
      out.bad(BadValue::kTooLong, value_);
      break;
    case End::kWhole:
      if (how == Fetch::kBinary) {
        out.binary(value_);
      } else {
        write_text(how, out);
      }
  }
  return {};
}

void ValueReader::write_text(Fetch how, RowWriter& out) {
  if (how == Fetch::kWide) {
    if (utf16_to_utf8(value_, text_)) return out.text(text_);
  } else if (form_ == TextForm::kGb18030) {
    if (decoder_->decode(value_, text_)) return out.text(text_);
  } else {
    return out.text(value_);
  }
  out.bad(BadValue::kEncoding, value_);
}

}  // namespace lh::adapters::sql
