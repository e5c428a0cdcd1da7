// A hub that knows consents: a portal with a signing key, and a rule that needs consent.
#pragma once

#include "crypto/jws.h"
#include "hub/exchange/rights/holder_desk.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh::kits {

// What an assertion says; a case changes one thing.
struct Assertion {
  std::string typ = "subject-assertion+jwt";
  std::string alg = "ES256";
  std::string iss{kBureau};
  SubjectId sub = test_person(1);
  std::int64_t iat = kToday / 1000 - 10;
  std::int64_t exp = kToday / 1000 + 200;
  std::string more = {};  // further claims: ,"name":value
};

class RightsHub : public CaseHub {
 public:
  RightsHub()
      : key(crypto::PrivateKey::generate(crypto::Algorithm::kEs256, random).value()),
        registry(*store),
        consents(hub::exchange::Consents::create(*store, keys, *directory, "hub.test").value()),
        assertions(std::make_shared<const hub::exchange::SubjectAssertions>(
            hub::exchange::AssertionParts{clock, [this] { return trust_store; }})),
        desk(hub::exchange::HolderDeskParts{*store, registry, gate, *maker, *directory, consents,
                                            random, clock, assertions}) {
    chain = world.chain_for(kBureau, key.public_key(), random);
    for (const auto uscc : {kBureau, kSupervision}) {
      commit({}, registry
                     .put(hub::access::Organisation{
                         uscc_of(uscc), "测试局", "990100", {}, hub::access::State::kActive})
                     .value())
          .value();
      registry.load().value();
    }
    auto parts = exchange_parts();
    parts.consents = &consents;
    exchange = std::make_unique<hub::exchange::Exchange>(parts);
    people = std::make_unique<hub::exchange::BaseDataActs>(hub::exchange::BaseDataParts{
        *store, *ledger, *directory, *base_data, gate, *maker, random, clock, &consents});
  }

  std::string sign(const Assertion& a) {
    std::vector<std::string> x5c;
    for (const auto& c : chain) x5c.push_back(to_base64(c.der()));
    const std::int64_t passed = (clock.wall_ms - kToday) / 1000;
    const std::string payload =
        R"({"iss":")" + a.iss + R"(","sub":{"scheme":")" + std::string(scheme_text(a.sub.scheme)) +
        R"(","id":")" + a.sub.value.reveal() + R"("},"iat":)" + std::to_string(a.iat + passed) +
        R"(,"exp":)" + std::to_string(a.exp + passed) + R"(,"jti":"a-)" + std::to_string(++jti) +
        "\"" + a.more + "}";
    return crypto::sign_jws(schemas::sd_jwt_header(a.alg, a.typ, x5c), payload, key).value();
  }
  std::string of(const SubjectId& subject) {
    Assertion a;
    a.sub = subject;
    return sign(a);
  }
  hub::access::Caller portal() const {
    return caller(kBureau, {hub::access::Role::kHolderPortal}, 9);
  }

  // From now on the identity card of the food matter needs the holder's consent.
  void demand_consent() {
    for (auto rule : schemas::shipped_sharing_rules()) {
      if (rule.id != "approval.food.identity_card") continue;
      rule.version = 2;
      rule.consent_needed = true;
      activate_all(hub::access::ObjectKind::kRule,
                   {schemas::to_text(schemas::sharing_rule_to_json(rule))});
    }
  }
  hub::exchange::ConsentRequest consent_request(hub::exchange::ConsentKind kind,
                                                const SubjectId& subject = test_person(1)) {
    hub::exchange::ConsentRequest q;
    q.kind = kind;
    q.assertion = of(subject);
    q.scope = {uscc_of(kBureau), std::string(kFoodMatter), std::string(kIdentityCard)};
    q.purpose = "办理测试人员1的食品经营许可";
    return q;
  }
  template <class F>
  Result<hub::access::Prepared> at_desk(F act) {
    const auto who = portal();
    const auto policy = catalogue.policy();
    return act(desk, hub::exchange::HolderCall{who, *policy, "{}"});
  }
  Result<hub::access::Prepared> give(const hub::exchange::ConsentRequest& q) {
    return at_desk([&q](const auto& d, const auto& call) { return d.give(q, call); });
  }
  std::string consent(const SubjectId& subject = test_person(1), std::uint32_t uses = 1) {
    auto q = consent_request(hub::exchange::ConsentKind::kConsent, subject);
    q.uses = uses;
    return text_of(answer(give(q)), "token");
  }
  std::string use_code(const SubjectId& subject = test_person(1)) {
    return text_of(answer(give(consent_request(hub::exchange::ConsentKind::kUseCode, subject))),
                   "code");
  }

  crypto::PrivateKey key;
  std::vector<pki::Certificate> chain;
  hub::access::Registry registry;
  hub::exchange::Consents consents;
  std::shared_ptr<const hub::exchange::SubjectAssertions> assertions;
  hub::exchange::HolderDesk desk;
  int jti = 0;
};

}  // namespace lh::kits
