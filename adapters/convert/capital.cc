#include "adapters/convert/capital.h"

#include <utility>

#include "adapters/convert/text.h"
#include "adapters/convert/words.h"
#include "base/ids/full_width.h"

namespace lh::adapters::convert {
namespace {

// ISO 4217 codes and the Chinese names seen in registers; the longer name first.
constexpr std::pair<std::string_view, std::string_view> kCurrencies[] = {
    {"人民币", "CNY"}, {"RMB", "CNY"},  {"CNY", "CNY"},  {"美元", "USD"},     {"USD", "USD"},
    {"港元", "HKD"},   {"港币", "HKD"}, {"HKD", "HKD"},  {"欧元", "EUR"},     {"EUR", "EUR"},
    {"日元", "JPY"},   {"JPY", "JPY"},  {"英镑", "GBP"}, {"GBP", "GBP"},      {"新台币", "TWD"},
    {"TWD", "TWD"},    {"韩元", "KRW"}, {"KRW", "KRW"},  {"新加坡元", "SGD"}, {"SGD", "SGD"},
    {"澳元", "AUD"},   {"AUD", "AUD"},  {"加元", "CAD"}, {"CAD", "CAD"},
};
constexpr std::size_t kMaxDigits = 15;

struct Amount {
  std::string digits;     // without leading zeros
  std::size_t scale = 0;  // how many of them stand after the point
};

// "5,088", "100.50": thousands separators only between groups of three.
std::optional<Amount> take_amount(std::string_view& text) {
  Amount out;
  std::size_t i = 0;
  std::size_t group = 0;  // digits since the last separator; groups are counted once one was seen
  bool separated = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      out.digits.push_back(c);
      ++group;
    } else if (c == ',') {
      if (group == 0 || group > 3 || (separated && group != 3)) return std::nullopt;
      separated = true;
      group = 0;
    } else {
      break;
    }
    if (out.digits.size() > kMaxDigits) return std::nullopt;
  }
  if (out.digits.empty() || (separated && group != 3)) return std::nullopt;
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      out.digits.push_back(text[i]);
      if (++out.scale > 6) return std::nullopt;
    }
    if (out.scale == 0) return std::nullopt;
  }
  text.remove_prefix(i);
  return out;
}

// Without brackets and spaces: "(万元人民币)" and "万 元人民币" say the same.
std::string unit_words(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '(' && c != ')' && c != ' ') out.push_back(c);
  }
  return out;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

struct Unit {
  std::size_t shift = 0;  // powers of ten
  std::string currency;   // empty = none named
};

// 万|亿, 元, currency, in the orders seen: 万元人民币, 万人民币, 万人民币元, 万美元, 万, 元, CNY.
std::optional<Unit> read_unit(std::string_view text) {
  Unit unit;
  if (take(text, "万")) {
    unit.shift = 4;
  } else if (take(text, "亿")) {
    unit.shift = 8;
  }
  const bool yuan = take(text, "元");
  for (const auto& [name, code] : kCurrencies) {
    if (!take(text, name)) continue;
    unit.currency = code;
    break;
  }
  if (!yuan) take(text, "元");
  if (!text.empty()) return std::nullopt;
  return unit;
}

// The amount times 10^shift with exactly two decimals, or nothing when digits would be lost.
std::optional<std::string> scaled(Amount amount, std::size_t shift) {
  amount.digits.append(shift + 2, '0');
  std::string& d = amount.digits;
  for (std::size_t i = 0; i < amount.scale; ++i) {
    if (d.back() != '0') return std::nullopt;
    d.pop_back();
  }
  d.erase(0, d.find_first_not_of('0'));
  if (d.size() < 3) d.insert(0, 3 - d.size(), '0');
  if (d.size() > kMaxDigits + 2) return std::nullopt;
  d.insert(d.size() - 2, 1, '.');
  return std::move(amount.digits);
}

}  // namespace

Result<CapitalReader> CapitalReader::parse(std::string_view argument) {
  CapitalReader reader;
  if (argument.empty()) return reader;
  for (const std::string& word : split_words(argument, '|')) {
    std::string_view text = word;
    if (take(text, "default=")) {
      const auto unit = text.size() == 3 ? read_unit(text) : std::nullopt;
      if (!unit || unit->currency != text) {
        return Error(Reason::kMappingInvalid, "capital: default is not a known currency code");
      }
      reader.default_currency_ = unit->currency;
    } else if (text == "zero=absent" || text == "zero=keep") {
      reader.zero_ = text == "zero=absent" ? ZeroCapital::kAbsent : ZeroCapital::kKeep;
    } else {
      return Error(Reason::kMappingInvalid, "capital: knows default=… and zero=absent|zero=keep");
    }
  }
  return reader;
}

std::optional<std::string> CapitalReader::read(std::string_view text) const {
  const std::string folded = half_width(text);
  std::string_view rest = trimmed(folded);
  const auto amount = take_amount(rest);
  if (!amount) return std::nullopt;
  const auto unit = read_unit(unit_words(rest));
  if (!unit) return std::nullopt;
  const std::string& currency = unit->currency.empty() ? default_currency_ : unit->currency;
  if (currency.empty()) return std::nullopt;
  auto value = scaled(*amount, unit->shift);
  if (!value) return std::nullopt;
  if (zero_ == ZeroCapital::kAbsent && *value == "0.00") return std::string();
  return *value + " " + currency;
}

}  // namespace lh::adapters::convert
