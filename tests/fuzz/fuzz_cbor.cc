// The strict CBOR reader: whatever it accepts as deterministic has one spelling, the writer's.
#include "base/cbor.h"

namespace lh {
namespace {

Status copy_item(CborReader& reader, CborWriter& writer);

Status copy_items(CborReader& reader, CborWriter& writer, std::uint64_t n) {
  for (std::uint64_t i = 0; i < n; ++i) LH_TRY(copy_item(reader, writer));
  return {};
}

Status copy_item(CborReader& reader, CborWriter& writer) {
  switch (reader.peek()) {
    case CborKind::kUint:
      writer.uint(LH_TRY(reader.read_uint()));
      return {};
    case CborKind::kNegative:
      writer.integer(LH_TRY(reader.read_integer()));
      return {};
    case CborKind::kBytes:
      writer.bytes(LH_TRY(reader.read_bytes()));
      return {};
    case CborKind::kText:
      writer.text(LH_TRY(reader.read_text()));
      return {};
    case CborKind::kBool:
      writer.boolean(LH_TRY(reader.read_bool()));
      return {};
    case CborKind::kNull:
      LH_TRY(reader.read_null());
      writer.null();
      return {};
    case CborKind::kEnd:
      return Error(Reason::kCborMalformed);
    case CborKind::kArray:
    case CborKind::kMap:
      break;
  }
  if (reader.peek() == CborKind::kMap) {
    const std::uint64_t pairs = LH_TRY(reader.read_map());
    writer.map(pairs);
    return copy_items(reader, writer, 2 * pairs);
  }
  const std::uint64_t items = LH_TRY(reader.read_array());
  writer.array(items);
  return copy_items(reader, writer, items);
}

void check(ByteView in) {
  if (!check_deterministic(in).ok()) return;
  CborReader reader(in);
  CborWriter writer;
  // An integer below -2^63 is deterministic and does not fit read_integer: nothing more to compare.
  if (!copy_item(reader, writer).ok()) return;
  LH_CHECK(reader.finish().ok(), "the copy read everything");
  LH_CHECK(writer.out() == in, "accepted bytes are the writer's bytes");
}

}  // namespace
}  // namespace lh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lh::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
