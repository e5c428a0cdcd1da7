#include "adapters/convert/converters.h"

#include <utility>
#include <vector>

#include "adapters/convert/capital.h"
#include "adapters/convert/date_reader.h"
#include "adapters/convert/text.h"
#include "adapters/convert/words.h"
#include "base/ids/full_width.h"

namespace lh::adapters::convert {
namespace {

using Made = Result<std::unique_ptr<const Converter>>;

Error invalid(std::string what) {
  return Error(Reason::kMappingInvalid, std::move(what));
}

// A converter without arguments that cannot fail.
class Plain final : public Converter {
 public:
  using Change = void (*)(std::string&);
  explicit Plain(Change change) : change_(change) {}
  std::optional<Reason> apply(std::string& value) const override {
    change_(value);
    return std::nullopt;
  }

 private:
  Change change_;
};

void trim(std::string& v) {
  const std::string_view kept = trimmed(v);
  if (kept.size() == v.size()) return;
  const auto front = static_cast<std::size_t>(kept.data() - v.data());
  v.resize(front + kept.size());
  v.erase(0, front);
}
void collapse(std::string& v) {
  v = collapsed(v);
}
void fold_width(std::string& v) {
  for (const char c : v) {
    if (c == '\xEF' || c == '\xE3') {
      v = half_width(v);
      return;
    }
  }
}
void upper(std::string& v) {
  for (char& c : v) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
}

class Date final : public Converter {
 public:
  explicit Date(DateReader reader) : reader_(std::move(reader)) {}
  std::optional<Reason> apply(std::string& value) const override {
    const auto date = reader_.read(value);
    if (!date) return Reason::kRowDate;
    value = date->text();
    return std::nullopt;
  }

 private:
  DateReader reader_;
};

class Capital final : public Converter {
 public:
  explicit Capital(CapitalReader reader) : reader_(std::move(reader)) {}
  std::optional<Reason> apply(std::string& value) const override {
    auto amount = reader_.read(value);
    if (!amount) return Reason::kRowNumber;
    value = std::move(*amount);
    return std::nullopt;
  }

 private:
  CapitalReader reader_;
};

class Table final : public Converter {
 public:
  struct Code {
    std::string value;
    std::optional<Reason> refusal;
  };
  static Made make(const std::map<std::string, std::string>& codes) {
    auto table = std::make_unique<Table>();
    for (const auto& [from, to] : codes) {
      Code code{to, std::nullopt};
      if (to.starts_with('!')) {
        code.refusal = find_row_reason(std::string_view(to).substr(1));
        if (!code.refusal) return invalid("table: no row reason " + to.substr(1));
      }
      table->codes_.emplace(from, std::move(code));
    }
    return Made(std::move(table));
  }
  std::optional<Reason> apply(std::string& value) const override {
    auto at = codes_.find(value);
    if (at == codes_.end()) at = codes_.find("*");
    if (at == codes_.end()) return Reason::kRowEnum;
    if (!at->second.refusal) value = at->second.value;
    return at->second.refusal;
  }

 private:
  static std::optional<Reason> find_row_reason(std::string_view id) {
    return id.starts_with("row.") ? find_reason(id) : std::nullopt;
  }
  std::map<std::string, Code> codes_;
};

// "a；b；c" to one item a line, the form of a list field.
class Split final : public Converter {
 public:
  explicit Split(std::string separator) : separator_(std::move(separator)) {}
  std::optional<Reason> apply(std::string& value) const override {
    std::string out;
    for (std::string_view rest = value; !rest.empty();) {
      const auto end = rest.find(separator_);
      const std::string_view item = trimmed(rest.substr(0, end));
      if (item.find('\n') != std::string_view::npos) return Reason::kRowCheck;
      if (!item.empty()) out.append(out.empty() ? "" : "\n").append(item);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator_.size());
    }
    value = std::move(out);
    return std::nullopt;
  }

 private:
  std::string separator_;
};

// Bytes from..from+count of a code, as the division in a USCC. A shorter value is refused, and so
// is one that is not ASCII: half a character is never made.
class Part final : public Converter {
 public:
  Part(std::size_t from, std::size_t count) : from_(from), count_(count) {}
  std::optional<Reason> apply(std::string& value) const override {
    if (value.size() < from_ + count_) return Reason::kRowCheck;
    for (const char c : value) {
      if (static_cast<unsigned char>(c) >= 0x80) return Reason::kRowCheck;
    }
    value = value.substr(from_, count_);
    return std::nullopt;
  }

 private:
  std::size_t from_;
  std::size_t count_;
};

class Prefix final : public Converter {
 public:
  explicit Prefix(std::string text) : text_(std::move(text)) {}
  std::optional<Reason> apply(std::string& value) const override {
    value.insert(0, text_);
    return std::nullopt;
  }

 private:
  std::string text_;
};

Made make_plain(std::string_view name) {
  constexpr std::pair<std::string_view, Plain::Change> kPlain[] = {
      {"trim", trim}, {"collapse", collapse}, {"half_width", fold_width}, {"upper", upper}};
  for (const auto& [known, change] : kPlain) {
    if (known == name) return Made(std::make_unique<Plain>(change));
  }
  return invalid("converter " + std::string(name) + " is not known");
}

Made make_part(std::string_view argument) {
  const auto words = split_words(argument, ':');
  if (words.size() != 2) return invalid("part: is written part:FROM:COUNT");
  const std::size_t from = LH_TRY(parse_size(words[0]));
  const std::size_t count = LH_TRY(parse_size(words[1]));
  if (count == 0) return invalid("part: COUNT is at least 1");
  return Made(std::make_unique<Part>(from, count));
}

}  // namespace

Made make_converter(std::string_view text, const CodeTables& tables) {
  const auto [name, argument] = name_and_argument(text);
  if (name == "date") return Made(std::make_unique<Date>(LH_TRY(DateReader::parse(argument))));
  if (name == "capital") {
    return Made(std::make_unique<Capital>(LH_TRY(CapitalReader::parse(argument))));
  }
  if (name == "table") {
    const auto at = tables.find(std::string(argument));
    if (at == tables.end()) return invalid("there is no table " + std::string(argument));
    return Table::make(at->second);
  }
  if (name == "part") return make_part(argument);
  if (name == "split" || name == "prefix") {
    if (argument.empty()) return invalid(std::string(name) + " needs an argument");
    if (name == "split") return Made(std::make_unique<Split>(std::string(argument)));
    return Made(std::make_unique<Prefix>(std::string(argument)));
  }
  if (text.size() != name.size()) return invalid(std::string(name) + " takes no argument");
  return make_plain(name);
}

}  // namespace lh::adapters::convert
