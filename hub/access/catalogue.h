// The versioned catalogue: licence types, base-data kinds, matters, sharing rules. Immutable
// versions (kind, id, version, effective interval); policy_epoch = index of the last catalogue
// entry. A put makes a draft; a second administrator activates it. Rows: data "T" ‖ kind ‖ id ‖ 0 ‖
// version(4); drafts data "D" ‖ ChangeId. It lives in access (not exchange) because rules, types
// and matters decide together who may see what (docs/decisions/0002-catalogue-in-access.md).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "schemas/catalogue.h"

namespace lh::hub::access {

enum class ObjectKind : std::uint8_t { kLicenceType = 1, kBaseKind = 2, kMatter = 3, kRule = 4 };

// All versions, read-only; a request keeps one Policy from beginning to end.
struct Definitions {
  std::vector<schemas::LicenceType> types;
  std::vector<schemas::BaseKind> kinds;
  std::vector<schemas::Matter> matters;
  std::vector<schemas::SharingRule> rules;
};

class DecisionMemo;

class Policy {
 public:
  // For replaying a decision: the definitions as they were at that epoch.
  static std::shared_ptr<const Policy> make(const Definitions& definitions, std::uint64_t epoch);
  Policy();
  ~Policy();
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  const schemas::LicenceType* find_type(std::string_view code, LocalDate at) const;
  const schemas::BaseKind* find_base_kind(std::string_view id) const;
  const schemas::Matter* find_matter(std::string_view code, LocalDate at) const;
  // Of each rule the greatest version in force that day, ordered by id.
  std::vector<const schemas::SharingRule*> rules_for(std::string_view matter,
                                                     std::string_view object, LocalDate at) const;
  std::vector<const schemas::LicenceType*> types() const;
  std::vector<const schemas::Matter*> matters() const;
  std::vector<const schemas::SharingRule*> rules() const;
  std::uint64_t epoch() const { return epoch_; }
  DecisionMemo& memo() const { return *memo_; }  // of decisions, which a policy never changes

 private:
  friend class Catalogue;
  Status add(ObjectKind kind, std::string_view definition_json);
  void index_rules();
  // (id, version) -> definition; greatest version effective at the date wins.
  std::map<std::pair<std::string, int>, schemas::LicenceType> types_;
  std::map<std::pair<std::string, int>, schemas::BaseKind> kinds_;
  std::map<std::pair<std::string, int>, schemas::Matter> matters_;
  std::map<std::pair<std::string, int>, schemas::SharingRule> rules_;
  // By object; of one id the greatest version first. Points into rules_.
  std::map<std::string, std::vector<const schemas::SharingRule*>, std::less<>> by_object_;
  std::uint64_t epoch_ = 0;
  std::unique_ptr<DecisionMemo> memo_;
};

struct Draft {
  ChangeId id;
  ObjectKind kind = ObjectKind::kLicenceType;
  std::string object_id;
  Bytes definition;        // JSON text
  std::string drafted_by;  // SystemId text or administrator's name
};

class Catalogue {
 public:
  explicit Catalogue(const store::Store& store) : store_(store) {}
  Status load();  // at start and after each commit that changed it
  std::shared_ptr<const Policy> policy() const;

  // Rows of a change; the caller adds the entry, commits, then load(). No rows: this very version
  // is active already. Errors: those of the definition's reader, definition.version_exists.
  Result<std::vector<ledger::RowWrite>> activate(ObjectKind kind,
                                                 std::string_view definition_json) const;
  Result<std::pair<ChangeId, std::vector<ledger::RowWrite>>> draft(const Draft& draft,
                                                                   Random& random) const;
  Result<std::optional<Draft>> find_draft(const ChangeId& id) const;
  // change.unknown, change.same_administrator.
  Result<std::vector<ledger::RowWrite>> approve(const ChangeId& id,
                                                std::string_view approver) const;

 private:
  const store::Store& store_;
  std::shared_ptr<const Policy> policy_;
};

}  // namespace lh::hub::access
