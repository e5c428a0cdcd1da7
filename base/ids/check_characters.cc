// The check characters of the codes in base/ids.h.
#include "base/ids.h"

namespace lh {
namespace {

// GB 32100-2015 table 2: no I, O, S, V, Z.
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// Value of c in the alphabet, or -1.
int value_in(std::string_view alphabet, char c) {
  const auto at = alphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// Sum of value times weight over text, or nothing when a character is not in the alphabet.
template <std::size_t N>
std::optional<int> weighted_sum(std::string_view alphabet, std::string_view text,
                                const int (&weights)[N]) {
  if (text.size() != N) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const int v = value_in(alphabet, text[i]);
    if (v < 0) return std::nullopt;
    sum += v * weights[i];
  }
  return sum;
}

}  // namespace

std::optional<char> mod11_2(std::string_view digits17) {
  // GB 11643-1999, 4: weights are 2^(18-i) mod 11.
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const auto sum = weighted_sum(kAlphanumeric.substr(0, 10), digits17, kWeights);
  if (!sum) return std::nullopt;
  return "10X98765432"[*sum % 11];
}

std::optional<char> mod31_3(std::string_view uscc17) {
  // GB 32100-2015, 5.2: weights are 3^(i-1) mod 31.
  constexpr int kWeights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
  const auto sum = weighted_sum(kUsccAlphabet, uscc17, kWeights);
  if (!sum) return std::nullopt;
  return kUsccAlphabet[static_cast<std::size_t>((31 - *sum % 31) % 31)];
}

std::optional<char> mod11_10_org(std::string_view code8) {
  // GB 11714-1997, 3.3: 10 is written X, 11 is written 0.
  constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  const auto sum = weighted_sum(kAlphanumeric, code8, kWeights);
  if (!sum) return std::nullopt;
  return "0X987654321"[*sum % 11];
}

std::optional<char> mod37_36(std::string_view text) {
  // ISO/IEC 7064, 9: hybrid system MOD 37,36.
  if (text.empty()) return std::nullopt;
  int p = 36;
  for (const char c : text) {
    const int v = value_in(kAlphanumeric, c);
    if (v < 0) return std::nullopt;
    p = (p + v) % 36;
    p = (p == 0 ? 36 : p) * 2 % 37;
  }
  return kAlphanumeric[static_cast<std::size_t>((37 - p) % 36)];
}

}  // namespace lh
