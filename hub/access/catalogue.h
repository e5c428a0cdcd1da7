// The versioned catalogue: licence types, base-data kinds, matters, sharing rules, bundles, proofs,
// code tables, the sharing directory. Immutable versions (kind, id, version, effective interval);
// policy_epoch = index of the last catalogue entry. A put makes a draft, a filing (备案) may be
// recorded, and a second administrator publishes it. Rows: data "T" ‖ kind ‖ id ‖ 0 ‖ version(4);
// open drafts data "D" ‖ ChangeId, closed ones data "d" ‖ ChangeId. It lives in access (not
// exchange) because rules, types and matters decide together who may see what
// (docs/decisions/0002-catalogue-in-access.md).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "schemas/catalogue.h"
#include "schemas/catalogue_lists.h"

namespace lh::hub::access {

enum class ObjectKind : std::uint8_t {  // stored; never renumber
  kLicenceType = 1,
  kBaseKind = 2,
  kMatter = 3,
  kRule = 4,
  kBundle = 5,
  kProof = 6,
  kCodeTable = 7,
  kDirectoryEntry = 8,
  kPublicationRule = 9
};

// All versions, read-only; a request keeps one Policy from beginning to end.
struct Definitions {
  std::vector<schemas::LicenceType> types;
  std::vector<schemas::BaseKind> kinds;
  std::vector<schemas::Matter> matters;
  std::vector<schemas::SharingRule> rules;
  std::vector<schemas::Bundle> bundles = {};
  std::vector<schemas::Proof> proofs = {};
  std::vector<schemas::CodeTable> tables = {};
  std::vector<schemas::DirectoryEntry> directory = {};
  std::vector<schemas::PublicationRule> publication = {};
};

class DecisionMemo;
class Shelves;

class Policy {
 public:
  // For replaying a decision: the definitions as they were at that epoch.
  static std::shared_ptr<const Policy> make(const Definitions& definitions, std::uint64_t epoch);
  Policy();
  ~Policy();
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  // Of all, the greatest version in force that day; null when there is none. The codes of a
  // type's fields that name a code table are those of the table of that day.
  const schemas::LicenceType* find_type(std::string_view code, LocalDate at) const;
  const schemas::BaseKind* find_base_kind(std::string_view id) const;
  const schemas::Matter* find_matter(std::string_view code, LocalDate at) const;
  const schemas::Bundle* find_bundle(std::string_view code, LocalDate at) const;
  const schemas::Proof* find_proof(std::string_view code, LocalDate at) const;
  const schemas::CodeTable* find_code_table(std::string_view id, LocalDate at) const;
  const schemas::DirectoryEntry* find_directory_entry(std::string_view id, LocalDate at) const;
  const schemas::PublicationRule* find_publication_rule(LocalDate at) const;
  // 多证合一: the type that stands for this one that day: the last one it has been merged into, or
  // itself (an unknown code too).
  std::string resolve_type(std::string_view code, LocalDate at) const;
  // The other way: this type and those merged into it by that day.
  std::vector<std::string> types_standing_for(std::string_view code, LocalDate at) const;
  // Of each rule the greatest version in force that day, ordered by id.
  std::vector<const schemas::SharingRule*> rules_for(std::string_view matter,
                                                     std::string_view object, LocalDate at) const;
  // All versions, by id and version.
  std::vector<const schemas::LicenceType*> types() const;
  std::vector<const schemas::Matter*> matters() const;
  std::vector<const schemas::SharingRule*> rules() const;
  std::vector<const schemas::DirectoryEntry*> directory(LocalDate at) const;  // in force
  std::uint64_t epoch() const { return epoch_; }
  DecisionMemo& memo() const { return *memo_; }  // of decisions, which a policy never changes
  const Shelves& shelves() const { return *shelves_; }  // hub/access/definitions

 private:
  friend class Catalogue;
  friend class PolicyMaker;
  std::unique_ptr<Shelves> shelves_;
  std::uint64_t epoch_ = 0;
  std::unique_ptr<DecisionMemo> memo_;
};

// 备案: under which number, with whom, who recorded it when.
struct Filing {
  std::string number;
  std::string with;
  std::string by;
  UtcTime at;
};
enum class ChangeState : std::uint8_t {  // stored
  kDraft = 1,
  kFiled = 2,
  kPublished = 3,
  kWithdrawn = 4,  // by who drafted it
  kRejected = 5    // by somebody else
};
std::string_view state_text(ChangeState s);

struct Draft {
  ChangeId id;
  ObjectKind kind = ObjectKind::kLicenceType;
  std::string object_id;
  Bytes definition;        // JSON text
  std::string drafted_by;  // SystemId text or administrator's name
  UtcTime drafted_at = {};
  ChangeState state = ChangeState::kDraft;
  std::optional<Filing> filing = std::nullopt;
  std::string closed_by = {};
  UtcTime closed_at = {};
};

// Rows of a change and what they rest on; the caller adds the entry and commits, then load().
struct CatalogueRows {
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
};
struct Closing {
  std::string by;
  UtcTime at;
};

inline constexpr std::size_t kAllDrafts = 1'000'000;

class Catalogue {
 public:
  explicit Catalogue(const store::Store& store) : store_(store) {}
  Status load();  // at start and after each commit that changed it; reads anew only what is new
  std::shared_ptr<const Policy> policy() const;

  // As founded, without a draft. No rows: this very version is active already. Errors: those of
  // the definition's reader, definition.version_exists. What it names is not looked up.
  Result<std::vector<ledger::RowWrite>> activate(ObjectKind kind,
                                                 std::string_view definition_json) const;
  // Errors: those of activate and of check_definition (hub/access/definitions/checks.h).
  Result<std::pair<ChangeId, std::vector<ledger::RowWrite>>> draft(const Draft& draft,
                                                                   Random& random) const;
  // An open one; or one that has been closed.
  Result<std::optional<Draft>> find_draft(const ChangeId& id) const;
  Result<std::optional<Draft>> find_closed(const ChangeId& id) const;
  Result<std::vector<Draft>> drafts(std::size_t limit) const;  // open, by id
  // Errors: change.unknown; change.state (filed already).
  Result<CatalogueRows> file(const ChangeId& id, const Filing& filing) const;
  Result<CatalogueRows> withdraw(const ChangeId& id, const Closing& closing) const;
  // Errors: change.unknown, change.same_administrator, change.state (the publication rule of that
  // day wants it filed first), those of check_definition.
  Result<CatalogueRows> approve(const ChangeId& id, const Closing& closing) const;
  // Several together, all or none, checked as what stands when all of them are published: those of
  // an import lean on each other. The detail of an error names the change. At most 100.
  static constexpr std::size_t kMostTogether = 100;
  Result<CatalogueRows> approve(const std::vector<ChangeId>& ids, const Closing& closing) const;

 private:
  struct OpenDraft;
  Result<OpenDraft> open_draft(const ChangeId& id) const;
  Result<OpenDraft> publishable(const ChangeId& id, const Closing& closing) const;
  const store::Store& store_;
  std::shared_ptr<const Policy> policy_;
};

}  // namespace lh::hub::access
