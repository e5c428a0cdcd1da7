// Registered capital (注册资本) as registers spell it: "5,088(万元人民币)", "200(万)",
// "100万元人民币", "1,000(万美元)", "2000000.00 CNY".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lh::adapters::convert {

enum class ZeroCapital : std::uint8_t { kKeep, kAbsent };

class CapitalReader {
 public:
  // Input: words separated by '|': "default=CNY" (the currency of amounts that name none; without
  // it such an amount is refused: 元 alone names none, a currency is never guessed),
  // "zero=absent" (branches carry "0(万)" where they have no capital). Errors: mapping.invalid.
  static Result<CapitalReader> parse(std::string_view argument);
  // "50880000.00 CNY"; "" where zero is absent; nothing when it cannot be read. At most two
  // decimals of the unit survive exactly or the amount is refused; at most 15 digits before the
  // point.
  std::optional<std::string> read(std::string_view text) const;

 private:
  std::string default_currency_;
  ZeroCapital zero_ = ZeroCapital::kKeep;
};

}  // namespace lh::adapters::convert
