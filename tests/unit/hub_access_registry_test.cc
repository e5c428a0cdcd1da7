#include <gtest/gtest.h>

#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::access::Organisation;
using hub::access::Registry;
using hub::access::Role;
using hub::access::State;
using hub::access::System;
using kits::AuditHub;

Digest fingerprint(std::uint8_t n) {
  Digest d{};
  d[0] = n;
  return d;
}

class RegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    hub_.open_ledger();
    ASSERT_TRUE(registry_.load().ok());
    organisation_.uscc = kits::test_uscc(1);
    organisation_.name = "测试部门001";
    organisation_.division = "990100";
    system_.id = SystemId{Tag{1}};
    system_.organisation = organisation_.uscc;
    system_.name = "system one";
    system_.roles = {Role::kFetch, Role::kIssue};
    system_.certificates = {fingerprint(1), fingerprint(2)};
    store(registry_.put(organisation_));
    store(registry_.put(system_));
  }
  void store(const Result<std::vector<hub::ledger::RowWrite>>& rows) {
    hub_.commit({}, rows.value()).value();
    ASSERT_TRUE(registry_.load().ok());
  }
  Reason why(std::uint8_t n) {
    const auto caller = registry_.identify(fingerprint(n));
    return caller.ok() ? Reason::kVerdictGood : caller.error().reason();
  }
  AuditHub hub_;
  Registry registry_{*hub_.store};
  Organisation organisation_;
  System system_;
};

TEST_F(RegistryTest, KnowsTheCallerByItsCertificate) {
  const auto caller = registry_.identify(fingerprint(2)).value();
  EXPECT_EQ(caller.system, system_.id);
  EXPECT_EQ(caller.organisation, organisation_.uscc);
  EXPECT_EQ(caller.division, "990100");
  EXPECT_EQ(caller.roles, system_.roles);
  EXPECT_EQ(caller.certificate, fingerprint(2));
  EXPECT_EQ(why(3), Reason::kCallerUnknown);
}

TEST_F(RegistryTest, KnowsNobodyBeforeLoading) {
  const Registry fresh(*hub_.store);
  EXPECT_EQ(fresh.identify(fingerprint(1)).error().reason(), Reason::kCallerUnknown);
  EXPECT_TRUE(fresh.organisations().empty());
}

TEST_F(RegistryTest, RolesAreReadAnew) {
  system_.roles = {Role::kVerify};
  store(registry_.put(system_));
  EXPECT_EQ(registry_.identify(fingerprint(1))->roles, std::set<Role>{Role::kVerify});
}

TEST_F(RegistryTest, SuspendedSystemOrOrganisationIsNoCaller) {
  system_.state = State::kSuspended;
  store(registry_.put(system_));
  EXPECT_EQ(why(1), Reason::kCallerSuspended);
  system_.state = State::kActive;
  store(registry_.put(system_));
  EXPECT_EQ(why(1), Reason::kVerdictGood);
  organisation_.state = State::kSuspended;
  store(registry_.put(organisation_));
  EXPECT_EQ(why(1), Reason::kCallerSuspended);
}

TEST_F(RegistryTest, RevokedCertificateNeverComesBack) {
  store(registry_.revoke(fingerprint(1)));
  EXPECT_EQ(why(1), Reason::kCallerUnknown);
  EXPECT_EQ(why(2), Reason::kVerdictGood);
  EXPECT_EQ(registry_.revoked_certificates(), std::set<Digest>{fingerprint(1)});
  store(registry_.put(system_));  // still lists it
  EXPECT_EQ(why(1), Reason::kCallerUnknown);
  store(registry_.revoke(fingerprint(9)));  // one that was never in use
  system_.certificates = {fingerprint(9)};
  EXPECT_EQ(registry_.put(system_).error().reason(), Reason::kCertificateTaken);
}

TEST_F(RegistryTest, CertificateBelongsToOneSystem) {
  System other = system_;
  other.id = SystemId{Tag{2}};
  EXPECT_EQ(registry_.put(other).error().reason(), Reason::kCertificateTaken);
  system_.certificates = {fingerprint(2)};
  store(registry_.put(system_));
  EXPECT_EQ(why(1), Reason::kCallerUnknown) << "taken off the list";
  other.certificates = {fingerprint(1)};
  store(registry_.put(other));
  EXPECT_EQ(registry_.identify(fingerprint(1))->system, other.id);
}

TEST_F(RegistryTest, NobodyHoldsTwoAdministrators) {
  const Role admins[] = {Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditAdmin};
  for (const Role a : admins) {
    EXPECT_TRUE(hub::access::check_separation({a, Role::kFetch}).ok());
    for (const Role b : admins) {
      if (a == b) continue;
      EXPECT_FALSE(hub::access::check_separation({a, b}).ok());
      system_.roles = {a, b};
      EXPECT_EQ(registry_.put(system_).error().reason(), Reason::kRoleConflict);
    }
  }
}

TEST_F(RegistryTest, ATerminalHasNoOtherRole) {
  EXPECT_TRUE(hub::access::check_separation({Role::kTerminal}).ok());
  for (const Role other : {Role::kFetch, Role::kVerify, Role::kSystemAdmin}) {
    EXPECT_EQ(hub::access::check_separation({Role::kTerminal, other}).error().reason(),
              Reason::kRoleConflict);
  }
}

TEST_F(RegistryTest, SystemNeedsItsOrganisationAndStaysWithIt) {
  System lost = system_;
  lost.id = SystemId{Tag{3}};
  lost.certificates.clear();
  lost.organisation = kits::test_uscc(2);
  EXPECT_EQ(registry_.put(lost).error().reason(), Reason::kOrganisationUnknown);
  Organisation second = organisation_;
  second.uscc = kits::test_uscc(2);
  second.parent = organisation_.uscc;
  store(registry_.put(second));
  system_.organisation = second.uscc;
  EXPECT_FALSE(registry_.put(system_).ok());
  EXPECT_EQ(registry_.find_organisation(second.uscc)->parent, organisation_.uscc);
  second.parent = second.uscc;
  EXPECT_FALSE(registry_.put(second).ok()) << "its own parent";
}

TEST_F(RegistryTest, RoleTextsAreReadBack) {
  for (int n = 0; n < 256; ++n) {
    const auto role = static_cast<Role>(n);
    const auto text = hub::access::role_text(role);
    if (text == "unknown") continue;
    EXPECT_EQ(hub::access::parse_role(text).value(), role);
  }
  EXPECT_FALSE(hub::access::parse_role("root").ok());
}

TEST_F(RegistryTest, DamagedRowStopsTheLoad) {
  for (const auto& row : hub_.store->latest().scan(hub::store::Family::kData, "Y", "", 1).value()) {
    for (std::size_t n = hub::ledger::kValuePrefix; n < row.value.size(); ++n) {
      hub::store::Batch batch;
      batch.puts.push_back({hub::store::Family::kData, row.key, row.value.substr(0, n)});
      hub_.store->commit(batch, hub::store::Durability::kSynced).value();
      EXPECT_FALSE(registry_.load().ok()) << n;
    }
  }
  EXPECT_EQ(why(1), Reason::kVerdictGood) << "the last good view stays";
}

}  // namespace
}  // namespace lh
