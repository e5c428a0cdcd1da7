// Small changes of UTF-8 text that mappings ask for. All take valid UTF-8 and give valid UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace lh::adapters::convert {

// Without white space at both ends: ASCII space and controls, U+00A0, U+3000, U+FEFF.
std::string_view trimmed(std::string_view text);
// Trimmed, and every run of such white space inside becomes one space.
std::string collapsed(std::string_view text);
// U+FF01..U+FF5E and U+3000 become their ASCII forms: for codes and numbers; in names full-width
// brackets are the proper form, so nobody folds them unasked.
std::string half_width(std::string_view text);

}  // namespace lh::adapters::convert
