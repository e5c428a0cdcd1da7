// Purpose, operator and the bodies of requests as values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/personal.h"
#include "schemas/fields.h"
#include "schemas/json.h"

namespace lh::schemas {

struct Operator {  // the officer who acts; goes into box A of the entry
  std::string id;
  Personal<std::string> name;
};

// 用途. Either a legal basis or a consent must be given.
struct Purpose {
  std::string matter;
  std::string case_number;
  std::string cause;
  std::string legal_basis;
  std::string consent;  // grant token, empty when the legal basis decides
  Operator officer;     // member "operator"
  std::string channel;  // "counter" | "online" | "batch" | "mobile"
};
Result<Purpose> purpose_from_json(const Json& j, std::string where);

struct Holder {
  SubjectId id;
  Personal<std::string> name;
};
Result<Holder> holder_from_json(const Json& j, std::string where);

struct CaseRequest {  // POST /v1/cases
  std::string matter;
  std::string case_number;
  SubjectId applicant;
  std::vector<std::pair<std::string, SubjectId>>
      related;  // "legal_representative", "employee", "agent"
  std::string region;
  Operator officer;
};
Result<CaseRequest> case_request_from_json(const Json& j);

struct FetchRequest {  // POST /v1/fetch
  std::string reference;
  Purpose purpose;
  std::vector<std::string> fields;  // empty = all the rule allows
};
Result<FetchRequest> fetch_request_from_json(const Json& j);

enum class ChangeKind : std::uint8_t {
  kNew = 1,
  kRenewal,
  kChange,
  kCorrection,
  kTransfer
};  // stored

struct IssueRequest {  // POST /v1/licences
  LicenceTypeCode type;
  std::vector<Holder> holders;
  Uscc issuer;
  Fields fields;
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_until;  // none = 长期
  std::string matter;
  std::string case_number;                // member "case"
  std::optional<std::string> supersedes;  // licence_id
  ChangeKind change = ChangeKind::kNew;
  std::string division;
  Operator officer;  // optional member "operator"
};
Result<IssueRequest> issue_request_from_json(const Json& j);

enum class StatusAction : std::uint8_t {  // stored; never renumber
  kActivate = 1,
  kSuspend = 2,
  kResume = 3,
  kCancel = 4,
  kRevoke = 5,
  kForfeit = 6,
  kTransferOut = 7
};
Result<StatusAction> parse_status_action(std::string_view text);
std::string_view action_text(StatusAction a);

enum class LicenceStatus : std::uint8_t {  // stored; never renumber; Token Status List values
  kValid = 0,
  kRevoked = 1,
  kSuspended = 2,
  kNotActive = 3,
  kCancelled = 4,
  kForfeited = 5,
  kTransferred = 6,
  kSuperseded = 7,
  kExpired = 8
};
std::string_view status_text(LicenceStatus s);

struct StatusRequest {  // POST /v1/licences/status
  std::string licence;  // licence_key ("lic_…") or licence_id
  StatusAction action = StatusAction::kActivate;
  std::string ground;
  std::optional<UtcTime> effective_at;
  Operator officer;
};
Result<StatusRequest> status_request_from_json(const Json& j);

}  // namespace lh::schemas
