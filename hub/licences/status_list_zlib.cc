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
  Bytes plain(max_bytes + 1, '\0');  // one more: what fills it is too large
  uLongf size = plain.size();
  uLong used = data.size();
  const int code = uncompress2(out(plain), &size, in(data), &used);
  if (size > max_bytes || (code == Z_BUF_ERROR && size == plain.size())) {
    return Error(Reason::kInputTooLarge, "zlib");
  }
  if (code != Z_OK || used != data.size()) return Error(Reason::kInputMalformed, "zlib");
  plain.resize(size);
  return plain;
}

}  // namespace lh::hub::licences
