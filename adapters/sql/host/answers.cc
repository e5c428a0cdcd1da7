#include <algorithm>
#include <array>

#include "adapters/sql/host/protocol.h"
#include "base/limits.h"

namespace lh::adapters::sql {
namespace {

constexpr std::array<Reason, 3> kReasons = {Reason::kSourceUnavailable, Reason::kSourceRefused,
                                            Reason::kSourceAnswer};
constexpr std::size_t kDetailBytes = 1024;

Error malformed() {
  return Error(Reason::kSourceAnswer, "the driver host answered something else");
}

// The error the host answered, or that it is none.
Error read_error(CborReader& in) {
  const auto id = in.read_text();
  const auto detail = in.read_text();
  if (!id.ok() || !detail.ok() || !in.finish().ok()) return malformed();
  for (const Reason reason : kReasons) {
    if (reason_id(reason) == *id)
      return Error(reason, std::string(detail->substr(0, kDetailBytes)));
  }
  return malformed();
}

// Behind the head of a good answer with so many items behind the first.
Status read_head(CborReader& in, std::uint64_t items) {
  const auto count = in.read_array();
  const auto kind = in.read_uint();
  if (!count.ok() || !kind.ok()) return malformed();
  if (*kind == 1 && *count == 3) return read_error(in);
  if (*kind != 0 || *count != items + 1) return malformed();
  return {};
}

Result<Column> read_column(CborReader& in) {
  if (LH_TRY(in.read_array()) != 5) return malformed();
  Column out;
  out.name = std::string(LH_TRY(in.read_text()));
  const std::uint64_t type = LH_TRY(in.read_uint());
  const std::uint64_t nulls = LH_TRY(in.read_uint());
  if (type > static_cast<std::uint64_t>(ColumnType::kOther) || nulls > 1) return malformed();
  out.type = static_cast<ColumnType>(type);
  out.nulls = static_cast<Nulls>(nulls);
  out.declared = std::string(LH_TRY(in.read_text()));
  out.size = LH_TRY(in.read_uint());
  return out;
}

Result<std::vector<Column>> read_columns(CborReader& in) {
  const std::uint64_t count = LH_TRY(in.read_array());
  if (count > limits::kRowColumns) return malformed();
  std::vector<Column> out;
  for (std::uint64_t i = 0; i < count; ++i) out.push_back(LH_TRY(read_column(in)));
  LH_TRY(in.finish());
  return out;
}

Result<std::vector<Bytes>> read_rows(CborReader& in) {
  const std::uint64_t count = LH_TRY(in.read_array());
  std::vector<Bytes> out;
  out.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) out.emplace_back(LH_TRY(in.read_bytes()));
  LH_TRY(in.finish());
  return out;
}

}  // namespace

Bytes encode_done() {
  CborWriter out;
  out.array(1);
  out.uint(0);
  return out.take();
}

Bytes encode_columns(const std::vector<Column>& columns) {
  CborWriter out;
  out.array(2);
  out.uint(0);
  out.array(columns.size());
  for (const Column& c : columns) {
    out.array(5);
    out.text(c.name);
    out.uint(static_cast<std::uint64_t>(c.type));
    out.uint(static_cast<std::uint64_t>(c.nulls));
    out.text(c.declared);
    out.uint(c.size);
  }
  return out.take();
}

Bytes encode_rows(const std::vector<Bytes>& rows) {
  CborWriter out;
  std::size_t size = 16;
  for (const Bytes& row : rows) size += row.size() + 9;
  out.reserve(size);
  out.array(2);
  out.uint(0);
  out.array(rows.size());
  for (const Bytes& row : rows) out.bytes(row);
  return out.take();
}

Bytes encode_error(const Error& error) {
  const bool known = std::find(kReasons.begin(), kReasons.end(), error.reason()) != kReasons.end();
  CborWriter out;
  out.array(3);
  out.uint(1);
  out.text(reason_id(known ? error.reason() : Reason::kSourceAnswer));
  out.text(is_utf8(error.detail()) ? error.detail() : std::string());
  return out.take();
}

Status parse_done(ByteView in) {
  CborReader reader(in);
  LH_TRY(read_head(reader, 0));
  return reader.finish().ok() ? Status() : Status(malformed());
}

Result<std::vector<Column>> parse_columns(ByteView in) {
  CborReader reader(in);
  LH_TRY(read_head(reader, 1));
  auto out = read_columns(reader);
  return out.ok() ? std::move(out) : malformed();
}

Result<std::vector<Bytes>> parse_rows(ByteView in) {
  CborReader reader(in);
  LH_TRY(read_head(reader, 1));
  auto out = read_rows(reader);
  return out.ok() ? std::move(out) : malformed();
}

}  // namespace lh::adapters::sql
