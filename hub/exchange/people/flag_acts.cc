// POST /v1/subjects/flags and /v1/subjects/flags/end. The authority is whoever asks: nobody flags
// in another's name, and nobody ends another's flag.
#include "hub/exchange/people/writing.h"
#include "schemas/catalogue/flag_kinds.h"
#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

std::string answer(std::string_view outcome, std::string_view kind) {
  schemas::Json j = schemas::Json::object();
  j.set("outcome", outcome);
  j.set("kind", kind);
  return schemas::to_text(j);
}

}  // namespace

Result<access::Prepared> BaseDataActs::put_flag(const FlagRequest& request,
                                                const Asking& asking) const {
  auto begun = begin(schemas::AuditEvent::kSubjectFlagged, asking, request.officer);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  const auto* kind = schemas::find_flag_kind(request.kind);
  if (kind == nullptr) return w.refuse(Error(Reason::kFlagUnknown, "kind"));
  w.facts.object = kind->id;
  // Flags are given with every legal entity, whatever the rule: a natural person has none.
  if (person_of(request.id.scheme) == Person::kYes) {
    return w.refuse(Error(Reason::kFlagInvalid, "a natural person"));
  }
  const auto found = parts_.directory.find(request.id);
  if (!found.ok()) return w.refuse_or_fail(found.error());
  if (!*found) return w.refuse(Error(Reason::kSubjectUnknown));
  w.facts.subjects = {**found};
  w.facts.legal_basis = request.legal_basis;
  subjects::Flag flag;
  flag.kind = kind->id;
  flag.legal_basis = request.legal_basis;
  flag.authority = asking.caller.organisation.text();
  flag.ground = request.ground;
  flag.from = request.from;
  flag.until = request.until;
  auto put = parts_.base_data.flags().put(**found, request.id, flag, w.permit);
  if (!put.ok()) return w.refuse_or_fail(put.error());
  ledger::Change change;
  add_to(change, *put);
  w.changed = {(*found)->no};
  return finish(std::move(w), std::move(change), answer("flagged", kind->id), request.ground);
}

Result<access::Prepared> BaseDataActs::end_flag(const FlagEndRequest& request,
                                                const Asking& asking) const {
  auto begun = begin(schemas::AuditEvent::kSubjectUnflagged, asking, request.officer);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  const auto* kind = schemas::find_flag_kind(request.kind);
  if (kind == nullptr) return w.refuse(Error(Reason::kFlagUnknown, "kind"));
  w.facts.object = kind->id;
  const auto found = parts_.directory.find(request.id);
  if (!found.ok()) return w.refuse_or_fail(found.error());
  if (!*found) return w.refuse(Error(Reason::kFlagUnknown));
  w.facts.subjects = {**found};
  const subjects::FlagEnd how{kind->id, asking.caller.organisation.text(),
                              request.on.value_or(local_date(w.now)), request.ground};
  auto end = parts_.base_data.flags().end(**found, request.id, how, w.permit);
  if (!end.ok()) return w.refuse_or_fail(end.error());
  ledger::Change change;
  add_to(change, *end);
  w.changed = {(*found)->no};
  return finish(std::move(w), std::move(change), answer("ended", kind->id), request.ground);
}

}  // namespace lh::hub::exchange
