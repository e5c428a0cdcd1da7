// The bodies of the requests about base data, read strictly. Errors: json.*, id.*, date.format.
#pragma once

#include "schemas/purpose.h"

namespace lh::hub::exchange {

// POST /v1/subjects: {scheme, id, kind, fields{}, valid_from?}
struct SubjectUpsert {
  SubjectId id;
  std::string kind;
  schemas::Fields fields;
  std::optional<LocalDate> valid_from = {};  // none = today
};
Result<SubjectUpsert> subject_upsert_from_json(const schemas::Json& j);

// POST /v1/subjects/query: {scheme, id, kind, purpose{}, fields?[], valid_at?, known_at?, history?}
struct SubjectQuery {
  SubjectId id;
  std::string kind;
  schemas::Purpose purpose;
  std::vector<std::string> fields;
  std::optional<LocalDate> valid_at = {};
  std::optional<UtcTime> known_at = {};
  enum class History : std::uint8_t { kLeftOut, kAsked } history = History::kLeftOut;
};
Result<SubjectQuery> subject_query_from_json(const schemas::Json& j);

// POST /v1/subjects/corrections: {scheme, id, kind, corrects, fields{}, ground, operator?}
struct SubjectCorrection {
  SubjectId id;
  std::string kind;
  schemas::Fields fields;
  std::uint32_t corrects = 0;  // number of the wrong version
  std::string ground;
  schemas::Operator officer;
};
Result<SubjectCorrection> subject_correction_from_json(const schemas::Json& j);

// POST /v1/subjects/aliases: {scheme, id, alias{scheme, id}, ground, operator?}
struct AliasRequest {
  SubjectId id;
  SubjectId alias;
  std::string ground;
  schemas::Operator officer;
};
Result<AliasRequest> alias_request_from_json(const schemas::Json& j);

// POST /v1/subjects/merge, /split: {from{scheme, id}, into{scheme, id}, ground, operator?}
struct MergeRequest {
  SubjectId from;
  SubjectId into;
  std::string ground;
  schemas::Operator officer;
};
Result<MergeRequest> merge_request_from_json(const schemas::Json& j);

// POST /v1/subjects/changes/decide: {change_id, decision: confirm | reject, from{}, into{}, ground,
// operator?}
struct IdentityDecision {
  enum class Decision : std::uint8_t { kConfirm, kReject };
  ChangeId id;
  Decision decision = Decision::kConfirm;
  MergeRequest tie;  // as it was proposed
};
Result<IdentityDecision> identity_decision_from_json(const schemas::Json& j);

// POST /v1/subjects/flags: {scheme, id, kind, legal_basis, ground, from, until?, operator?}
struct FlagRequest {
  SubjectId id;
  std::string kind;
  std::string legal_basis;
  std::string ground;
  LocalDate from;
  std::optional<LocalDate> until;
  schemas::Operator officer;
};
Result<FlagRequest> flag_request_from_json(const schemas::Json& j);

// POST /v1/subjects/flags/end: {scheme, id, kind, ground, on?, operator?}
struct FlagEndRequest {
  SubjectId id;
  std::string kind;
  std::string ground;
  std::optional<LocalDate> on;  // none = today
  schemas::Operator officer;
};
Result<FlagEndRequest> flag_end_request_from_json(const schemas::Json& j);

enum class Person : std::uint8_t { kYes, kNo, kUnknown };
// What the scheme says of the subject: a natural person, an entity, or nothing.
Person person_of(IdScheme scheme);

}  // namespace lh::hub::exchange
