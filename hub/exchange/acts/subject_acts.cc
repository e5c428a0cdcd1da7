// POST /v1/subjects and /v1/subjects/query: base data in and out, purpose-bound like every read.
#include "base/limits.h"
#include "hub/exchange/acts/answers.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;
using schemas::ObjectReader;

enum class Present : std::uint8_t { kYes, kNo };

std::string_view outcome_text(subjects::StoreOutcome o) {
  switch (o) {
    case subjects::StoreOutcome::kNew:
      return "new";
    case subjects::StoreOutcome::kChanged:
      return "changed";
    case subjects::StoreOutcome::kSame:
      break;
  }
  return "same";
}

Result<SubjectId> read_id(ObjectReader& r) {
  const auto scheme = parse_scheme(LH_TRY(r.string("scheme", 32)));
  if (!scheme.ok()) return Error(scheme.error().reason(), r.path("scheme"));
  auto id = parse_subject_id(*scheme, LH_TRY(r.string("id", 256)));
  if (!id.ok()) return Error(id.error().reason(), r.path("id"));
  return id;
}

// A natural person is not a legal entity: a record under the wrong kind would be found by the rules
// of the wrong kind.
Status check_scheme(const SubjectId& id, std::string_view kind) {
  const bool person = id.scheme == IdScheme::kResidentId || id.scheme == IdScheme::kResidentId15 ||
                      id.scheme == IdScheme::kPassport;
  if ((kind == "natural_person" && !person) || (kind == "legal_entity" && person)) {
    return Error(Reason::kIdScheme, "the scheme does not fit the kind");
  }
  return ok_status();
}

std::string upsert_answer(std::string_view kind, subjects::StoreOutcome outcome) {
  std::string out = "{\"kind\":";
  schemas::append_json_string(out, kind);
  out += ",\"outcome\":\"";
  out += outcome_text(outcome);
  return out += "\"}";
}

struct Upserted {
  subjects::SubjectKey key;
  subjects::StoreOutcome outcome = subjects::StoreOutcome::kNew;
  ledger::Change change;
};

Result<Upserted> upsert(const subjects::BaseData& base_data, subjects::SubjectDirectory& directory,
                        const SubjectUpsert& request, const subjects::BaseRecord& record,
                        const Permit& permit) {
  auto registration = LH_TRY(directory.find_or_register(request.id));
  auto put = LH_TRY(base_data.put(registration.key, request.id, record, permit));
  Upserted out{registration.key, put.outcome, {}};
  out.change.rows = std::move(registration.rows);
  out.change.preconditions = std::move(registration.preconditions);
  for (auto& row : put.rows) out.change.rows.push_back(std::move(row));
  for (auto& p : put.preconditions) out.change.preconditions.push_back(std::move(p));
  return out;
}

}  // namespace

Result<SubjectUpsert> subject_upsert_from_json(const schemas::Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "subject"));
  SubjectUpsert out;
  out.id = LH_TRY(read_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  out.fields = LH_TRY(schemas::fields_from_json(*LH_TRY(r.object("fields")), "subject.fields"));
  LH_TRY(r.finish());
  return out;
}

Result<SubjectQuery> subject_query_from_json(const schemas::Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  SubjectQuery out;
  out.id = LH_TRY(read_id(r));
  out.kind = LH_TRY(r.string("kind", 64));
  out.purpose = LH_TRY(schemas::purpose_from_json(*LH_TRY(r.object("purpose")), "query.purpose"));
  if (r.optional("fields") != nullptr) {
    const auto* list = LH_TRY(r.array("fields"))->items();
    if (list->empty() || list->size() > 256) return Error(Reason::kJsonValue, r.path("fields"));
    for (const auto& item : *list) {
      if (item.string() == nullptr) return Error(Reason::kJsonWrongType, r.path("fields"));
      out.fields.push_back(*item.string());
    }
  }
  LH_TRY(r.finish());
  return out;
}

Result<access::Prepared> Exchange::upsert_subject(const SubjectUpsert& request, ByteView raw,
                                                  const access::Caller& caller,
                                                  const access::Policy& policy,
                                                  subjects::SubjectDirectory& directory) {
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kSubjectStored, caller, policy);
  facts.object = request.kind;
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kWriteBaseData, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision.reason));
  }
  const auto* kind = policy.find_base_kind(request.kind);
  if (kind == nullptr) {
    facts.object.clear();  // not a name of the catalogue: it may be anything
    return no(Error(Reason::kTypeUnknown, "kind"));
  }
  if (const Status fits = check_scheme(request.id, kind->id); !fits.ok()) return no(fits.error());
  auto fields = schemas::check_fields(kind->fields, request.fields);
  if (!fields.ok()) return no(fields.error());
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const subjects::BaseRecord record{kind->id, std::move(*fields), caller.organisation.text(), {}};
  Upserted stored = LH_TRY(upsert(parts_.base_data, directory, request, record, permit));
  facts.subjects = {stored.key};
  std::string answer = upsert_answer(kind->id, stored.outcome);
  Bytes recipe = "ES" + answer;
  access::Act act = LH_TRY(make_act({parts_.entries, parts_.random, parts_.clock.now(), raw},
                                    std::move(facts), std::move(stored.change),
                                    Undisclosed<std::string>(permit, std::move(answer))));
  act.recipe = std::move(recipe);
  return access::Prepared(std::move(act));
}

Result<access::Prepared> Exchange::replay_upsert(ByteView recipe, const access::Caller& caller,
                                                 const access::Policy& policy) {
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kSubjectStored, caller, policy);
  facts.purpose = "replay";
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kWriteBaseData, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(refusal->decision.reason), std::move(facts)));
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, parts_.clock.now(), recipe}, std::move(facts),
                      {}, Undisclosed<std::string>(permit, std::string(recipe.substr(2))))));
}

Result<access::Prepared> Exchange::query_subject(const SubjectQuery& query, ByteView raw,
                                                 const access::Caller& caller,
                                                 const access::Policy& policy) {
  const UtcTime now = parts_.clock.now();
  const LocalDate today = local_date(now);
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kSubjectRead, caller, policy);
  licences::name_officer(facts, parts_.directory, query.purpose.officer);
  facts.matter = query.purpose.matter;
  facts.purpose = query.purpose.channel;
  facts.box_a.case_number = query.purpose.case_number;
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  const auto* kind = policy.find_base_kind(query.kind);
  if (kind == nullptr) return no(Error(Reason::kTypeUnknown, "kind"));
  facts.object = kind->id;
  const auto subject = LH_TRY(parts_.directory.find(query.id));
  // A consent is of somebody: with nobody known under this identifier it does not fit.
  auto consent = present_consent(parts_, query.purpose.consent,
                                 {subject ? subject->no : SubjectNo{},
                                  {caller.organisation, query.purpose.matter, kind->id},
                                  now},
                                 facts);
  if (!consent.ok()) return no(consent.error());
  const access::Question question{access::Operation::kReadBaseData,
                                  caller,
                                  query.purpose.matter,
                                  kind->id,
                                  field_names(kind->fields),
                                  query.fields,
                                  today,
                                  consent->given()};
  auto admitted = parts_.gate.admit(question, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(explained(refusal->decision, question, policy)));
  }
  auto& admission = std::get<access::Admission>(admitted);
  facts.rule = admission.decision.rule;
  facts.rule_version = admission.decision.rule_version;
  facts.legal_basis = admission.decision.legal_basis;
  facts.box_a.fields = admission.decision.fields;
  if (!subject) return no(Error(Reason::kSubjectUnknown));
  facts.subjects = {*subject};
  auto record = LH_TRY(parts_.base_data.read(*subject, kind->id, admission.permit));
  const Present there = record.decide([](const std::optional<subjects::BaseRecord>& r) {
    return r ? Present::kYes : Present::kNo;
  });
  if (there == Present::kNo) return no(Error(Reason::kSubjectUnknown));
  licences::say_personal(facts, query.purpose.cause);
  const BaseFrame frame{admission.decision.fields, withheld_json(admission.decision), kind->id};
  auto answer = std::move(record).map([](std::optional<subjects::BaseRecord>&& r,
                                         const BaseFrame& f) { return base_answer(*r, f); },
                                      frame);
  auto act =
      LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, facts, {}, std::move(answer)));
  LH_TRY(settle_consent(parts_, *consent, std::move(facts), act.change));
  return access::Prepared(std::move(act));
}

}  // namespace lh::hub::exchange
