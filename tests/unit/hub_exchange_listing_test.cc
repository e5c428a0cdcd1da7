// Who provides an object and how it is shared stands in the sharing directory: applications follow
// it, the strictest word counts, and what it closes is not granted any more.
#include <gtest/gtest.h>

#include "hub/exchange/sharing/terms.h"
#include "tests/unit/hub_exchange_sharing_kit.h"

namespace lh {
namespace {

using hub::access::Role;
using hub::exchange::listing_of;
using hub::exchange::SubjectQuery;
using kits::reason_of;
using kits::SharingHub;
using kits::text_of;

schemas::DirectoryEntry listed(const std::string& id, std::string_view object,
                               const std::string& attribute) {
  schemas::DirectoryEntry e;
  e.id = id;
  e.effective.from = parse_date("2026-01-01").value();
  e.names = {"测试目录项", "test entry"};
  e.object = object;
  e.attribute = attribute;
  e.legal_basis = "测试依据第一条";
  e.kind = "interface";
  e.standard = "GB/T 36903";
  e.scope = "测试";
  e.procedure = "测试";
  e.update_cycle = "daily";
  e.provider = kits::test_uscc(7);
  e.open = "not_open";
  return e;
}
void put(SharingHub& hub, const schemas::DirectoryEntry& entry) {
  hub.activate_all(hub::access::ObjectKind::kDirectoryEntry,
                   {schemas::to_text(schemas::directory_entry_to_json(entry))});
}
void put_type(SharingHub& hub, const std::string& attribute) {
  for (auto type : schemas::shipped_licence_types()) {
    if (type.code.text() != kits::kIdentityCard) continue;
    type.version = 2;
    type.sharing = attribute;
    hub.activate_all(hub::access::ObjectKind::kLicenceType,
                     {schemas::to_text(schemas::licence_type_to_json(type))});
  }
}

// Every attribute of an entry (or none) beside every attribute of the type: the strictest counts.
TEST(Sharing, TheStrictestOfDirectoryAndTypeCounts) {
  const std::vector<std::string> attributes = {"", "unconditional", "conditional", "not_shared"};
  const std::vector<std::string> outcome = {"", "accepted", "applied", "sharing.not_shared"};
  for (std::size_t entry = 0; entry < 4; ++entry) {
    for (std::size_t type = 1; type < 4; ++type) {
      SharingHub hub;
      put_type(hub, attributes[type]);
      if (entry > 0) put(hub, listed("card", kits::kIdentityCard, attributes[entry]));
      auto answered = hub.apply(hub.request());
      const auto& expected = outcome[std::max(entry, type)];
      if (std::max(entry, type) == 3) {
        EXPECT_EQ(reason_of(answered), expected);
        const auto& error = std::get<1>(*answered).error;
        EXPECT_EQ(error.detail(), entry > 0 ? "测试依据第一条" : "") << "the basis of the entry";
        continue;
      }
      const auto made = hub.answer(std::move(answered));
      EXPECT_EQ(text_of(made, "state"), expected) << entry << " " << type;
      EXPECT_EQ(text_of(*made.find("listing"), "attribute"), attributes[std::max(entry, type)]);
      EXPECT_EQ(text_of(made, "provider"),
                entry > 0 ? kits::test_uscc(7).text() : std::string(kits::kBureau));
    }
  }
}

TEST(Sharing, OfSeveralEntriesTheStrictestCountsAndOnlyOnItsDays) {
  SharingHub hub;
  put(hub, listed("b", kits::kIdentityCard, "unconditional"));
  auto strict = listed("a", kits::kIdentityCard, "not_shared");
  strict.effective.until = hub.today;
  put(hub, strict);
  put(hub, listed("c", kits::kHealthCertificate, "not_shared"));
  const auto policy = hub.catalogue.policy();
  const auto today = listing_of(std::string(kits::kIdentityCard), *policy, hub.today);
  EXPECT_EQ(today.error().reason(), Reason::kNotShared);
  const auto later = listing_of(std::string(kits::kIdentityCard), *policy, hub.today.plus_days(1));
  EXPECT_EQ(later.value().entry, "b");
  EXPECT_EQ(later.value().attribute, "conditional") << "the type says so";
}

TEST(Sharing, UnconditionalIsGrantedDirectlyAndNotByWhoApplied) {
  SharingHub hub;
  put_type(hub, "unconditional");
  put(hub, listed("card", kits::kIdentityCard, "unconditional"));
  const auto id = hub.applied();
  EXPECT_EQ(reason_of(hub.judge(hub.provider(), id, "accept")), "application.unknown")
      << "the bureau defines the type, and the directory names another provider";
  auto own = hub.applicant();
  own.roles = {Role::kSecurityAdmin};
  EXPECT_EQ(reason_of(hub.judge(own, id, "grant")), "application.same_party");
  EXPECT_EQ(hub.state(hub.judge(hub.security(), id, "grant")), "granted");
  EXPECT_EQ(hub.decided(hub.today), "verdict.good name address");
}

TEST(Sharing, ADirectoryThatClosedSinceStopsTheGrantAndTheCorrection) {
  SharingHub hub;
  const auto accepted = hub.applied();
  hub.state(hub.judge(hub.provider(), accepted, "accept"));
  const auto returned = hub.applied();
  hub.state(hub.judge(hub.provider(), returned, "return"));
  put(hub, listed("card", kits::kIdentityCard, "not_shared"));
  EXPECT_EQ(reason_of(hub.judge(hub.security(), accepted, "grant")), "sharing.not_shared");
  EXPECT_EQ(hub.decided(hub.today), "rule.none");
  EXPECT_EQ(reason_of(hub.as(hub.applicant(),
                             [&](const auto& d, const auto& call) {
                               return d.correct(returned, hub.request(), call);
                             })),
            "sharing.not_shared");
}

// Base data has no defining body: the directory alone says who provides it.
TEST(Sharing, BaseDataIsAppliedForWhenListedAndReadWhileGranted) {
  SharingHub hub;
  auto q = hub.request();
  q.terms.object = "legal_entity";
  q.terms.fields = {"name", "domicile"};
  EXPECT_EQ(reason_of(hub.apply(q)), "sharing.not_listed");
  put(hub, listed("legal-entity", "legal_entity", "conditional"));
  const auto id = text_of(hub.answer(hub.apply(q)), "application_id");
  const auto who = hub.applicant();
  const auto read = [&] {
    SubjectQuery query;
    query.id = kits::test_company(1);
    query.kind = "legal_entity";
    query.purpose = kits::CaseHub::fetch_request("").purpose;
    return hub.people->query(query, {who, *hub.catalogue.policy(), "{}"});
  };
  EXPECT_EQ(reason_of(read()), "rule.none");
  auto provider = hub.caller(kits::test_uscc(7).text(), {Role::kApprove}, 8);
  EXPECT_EQ(hub.state(hub.judge(provider, id, "accept")), "accepted");
  EXPECT_EQ(hub.state(hub.judge(hub.security(), id, "grant")), "granted");
  const auto shown = hub.answer(read());
  EXPECT_EQ(text_of(*shown.find("fields"), "domicile"), "测试路2号");
  EXPECT_EQ(shown.find("fields")->find("uscc"), nullptr) << "not applied for";
  EXPECT_EQ(hub.state(hub.judge(provider, id, "end")), "ended");
  EXPECT_EQ(reason_of(read()), "grant.ended");
}

}  // namespace
}  // namespace lh
