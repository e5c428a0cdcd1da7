#include "hub/exchange/answers/question.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::FieldDefinition;
using schemas::FieldKind;
using schemas::ObjectReader;

constexpr std::size_t kLongestValue = 2048;

struct AskName {
  Ask ask;
  std::string_view text;
};
constexpr std::array kAsks = {
    AskName{Ask::kHoldsValid, "holds_valid"},      AskName{Ask::kFieldEquals, "field_equals"},
    AskName{Ask::kFieldAtLeast, "field_at_least"}, AskName{Ask::kFieldAtMost, "field_at_most"},
    AskName{Ask::kFieldBefore, "field_before"},    AskName{Ask::kFieldAfter, "field_after"},
    AskName{Ask::kAgeAtLeast, "age_at_least"},     AskName{Ask::kSamePerson, "same_person"},
};

// Sign, whole part and millionths: every amount a field can hold, exactly (schemas/fields.cc).
struct Amount {
  std::int64_t whole = 0, millionths = 0;
  std::string_view currency;
};

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  const bool good = error == std::errc() && end == text.data() + text.size();
  return good && !text.empty() ? std::optional(n) : std::nullopt;
}

std::optional<Amount> parse_amount(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos || text.size() != space + 4) return std::nullopt;
  Amount out;
  out.currency = text.substr(space + 1);
  std::string_view number = text.substr(0, space);
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  const auto point = number.find('.');
  const auto whole = parse_whole(number.substr(0, point));
  if (!whole || *whole < 0) return std::nullopt;
  out.whole = *whole;
  if (point != std::string_view::npos) {
    std::string fraction(number.substr(point + 1));
    if (fraction.empty() || fraction.size() > 6) return std::nullopt;
    fraction.resize(6, '0');
    const auto millionths = parse_whole(fraction);
    if (!millionths || *millionths < 0) return std::nullopt;
    out.millionths = *millionths;
  }
  if (negative) {
    out.whole = -out.whole;
    out.millionths = -out.millionths;
  }
  return out;
}

Told told(bool yes) {
  return yes ? Told::kYes : Told::kNo;
}

Told tell_order(Ask ask, const FieldDefinition& field, std::string_view value,
                std::string_view asked) {
  if (field.kind == FieldKind::kAmount) {
    const auto a = parse_amount(value), b = parse_amount(asked);
    if (!a || !b || a->currency != b->currency) return Told::kNotComparable;
    const auto order = std::pair(a->whole, a->millionths) <=> std::pair(b->whole, b->millionths);
    return told(ask == Ask::kFieldAtLeast ? order >= 0 : order <= 0);
  }
  const auto a = parse_whole(value), b = parse_whole(asked);
  if (!a || !b) return Told::kNotComparable;
  return told(ask == Ask::kFieldAtLeast ? *a >= *b : *a <= *b);
}

// Characters 7 to 14 of a resident number are the date of birth (GB 11643).
std::optional<LocalDate> birth_date(const FieldDefinition& field, const std::string& value) {
  std::string text = value;
  if (field.kind == FieldKind::kIdentifier) {
    if (!parse_resident_id(value).ok()) return std::nullopt;
    text = value.substr(6, 4) + "-" + value.substr(10, 2) + "-" + value.substr(12, 2);
  }
  const auto date = parse_date(text);
  return date.ok() ? std::optional(*date) : std::nullopt;
}

Told tell_age(const FieldDefinition& field, const std::string& value, std::string_view asked,
              LocalDate today) {
  const auto born = birth_date(field, value);
  const auto years = parse_whole(asked);
  if (!born || !years || *born > today) return Told::kNotComparable;
  const bool had_birthday =
      std::pair(today.month(), today.day()) >= std::pair(born->month(), born->day());
  return told(today.year() - born->year() - (had_birthday ? 0 : 1) >= *years);
}

bool needs_value(Ask ask) {
  return ask != Ask::kHoldsValid && ask != Ask::kSamePerson;
}

Error unknown(const ObjectReader& r, std::string_view member, std::string_view why) {
  return Error(Reason::kPredicateUnknown, r.path(member) + ": " + std::string(why));
}

Status read_other(ObjectReader& r, AskedQuestion& out) {
  if (out.ask != Ask::kSamePerson) return ok_status();
  auto other = LH_TRY(ObjectReader::open(*LH_TRY(r.object("other")), r.path("other")));
  out.other_material = LH_TRY(schemas::read_line(other, "material", 64));
  out.other_field = LH_TRY(schemas::read_line(other, "field", 64));
  return other.finish();
}

bool fits(Ask ask, const FieldDefinition& field) {
  switch (ask) {
    case Ask::kFieldAtLeast:
    case Ask::kFieldAtMost:
      return field.kind == FieldKind::kAmount || field.kind == FieldKind::kInteger;
    case Ask::kFieldBefore:
    case Ask::kFieldAfter:
      return field.kind == FieldKind::kDate;
    case Ask::kAgeAtLeast:
      return field.kind == FieldKind::kDate || field.identifier == "resident_id";
    case Ask::kHoldsValid:
    case Ask::kFieldEquals:
    case Ask::kSamePerson:
      break;
  }
  return true;
}

// The asked value must be of the kind the field has: a question that can only fail says nothing.
bool value_fits(const AskedQuestion& q, const FieldDefinition& field) {
  const std::string& value = q.value.reveal();
  if (q.ask == Ask::kAgeAtLeast) {
    const auto years = parse_whole(value);
    return years && *years >= 0 && *years <= 200;
  }
  if (q.ask == Ask::kFieldBefore || q.ask == Ask::kFieldAfter) return parse_date(value).ok();
  if (q.ask != Ask::kFieldAtLeast && q.ask != Ask::kFieldAtMost) return true;
  return field.kind == FieldKind::kAmount ? parse_amount(value).has_value()
                                          : parse_whole(value).has_value();
}

}  // namespace

std::string_view ask_text(Ask ask) {
  const auto it =
      std::find_if(kAsks.begin(), kAsks.end(), [ask](const auto& n) { return n.ask == ask; });
  LH_CHECK(it != kAsks.end(), "a question outside the list");
  return it->text;
}

Result<AskedQuestion> question_from_json(const schemas::Json& j, std::string where) {
  auto r = LH_TRY(ObjectReader::open(j, std::move(where)));
  const std::string text = LH_TRY(r.string("ask", 32));
  const auto it =
      std::find_if(kAsks.begin(), kAsks.end(), [&text](const auto& n) { return n.text == text; });
  if (it == kAsks.end()) return Error(Reason::kPredicateUnknown, r.path("ask"));
  AskedQuestion out;
  out.ask = it->ask;
  const bool alone = out.ask == Ask::kHoldsValid && r.optional("field") == nullptr;
  if (!alone) out.field = LH_TRY(schemas::read_line(r, "field", 64));
  if (needs_value(out.ask) || (out.ask == Ask::kHoldsValid && !alone)) {
    out.value = Personal<std::string>(LH_TRY(r.string("value", kLongestValue)));
    if (normalised(out.value.reveal()).empty()) return unknown(r, "value", "empty");
  }
  LH_TRY(read_other(r, out));
  LH_TRY(r.finish());
  return out;
}

Status check_question(const AskedQuestion& q, const std::vector<FieldDefinition>& fields) {
  if (q.field.empty()) return ok_status();
  const auto it = std::find_if(fields.begin(), fields.end(),
                               [&q](const FieldDefinition& f) { return f.name == q.field; });
  if (it == fields.end()) return Error(Reason::kPredicateUnknown, "question.field");
  if (!fits(q.ask, *it)) return Error(Reason::kPredicateUnknown, "question.ask: not of this field");
  if (needs_value(q.ask) && !value_fits(q, *it)) {
    return Error(Reason::kPredicateUnknown, "question.value: not of the kind of the field");
  }
  return ok_status();
}

Told tell(const AskedQuestion& q, const FieldDefinition& field, const std::string& value,
          LocalDate today) {
  const std::string& asked = q.value.reveal();
  if (value.empty()) return Told::kFieldAbsent;
  switch (q.ask) {
    case Ask::kFieldAtLeast:
    case Ask::kFieldAtMost:
      return tell_order(q.ask, field, value, asked);
    case Ask::kFieldBefore:
    case Ask::kFieldAfter: {
      const auto a = parse_date(value), b = parse_date(asked);
      if (!a.ok() || !b.ok()) return Told::kNotComparable;
      return told(q.ask == Ask::kFieldBefore ? *a < *b : *a > *b);
    }
    case Ask::kAgeAtLeast:
      return tell_age(field, value, asked, today);
    case Ask::kHoldsValid:
    case Ask::kFieldEquals:
    case Ask::kSamePerson:
      break;
  }
  return told(normalised(value) == normalised(asked));
}

Told either(Told a, Told b) {
  if (a == Told::kYes || b == Told::kYes) return Told::kYes;
  return a == Told::kNo || b == Told::kNo ? Told::kNo : b;
}

std::string normalised(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    const auto next = [&text, i](std::size_t n) {
      return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0U;
    };
    if (c == 0xE3 && next(1) == 0x80 && next(2) == 0x80) {  // U+3000, the wide space
      i += 2;
      continue;
    }
    // U+FF01..U+FF5E, the full-width forms of '!'..'~'.
    if (c == 0xEF && (next(1) == 0xBC || next(1) == 0xBD) && next(2) >= 0x80 && next(2) <= 0xBF) {
      const unsigned wide = (next(1) - 0xBCU) * 0x40U + next(2) - 0x80U;
      if (wide >= 0x01 && wide <= 0x5E) {
        c = static_cast<unsigned char>(wide + 0x20U);
        i += 2;
      }
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<unsigned char>(c - 'A' + 'a');
    out.push_back(static_cast<char>(c));
  }
  return out;
}

}  // namespace lh::hub::exchange
