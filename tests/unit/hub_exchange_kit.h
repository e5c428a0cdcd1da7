// A case with everything held, and the requests around it.
#pragma once

#include "hub/exchange/people/base_data_acts.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh::kits {

class CaseHub : public LicenceHub {
 public:
  CaseHub() {
    people = std::make_unique<hub::exchange::BaseDataActs>(hub::exchange::BaseDataParts{
        *store, *ledger, *directory, *base_data, gate, *maker, random, clock});
    issue(business_request(1));
    auto card = schemas::IssueRequest();
    card.type = parse_licence_type_code(kIdentityCard).value();
    card.holders = {holder(test_person(1), "测试人员1")};
    card.issuer = uscc_of(kBureau);
    card.fields = {{"name", "测试人员1"},
                   {"sex", "1"},
                   {"address", "测试路1号"},
                   {"resident_id", test_person(1).value.reveal()}};
    issue(card);
    health = issue(health_request(2));
    const auto upsert = hub::exchange::SubjectUpsert{
        test_company(1),
        "legal_entity",
        {{"uscc", test_uscc(1).text()}, {"name", "测试企业1"}, {"domicile", "测试路2号"}}};
    answer(people->upsert(upsert, {bureau(), *catalogue.policy(), "{}"}));
  }

  static schemas::CaseRequest case_request(std::string number = "CASE-1") {
    schemas::CaseRequest q;
    q.matter = kFoodMatter;
    q.case_number = std::move(number);
    q.applicant = test_company(1);
    q.related = {{"legal_representative", test_person(1)}, {"employee", test_person(2)}};
    q.region = "990100";
    q.officer = officer();
    return q;
  }
  schemas::Json open(const schemas::CaseRequest& q) {
    return answer(exchange->open_case(q, "{}", bureau(), *catalogue.policy()));
  }
  static const schemas::Json* material(const schemas::Json& plan, std::string_view code) {
    for (const auto& item : *plan.find("materials")->items()) {
      if (text_of(item, "material") == code) return &item;
    }
    return nullptr;
  }
  static std::string state(const schemas::Json& plan, std::string_view code) {
    const auto* item = material(plan, code);
    return text_of(*item, "state") + " " + text_of(*item, "because");
  }
  static std::string reference(const schemas::Json& plan, std::string_view code) {
    return text_of(*material(plan, code), "reference");
  }
  static schemas::FetchRequest fetch_request(std::string reference, std::string number = "CASE-1") {
    schemas::FetchRequest q;
    q.reference = std::move(reference);
    q.purpose.matter = kFoodMatter;
    q.purpose.case_number = std::move(number);
    q.purpose.cause = "办理测试人员1的许可";
    q.purpose.legal_basis = "law";
    q.purpose.officer = officer();
    q.purpose.channel = "counter";
    return q;
  }
  Result<hub::access::Prepared> prepare(const schemas::FetchRequest& q) {
    return exchange->fetch(q, "{}", bureau(), *catalogue.policy());
  }
  schemas::Json fetch(const schemas::FetchRequest& q) { return answer(prepare(q)); }
  hub::audit::Entry last_entry() {
    return hub::audit::parse_entry(ledger->entry(ledger->state().size - 1).value()).value();
  }

  schemas::Json health;
  std::unique_ptr<hub::exchange::BaseDataActs> people;
};

}  // namespace lh::kits
