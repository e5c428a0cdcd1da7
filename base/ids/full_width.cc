#include "base/ids/full_width.h"

namespace lh {

// The forms are three bytes: EF BC 81 .. EF BD 9E, and E3 80 80.
std::string half_width(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view three = text.substr(i, 3);
    const auto last = static_cast<unsigned char>(three.back());
    if (three.size() == 3 && three.starts_with("\xEF\xBC") && last >= 0x81) {
      out.push_back(static_cast<char>(last - 0x81 + '!'));
      i += 3;
    } else if (three.size() == 3 && three.starts_with("\xEF\xBD") && last <= 0x9E) {
      out.push_back(static_cast<char>(last - 0x80 + '`'));
      i += 3;
    } else if (three == "\xE3\x80\x80") {
      out.push_back(' ');
      i += 3;
    } else {
      out.push_back(text[i++]);
    }
  }
  return out;
}

}  // namespace lh
