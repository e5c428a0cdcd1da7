#include <algorithm>
#include <array>

#include "schemas/catalogue/parts.h"

namespace lh::schemas {

Error member_error(const ObjectReader& r, std::string_view member, Reason reason,
                   std::string_view why) {
  std::string detail = r.path(member);
  if (!why.empty()) detail.append(": ").append(why);
  return Error(reason, std::move(detail));
}

Result<std::string> read_filled(ObjectReader& r, std::string_view member, std::size_t max_bytes) {
  std::string text = LH_TRY(r.string(member, max_bytes));
  if (text.empty()) return member_error(r, member, Reason::kJsonValue, "empty");
  return text;
}

Result<Names> read_names(ObjectReader& r) {
  ObjectReader names = LH_TRY(ObjectReader::open(*LH_TRY(r.object("names")), r.path("names")));
  Names out;
  out.chinese = LH_TRY(read_filled(names, "chinese", 256));
  out.english = LH_TRY(read_filled(names, "english", 256));
  LH_TRY(names.finish());
  return out;
}

Result<Effective> read_effective(ObjectReader& r) {
  ObjectReader e = LH_TRY(ObjectReader::open(*LH_TRY(r.object("effective")), r.path("effective")));
  const auto from = parse_date(LH_TRY(e.string("from", 10)));
  if (!from.ok()) return member_error(e, "from", from.error().reason());
  Effective out{*from, std::nullopt};
  if (const auto text = LH_TRY(e.optional_string("until", 10))) {
    const auto until = parse_date(*text);
    if (!until.ok()) return member_error(e, "until", until.error().reason());
    if (*until < *from) return member_error(e, "until", Reason::kJsonValue, "before \"from\"");
    out.until = *until;
  }
  LH_TRY(e.finish());
  return out;
}

Result<int> read_version(ObjectReader& r) {
  const std::int64_t version = LH_TRY(r.integer("version"));
  if (version < 1 || version > 999) {
    return member_error(r, "version", Reason::kJsonValue, "outside 1..999");
  }
  return static_cast<int>(version);
}

Result<Uscc> read_uscc(ObjectReader& r, std::string_view member) {
  auto uscc = parse_uscc(LH_TRY(r.string(member, 18)));
  if (!uscc.ok()) return member_error(r, member, uscc.error().reason());
  return *uscc;
}

Result<std::optional<LicenceTypeCode>> read_type_code(ObjectReader& r, std::string_view member) {
  const auto text = LH_TRY(r.optional_string(member, 32));
  if (!text) return std::optional<LicenceTypeCode>();
  auto code = parse_licence_type_code(*text);
  if (!code.ok()) return member_error(r, member, code.error().reason());
  return std::optional<LicenceTypeCode>(*code);
}

Result<std::vector<std::string>> read_texts(ObjectReader& r, std::string_view member) {
  std::vector<std::string> out;
  if (r.optional(member) == nullptr) return out;
  const Json* array = LH_TRY(r.array(member));
  for (const Json& item : *array->items()) {
    const std::string* text = item.string();
    if (text == nullptr) return member_error(r, member, Reason::kJsonWrongType, "texts expected");
    if (text->empty() || text->size() > 256 ||
        std::find(out.begin(), out.end(), *text) != out.end()) {
      return member_error(r, member, Reason::kJsonValue, "an item is empty, too long or repeated");
    }
    out.push_back(*text);
  }
  return out;
}

bool is_definition_id(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
  });
}

Status check_words(const ObjectReader& r, std::string_view member,
                   const std::vector<std::string>& texts, std::span<const std::string_view> words) {
  for (const std::string& text : texts) {
    if (std::find(words.begin(), words.end(), text) != words.end()) continue;
    std::string list;
    for (const auto word : words) list.append(list.empty() ? "" : ", ").append(word);
    return member_error(r, member, Reason::kJsonValue, "one of: " + list);
  }
  return {};
}

Result<std::string> read_word(ObjectReader& r, std::string_view member,
                              std::span<const std::string_view> words) {
  std::string text = LH_TRY(r.string(member, 32));
  LH_TRY(check_words(r, member, {text}, words));
  return text;
}

Result<std::optional<LocalDate>> read_date(ObjectReader& r, std::string_view member) {
  const auto text = LH_TRY(r.optional_string(member, 10));
  if (!text) return std::optional<LocalDate>();
  const auto date = parse_date(*text);
  if (!date.ok()) return member_error(r, member, date.error().reason());
  return std::optional(*date);
}

bool is_base_kind(std::string_view id) {
  constexpr std::array<std::string_view, 3> kKinds = {"natural_person", "legal_entity", "address"};
  return std::find(kKinds.begin(), kKinds.end(), id) != kKinds.end();
}

Json names_to_json(const Names& n) {
  return Json::object().set("chinese", n.chinese).set("english", n.english);
}

Json effective_to_json(const Effective& e) {
  Json out = Json::object().set("from", e.from.text());
  if (e.until) out.set("until", e.until->text());
  return out;
}

Json texts_to_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push(text);
  return out;
}

}  // namespace lh::schemas
