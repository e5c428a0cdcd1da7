#include "hub/access/registry.h"

#include <algorithm>

#include "hub/access/registry_rows.h"

namespace lh::hub::access {
namespace {

constexpr std::pair<Role, std::string_view> kRoles[] = {
    {Role::kFetch, "fetch"},
    {Role::kIssue, "issue"},
    {Role::kCollect, "collect"},
    {Role::kApprove, "approve"},
    {Role::kVerify, "verify"},
    {Role::kSubjectsWrite, "subjects_write"},
    {Role::kHolderPortal, "holder_portal"},
    {Role::kTerminal, "terminal"},
    {Role::kInspector, "inspector"},
    {Role::kSystemAdmin, "system_admin"},
    {Role::kSecurityAdmin, "security_admin"},
    {Role::kAuditAdmin, "audit_admin"},
    {Role::kCaseFeed, "case_feed"},
    {Role::kLicencePull, "licence_pull"},
};

constexpr std::size_t kScanRows = 1024;

// Calls f(key, payload) for every row with the prefix.
template <class F>
Status for_each_row(const store::Snapshot& snapshot, char prefix, F f) {
  const Bytes prefix_bytes(1, prefix);
  Bytes from;
  while (true) {
    const auto rows = LH_TRY(snapshot.scan(store::Family::kData, prefix_bytes, from, kScanRows));
    for (const auto& row : rows) {
      LH_TRY(f(ByteView(row.key).substr(1), LH_TRY(ledger::parse_stored(row.value)).payload));
    }
    if (rows.size() < kScanRows) return {};
    from = rows.back().key + '\0';
  }
}

}  // namespace

struct Registry::View {
  std::map<Uscc, Organisation> organisations;
  std::map<SystemId, System> systems;
  std::map<Digest, CertificateRow> certificates;
};

std::string_view role_text(Role r) {
  for (const auto& [role, text] : kRoles) {
    if (role == r) return text;
  }
  return "unknown";
}

Result<Role> parse_role(std::string_view text) {
  for (const auto& [role, known] : kRoles) {
    if (known == text) return role;
  }
  return Error(Reason::kInputMalformed, "role");
}

Status check_separation(const std::set<Role>& roles) {
  const auto held = roles.count(Role::kSystemAdmin) + roles.count(Role::kSecurityAdmin) +
                    roles.count(Role::kAuditAdmin);
  if (held > 1) return Error(Reason::kRoleConflict, "administrators");
  if (roles.contains(Role::kTerminal) && roles.size() > 1) {
    return Error(Reason::kRoleConflict, "a terminal prints and does nothing else");
  }
  if (roles.contains(Role::kCaseFeed) && roles.size() > 1) {
    return Error(Reason::kRoleConflict, "a case feed says which cases there are, nothing else");
  }
  return {};
}

Status Registry::load() {
  auto view = std::make_shared<View>();
  const auto snapshot = store_.snapshot();
  LH_TRY(for_each_row(*snapshot, kOrganisationPrefix, [&](ByteView key, ByteView row) -> Status {
    Organisation o = LH_TRY(decode_organisation(row));
    if (o.uscc.text() != key) return Error(Reason::kStoreCorrupt, "organisation row");
    view->organisations.emplace(o.uscc, std::move(o));
    return {};
  }));
  LH_TRY(for_each_row(*snapshot, kSystemPrefix, [&](ByteView key, ByteView row) -> Status {
    System s = LH_TRY(decode_system(row));
    if (lh::view(s.id.value) != key) return Error(Reason::kStoreCorrupt, "system row");
    view->systems.emplace(s.id, std::move(s));
    return {};
  }));
  LH_TRY(for_each_row(*snapshot, kCertificatePrefix, [&](ByteView key, ByteView row) -> Status {
    const Digest fingerprint = LH_TRY(to_array<32>(key));
    view->certificates.emplace(fingerprint, LH_TRY(decode_certificate(row)));
    return {};
  }));
  std::atomic_store(&view_, std::shared_ptr<const View>(std::move(view)));
  return {};
}

// Default deny: whatever is not known, active and consistent is no caller.
Result<Caller> Registry::identify(const Digest& fingerprint) const {
  const auto view = std::atomic_load(&view_);
  if (!view) return Reason::kCallerUnknown;
  const auto certificate = view->certificates.find(fingerprint);
  if (certificate == view->certificates.end()) return Reason::kCallerUnknown;
  if (certificate->second.state != CertificateState::kInUse) return Reason::kCallerUnknown;
  const auto system = view->systems.find(certificate->second.system);
  if (system == view->systems.end()) return Reason::kCallerUnknown;
  const auto organisation = view->organisations.find(system->second.organisation);
  if (organisation == view->organisations.end()) return Reason::kCallerUnknown;
  if (system->second.state != State::kActive || organisation->second.state != State::kActive) {
    return Reason::kCallerSuspended;
  }
  return Caller{system->second.id,
                organisation->second.uscc,
                organisation->second.division,
                system->second.roles,
                fingerprint,
                organisation->second.case_feed};
}

std::optional<Organisation> Registry::find_organisation(const Uscc& uscc) const {
  const auto view = std::atomic_load(&view_);
  if (!view) return std::nullopt;
  const auto it = view->organisations.find(uscc);
  if (it == view->organisations.end()) return std::nullopt;
  return it->second;
}

std::optional<System> Registry::find_system(const SystemId& id) const {
  const auto view = std::atomic_load(&view_);
  if (!view) return std::nullopt;
  const auto it = view->systems.find(id);
  if (it == view->systems.end()) return std::nullopt;
  return it->second;
}

std::vector<Organisation> Registry::organisations() const {
  std::vector<Organisation> out;
  const auto view = std::atomic_load(&view_);
  if (!view) return out;
  for (const auto& [uscc, organisation] : view->organisations) out.push_back(organisation);
  return out;
}

std::vector<System> Registry::systems() const {
  std::vector<System> out;
  const auto view = std::atomic_load(&view_);
  if (!view) return out;
  for (const auto& [id, system] : view->systems) out.push_back(system);
  return out;
}

std::set<Digest> Registry::revoked_certificates() const {
  std::set<Digest> out;
  const auto view = std::atomic_load(&view_);
  if (!view) return out;
  for (const auto& [fingerprint, row] : view->certificates) {
    if (row.state == CertificateState::kRevoked) out.insert(fingerprint);
  }
  return out;
}

Result<std::vector<ledger::RowWrite>> Registry::put(const Organisation& o) const {
  if (o.uscc.text().empty() || !is_utf8(o.name)) {
    return Error(Reason::kInputMalformed, "organisation");
  }
  LH_TRY(parse_division(o.division));
  if (o.parent && *o.parent == o.uscc) return Error(Reason::kInputMalformed, "its own parent");
  if (o.parent && !find_organisation(*o.parent)) {
    return Error(Reason::kOrganisationUnknown, "parent");
  }
  std::vector<ledger::RowWrite> rows;
  rows.push_back({store::Family::kData, organisation_row(o.uscc), encode_organisation(o)});
  return rows;
}

Result<std::vector<ledger::RowWrite>> Registry::put(const System& s) const {
  LH_TRY(check_separation(s.roles));
  if (!is_utf8(s.name)) return Error(Reason::kInputMalformed, "system");
  if (!find_organisation(s.organisation)) return Reason::kOrganisationUnknown;
  const auto before = find_system(s.id);
  if (before && before->organisation != s.organisation) {
    return Error(Reason::kInputMalformed, "a system stays with its organisation");
  }
  const auto view = std::atomic_load(&view_);
  std::vector<ledger::RowWrite> rows;
  rows.push_back({store::Family::kData, system_row(s.id), encode_system(s)});
  for (const Digest& fingerprint : s.certificates) {
    const auto known = view->certificates.find(fingerprint);
    const bool in_use = known != view->certificates.end();
    // The revoked one may stay in the list of its own system; it is never put into use again.
    const bool same = in_use && known->second.system == s.id;
    if (same) continue;
    if (in_use) return Reason::kCertificateTaken;
    rows.push_back({store::Family::kData, certificate_row(fingerprint),
                    encode_certificate({CertificateState::kInUse, s.id})});
  }
  for (const auto& [fingerprint, row] : view->certificates) {
    const bool mine = row.system == s.id && row.state == CertificateState::kInUse;
    const bool kept = std::find(s.certificates.begin(), s.certificates.end(), fingerprint) !=
                      s.certificates.end();
    if (!mine || kept) continue;
    rows.push_back({store::Family::kData, certificate_row(fingerprint), std::nullopt});
  }
  return rows;
}

Result<std::vector<ledger::RowWrite>> Registry::revoke(const Digest& fingerprint) const {
  const auto view = std::atomic_load(&view_);
  CertificateRow row{CertificateState::kRevoked, SystemId{}};
  if (view) {
    const auto known = view->certificates.find(fingerprint);
    if (known != view->certificates.end()) row.system = known->second.system;
  }
  std::vector<ledger::RowWrite> rows;
  rows.push_back({store::Family::kData, certificate_row(fingerprint), encode_certificate(row)});
  return rows;
}

}  // namespace lh::hub::access
