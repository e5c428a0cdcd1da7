#include "adapters/file/encoding.h"

#include <iconv.h>

#include <algorithm>

namespace lh::adapters::file {
namespace {

bool is_ascii(ByteView bytes) {
  const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  return std::none_of(bytes.begin(), bytes.end(), high);
}

// True when the whole input was converted without loss (iconv counts irreversible conversions).
bool convert(iconv_t handle, ByteView in, std::string& out) {
  out.resize(in.size() * 2 + 8);              // no character grows by more, in either direction
  char* from = const_cast<char*>(in.data());  // NOLINT: iconv reads only
  std::size_t from_left = in.size();
  char* to = out.data();
  std::size_t to_left = out.size();
  const std::size_t lost = iconv(handle, &from, &from_left, &to, &to_left);
  if (lost != 0 || from_left != 0) {
    iconv(handle, nullptr, nullptr, nullptr, nullptr);  // forget a half-read character
    return false;
  }
  if (iconv(handle, nullptr, nullptr, &to, &to_left) != 0) return false;
  out.resize(out.size() - to_left);
  return true;
}

iconv_t no_handle() {
  return reinterpret_cast<iconv_t>(-1);  // NOLINT: the value POSIX names
}

}  // namespace

struct Decoder::Handle {
  explicit Handle(iconv_t h) : iconv(h) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (iconv != no_handle()) iconv_close(iconv);
  }
  iconv_t iconv;
};

Decoder::Decoder(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Result<Decoder> Decoder::create(Encoding encoding) {
  if (encoding == Encoding::kUtf8) return Decoder(nullptr);
  auto handle = std::make_unique<Handle>(iconv_open("UTF-8", "GB18030"));
  if (handle->iconv == no_handle()) {
    return Error(Reason::kSourceUnavailable, "this system's iconv has no GB18030");
  }
  return Decoder(std::move(handle));
}

bool Decoder::decode(ByteView bytes, std::string& out) {
  if (bytes.find('\0') != ByteView::npos) return false;
  if (is_ascii(bytes)) {
    out = bytes;
    return true;
  }
  if (handle_) return convert(handle_->iconv, bytes, out);
  out = bytes;
  return is_utf8(bytes);
}

std::size_t gb18030_length(ByteView text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x81 || lead == 0xFF) return 1;
  if (text.size() < 2) return 2;
  const auto second = static_cast<unsigned char>(text[1]);
  if (second >= 0x30 && second <= 0x39) return 4;
  return second >= 0x40 && second != 0x7F && second != 0xFF ? 2 : 1;
}

Result<Bytes> encode_gb18030(std::string_view utf8) {
  const auto close = [](iconv_t* h) { iconv_close(*h); };
  iconv_t raw = iconv_open("GB18030", "UTF-8");
  if (raw == no_handle()) {
    return Error(Reason::kSourceUnavailable, "this system's iconv has no GB18030");
  }
  const std::unique_ptr<iconv_t, decltype(close)> handle(&raw, close);
  Bytes out;
  if (!is_utf8(utf8) || !convert(raw, utf8, out)) return Error(Reason::kInputEncoding, "GB18030");
  return out;
}

}  // namespace lh::adapters::file
