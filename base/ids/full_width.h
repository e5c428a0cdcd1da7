// Full-width forms of ASCII, as East Asian input methods write them.
#pragma once

#include <string>
#include <string_view>

namespace lh {

// U+FF01..U+FF5E become '!'..'~' and U+3000 a space (Unicode block Halfwidth and Fullwidth Forms);
// everything else stays. Input: UTF-8, otherwise bytes pass through.
std::string half_width(std::string_view text);

}  // namespace lh
