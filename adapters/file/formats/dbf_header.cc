#include "adapters/file/formats/dbf_header.h"

#include <algorithm>

#include "adapters/convert/text.h"
#include "base/limits.h"

namespace lh::adapters::file::formats {
namespace {

constexpr std::size_t kFixedBytes = 32;  // before the fields, and of each field
constexpr char kFieldsEnd = 0x0D;

std::size_t byte_at(ByteView bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::size_t le16(ByteView bytes, std::size_t at) {
  return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U;
}

Error wrong(std::string_view what) {
  return Error(Reason::kSourceAnswer, "DBF header: " + std::string(what));
}

Error unsupported(std::string_view what) {
  return Error(Reason::kAdapterUnsupported, "DBF: " + std::string(what));
}

// By the first byte: 03 dBASE III, 83 with memo; 8B dBASE IV with memo; F5 FoxPro with memo; 30 to
// 32 Visual FoxPro.
Result<DbfMemo> memo_of(std::size_t version) {
  switch (version) {
    case 0x03:
      return DbfMemo::kNone;
    case 0x83:
      return DbfMemo::kDbase3;
    case 0x8B:
      return DbfMemo::kDbase4;
    case 0xF5:
    case 0x30:
    case 0x31:
    case 0x32:
      return DbfMemo::kFoxPro;
    default:
      return unsupported("the version in its first byte is not known");
  }
}

// Widths that a field of the type can have; what is beyond them is not that type.
bool can_be(const DbfField& f) {
  switch (f.type) {
    case 'C':
      return f.length >= 1;
    case 'N':
    case 'F':
      return f.length >= 1 && f.length <= 32;
    case 'D':
      return f.length == 8;
    case 'L':
      return f.length == 1;
    default:
      return f.length == 10 || f.length == 4;  // M: a number in digits, or little-endian
  }
}

Result<DbfField> read_field(ByteView bytes, Decoder& decoder) {
  DbfField field;
  const ByteView name = bytes.substr(0, std::min<std::size_t>(bytes.find('\0'), 11));
  if (!decoder.decode(name, field.name)) return Error(Reason::kRowEncoding, "name of a DBF field");
  field.name = std::string(convert::trimmed(field.name));
  if (field.name.empty()) return wrong("a field without a name");
  field.type = bytes[11];
  field.length = byte_at(bytes, 16);
  if (std::string_view("CNFDLM").find(field.type) == std::string_view::npos) {
    return unsupported("field " + field.name + " is of a type other than C N F D L M");
  }
  return field;
}

// Clipper and FoxPro keep the high byte of a long text field where others have the decimals.
std::size_t long_text(ByteView bytes) {
  return bytes[11] == 'C' ? byte_at(bytes, 17) << 8U : 0;
}

// Sets offsets and lengths. The record length decides which of the two ways of writing long text
// fields this file has; a header where neither adds up is lying about one of them.
Status place_fields(ByteView descriptors, DbfHeader& out) {
  std::size_t plain = 1;
  std::size_t with_long = 1;
  for (std::size_t i = 0; i < out.fields.size(); ++i) {
    plain += out.fields[i].length;
    with_long += out.fields[i].length + long_text(descriptors.substr(i * kFixedBytes));
  }
  if (plain != out.record_bytes && with_long != out.record_bytes) {
    return wrong("the record is " + std::to_string(out.record_bytes) +
                 " bytes long and its fields " + std::to_string(plain));
  }
  std::size_t offset = 1;
  for (std::size_t i = 0; i < out.fields.size(); ++i) {
    DbfField& field = out.fields[i];
    if (plain != out.record_bytes) field.length += long_text(descriptors.substr(i * kFixedBytes));
    if (!can_be(field)) return wrong("field " + field.name + " has a length its type cannot have");
    field.offset = offset;
    offset += field.length;
  }
  return {};
}

Status read_fields(ByteView header, Decoder& decoder, DbfHeader& out) {
  std::size_t at = kFixedBytes;
  while (at < header.size() && header[at] != kFieldsEnd) {
    if (at + kFixedBytes > header.size()) return wrong("the fields do not end");
    if (out.fields.size() == limits::kRowColumns) return wrong("too many fields");
    DbfField field = LH_TRY(read_field(header.substr(at, kFixedBytes), decoder));
    const auto same = [&field](const DbfField& f) { return f.name == field.name; };
    if (std::any_of(out.fields.begin(), out.fields.end(), same)) {
      return wrong("two fields are called " + field.name);
    }
    out.fields.push_back(std::move(field));
    at += kFixedBytes;
  }
  if (at >= header.size()) return wrong("the fields do not end");
  if (out.fields.empty()) return wrong("there are no fields");
  return place_fields(header.substr(kFixedBytes), out);
}

}  // namespace

Result<DbfHeader> read_dbf_header(ByteWindow& window, Decoder& decoder) {
  LH_TRY(window.want(kFixedBytes));
  if (window.view().size() < kFixedBytes) return wrong("the file is shorter than a header");
  DbfHeader out;
  const ByteView head = window.view();
  out.memo = LH_TRY(memo_of(byte_at(head, 0)));
  if (head[15] != 0) return unsupported("the file is encrypted");
  out.records = le16(head, 4) | le16(head, 6) << 16U;
  out.header_bytes = le16(head, 8);
  out.record_bytes = le16(head, 10);
  if (out.header_bytes < 2 * kFixedBytes + 1) return wrong("its own length is too small");
  LH_TRY(window.want(out.header_bytes));
  if (window.view().size() < out.header_bytes) return wrong("the file ends inside it");
  LH_TRY(read_fields(window.view().substr(0, out.header_bytes), decoder, out));
  window.consume(out.header_bytes);
  return out;
}

}  // namespace lh::adapters::file::formats
