// POST /v1/subjects/aliases, /merge and /split: who is who.
#include "hub/exchange/people/writing.h"
#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

// A natural person and a legal entity are never one, nor does one have the other's identifiers.
Status check_alike(const SubjectId& one, const SubjectId& other, Reason otherwise) {
  const Person a = person_of(one.scheme);
  const Person b = person_of(other.scheme);
  if (a == Person::kUnknown || b == Person::kUnknown || a == b) return ok_status();
  return Error(otherwise, "a person and an entity");
}

std::string outcome(std::string_view text) {
  schemas::Json j = schemas::Json::object();
  j.set("outcome", text);
  return schemas::to_text(j);
}

}  // namespace

Result<access::Prepared> BaseDataActs::add_alias(const AliasRequest& request,
                                                 const Asking& asking) const {
  auto begun = begin(schemas::AuditEvent::kSubjectAliased, asking, request.officer);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  const auto found = parts_.directory.find(request.id);
  if (!found.ok()) return w.refuse_or_fail(found.error());
  if (!*found) return w.refuse(Error(Reason::kSubjectUnknown));
  w.facts.subjects = {**found};
  const Status alike = check_alike(request.id, request.alias, Reason::kIdScheme);
  if (!alike.ok()) return w.refuse(alike.error());
  auto alias = parts_.directory.add_alias(**found, request.alias);
  if (!alias.ok()) return w.refuse_or_fail(alias.error());
  ledger::Change change;
  const std::string said = outcome(alias->rows.empty() ? "same" : "added");
  add_to(change, *alias);
  return finish(std::move(w), std::move(change), said, request.ground);
}

Result<access::Prepared> BaseDataActs::tie(const MergeRequest& request, const Asking& asking,
                                           subjects::TieSide side) const {
  const bool joins = side == subjects::TieSide::kInto;
  auto begun =
      begin(joins ? schemas::AuditEvent::kSubjectMerged : schemas::AuditEvent::kSubjectSplit,
            asking, request.officer);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  const auto from = parts_.directory.find_own(request.from);
  if (!from.ok()) return w.refuse_or_fail(from.error());
  // Into whoever the identifier stands for by now; a split names the very two that were joined.
  const auto into =
      joins ? parts_.directory.find(request.into) : parts_.directory.find_own(request.into);
  if (!into.ok()) return w.refuse_or_fail(into.error());
  if (!*from || !*into) return w.refuse(Error(Reason::kSubjectUnknown));
  w.facts.subjects = {**into};
  if ((*from)->no != (*into)->no) w.facts.subjects.push_back(**from);
  const Status alike = check_alike(request.from, request.into, Reason::kMergeInvalid);
  if (!alike.ok()) return w.refuse(alike.error());
  auto change = joins ? kinship_.merge(**from, **into) : kinship_.split(**from, **into);
  if (!change.ok()) return w.refuse_or_fail(change.error());
  ledger::Change rows;
  add_to(rows, *change);
  w.changed = {(*from)->no, (*into)->no};
  return finish(std::move(w), std::move(rows), outcome(joins ? "merged" : "split"), request.ground);
}

Result<access::Prepared> BaseDataActs::merge(const MergeRequest& request,
                                             const Asking& asking) const {
  return tie(request, asking, subjects::TieSide::kInto);
}

Result<access::Prepared> BaseDataActs::split(const MergeRequest& request,
                                             const Asking& asking) const {
  return tie(request, asking, subjects::TieSide::kFrom);
}

}  // namespace lh::hub::exchange
