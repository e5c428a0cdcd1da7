// 一件事一次办: the cases of a bundle opened in one call, with one deduplicated material list; the
// result of one matter is a material of another, and all results are had in one place (证照联办).
// Audit: case.opened for each case; case.read; refusals access.refused.
#pragma once

#include "hub/access/act.h"
#include "hub/exchange/bundles/joint_record.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

// POST /v1/bundles/{code}/cases: {joint_number, case_numbers: [{matter, case_number}…], applicant,
// related, region, operator}. Matters that are not named are other departments' affair.
struct JointRequest {
  std::string bundle;
  std::string number;
  std::vector<std::pair<std::string, std::string>> cases;  // matter, case number
  SubjectId applicant;
  std::vector<std::pair<std::string, SubjectId>> related;
  std::string region;
  schemas::Operator officer;
};
Result<JointRequest> joint_request_from_json(const schemas::Json& j, std::string bundle);

struct CaseRecord;

class JointDesk {
 public:
  explicit JointDesk(const ExchangeParts& parts) : parts_(parts) {}
  // Errors: bundle.unknown, matter.unknown, purpose.not_registered, case.conflict,
  // subject.unknown (a part of the bundle is not named).
  Result<access::Prepared> open(const JointRequest& request, ByteView raw,
                                const access::Caller& caller, const access::Policy& policy) const;
  Result<access::Prepared> read(const JointId& id, const access::Caller& caller,
                                const access::Policy& policy) const;
  Result<access::Prepared> replay(ByteView recipe, const access::Caller& caller,
                                  const access::Policy& policy) const;

 private:
  struct Sitting;
  enum class Known : std::uint8_t { kYes, kNo };
  struct Numbered {
    JointId id;
    Known known = Known::kNo;
  };
  Status take_bundle(Sitting& sitting, const std::string& code) const;
  Status take_cases(Sitting& sitting, const JointRequest& request, const Permit& permit) const;
  Status add_step(Sitting& sitting, const CaseRecord& record, const schemas::Matter& matter,
                  const Permit& permit) const;
  Result<Numbered> take_joint(Sitting& sitting, const std::string& number) const;
  Result<access::Act> finish(Sitting& sitting, ByteView raw, const Permit& permit) const;
  ExchangeParts parts_;
};

}  // namespace lh::hub::exchange
