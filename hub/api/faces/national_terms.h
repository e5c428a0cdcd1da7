// The Shandong family (CertShare), whose operations are those of the national sharing service, as
// values. Pure. Source: domain.md 1.5 B.
#pragma once

#include <optional>
#include <string>

#include "hub/api/faces/follow.h"

namespace lh::hub::api::faces::national {

// Head status, as the family numbers it.
enum class Head : std::uint8_t {
  kOk = 0,
  kNotOffered = 2,
  kNotFound = 10,
  kNotAuthenticated = 11,
  kParameterEmpty = 12,
  kNoPermission = 100,
  kHolderType = 103,
  kCertNoEmpty = 109,
  kHolderCodeEmpty = 110
};
// Result of verifyCertInfo.
enum class Verified : std::uint8_t {
  kValid = 0,
  kNotActivated = 1,
  kSuspended = 2,
  kNoLongerValid = 3,
  kNotEnough = 4,
  kNoSuchLicence = 5,
  kNoParameters = 6,
  kPartlyWrong = 7
};

struct Access {
  std::string id, token;
};
// Errors: json.missing_member naming head.accessId or head.accessToken.
Result<std::string> access_id_of(const schemas::Json& body);
Result<Access> access_of(const schemas::Json& body);

// holderTypeCode after GB/T 36903 annex A: 111 公民身份号码, 001 统一社会信用代码, 414 普通护照.
// Errors: id.unknown_scheme (head status 103).
Result<IdScheme> scheme_of(std::string_view holder_type, std::string where);

// verifyCertInfo.
struct CertInfo {
  SubjectId holder;
  std::string licence_id;  // certIdentifier, or a certNo that is one; else:
  std::string type, number;
};
// Errors: json.missing_member, id.*.
Result<CertInfo> cert_info_of(const schemas::Json& body);

// getDataByHolder and queryCertInfoByHolderCode: the family's request names neither the business
// number nor the operator. Always an error: the first member that is missing, in the end those two.
Error refuse_data(const schemas::Json& body);

Head head_of(const Refusal& refusal);
// What verifyCertInfo says of a request it did not answer.
std::optional<Verified> result_of(const Refusal& refusal, const schemas::Json& body);
// From the verdicts of /v1/verify. Indeterminate is never "correct and valid".
Verified result_of(const schemas::Json& verdicts);

schemas::Json reply(Head head, const std::string& message, schemas::Json data);

}  // namespace lh::hub::api::faces::national
