// One material of a matter in JSON (docs/formats/catalogue.md).
#include <algorithm>
#include <array>

#include "schemas/catalogue/parts.h"

namespace lh::schemas {
namespace {

constexpr std::array<std::string_view, 3> kSubjects = {"applicant", "legal_representative",
                                                       "employee"};
constexpr std::size_t kMostText = 4096;  // of a commitment
constexpr int kMostDays = 730;
constexpr int kMostAge = 36500;
constexpr std::size_t kMostReminders = 8;
constexpr std::pair<Trust, std::string_view> kTrusts[] = {{Trust::kScannedCopy, "scanned_copy"},
                                                          {Trust::kCollected, "collected"},
                                                          {Trust::kIssuerSigned, "issuer_signed"}};

std::optional<Trust> find_trust(std::string_view text) {
  for (const auto& [value, known] : kTrusts) {
    if (known == text) return value;
  }
  return std::nullopt;
}

// 其他材料, 有关材料 and the like: an open list is a demand nobody can meet once and for all.
bool is_open_ended(const Names& names) {
  constexpr std::array<std::string_view, 4> kWhich = {"其他", "其它", "有关", "相关"};
  constexpr std::array<std::string_view, 5> kWhat = {"材料", "资料", "文件", "证明", "证件"};
  constexpr std::array<std::string_view, 4> kEnglish = {"other materials", "other documents",
                                                        "relevant materials", "relevant documents"};
  if (names.chinese.ends_with("等") || names.chinese.ends_with("等材料")) return true;
  for (const auto which : kWhich) {
    for (const auto what : kWhat) {
      if (names.chinese.ends_with(std::string(which) + std::string(what))) return true;
    }
  }
  std::string english = names.english;
  std::transform(english.begin(), english.end(), english.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::any_of(kEnglish.begin(), kEnglish.end(),
                     [&english](std::string_view e) { return english.ends_with(e); });
}

Status read_source(ObjectReader& r, Material& m) {
  m.source = LH_TRY(r.string("source", 32));
  m.licence_type = LH_TRY(read_type_code(r, "licence_type"));
  m.base_kind = LH_TRY(r.optional_string("base_kind", 32)).value_or("");
  if (m.source != "licence" && m.source != "base_data" && m.source != "document") {
    return member_error(r, "source", Reason::kJsonValue, "licence, base_data or document");
  }
  if (m.licence_type.has_value() != (m.source == "licence")) {
    return member_error(r, "licence_type", Reason::kMatterInvalid, "goes with the source licence");
  }
  if (is_base_kind(m.base_kind) != (m.source == "base_data") ||
      (m.source != "base_data" && !m.base_kind.empty())) {
    return member_error(r, "base_kind", Reason::kMatterInvalid, "goes with the source base_data");
  }
  return {};
}

// Nobody may demand a material without a legal basis. An old demand stays readable when the file
// says so itself; the plan then answers not_demandable.
Status read_basis(ObjectReader& r, Material& m) {
  m.legal_basis = LH_TRY(r.optional_string("legal_basis", 1024)).value_or("");
  const bool waived = LH_TRY(r.optional_boolean("not_demandable")).value_or(false);
  if (m.legal_basis.empty() && !waived) {
    return member_error(r, "legal_basis", Reason::kMaterialNoBasis, m.code);
  }
  if (!m.legal_basis.empty() && waived) {
    return member_error(r, "not_demandable", Reason::kMatterInvalid, "contradicts legal_basis");
  }
  return {};
}

// The names read_names() takes, under another member.
Result<Names> read_named(ObjectReader& r, std::string_view member) {
  ObjectReader names = LH_TRY(ObjectReader::open(*LH_TRY(r.object(member)), r.path(member)));
  Names out;
  out.chinese = LH_TRY(read_filled(names, "chinese", kMostText));
  out.english = LH_TRY(read_filled(names, "english", kMostText));
  LH_TRY(names.finish());
  return out;
}

Result<Term> read_term(ObjectReader& r) {
  const std::int64_t days = LH_TRY(r.integer("days"));
  if (days < 1 || days > kMostDays) return member_error(r, "days", Reason::kJsonValue, "1..730");
  const std::string count = LH_TRY(r.string("count", 16));
  if (count != "working" && count != "calendar") {
    return member_error(r, "count", Reason::kJsonValue, "working or calendar");
  }
  return Term{static_cast<int>(days),
              count == "working" ? DayCount::kWorking : DayCount::kCalendar};
}

Result<std::vector<int>> read_reminders(ObjectReader& r) {
  std::vector<int> out;
  if (r.optional("remind_before") == nullptr) return out;
  for (const Json& item : *LH_TRY(r.array("remind_before"))->items()) {
    const std::int64_t* days = item.integer();
    const bool good = days != nullptr && *days >= 0 && *days <= kMostDays &&
                      (out.empty() || *days < out.back()) && out.size() < kMostReminders;
    if (!good) {
      return member_error(r, "remind_before", Reason::kJsonValue, "days, the greatest first");
    }
    out.push_back(static_cast<int>(*days));
  }
  return out;
}

Status read_deferral(ObjectReader& material, Material& m) {
  const Json* json = material.optional("deferral");
  if (json == nullptr) return {};
  ObjectReader r = LH_TRY(ObjectReader::open(*json, material.path("deferral")));
  Deferral out;
  out.term = LH_TRY(read_term(r));
  out.remind_before = LH_TRY(read_reminders(r));
  out.legal_basis = LH_TRY(read_filled(r, "legal_basis", 1024));
  out.consequence = LH_TRY(read_named(r, "consequence"));
  LH_TRY(r.finish());
  m.deferral = std::move(out);
  return {};
}

Status read_commitment(ObjectReader& material, Material& m) {
  const Json* json = material.optional("commitment");
  if (json == nullptr) return {};
  ObjectReader r = LH_TRY(ObjectReader::open(*json, material.path("commitment")));
  Commitment out;
  out.text = LH_TRY(read_named(r, "text"));
  out.check = LH_TRY(read_term(r));
  const std::int64_t breach = LH_TRY(r.integer("breach_days"));
  if (breach < 0 || breach > kMostAge) {
    return member_error(r, "breach_days", Reason::kJsonValue, "0..36500");
  }
  out.breach_days = static_cast<int>(breach);
  out.legal_basis = LH_TRY(read_filled(r, "legal_basis", 1024));
  out.consequence = LH_TRY(read_named(r, "consequence"));
  LH_TRY(r.finish());
  m.commitment = std::move(out);
  return {};
}

// What is held must be, to take the place of the material.
Status read_demands(ObjectReader& r, Material& m) {
  m.yes_no_suffices = LH_TRY(r.optional_boolean("yes_no_suffices")).value_or(false);
  m.proof = LH_TRY(r.optional_string("proof", 64)).value_or("");
  if (!m.proof.empty() && !is_code(m.proof, 64)) {
    return member_error(r, "proof", Reason::kJsonValue, "not a code");
  }
  if (const auto days = LH_TRY(r.optional_integer("max_age_days"))) {
    if (*days < 1 || *days > kMostAge || m.source != "licence") {
      return member_error(r, "max_age_days", Reason::kJsonValue, "1..36500, of a licence");
    }
    m.max_age_days = static_cast<int>(*days);
  }
  if (const auto text = LH_TRY(r.optional_string("trust", 32))) {
    m.trust = find_trust(*text);
    if (!m.trust || m.source != "licence") {
      return member_error(r, "trust", Reason::kJsonValue,
                          "issuer_signed, collected or scanned_copy, of a licence");
    }
  }
  return {};
}

Json term_json(const Term& t) {
  return Json::object()
      .set("days", t.days)
      .set("count", t.count == DayCount::kWorking ? "working" : "calendar");
}

Json deferral_json(const Deferral& d) {
  Json j = term_json(d.term);
  Json reminders = Json::array();
  for (const int days : d.remind_before) reminders.push(days);
  if (!d.remind_before.empty()) j.set("remind_before", std::move(reminders));
  j.set("legal_basis", d.legal_basis).set("consequence", names_to_json(d.consequence));
  return j;
}

Json commitment_json(const Commitment& c) {
  Json j = term_json(c.check);
  j.set("breach_days", c.breach_days);
  j.set("text", names_to_json(c.text)).set("legal_basis", c.legal_basis);
  j.set("consequence", names_to_json(c.consequence));
  return j;
}

}  // namespace

bool is_code(std::string_view s, std::size_t longest) {
  return !s.empty() && s.size() <= longest && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
  });
}

std::string_view trust_text(Trust trust) {
  for (const auto& [value, text] : kTrusts) {
    if (value == trust) return text;
  }
  LH_CHECK(false, "a trust level outside the list");
  return {};
}

Result<Material> material_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  Material m;
  m.code = LH_TRY(r.string("code", 64));
  if (!is_code(m.code, 64)) return member_error(r, "code", Reason::kJsonValue, "not a code");
  m.names = LH_TRY(read_names(r));
  if (is_open_ended(m.names)) {
    return member_error(r, "names", Reason::kMatterInvalid, "an open-ended demand");
  }
  for (const auto step : {read_source, read_basis}) {
    LH_TRY(step(r, m));
  }
  m.subject = LH_TRY(r.string("subject", 32));
  if (std::find(kSubjects.begin(), kSubjects.end(), m.subject) == kSubjects.end()) {
    return member_error(r, "subject", Reason::kJsonValue, "not a part in a case");
  }
  m.issued_by_roles = LH_TRY(read_texts(r, "issued_by_roles"));
  m.issued_by_asker = LH_TRY(r.optional_boolean("issued_by_asker")).value_or(false);
  for (const auto step : {read_demands, read_deferral, read_commitment}) {
    LH_TRY(step(r, m));
  }
  LH_TRY(r.finish());
  const bool other_ways = m.deferral || m.commitment || m.yes_no_suffices;
  if (other_ways && (m.legal_basis.empty() || m.issued_by_asker)) {
    return Error(Reason::kMatterInvalid, m.code + " is not demanded: nothing takes its place");
  }
  return m;
}

Json material_to_json(const Material& m) {
  Json j = Json::object();
  j.set("code", m.code).set("names", names_to_json(m.names)).set("source", m.source);
  if (m.licence_type) j.set("licence_type", m.licence_type->text());
  if (!m.base_kind.empty()) j.set("base_kind", m.base_kind);
  if (m.legal_basis.empty()) {
    j.set("not_demandable", true);
  } else {
    j.set("legal_basis", m.legal_basis);
  }
  j.set("subject", m.subject);
  if (!m.issued_by_roles.empty()) j.set("issued_by_roles", texts_to_json(m.issued_by_roles));
  if (m.issued_by_asker) j.set("issued_by_asker", true);
  if (m.yes_no_suffices) j.set("yes_no_suffices", true);
  if (!m.proof.empty()) j.set("proof", m.proof);
  if (m.max_age_days) j.set("max_age_days", *m.max_age_days);
  if (m.trust) j.set("trust", trust_text(*m.trust));
  if (m.deferral) j.set("deferral", deferral_json(*m.deferral));
  if (m.commitment) j.set("commitment", commitment_json(*m.commitment));
  return j;
}

}  // namespace lh::schemas
