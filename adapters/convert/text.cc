#include "adapters/convert/text.h"

namespace lh::adapters::convert {
namespace {

// Whether a white space character may begin with c: asked for every byte of long texts.
bool begins_space(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u <= 0x20 || u == 0xC2 || u == 0xE3 || u == 0xEF;
}

// Bytes of the white space character that begins text, or 0.
std::size_t space_at(std::string_view text) {
  const auto c = static_cast<unsigned char>(text.front());
  if (c <= 0x20) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE3\x80\x80") || text.starts_with("\xEF\xBB\xBF")) return 3;
  return 0;
}

std::size_t space_before_end(std::string_view text) {
  const auto c = static_cast<unsigned char>(text.back());
  if (c <= 0x20) return 1;
  if (text.ends_with("\xC2\xA0")) return 2;
  if (text.ends_with("\xE3\x80\x80") || text.ends_with("\xEF\xBB\xBF")) return 3;
  return 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t n = space_at(text);
    if (n == 0) break;
    text.remove_prefix(n);
  }
  while (!text.empty()) {
    const std::size_t n = space_before_end(text);
    if (n == 0) break;
    text.remove_suffix(n);
  }
  return text;
}

std::string collapsed(std::string_view text) {
  text = trimmed(text);
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t n = begins_space(text[i]) ? space_at(text.substr(i)) : 0;
    if (n == 0) {
      ++i;
      continue;
    }
    out.append(text, copied, i - copied).push_back(' ');
    for (i += n; i < text.size();) {  // text is trimmed: something else follows
      const std::size_t more = space_at(text.substr(i));
      if (more == 0) break;
      i += more;
    }
    copied = i;
  }
  out.append(text, copied, text.size() - copied);
  return out;
}

}  // namespace lh::adapters::convert
