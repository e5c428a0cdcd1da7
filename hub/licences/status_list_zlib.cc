// The home of zlib: the compressed form of status lists (RFC 1950, RFC 1951).
#include <zlib.h>

#include "hub/licences/status_list.h"

namespace lh::hub::licences {
namespace {

const Bytef* in(ByteView data) {
  return reinterpret_cast<const Bytef*>(data.data());
}
Bytef* out(Bytes& data) {
  return reinterpret_cast<Bytef*>(data.data());
}

}  // namespace

// Token Status List, 4.1: the highest level, since it is made once and fetched often.
Result<Bytes> deflate_zlib(ByteView data) {
  uLongf size = compressBound(data.size());
  Bytes packed(size, '\0');
  if (compress2(out(packed), &size, in(data), data.size(), Z_BEST_COMPRESSION) != Z_OK) {
    return Error(Reason::kInternalFailure, "zlib");
  }
  packed.resize(size);
  return packed;
}

Result<Bytes> inflate_zlib(ByteView data, std::size_t max_bytes) {
  Bytes plain(max_bytes, '\0');
  uLongf size = max_bytes;
  uLong used = data.size();
  Bytef nothing = 0;  // an empty destination still needs an address
  Bytef* target = max_bytes == 0 ? &nothing : out(plain);
  const int code = uncompress2(target, &size, in(data), &used);
  if (code == Z_BUF_ERROR && size == max_bytes) return Error(Reason::kInputTooLarge, "zlib");
  if (code != Z_OK || used != data.size()) return Error(Reason::kInputMalformed, "zlib");
  plain.resize(size);
  return plain;
}

}  // namespace lh::hub::licences
