// Purpose, operator and identifiers of persons as members of requests.
#include <algorithm>
#include <array>

#include "schemas/purpose.h"
#include "schemas/purpose_parts.h"

namespace lh::schemas {
namespace {

constexpr std::array<std::string_view, 4> kChannels = {"counter", "online", "batch", "mobile"};

}  // namespace

bool has_control_characters(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u < 0x20 || u == 0x7F;
  });
}

Result<std::string> read_line(ObjectReader& r, std::string_view member, std::size_t max_bytes) {
  std::string text = LH_TRY(r.string(member, max_bytes));
  if (text.empty()) return Error(Reason::kJsonValue, r.path(member) + ": empty");
  if (has_control_characters(text)) {
    return Error(Reason::kJsonValue, r.path(member) + ": control characters");
  }
  return text;
}

Result<std::vector<std::string>> read_lines(ObjectReader& r, std::string_view member,
                                            LineLimits limits) {
  const auto& items = *LH_TRY(r.array(member))->items();
  if (items.empty() || items.size() > limits.most) {
    return Error(Reason::kJsonValue, r.path(member) + ": 1 to " + std::to_string(limits.most));
  }
  std::vector<std::string> out;
  for (const Json& item : items) {
    const std::string* text = item.string();
    if (text == nullptr) return Error(Reason::kJsonWrongType, r.path(member));
    if (text->empty() || text->size() > limits.bytes || has_control_characters(*text)) {
      return Error(Reason::kJsonValue, r.path(member));
    }
    out.push_back(*text);
  }
  return out;
}

Result<std::string> read_optional_line(ObjectReader& r, std::string_view member,
                                       std::size_t max_bytes) {
  if (r.optional(member) == nullptr) return std::string();
  return read_line(r, member, max_bytes);
}

Result<SubjectId> read_subject_id(ObjectReader& r) {
  const auto scheme = parse_scheme(LH_TRY(r.string("scheme", 32)));
  if (!scheme.ok()) return Error(scheme.error().reason(), r.path("scheme"));
  auto id = parse_subject_id(*scheme, LH_TRY(r.string("id", 256)));
  if (!id.ok()) return Error(id.error().reason(), r.path("id"));  // the path, never the value
  return std::move(id).value();
}

Result<SubjectId> subject_id_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  SubjectId id = LH_TRY(read_subject_id(r));
  LH_TRY(r.finish());
  return id;
}

Result<Operator> operator_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  Operator out;
  out.id = LH_TRY(read_line(r, "id", 64));
  out.name = Personal<std::string>(LH_TRY(read_line(r, "name", 128)));
  LH_TRY(r.finish());
  return out;
}

Result<Purpose> purpose_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  Purpose p;
  p.matter = LH_TRY(read_line(r, "matter", 36));
  p.case_number = LH_TRY(read_line(r, "case_number", 64));
  p.cause = LH_TRY(read_line(r, "cause", 512));
  p.legal_basis = LH_TRY(read_optional_line(r, "legal_basis", 512));
  p.consent = LH_TRY(read_optional_line(r, "consent", 512));
  if (p.legal_basis.empty() && p.consent.empty()) {
    return Error(Reason::kPurposeMissing, r.path("legal_basis") + " or consent");
  }
  p.officer = LH_TRY(operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  p.channel = LH_TRY(r.string("channel", 16));
  if (std::find(kChannels.begin(), kChannels.end(), p.channel) == kChannels.end()) {
    return Error(Reason::kJsonValue, r.path("channel") + ": counter, online, batch or mobile");
  }
  LH_TRY(r.finish());
  return p;
}

Result<Holder> holder_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  Holder h;
  h.id = LH_TRY(read_subject_id(r));
  h.name = Personal<std::string>(LH_TRY(read_line(r, "name", 512)));
  LH_TRY(r.finish());
  return h;
}

}  // namespace lh::schemas
