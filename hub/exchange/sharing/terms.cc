#include "hub/exchange/sharing/terms.h"

#include <algorithm>
#include <set>

namespace lh::hub::exchange {
namespace {

constexpr std::int32_t kLongestTermDays = 3 * 366;

Error invalid(const char* member) {
  return Error(Reason::kApplicationInvalid, member);
}

bool has_twice(const std::vector<std::string>& list) {
  return std::set<std::string>(list.begin(), list.end()).size() != list.size();
}

Result<std::vector<schemas::FieldDefinition>> fields_of(const std::string& object,
                                                        const access::Policy& policy,
                                                        LocalDate today) {
  if (const auto* type = policy.find_type(object, today)) return type->fields;
  if (const auto* kind = policy.find_base_kind(object)) return kind->fields;
  return Error(Reason::kTypeUnknown, "application.object");
}

// A department may ask for what its matter asks of the applicant, and for nothing beside it.
bool asks_for(const schemas::Matter& matter, const std::string& object) {
  return std::any_of(matter.materials.begin(), matter.materials.end(), [&object](const auto& m) {
    return (m.licence_type && m.licence_type->text() == object) || m.base_kind == object;
  });
}

int strictness(std::string_view attribute) {
  if (attribute == "not_shared") return 3;
  if (attribute == "conditional") return 2;
  return attribute == "unconditional" ? 1 : 0;
}

const schemas::DirectoryEntry* strictest_entry(const std::string& object,
                                               const access::Policy& policy, LocalDate today) {
  const schemas::DirectoryEntry* out = nullptr;
  for (const auto* entry : policy.directory(today)) {
    if (entry->object != object) continue;
    const bool stricter =
        out == nullptr || strictness(entry->attribute) > strictness(out->attribute);
    if (stricter) out = entry;
  }
  return out;
}

}  // namespace

Result<Listing> listing_of(const std::string& object, const access::Policy& policy,
                           LocalDate today) {
  const auto* type = policy.find_type(object, today);
  const auto* entry = strictest_entry(object, policy, today);
  if (type == nullptr && policy.find_base_kind(object) == nullptr) {
    return Error(Reason::kTypeUnknown, "application.object");
  }
  if (type == nullptr && entry == nullptr) return Error(Reason::kNotListed, "application.object");
  Listing out;
  if (type != nullptr) {
    out.provider = type->defining_authority;
    out.attribute = type->sharing;
  }
  if (entry != nullptr) {
    out.provider = entry->provider;
    out.legal_basis = entry->legal_basis;
    out.entry = entry->id;
    out.entry_version = entry->version;
    if (strictness(entry->attribute) > strictness(out.attribute)) out.attribute = entry->attribute;
  }
  if (out.attribute == "not_shared") return Error(Reason::kNotShared, out.legal_basis);
  return out;
}

Status check_terms(const SharingTerms& terms, const access::Policy& policy, LocalDate today) {
  const auto known = LH_TRY(fields_of(terms.object, policy, today));
  const bool named = !terms.fields.empty() || terms.mode == schemas::RuleMode::kVerifyOnly;
  if (!named || has_twice(terms.fields)) return invalid("fields");
  for (const auto& field : terms.fields) {
    const bool there = std::any_of(known.begin(), known.end(),
                                   [&field](const auto& f) { return f.name == field; });
    if (!there) return invalid("fields: not of the object");
  }
  if (has_twice(terms.matters)) return invalid("matters");
  for (const auto& code : terms.matters) {
    const auto* matter = policy.find_matter(code, today);
    if (matter == nullptr) return Error(Reason::kMatterUnknown, "application.matters");
    if (!asks_for(*matter, terms.object)) return invalid("matters: none asks for the object");
  }
  for (const auto& code : terms.divisions) {
    if (!parse_division(code).ok()) return invalid("divisions");
  }
  if (terms.until < terms.from || terms.until < today) return invalid("term");
  if (terms.until.days() - terms.from.days() > kLongestTermDays) return invalid("term: too long");
  return ok_status();
}

}  // namespace lh::hub::exchange
