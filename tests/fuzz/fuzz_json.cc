// The strict JSON reader on any bytes. Laws: no crash; what is accepted is UTF-8, can be written,
// and reads back as the same; a JOSE header that is accepted names an algorithm.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "schemas/json.h"
#include "schemas/sd_jwt_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lh;
  constexpr std::size_t kMax = 1U << 20U;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = schemas::parse_json(text, kMax);
  if (parsed.ok()) {
    LH_CHECK(is_utf8(text), "accepted text is UTF-8");
    const std::string written = schemas::to_text(*parsed);
    const auto again = schemas::parse_json(written, 6 * kMax);  // an escape may grow
    LH_CHECK(again.ok(), "what was written is read");
    LH_CHECK(schemas::to_text(*again) == written, "and is the same");
  }
  const auto header = schemas::parse_jose_header(text);
  LH_CHECK(!header.ok() || !header->alg.empty(), "a header names its algorithm");
  return 0;
}
