// A hub in memory with a small authority, two departments that sign, the shipped catalogue, the
// licence office and the exchange. All names are made up.
#pragma once

#include "hub/exchange/exchange.h"
#include "hub/licences/licence_office.h"
#include "tests/kits/audit_kit.h"
#include "tests/unit/hub_licences_signing.h"

namespace lh::kits {

inline Uscc uscc_of(std::string_view text) {
  return parse_uscc(text).value();
}

inline std::string_view reason_of(const Result<hub::access::Prepared>& prepared) {
  if (!prepared.ok()) return prepared.error().id();
  const auto* refused = std::get_if<hub::access::Refused>(&*prepared);
  return refused == nullptr ? "done" : refused->error.id();
}

class LicenceHub : public AuditHub {
 public:
  explicit LicenceHub(std::unique_ptr<hub::store::Store> on = hub::store::make_memory_store(),
                      std::string checkpoint = {})
      : AuditHub(std::move(on), std::move(checkpoint)), world(random), catalogue(*store) {
    clock.wall_ms = kToday;
    hub::audit::ensure_months(keys, clock.now(), random).value();
    for (const char* name : {"mac", "reference"}) {
      Secret secret = Secret::zeroed(32);
      random.fill(secret.data(), secret.size());
      keys.put(name, std::move(secret), random).value();
    }
    trust_store = std::make_shared<pki::TrustStore>(world.trust(1));
    open_ledger();
    for (const auto uscc : {kBureau, kSupervision}) add_signer(uscc);
    signers.load(*store, keys).value();
    activate_shipped();
    licences = std::make_unique<hub::licences::LicenceStore>(*store, *directory);
    office = std::make_unique<hub::licences::LicenceOffice>(office_parts());
    references = std::make_unique<hub::exchange::References>(
        hub::exchange::References::create(*store, keys, "hub.test").value());
    exchange = std::make_unique<hub::exchange::Exchange>(exchange_parts());
  }

  hub::licences::OfficeParts office_parts() {
    return {*licences,
            *directory,
            signers,
            gate,
            *maker,
            keys,
            random,
            clock,
            "https://hub.test",
            [this] { return trust_store; }};
  }
  hub::exchange::ExchangeParts exchange_parts() {
    return {*licences, *office, *directory, *base_data, *references, gate, *maker, random, clock};
  }

  void add_signer(std::string_view uscc, crypto::Algorithm algorithm = crypto::Algorithm::kEs256) {
    auto signing = crypto::PrivateKey::generate(algorithm, random).value();
    const auto chain = world.chain_for(uscc, signing.public_key(), random);
    keys.put("sign/" + std::string(uscc), signing.stored().value(), random).value();
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kKeyCreated;
    commit(facts, hub::licences::Signers::rows(uscc_of(uscc), chain)).value();
  }

  void activate_all(hub::access::ObjectKind kind, const std::vector<std::string>& definitions) {
    for (const auto& text : definitions) {
      hub::audit::EntryFacts facts;
      facts.event = schemas::AuditEvent::kCatalogueActivated;
      commit(facts, catalogue.activate(kind, text).value()).value();
    }
    catalogue.load().value();
  }

  void activate_shipped() {
    using hub::access::ObjectKind;
    std::vector<std::string> types, kinds, matters, rules;
    for (const auto& t : schemas::shipped_licence_types()) {
      types.push_back(schemas::to_text(schemas::licence_type_to_json(t)));
    }
    for (const auto& k : schemas::shipped_base_kinds()) {
      kinds.push_back(schemas::to_text(schemas::base_kind_to_json(k)));
    }
    for (const auto& m : schemas::shipped_matters()) {
      matters.push_back(schemas::to_text(schemas::matter_to_json(m)));
    }
    for (const auto& r : schemas::shipped_sharing_rules()) {
      rules.push_back(schemas::to_text(schemas::sharing_rule_to_json(r)));
    }
    activate_all(ObjectKind::kLicenceType, types);
    activate_all(ObjectKind::kBaseKind, kinds);
    activate_all(ObjectKind::kMatter, matters);
    activate_all(ObjectKind::kRule, rules);
  }

  hub::access::Caller caller(std::string_view uscc, std::set<hub::access::Role> roles,
                             int system = 1) const {
    hub::access::Caller out;
    out.system.value[0] = static_cast<std::uint8_t>(system);
    out.system.value[1] = static_cast<std::uint8_t>(uscc[15]);
    out.organisation = uscc_of(uscc);
    out.division = "990100";
    out.roles = std::move(roles);
    return out;
  }
  hub::access::Caller bureau(int system = 1) const {
    using hub::access::Role;
    return caller(kBureau,
                  {Role::kFetch, Role::kIssue, Role::kVerify, Role::kSubjectsWrite, Role::kCollect},
                  system);
  }
  hub::access::Caller supervision() const {
    using hub::access::Role;
    return caller(kSupervision, {Role::kFetch, Role::kIssue, Role::kVerify});
  }

  static schemas::Holder holder(const SubjectId& id, std::string name) {
    return {id, Personal<std::string>(std::move(name))};
  }
  static schemas::Operator officer() { return {"officer-1", Personal<std::string>("测试人员901")}; }

  static schemas::IssueRequest health_request(int person, std::string_view issuer = kSupervision) {
    schemas::IssueRequest q;
    q.type = parse_licence_type_code(kHealthCertificate).value();
    q.holders = {holder(test_person(person), "测试人员" + std::to_string(person))};
    q.issuer = uscc_of(issuer);
    q.fields = {{"certificate_number", "HC-" + std::to_string(person)},
                {"name", "测试人员" + std::to_string(person)},
                {"resident_id", test_person(person).value.reveal()},
                {"examination_date", "2026-11-01"}};
    q.valid_from = local_date(UtcTime{kToday});
    q.valid_until = q.valid_from->plus_days(300);
    q.officer = officer();
    return q;
  }
  static schemas::IssueRequest business_request(int company, std::string_view kind = "91") {
    schemas::IssueRequest q;
    q.type = parse_licence_type_code(kBusinessLicence).value();
    q.holders = {holder(test_company(company, kind), "测试企业" + std::to_string(company))};
    q.issuer = uscc_of(kSupervision);
    q.fields = {{"enterprise_name", "测试企业" + std::to_string(company)},
                {"uscc", test_uscc(company, kind).text()},
                {"legal_representative", "测试人员777"},
                {"establishment_date", "2020-05-06"},
                {"business_scope", "食品销售"}};
    q.valid_from = parse_date("2020-05-06").value();
    return q;
  }
  static hub::licences::CollectRequest collect_request(int company) {
    hub::licences::CollectRequest q;
    const auto like = business_request(company);
    q.type = kBusinessLicence;
    q.holders = like.holders;
    q.collector = uscc_of(kBureau);
    q.issuer_name = "某登记机关";
    q.fields = like.fields;
    q.valid_from = like.valid_from;
    q.status = "valid";
    q.source = "dump";
    q.source_key = test_uscc(company).text();
    q.division = "990100";
    return q;
  }

  // Commits the act and opens its answer with its own entry.
  Result<std::string> perform(Result<hub::access::Prepared> prepared) {
    if (!prepared.ok()) return prepared.error();
    if (auto* refused = std::get_if<hub::access::Refused>(&*prepared)) {
      commit(refused->facts).value();
      return refused->error;
    }
    auto& act = std::get<hub::access::Act>(*prepared);
    auto recorded = LH_TRY(ledger->commit(std::move(act.change)));
    last_recipe = act.recipe;
    if (act.committed) LH_TRY(act.committed());
    return std::move(act.answer).open(recorded.front());
  }
  schemas::Json answer(Result<hub::access::Prepared> prepared) {
    const auto text = perform(std::move(prepared));
    EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error().describe());
    if (!text.ok()) return {};
    return schemas::parse_json(*text, 1U << 20U).value();
  }
  schemas::Json issue(const schemas::IssueRequest& q) {
    return answer(office->issue(q, "{}", caller(q.issuer.text(), {hub::access::Role::kIssue}),
                                *catalogue.policy()));
  }
  Result<hub::licences::LicenceOffice::Outcome> collect(const hub::licences::CollectRequest& q) {
    auto collected = LH_TRY(office->collect(q, *catalogue.policy(), gate.maintenance()));
    if (!collected.change.entries.empty()) {
      LH_TRY(ledger->commit(std::move(collected.change)));
    }
    return collected.outcome;
  }
  Result<std::string> act(std::string_view licence, schemas::StatusAction action,
                          std::optional<UtcTime> effective = {}) {
    schemas::StatusRequest q;
    q.licence = licence;
    q.action = action;
    q.ground = "测试事由";
    q.effective_at = effective;
    q.officer = officer();
    return perform(office->change_status(q, "{}", supervision(), *catalogue.policy()));
  }
  hub::licences::LicenceHead head_of(std::string_view licence_id) {
    return licences->head(*licences->find_by_id(licence_id).value()).value();
  }
  // Every byte the store holds.
  Bytes everything() const {
    using hub::store::Family;
    Bytes all;
    for (const auto family : {Family::kData, Family::kAudit, Family::kTile, Family::kState,
                              Family::kIndex, Family::kKey}) {
      for (const auto& row : store->latest().scan(family, "", "", 100000).value()) {
        all += row.key + '\n' + row.value + '\n';
      }
    }
    return all;
  }

  SigningWorld world;
  std::shared_ptr<const pki::TrustStore> trust_store;
  hub::licences::Signers signers;
  hub::access::Catalogue catalogue;
  hub::access::Gate gate{random};
  std::unique_ptr<hub::licences::LicenceStore> licences;
  std::unique_ptr<hub::licences::LicenceOffice> office;
  std::unique_ptr<hub::exchange::References> references;
  std::unique_ptr<hub::exchange::Exchange> exchange;
  Bytes last_recipe;
};

inline std::string text_of(const schemas::Json& j, std::string_view name) {
  const auto* v = j.find(name);
  return v == nullptr || v->string() == nullptr ? "" : *v->string();
}
// "valid verdict.good" of {"verdicts":{"status":{…}}}.
inline std::string verdict_of(const schemas::Json& j, std::string_view which) {
  const auto* verdicts = j.find("verdicts");
  const auto* one = verdicts == nullptr ? nullptr : verdicts->find(which);
  return one == nullptr ? "" : text_of(*one, "verdict") + " " + text_of(*one, "reason");
}

}  // namespace lh::kits
