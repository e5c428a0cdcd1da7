// Organisations and their calling systems. A client certificate names a system of an organisation;
// roles never come from the certificate and are read on every request.
// Rows: data "O" ‖ USCC -> organisation; data "Y" ‖ SystemId(16) -> system;
//       data "F" ‖ fingerprint(32) -> SystemId. Immutable snapshots, swapped after each commit.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::access {

enum class Role : std::uint8_t {  // stored; never renumber
  kFetch = 1,
  kIssue = 2,
  kCollect = 3,
  kApprove = 4,
  kVerify = 5,
  kSubjectsWrite = 6,
  kHolderPortal = 7,
  kTerminal = 8,   // 自助终端: prints annotated copies, downloads nothing
  kInspector = 9,  // 监察: who used which material, when, for which case
  kSystemAdmin = 10,
  kSecurityAdmin = 11,
  kAuditAdmin = 12,
  kCaseFeed = 13,    // 办件库: says which cases its organisation has, and reads nothing
  kLicencePull = 14  // another hub: is given the changes of licences that sharing rules give it
};
std::string_view role_text(Role r);
Result<Role> parse_role(std::string_view text);
// System, security and audit administrators are three people: no one holds two. A terminal has no
// other role: with one it could read what it may only print. Who says which cases there are has no
// other role: it could make up the case it reads for. Errors: role.conflict.
Status check_separation(const std::set<Role>& roles);

enum class State : std::uint8_t { kActive = 1, kSuspended = 2 };  // stored

// Whether cases of the organisation must be open in its case feed (hub/exchange/cases/case_feed.h).
enum class CaseFeed : std::uint8_t { kOff = 1, kRequired = 2 };  // stored

struct Organisation {
  Uscc uscc;
  std::string name;
  std::string division;
  std::optional<Uscc> parent;
  State state = State::kActive;
  CaseFeed case_feed = CaseFeed::kOff;
};
struct System {
  SystemId id;
  Uscc organisation;
  std::string name;
  std::set<Role> roles;
  State state = State::kActive;
  std::vector<Digest> certificates;  // fingerprints of client certificates it may use
};
// The caller of one request.
struct Caller {
  SystemId system;
  Uscc organisation;
  std::string division;
  std::set<Role> roles;
  Digest certificate{};
  CaseFeed case_feed = CaseFeed::kOff;  // of the organisation
};

class Registry {
 public:
  explicit Registry(const store::Store& store) : store_(store) {}
  Status load();  // at start and after each commit that changed it
  // Errors: caller.unknown, caller.suspended.
  Result<Caller> identify(const Digest& fingerprint) const;
  std::optional<Organisation> find_organisation(const Uscc& uscc) const;
  std::optional<System> find_system(const SystemId& id) const;
  std::vector<Organisation> organisations() const;
  std::vector<System> systems() const;
  std::set<Digest> revoked_certificates() const;

  // Rows of a change; the caller adds the entry and commits, then load().
  Result<std::vector<ledger::RowWrite>> put(const Organisation& o) const;
  Result<std::vector<ledger::RowWrite>> put(const System& s) const;  // checks separation
  Result<std::vector<ledger::RowWrite>> revoke(const Digest& fingerprint) const;

 private:
  struct View;
  const store::Store& store_;
  std::shared_ptr<const View> view_;  // read and swapped through std::atomic_load / atomic_store
};

}  // namespace lh::hub::access
