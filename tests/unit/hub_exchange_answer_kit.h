// A case with everything held, and the desk that answers about it.
#pragma once

#include "crypto/digest.h"
#include "crypto/jws.h"
#include "hub/exchange/answers/answer_desk.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh::kits {

class AnswerHub : public CaseHub {
 public:
  AnswerHub() {
    exchange = std::make_unique<hub::exchange::Exchange>(answer_parts());
    desk = std::make_unique<hub::exchange::AnswerDesk>(answer_parts());
    plan = open(case_request());
    case_id = text_of(plan, "case_id");
  }
  hub::exchange::ExchangeParts answer_parts() {
    auto parts = exchange_parts();
    parts.attester = signers.find(uscc_of(kBureau));
    parts.public_url = "https://hub.test";
    parts.organisation_name = [](const Uscc&) { return std::string("测试市行政审批服务局"); };
    return parts;
  }
  static std::string purpose_text(std::string_view number = "CASE-1") {
    return R"({"matter":")" + std::string(kFoodMatter) + R"(","case_number":")" +
           std::string(number) + R"(","cause":"办理测试人员1的许可","legal_basis":"law",)" +
           R"("operator":{"id":"officer-1","name":"测试人员901"},"channel":"counter"})";
  }
  // The body of a question about a material of the case.
  std::string body(std::string_view material, std::string_view question) const {
    return R"({"case_id":")" + case_id + R"(","material":")" + std::string(material) +
           R"(","purpose":)" + purpose_text() + R"(,"question":)" + std::string(question) + "}";
  }
  Result<hub::access::Prepared> ask_as(const hub::access::Caller& who, const std::string& text) {
    const auto json = LH_TRY(schemas::parse_json(text, 1U << 20U));
    const auto request = LH_TRY(hub::exchange::predicate_from_json(json));
    return desk->predicate(request, text, who, *catalogue.policy());
  }
  Result<hub::access::Prepared> ask(const std::string& text) { return ask_as(bureau(), text); }
  // "yes", "no", "cannot_tell not_held", or the reason of a refusal; refusals become entries.
  std::string told(std::string_view material, std::string_view question) {
    auto prepared = ask(body(material, question));
    const std::string refused(reason_of(prepared));
    if (refused != "done") {
      EXPECT_FALSE(perform(std::move(prepared)).ok());
      return refused;
    }
    last = answer(std::move(prepared));
    const std::string because = text_of(last, "because");
    return text_of(last, "answer") + (because.empty() ? "" : " " + because);
  }
  // Of the shipped rule a second version, changed by `change`.
  template <class F>
  void change_rule(std::string_view id, F change) {
    for (auto rule : schemas::shipped_sharing_rules()) {
      if (rule.id != id) continue;
      rule.version = ++rule_version;
      change(rule);
      activate_all(hub::access::ObjectKind::kRule,
                   {schemas::to_text(schemas::sharing_rule_to_json(rule))});
    }
  }

  std::unique_ptr<hub::exchange::AnswerDesk> desk;
  schemas::Json plan, last;
  std::string case_id;
  int rule_version = 1;
};

}  // namespace lh::kits
