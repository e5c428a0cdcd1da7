// Small changes of UTF-8 text that mappings ask for. All take valid UTF-8 and give valid UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace lh::adapters::convert {

// Without white space at both ends: ASCII space and controls, U+00A0, U+3000, U+FEFF.
std::string_view trimmed(std::string_view text);
// Trimmed, and every run of such white space inside becomes one space.
std::string collapsed(std::string_view text);
}  // namespace lh::adapters::convert
