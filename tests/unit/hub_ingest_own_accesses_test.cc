// "Who looked at my data": only for an assertion that is in order in every respect, once; the list
// is complete, each entry with a proof, and no officer is named.
#include <gtest/gtest.h>

#include "crypto/jws.h"
#include "crypto/note.h"
#include "hub/exchange/assertion/used_assertions.h"
#include "hub/exchange/own_accesses.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room
using crypto::Algorithm;
using crypto::PrivateKey;
using hub::access::Role;
using kits::kToday;
using kits::reason_of;
using kits::text_of;
using schemas::Json;

constexpr std::string_view kPortal = kits::kBureau;
constexpr std::int64_t kNow = kToday / 1000;

// What an assertion says; a case changes one thing.
struct Assertion {
  std::string typ = "subject-assertion+jwt";
  std::string alg = "ES256";
  std::string iss{kPortal};
  std::string scheme = "resident_id";
  std::string id = kits::test_person(2).value.reveal();
  std::int64_t iat = kNow - 10;
  std::int64_t exp = kNow + 200;
  std::string jti = "a-1";
  std::string more;  // further members of the payload
};

class PortalHub : public kits::CaseHub {
 public:
  PortalHub()
      : key(PrivateKey::generate(Algorithm::kEs256, random).value()),
        registry(*store),
        log(*ledger, kits::kToyOrigin),
        own(OwnAccessesParts{log, gate, registry, *maker, *directory, keys, random, clock,
                             [this] { return trust_store; }}) {
    commit({},
           registry
               .put(hub::access::Organisation{
                   kits::uscc_of(kPortal), "测试审批局", "990100", {}, hub::access::State::kActive})
               .value())
        .value();
    registry.load().value();
    chain = world.chain_for(kPortal, key.public_key(), random);
  }

  std::string sign(const Assertion& a, const PrivateKey& by,
                   const std::vector<pki::Certificate>& certificates) const {
    std::vector<std::string> x5c;
    for (const auto& c : certificates) x5c.push_back(to_base64(c.der()));
    const std::string payload = R"({"iss":")" + a.iss + R"(","sub":{"scheme":")" + a.scheme +
                                R"(","id":")" + a.id + R"("},"iat":)" + std::to_string(a.iat) +
                                R"(,"exp":)" + std::to_string(a.exp) + R"(,"jti":")" + a.jti +
                                "\"" + a.more + "}";
    return crypto::sign_jws(schemas::sd_jwt_header(a.alg, a.typ, x5c), payload, by).value();
  }
  std::string sign(const Assertion& a) const { return sign(a, key, chain); }
  hub::access::Caller portal() const { return caller(kPortal, {Role::kHolderPortal}); }
  Result<hub::access::Prepared> ask(const std::string& assertion, std::size_t limit = 50,
                                    std::uint64_t before = UINT64_MAX) {
    return own.list({assertion, before, limit}, "{}", portal(), *catalogue.policy());
  }
  void look(int times) {
    const auto plan = open(case_request());
    const auto reference = kits::CaseHub::reference(plan, "M03");
    for (int i = 0; i < times; ++i) fetch(fetch_request(reference));
  }

  PrivateKey key;
  std::vector<pki::Certificate> chain;
  hub::access::Registry registry;
  hub::audit::LogView log;
  OwnAccesses own;
};

TEST(OwnAccesses, ShowsEveryEntryOfTheSubjectWithItsProof) {
  PortalHub hub;
  hub.look(3);
  const Json list = hub.answer(hub.ask(hub.sign({})));
  EXPECT_TRUE(*list.find("complete")->boolean());
  EXPECT_EQ(text_of(list, "log"), kits::kToyOrigin);
  const auto& items = *list.find("accesses")->items();
  ASSERT_EQ(static_cast<std::int64_t>(items.size()), *list.find("chain_length")->integer());
  std::int64_t sequence = *list.find("chain_length")->integer();
  int fetched = 0;
  for (const auto& item : items) {
    EXPECT_EQ(*item.find("sequence")->integer(), sequence--);
    const Bytes entry = parse_base64(text_of(item, "entry")).value();
    EXPECT_EQ(hub::audit::parse_entry(entry)->index,
              static_cast<std::uint64_t>(*item.find("index")->integer()));
    const auto proof = crypto::parse_tlog_proof(text_of(item, "proof")).value();
    EXPECT_TRUE(crypto::verify_tlog_proof(proof, entry, {hub.note_key()}).ok());
    if (text_of(item, "event") != "material.fetched") continue;
    ++fetched;
    EXPECT_EQ(text_of(item, "organisation"), kPortal);
    EXPECT_EQ(text_of(item, "organisation_name"), "测试审批局");
    EXPECT_EQ(text_of(item, "matter"), kits::kFoodMatter);
    EXPECT_FALSE(text_of(item, "legal_basis").empty());
    EXPECT_FALSE(item.find("fields")->items()->empty());
  }
  EXPECT_EQ(fetched, 3);
}

TEST(OwnAccesses, NeverNamesTheOfficer) {
  PortalHub hub;
  hub.look(1);
  const auto text = hub.perform(hub.ask(hub.sign({}))).value();
  EXPECT_EQ(text.find("测试人员901"), std::string::npos);
  EXPECT_EQ(text.find("officer-1"), std::string::npos);
}

TEST(OwnAccesses, AskingIsItselfOnTheSubjectsChain) {
  PortalHub hub;
  const Json first = hub.answer(hub.ask(hub.sign({})));
  Assertion again;
  again.jti = "a-2";
  const Json second = hub.answer(hub.ask(hub.sign(again)));
  EXPECT_EQ(*second.find("chain_length")->integer(), *first.find("chain_length")->integer() + 1);
  EXPECT_EQ(text_of(second.find("accesses")->items()->front(), "event"), "audit.own_accesses");
}

TEST(OwnAccesses, AnUnknownSubjectGetsTheSameShapeAndNothingInIt) {
  PortalHub hub;
  Assertion a;
  a.id = kits::test_person(333).value.reveal();
  a.jti = "a-2";
  const Json nobody = hub.answer(hub.ask(hub.sign(a)));
  const Json somebody = hub.answer(hub.ask(hub.sign({})));
  ASSERT_EQ(nobody.members()->size(), somebody.members()->size());
  for (std::size_t i = 0; i < nobody.members()->size(); ++i) {
    EXPECT_EQ((*nobody.members())[i].first, (*somebody.members())[i].first);
  }
  EXPECT_TRUE(nobody.find("accesses")->items()->empty());
  EXPECT_EQ(*nobody.find("chain_length")->integer(), 0);
}

TEST(OwnAccesses, PagesFollowEachOtherWithoutAGap) {
  PortalHub hub;
  hub.look(7);
  std::int64_t expected = -1;
  std::uint64_t before = UINT64_MAX;
  int pages = 0;
  for (;; ++pages) {
    Assertion a;
    a.jti = "page-" + std::to_string(pages);
    const Json page = hub.answer(hub.ask(hub.sign(a), 3, before));
    for (const auto& item : *page.find("accesses")->items()) {
      const std::int64_t sequence = *item.find("sequence")->integer();
      EXPECT_TRUE(expected < 0 || sequence == expected) << sequence;
      expected = sequence - 1;
    }
    const auto* next = page.find("next_before");
    if (next == nullptr) break;
    before = static_cast<std::uint64_t>(*next->integer());
  }
  EXPECT_EQ(expected, 0) << "the last one is the first of the chain";
  EXPECT_GT(pages, 1);
}

struct BadAssertion {
  const char* name;
  std::function<void(Assertion&)> spoil;
};
class BadAssertions : public testing::TestWithParam<BadAssertion> {};

TEST_P(BadAssertions, AreRefusedAndTheRefusalIsAnEntry) {
  PortalHub hub;
  Assertion a;
  GetParam().spoil(a);
  const auto prepared = hub.ask(hub.sign(a));
  EXPECT_EQ(reason_of(prepared), "assertion.invalid");
  ASSERT_TRUE(prepared.ok());
  const auto& refused = std::get<hub::access::Refused>(*prepared);
  EXPECT_EQ(refused.facts.event, schemas::AuditEvent::kRefused);
  EXPECT_TRUE(refused.facts.subjects.empty());
  EXPECT_EQ(refused.error.detail().find(kits::test_person(2).value.reveal()), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    OwnAccesses, BadAssertions,
    testing::Values(
        BadAssertion{"typ", [](Assertion& a) { a.typ = "JWT"; }},
        BadAssertion{"alg_of_another_key", [](Assertion& a) { a.alg = "EdDSA"; }},
        BadAssertion{"alg_none", [](Assertion& a) { a.alg = "none"; }},
        BadAssertion{"iss_of_another", [](Assertion& a) { a.iss = kits::kSupervision; }},
        BadAssertion{"scheme", [](Assertion& a) { a.scheme = "name"; }},
        BadAssertion{"check_digit",
                     [](Assertion& a) { a.id.back() = a.id.back() == '1' ? '2' : '1'; }},
        BadAssertion{"too_long", [](Assertion& a) { a.exp = a.iat + 301; }},
        BadAssertion{"expired",
                     [](Assertion& a) {
                       a.iat = kNow - 300;
                       a.exp = kNow;
                     }},
        BadAssertion{"of_the_future",
                     [](Assertion& a) {
                       a.iat = kNow + 61;
                       a.exp = kNow + 200;
                     }},
        BadAssertion{"backwards", [](Assertion& a) { a.iat = a.exp + 1; }},
        BadAssertion{"no_jti", [](Assertion& a) { a.jti = ""; }},
        BadAssertion{"long_jti", [](Assertion& a) { a.jti = std::string(129, 'j'); }},
        BadAssertion{"unknown_member", [](Assertion& a) { a.more = R"(,"admin":true)"; }},
        BadAssertion{"repeated_member", [](Assertion& a) { a.more = R"(,"iat":1)"; }}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(OwnAccesses, IsTakenOnceOnly) {
  PortalHub hub;
  const auto assertion = hub.sign({});
  EXPECT_EQ(reason_of(hub.ask(assertion)), "done");
  EXPECT_EQ(reason_of(hub.ask(assertion)), "assertion.invalid");
}

TEST(OwnAccesses, TheSigningKeyIsOneOfTheAskingOrganisation) {
  PortalHub hub;
  const auto other = PrivateKey::generate(Algorithm::kEs256, hub.random).value();
  const auto of_other = hub.world.chain_for(kits::kSupervision, other.public_key(), hub.random);
  EXPECT_EQ(reason_of(hub.ask(hub.sign({}, other, of_other))), "assertion.invalid");
  EXPECT_EQ(reason_of(hub.ask(hub.sign({}, other, hub.chain))), "assertion.invalid");
  EXPECT_EQ(reason_of(hub.ask(hub.sign({}, hub.key, {}))), "assertion.invalid");
  kits::SigningWorld elsewhere(hub.random);
  const auto untrusted = elsewhere.chain_for(kPortal, other.public_key(), hub.random);
  EXPECT_EQ(reason_of(hub.ask(hub.sign({}, other, untrusted))), "assertion.invalid");
  const auto expired =
      hub.world.chain_for(kPortal, hub.key.public_key(), hub.random, UtcTime{kToday - 1000});
  EXPECT_EQ(reason_of(hub.ask(hub.sign({}, hub.key, expired))), "assertion.invalid");
  hub.trust_store =
      std::make_shared<pki::TrustStore>(hub.world.trust(2, {hub.chain.front().fingerprint()}));
  EXPECT_EQ(reason_of(hub.ask(hub.sign({}))), "assertion.invalid");
}

TEST(OwnAccesses, NoBitOfTheSignedTextMayChange) {
  PortalHub hub;
  const auto good = hub.sign({});
  const auto first = good.find('.');
  for (std::size_t i = first + 1; i < good.size(); i += 7) {
    auto bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    ASSERT_EQ(reason_of(hub.ask(bad)), "assertion.invalid") << i;
  }
  for (const char* text : {"", ".", "..", "a.b.c", "eyJ9.eyJ9."}) {
    EXPECT_EQ(reason_of(hub.ask(text)), "assertion.invalid") << text;
  }
}

TEST(OwnAccesses, NeedsTheRoleOfAPortal) {
  PortalHub hub;
  EXPECT_EQ(reason_of(hub.own.list({hub.sign({}), UINT64_MAX, 50}, "{}",
                                   hub.caller(kPortal, {Role::kFetch}), *hub.catalogue.policy())),
            "role.missing");
}

TEST(OwnAccesses, QueryIsReadStrictly) {
  const auto read = [](const std::string& text) {
    const auto query = own_accesses_from_json(schemas::parse_json(text, 1U << 16U).value());
    return query.ok() ? std::string("ok") : std::string(query.error().id());
  };
  EXPECT_EQ(read(R"({"assertion":"x"})"), "ok");
  EXPECT_EQ(read(R"({"assertion":"x","before":5,"limit":200})"), "ok");
  EXPECT_EQ(read(R"({"assertion":"x","limit":0})"), "json.value");
  EXPECT_EQ(read(R"({"assertion":"x","limit":201})"), "json.value");
  EXPECT_EQ(read(R"({"assertion":"x","before":-1})"), "cursor.invalid");
  EXPECT_EQ(read(R"({"assertion":"x","subject":"y"})"), "json.unknown_member");
  EXPECT_EQ(read(R"({})"), "json.missing_member");
}

TEST(UsedAssertions, AreForgottenWhenTheyExpireAndBoundedUntilThen) {
  using Use = UsedAssertions::Use;
  UsedAssertions used(2);
  const Uscc a = kits::uscc_of(kits::kBureau);
  const Uscc b = kits::uscc_of(kits::kSupervision);
  EXPECT_EQ(used.take(a, "1", UtcTime{100}, UtcTime{0}), Use::kFirst);
  EXPECT_EQ(used.take(a, "1", UtcTime{100}, UtcTime{99}), Use::kAgain);
  EXPECT_EQ(used.take(b, "1", UtcTime{200}, UtcTime{99}), Use::kFirst) << "of another organisation";
  EXPECT_EQ(used.take(a, "2", UtcTime{200}, UtcTime{99}), Use::kFull);
  EXPECT_EQ(used.take(a, "2", UtcTime{200}, UtcTime{100}), Use::kFirst);
  EXPECT_EQ(used.take(b, "1", UtcTime{200}, UtcTime{199}), Use::kAgain);
}

}  // namespace
}  // namespace lh
