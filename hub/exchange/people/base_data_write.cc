// POST /v1/subjects and POST /v1/subjects/corrections: base data in, with the day it holds from.
#include "hub/exchange/people/base_data_acts.h"
#include "hub/exchange/people/chain_walk.h"
#include "hub/exchange/people/writing.h"
#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

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

// A natural person is not a legal entity: a record under the wrong kind would be found by the rules
// of the wrong kind. An address has an identifier of its own (docs/formats/base_data.md,
// Addresses).
Status check_scheme(const SubjectId& id, std::string_view kind) {
  const Person person = person_of(id.scheme);
  const bool fits = kind == "natural_person" ? person == Person::kYes
                    : kind == "address"      ? id.scheme == IdScheme::kLocal
                    : kind == "legal_entity" ? person != Person::kYes
                                             : true;
  return fits ? ok_status() : Error(Reason::kIdScheme, "the scheme does not fit the kind");
}

struct Stored {
  subjects::SubjectKey key;
  subjects::BaseDataChange put;
  ledger::Change change;
};

Result<Stored> put(const BaseDataParts& parts, const SubjectId& id,
                   const subjects::BaseRecord& record, const Permit& permit) {
  auto registration = LH_TRY(parts.directory.find_or_register(id));
  Stored out{registration.key, {}, {}};
  out.put = LH_TRY(parts.base_data.put(registration.key, id, record, permit));
  out.change.rows = std::move(registration.rows);
  out.change.preconditions = std::move(registration.preconditions);
  add_to(out.change, out.put);
  return out;
}

// Nothing is told of a write that changes nothing.
void add_told(const BaseDataParts& parts, const BaseDataEvent& event, Stored& stored) {
  if (!parts.outbox || stored.put.outcome == subjects::StoreOutcome::kSame) return;
  for (auto& row : parts.outbox(event)) stored.change.rows.push_back(std::move(row));
}

schemas::Json answer_of(std::string_view kind, const subjects::BaseDataChange& put,
                        LocalDate valid_from) {
  schemas::Json j = schemas::Json::object();
  j.set("kind", kind);
  j.set("outcome", outcome_text(put.outcome));
  j.set("version", std::int64_t{put.number});
  j.set("valid_from", valid_from.text());
  return j;
}

}  // namespace

Result<access::Prepared> BaseDataActs::upsert(const SubjectUpsert& request,
                                              const Asking& asking) const {
  auto begun = begin(schemas::AuditEvent::kSubjectStored, asking, {});
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  const auto* kind = asking.policy.find_base_kind(request.kind);
  // Not a name of the catalogue: it may be anything, and is not repeated in the entry.
  if (kind == nullptr) return w.refuse(Error(Reason::kTypeUnknown, "kind"));
  w.facts.object = kind->id;
  if (const Status fits = check_scheme(request.id, kind->id); !fits.ok()) {
    return w.refuse(fits.error());
  }
  auto fields = schemas::check_fields(kind->fields, request.fields);
  if (!fields.ok()) return w.refuse(fields.error());
  subjects::BaseRecord record{
      kind->id, std::move(*fields), asking.caller.organisation.text(), {}, request.valid_from};
  auto stored = put(parts_, request.id, record, w.permit);
  if (!stored.ok()) return w.refuse_or_fail(stored.error());
  w.facts.subjects = {stored->key};
  add_told(parts_,
           {stored->key.no, kind->id, stored->put.number, outcome_text(stored->put.outcome),
            asking.caller.organisation, w.now},
           *stored);
  const LocalDate from = request.valid_from.value_or(local_date(w.now));
  return finish(std::move(w), std::move(stored->change),
                schemas::to_text(answer_of(kind->id, stored->put, from)), {});
}

Result<access::Prepared> BaseDataActs::correct(const SubjectCorrection& request,
                                               const Asking& asking) const {
  auto begun = begin(schemas::AuditEvent::kSubjectCorrected, asking, request.officer);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  const auto* kind = asking.policy.find_base_kind(request.kind);
  if (kind == nullptr) return w.refuse(Error(Reason::kTypeUnknown, "kind"));
  w.facts.object = kind->id;
  auto fields = schemas::check_fields(kind->fields, request.fields);
  if (!fields.ok()) return w.refuse(fields.error());
  const auto subject = parts_.directory.find(request.id);
  if (!subject.ok()) return w.refuse_or_fail(subject.error());
  if (!*subject) return w.refuse(Error(Reason::kSubjectUnknown));
  w.facts.subjects = {**subject};
  const auto versions =
      LH_TRY(parts_.base_data.versions((*subject)->no, kind->id, subjects::kKnownNow));
  const subjects::VersionMark* wrong = nullptr;
  for (const auto& v : versions) {
    if (v.number == request.corrects) wrong = &v;
  }
  if (wrong == nullptr) return w.refuse(Error(Reason::kJsonValue, "correction.corrects"));
  subjects::BaseRecord record{
      kind->id, std::move(*fields), asking.caller.organisation.text(), {}, wrong->valid_from};
  record.corrects = request.corrects;
  // Of a version without a day: the correction begins on the first day there is.
  if (!record.valid_from) record.valid_from = LocalDate::make(1600, 1, 1).value();
  auto stored = put(parts_, request.id, record, w.permit);
  if (!stored.ok()) return w.refuse_or_fail(stored.error());
  add_told(parts_,
           {stored->key.no, kind->id, stored->put.number, "corrected", asking.caller.organisation,
            w.now},
           *stored);
  const Accesses seen = LH_TRY(
      count_accesses(parts_.ledger, w.facts.subjects.front().tag, kind->id, wrong->commit_index));
  schemas::Json answer = answer_of(kind->id, stored->put, *record.valid_from);
  answer.set("corrects", std::int64_t{request.corrects});
  answer.set("accesses", seen.count);
  answer.set("accesses_complete", seen.end == Accesses::End::kReached);
  return finish(std::move(w), std::move(stored->change), schemas::to_text(answer), request.ground);
}

}  // namespace lh::hub::exchange
