// The answers of the licence office as JSON text, and the recipes that give them again: 'L' ‖ kind
// ‖ …, never a personal body. Private to hub/licences.
#pragma once

#include "hub/licences/licence_store.h"
#include "hub/licences/verdicts.h"

namespace lh::hub::licences {

struct IssueAnswer {
  std::string licence_key, licence_id;
  int version = 1;
  schemas::LicenceStatus status = schemas::LicenceStatus::kNotActive;
  std::string qr;
};
std::string issue_answer(const IssueAnswer& answer, std::string_view document);

// Adds "name":"value" with a comma before it unless the object has just begun.
void append_member(std::string& json, std::string_view name, std::string_view value);

enum class RecipeKind : char { kIssue = 'I', kText = 'T' };  // stored; never renumber
Bytes issue_recipe(const LicenceKey& key, int version);
Bytes text_recipe(const LicenceKey& key,
                  std::string_view answer);  // an answer without personal data
struct Recipe {
  RecipeKind kind = RecipeKind::kText;
  LicenceKey key;
  int version = 0;
  std::string text;
};
Result<Recipe> parse_recipe(ByteView bytes);  // store.corrupt

}  // namespace lh::hub::licences
