// A hub where one department applies for sharing, another provides, and a third grants.
#pragma once

#include "hub/exchange/sharing/grant_rules.h"
#include "hub/exchange/sharing/sharing_desk.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh::kits {

class SharingHub : public CaseHub {
 public:
  SharingHub()
      : desk(hub::exchange::SharingDeskParts{*store, catalogue, gate, *maker, *directory, random,
                                             clock}),
        today(local_date(clock.now())) {}

  hub::exchange::ApplicationRequest request() const {
    hub::exchange::ApplicationRequest q;
    q.terms.object = kIdentityCard;
    q.terms.fields = {"name", "address"};
    q.terms.matters = {std::string(kFoodMatter)};
    q.terms.divisions = {"990100"};
    q.terms.legal_basis = "测试依据";
    q.terms.reason = "核验住址";
    q.terms.from = today;
    q.terms.until = today.plus_days(30);
    q.officer = officer();
    return q;
  }
  // The types of the samples are defined by the bureau: it provides them, supervision applies.
  hub::access::Caller applicant() const {
    return caller(kSupervision, {hub::access::Role::kFetch}, 3);
  }
  hub::access::Caller provider() const { return caller(kBureau, {hub::access::Role::kApprove}, 4); }
  hub::access::Caller security() const {
    return caller(kBureau, {hub::access::Role::kSecurityAdmin}, 5);
  }
  hub::access::Caller stranger() const {
    return caller(test_uscc(9).text(), {hub::access::Role::kFetch, hub::access::Role::kApprove}, 6);
  }
  template <class F>
  Result<hub::access::Prepared> as(const hub::access::Caller& who, F act,
                                   std::string_view repeat = {}) {
    const auto policy = catalogue.policy();
    return act(desk, hub::exchange::SharingCall{who, *policy, "{}", repeat});
  }
  Result<hub::access::Prepared> apply(const hub::exchange::ApplicationRequest& q,
                                      std::string_view repeat = {}) {
    return as(
        applicant(), [&q](const auto& d, const auto& call) { return d.apply(q, call); }, repeat);
  }
  std::string applied() { return text_of(answer(apply(request())), "application_id"); }
  Result<hub::access::Prepared> judge(const hub::access::Caller& who, const std::string& id,
                                      const std::string& decision) {
    const hub::exchange::JudgementRequest q{decision, "测试理由", {}, officer()};
    return as(who, [&](const auto& d, const auto& call) {
      if (decision == "end") return d.end(id, q, call);
      const bool granting = who.roles.contains(hub::access::Role::kSecurityAdmin);
      return granting ? d.grant(id, q, call) : d.review(id, q, call);
    });
  }
  std::string state(Result<hub::access::Prepared> prepared) {
    auto out = text_of(answer(std::move(prepared)), "state");
    catalogue.load().value();
    return out;
  }
  std::size_t seen_by(const hub::access::Caller& who) {
    const auto list =
        answer(as(who, [](const auto& d, const auto& call) { return d.list({}, call); }));
    return list.find("applications")->items()->size();
  }
  std::string decided(LocalDate at) {
    const auto policy = catalogue.policy();
    const auto who = applicant();
    const auto fields = definition_of({"name", "sex", "address", "resident_id"});
    const hub::access::Question q{
        hub::access::Operation::kFetch, who, kFoodMatter, kIdentityCard, fields, {}, at, false};
    const auto d = decide(q, *policy);
    std::string out(hub::exchange::grant_ended(d, q, *policy) == hub::exchange::GrantEnded::kYes
                        ? "ended"
                        : reason_id(d.reason));
    for (const auto& field : d.fields) out += " " + field;
    return out;
  }

  hub::exchange::SharingDesk desk;
  LocalDate today;
};

}  // namespace lh::kits
