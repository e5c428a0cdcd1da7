#include "hub/exchange/people/requests.h"

#include "base/limits.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

Result<schemas::Fields> read_fields(ObjectReader& r) {
  return schemas::fields_from_json(*LH_TRY(r.object("fields")), r.path("fields"));
}

Result<std::optional<LocalDate>> read_day(ObjectReader& r, std::string_view member) {
  const auto text = LH_TRY(r.optional_string(member, 10));
  if (!text) return std::optional<LocalDate>();
  const auto day = parse_date(*text);
  if (!day.ok()) return Error(day.error().reason(), r.path(member));
  return std::optional(*day);
}

Result<SubjectId> read_named(ObjectReader& r, std::string_view member) {
  return schemas::subject_id_from_json(*LH_TRY(r.object(member)), r.path(member));
}

// Why, and who says so: what every act on a subject itself states.
template <class Request>
Status read_ground(ObjectReader& r, Request& out) {
  out.ground = LH_TRY(schemas::read_line(r, "ground", 1024));
  const Json* officer = r.optional("operator");
  if (officer != nullptr) {
    out.officer = LH_TRY(schemas::operator_from_json(*officer, r.path("operator")));
  }
  return r.finish();
}

Result<std::vector<std::string>> read_asked(ObjectReader& r) {
  std::vector<std::string> out;
  if (r.optional("fields") == nullptr) return out;
  const auto* list = LH_TRY(r.array("fields"))->items();
  if (list->empty() || list->size() > 256) return Error(Reason::kJsonValue, r.path("fields"));
  for (const auto& item : *list) {
    if (item.string() == nullptr) return Error(Reason::kJsonWrongType, r.path("fields"));
    out.push_back(*item.string());
  }
  return out;
}

}  // namespace

Result<SubjectUpsert> subject_upsert_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "subject"));
  SubjectUpsert out;
  out.id = LH_TRY(schemas::read_subject_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  out.fields = LH_TRY(read_fields(r));
  out.valid_from = LH_TRY(read_day(r, "valid_from"));
  LH_TRY(r.finish());
  return out;
}

Result<SubjectQuery> subject_query_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  SubjectQuery out;
  out.id = LH_TRY(schemas::read_subject_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  out.purpose = LH_TRY(schemas::purpose_from_json(*LH_TRY(r.object("purpose")), "query.purpose"));
  out.fields = LH_TRY(read_asked(r));
  out.valid_at = LH_TRY(read_day(r, "valid_at"));
  if (const auto known = LH_TRY(r.optional_string("known_at", 40))) {
    const auto time = parse_time(*known);
    if (!time.ok()) return Error(time.error().reason(), r.path("known_at"));
    out.known_at = *time;
  }
  if (LH_TRY(r.optional_boolean("history")).value_or(false)) {
    out.history = SubjectQuery::History::kAsked;
  }
  LH_TRY(r.finish());
  return out;
}

Result<SubjectCorrection> subject_correction_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "correction"));
  SubjectCorrection out;
  out.id = LH_TRY(schemas::read_subject_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  out.fields = LH_TRY(read_fields(r));
  const std::int64_t number = LH_TRY(r.integer("corrects"));
  if (number < 1 || number > INT32_MAX) return Error(Reason::kJsonValue, r.path("corrects"));
  out.corrects = static_cast<std::uint32_t>(number);
  LH_TRY(read_ground(r, out));
  return out;
}

Result<AliasRequest> alias_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "alias_request"));
  AliasRequest out;
  out.id = LH_TRY(schemas::read_subject_id(r));
  out.alias = LH_TRY(read_named(r, "alias"));
  LH_TRY(read_ground(r, out));
  return out;
}

Result<MergeRequest> merge_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "merge"));
  MergeRequest out;
  out.from = LH_TRY(read_named(r, "from"));
  out.into = LH_TRY(read_named(r, "into"));
  LH_TRY(read_ground(r, out));
  return out;
}

Result<IdentityDecision> identity_decision_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "decision"));
  IdentityDecision out;
  const auto id = ChangeId::parse(LH_TRY(r.string("change_id", 64)));
  if (!id.ok()) return Error(Reason::kChangeUnknown);  // no oracle
  out.id = *id;
  const auto decision = LH_TRY(r.string("decision", 16));
  if (decision != "confirm" && decision != "reject") {
    return Error(Reason::kJsonValue, r.path("decision"));
  }
  if (decision == "reject") out.decision = IdentityDecision::Decision::kReject;
  out.tie.from = LH_TRY(read_named(r, "from"));
  out.tie.into = LH_TRY(read_named(r, "into"));
  LH_TRY(read_ground(r, out.tie));
  return out;
}

Result<FlagRequest> flag_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "flag"));
  FlagRequest out;
  out.id = LH_TRY(schemas::read_subject_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  // Absent or empty is refused by its own reason (flag.invalid), not as a malformed body.
  out.legal_basis = LH_TRY(r.optional_string("legal_basis", 512)).value_or(std::string());
  const auto from = LH_TRY(read_day(r, "from"));
  if (!from) return Error(Reason::kJsonMissingMember, r.path("from"));
  out.from = *from;
  out.until = LH_TRY(read_day(r, "until"));
  LH_TRY(read_ground(r, out));
  return out;
}

Result<FlagEndRequest> flag_end_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "flag_end"));
  FlagEndRequest out;
  out.id = LH_TRY(schemas::read_subject_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  out.on = LH_TRY(read_day(r, "on"));
  LH_TRY(read_ground(r, out));
  return out;
}

Person person_of(IdScheme scheme) {
  switch (scheme) {
    case IdScheme::kResidentId:
    case IdScheme::kResidentId15:
    case IdScheme::kPassport:
      return Person::kYes;
    case IdScheme::kUscc:
    case IdScheme::kOrganisationCode:
      return Person::kNo;
    case IdScheme::kRegistrationNo:
    case IdScheme::kLocal:
      break;
  }
  return Person::kUnknown;
}

}  // namespace lh::hub::exchange
