#include "adapters/mapping_calls.h"

#include <algorithm>

#include "base/ids.h"

namespace lh::adapters {
namespace {

constexpr std::size_t kMostKeyColumns = 8;
constexpr std::size_t kMostPushColumns = 64;
constexpr std::size_t kMostKindBytes = 64;
constexpr std::string_view kHolderId = "holder.id";
constexpr std::string_view kFieldPlace = "field.";
constexpr std::string_view kPlaces[] = {"licence_id", "licence_key", "type",       "version",
                                        "status",     "event",       "time",       "effective",
                                        "issuer",     "division",    "valid_from", "valid_until"};
constexpr std::string_view kBaseDataPlaces[] = {"kind", "version",    "event",
                                                "time", "valid_from", "source"};

struct Piece {
  std::string_view text;
  bool place = false;
};

// "a{b}c" in its pieces. A brace that is never closed, or closes nothing: no pieces.
Result<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> out;
  while (!text.empty()) {
    const auto open = text.find_first_of("{}");
    if (open != 0) out.push_back({text.substr(0, open), false});
    if (open == std::string_view::npos) break;
    const auto close = text.find_first_of("{}", open + 1);
    if (text[open] == '}' || close == std::string_view::npos || text[close] == '{') {
      return Error(Reason::kMappingInvalid, "a brace without its other half");
    }
    out.push_back({text.substr(open + 1, close - open - 1), true});
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string filled(std::string_view text, const NamedTexts& values) {
  std::string out;
  for (const Piece& piece : pieces_of(text).value()) {  // checked when the mapping was read
    if (!piece.place) {
      out += piece.text;
      continue;
    }
    const auto value = std::find_if(values.begin(), values.end(),
                                    [&piece](const auto& v) { return v.first == piece.text; });
    if (value != values.end()) out += value->second;
  }
  return out;
}

NamedTexts all_filled(const NamedTexts& texts, const NamedTexts& values) {
  NamedTexts out;
  out.reserve(texts.size());
  for (const auto& [name, text] : texts) out.emplace_back(name, filled(text, values));
  return out;
}

// What "on" says decides what the push is about: a licence type, or a kind of base data.
Status read_events(SettingsReader& in, PushRule& rule) {
  rule.on = LH_TRY(in.texts("on"));
  if (rule.on.empty()) rule.on = {"issued", "status"};
  for (const std::string& event : rule.on) {
    if (event == "base_data" && rule.on.size() > 1) {
      return in.invalid("on: base_data stands alone");
    }
    if (event == "base_data") rule.about = RecordKind::kBaseData;
    if (event != "issued" && event != "status" && event != "base_data") {
      return in.invalid("on: issued, status, base_data");
    }
  }
  return {};
}

Status check_object(const SettingsReader& in, const PushRule& rule) {
  if (rule.about == RecordKind::kLicence) {
    if (parse_licence_type_code(rule.object).ok()) return {};
    return in.invalid("object: a licence type code of 21 characters");
  }
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  const bool name = rule.object.size() <= kMostKindBytes &&
                    rule.object.find_first_not_of(kLetters) == std::string::npos;
  return name ? ok_status() : Status(in.invalid("object: a kind of base data"));
}

Status check_record(const SettingsReader& in, const PushRule& rule) {
  if (rule.record.empty() || rule.record.size() > kMostPushColumns) {
    return in.invalid("record: 1 to 64 columns");
  }
  for (const auto& [column, text] : rule.record) {
    const auto pieces = pieces_of(text);
    if (!pieces.ok()) return in.invalid(column + ": " + pieces.error().detail());
    for (const Piece& piece : *pieces) {
      if (piece.place && !is_push_place(rule.about, piece.text)) {
        return in.invalid(column + ": {" + std::string(piece.text) + "} is not known");
      }
    }
  }
  return {};
}

}  // namespace

bool is_push_place(RecordKind about, std::string_view name) {
  if (name.starts_with(kFieldPlace)) return name.size() > kFieldPlace.size();
  const auto among = [name](const auto& places) {
    return std::find(std::begin(places), std::end(places), name) != std::end(places);
  };
  return about == RecordKind::kLicence ? among(kPlaces) : among(kBaseDataPlaces);
}

Status read_lookup(SettingsReader& output, OutputRule& out) {
  out.lookup = LH_TRY(output.pairs("lookup"));
  if (out.lookup.empty()) return {};
  if (out.kind != RecordKind::kLicence || out.holder_scheme == IdScheme::kLocal) {
    return output.invalid("lookup is for licences of holders with an identifier of their own");
  }
  if (out.lookup.size() > kMostKeyColumns) return output.invalid("lookup: at most 8 columns");
  std::size_t holders = 0;
  for (const auto& [column, text] : out.lookup) {
    const auto pieces = pieces_of(text);
    if (!pieces.ok()) return output.invalid("lookup: " + pieces.error().detail());
    for (const Piece& piece : *pieces) {
      if (piece.place && piece.text != kHolderId) {
        return output.invalid("lookup: the only place is {holder.id}");
      }
      if (piece.place) ++holders;
    }
  }
  if (holders != 1) return output.invalid("lookup: {holder.id} stands in it once");
  return {};
}

Status read_pushes(SettingsReader& mapping, Mapping& out) {
  for (const SettingsNode* table : LH_TRY(mapping.tables("pushes"))) {
    auto in = LH_TRY(SettingsReader::open(*table, "a push"));
    PushRule rule;
    rule.line = table->line;
    rule.object = LH_TRY(in.required_text("object"));
    LH_TRY(read_events(in, rule));
    LH_TRY(check_object(in, rule));
    rule.record = LH_TRY(in.pairs("record"));
    LH_TRY(check_record(in, rule));
    LH_TRY(in.finish());
    for (const PushRule& other : out.pushes) {
      if (other.object == rule.object) return in.invalid("object: one push a licence type or kind");
    }
    out.pushes.push_back(std::move(rule));
  }
  return {};
}

NamedTexts lookup_key(const OutputRule& rule, const std::string& holder_id) {
  return all_filled(rule.lookup, {{std::string(kHolderId), holder_id}});
}

NamedTexts push_record(const PushRule& rule, const NamedTexts& values) {
  return all_filled(rule.record, values);
}

}  // namespace lh::adapters
