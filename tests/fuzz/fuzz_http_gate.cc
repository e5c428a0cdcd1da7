// Everything that is done with the bytes of a request before it is one: the head found, read and
// judged, the body put together. The result must not depend on where the bytes are cut, and what is
// admitted must be canonical.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/limits.h"
#include "hub/edge/http/chunked.h"
#include "hub/edge/http/gate.h"

namespace {

using namespace lh;
using namespace lh::hub::edge::http;

void require(bool held) {
  if (!held) std::abort();
}

// The length of the head, or the refusal, when the bytes come `step` at a time.
Result<std::size_t> scan(std::string_view in, std::size_t step) {
  HeadScanner scanner;
  for (std::size_t n = std::min(step, in.size());; n = std::min(n + step, in.size())) {
    auto r = scanner.scan(in.substr(0, n));
    if (!r.ok() || *r != 0 || n == in.size()) return r;
  }
}

void check_admitted(const Admitted& a) {
  const std::string& path = a.request.path;
  require(!path.empty() && path[0] == '/' && is_utf8(path));
  require((path + "/").find("/../") == std::string::npos);
  require(path.find("//") == std::string::npos && path.find('\\') == std::string::npos);
  for (const char c : path) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

void check_body(std::string_view in) {
  constexpr std::size_t kLimit = 4096;
  std::string whole;
  ChunkedDecoder at_once(kLimit);
  const auto used = at_once.take(in, whole);
  std::string pieces;
  ChunkedDecoder by_byte(kLimit);
  bool refused = false;
  std::size_t at = 0;
  while (at < in.size() && !by_byte.done() && !refused) {
    const auto n = by_byte.take(in.substr(at, 1), pieces);
    refused = !n.ok();
    if (!refused) at += *n;
  }
  require(refused == !used.ok());
  require(whole.size() <= kLimit && whole == pieces);
  if (used.ok()) require(*used == at && at_once.done() == by_byte.done());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  const auto length = scan(in, in.size() + 1);
  const auto dripped = scan(in, 1);
  require(length.ok() == dripped.ok());
  if (!length.ok() || *length == 0) return 0;
  require(*length == *dripped && *length <= limits::kHttpHeaderBytes);
  Head head;
  if (!read_head(in.substr(0, *length), head).ok()) return 0;
  const auto admitted = admit(head, {});
  if (!admitted.ok()) return 0;
  check_admitted(*admitted);
  if (admitted->framing == Framing::kChunked) check_body(in.substr(*length));
  return 0;
}
