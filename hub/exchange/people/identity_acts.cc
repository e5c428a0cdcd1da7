// POST /v1/subjects/aliases, /merge, /split and /changes/decide: who is who.
#include "hub/exchange/people/identity_change.h"
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

schemas::AuditEvent event_of(subjects::TieSide side) {
  return side == subjects::TieSide::kInto ? schemas::AuditEvent::kSubjectMerged
                                          : schemas::AuditEvent::kSubjectSplit;
}

// Names both in the facts. Into whoever the identifier stands for by now; a split names the very
// two that were joined.
Result<IdentityPair> find_pair(const subjects::SubjectDirectory& directory,
                               const MergeRequest& request, subjects::TieSide side,
                               audit::EntryFacts& facts) {
  const bool joins = side == subjects::TieSide::kInto;
  const auto from = LH_TRY(directory.find_own(request.from));
  const auto into = LH_TRY(joins ? directory.find(request.into) : directory.find_own(request.into));
  if (!from || !into) return Error(Reason::kSubjectUnknown);
  facts.subjects = {*into};
  if (from->no != into->no) facts.subjects.push_back(*from);
  LH_TRY(check_alike(request.from, request.into, Reason::kMergeInvalid));
  return IdentityPair{*from, *into};
}

std::optional<Tag> tag_of_officer(const subjects::SubjectDirectory& directory,
                                  const schemas::Operator& officer) {
  if (officer.id.empty()) return std::nullopt;
  return directory.tag_of("identity officer", officer.id);
}

bool confirms(const IdentityDecision& request) {
  return request.decision == IdentityDecision::Decision::kConfirm;
}

enum class Decider : std::uint8_t { kProposer, kOther };

// Who proposed it may take it back, and nothing else.
Status check_decider(const IdentityChange& c, const IdentityDecision& request, Decider decider,
                     const std::optional<Tag>& officer) {
  if (c.state != IdentityState::kProposed) return Error(Reason::kChangeState);
  if (!confirms(request)) return ok_status();
  const bool same_officer = officer && c.officer == officer;
  return decider == Decider::kProposer || same_officer ? Status(Error(Reason::kApproverSame))
                                                       : ok_status();
}

std::string_view outcome_of(const IdentityChange& c) {
  if (c.state == IdentityState::kRejected) return "rejected";
  if (c.state == IdentityState::kWithdrawn) return "withdrawn";
  return c.side == subjects::TieSide::kInto ? "merged" : "split";
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

// The row of a proposal; who is who is as before.
Result<access::Prepared> BaseDataActs::propose(const MergeRequest& request, const Asking& asking,
                                               subjects::TieSide side) const {
  auto begun = begin(event_of(side), asking, request.officer);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  w.facts.purpose = "proposed";
  const auto pair = find_pair(parts_.directory, request, side, w.facts);
  if (!pair.ok()) return w.refuse_or_fail(pair.error());
  const auto possible = tie(*pair, side);
  if (!possible.ok()) return w.refuse_or_fail(possible.error());
  IdentityChange c;
  c.id.value = parts_.random.array<16>();
  c.side = side;
  c.from = pair->from.no;
  c.into = pair->into.no;
  c.organisation = asking.caller.organisation;
  c.system = asking.caller.system;
  c.officer = tag_of_officer(parts_.directory, request.officer);
  c.proposed = w.now;
  ledger::Change change;
  write_identity_change(c, change);
  schemas::Json j = schemas::Json::object();
  j.set("outcome", "proposed").set("change_id", c.id.text());
  auto prepared =
      LH_TRY(finish(std::move(w), std::move(change), schemas::to_text(j), request.ground));
  std::get<access::Act>(prepared).http_status = 202;
  return prepared;
}

Result<subjects::TieChange> BaseDataActs::tie(const IdentityPair& pair,
                                              subjects::TieSide side) const {
  return side == subjects::TieSide::kInto ? kinship_.merge(pair.from, pair.into)
                                          : kinship_.split(pair.from, pair.into);
}

Result<access::Prepared> BaseDataActs::merge(const MergeRequest& request,
                                             const Asking& asking) const {
  return propose(request, asking, subjects::TieSide::kInto);
}

Result<access::Prepared> BaseDataActs::split(const MergeRequest& request,
                                             const Asking& asking) const {
  return propose(request, asking, subjects::TieSide::kFrom);
}

// By another system of the organisation, and where both say so another officer; it names the two by
// itself. Proposed by somebody else's organisation: as if there were no such change.
Result<access::Prepared> BaseDataActs::decide(const IdentityDecision& request,
                                              const Asking& asking) const {
  const bool approves = asking.caller.roles.contains(access::Role::kApprove);
  auto begun =
      begin(schemas::AuditEvent::kSubjectMerged, asking, request.tie.officer,
            approves ? access::Operation::kReviewSharing : access::Operation::kWriteBaseData);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  auto found = find_identity_change(parts_.store, request.id);
  if (!found.ok()) return w.refuse_or_fail(found.error());
  IdentityChange& c = *found;
  if (c.organisation != asking.caller.organisation) return w.refuse(Error(Reason::kChangeUnknown));
  w.facts.event = event_of(c.side);
  const bool own = c.system == asking.caller.system;
  const Status may = check_decider(c, request, own ? Decider::kProposer : Decider::kOther,
                                   tag_of_officer(parts_.directory, request.tie.officer));
  if (!may.ok()) return w.refuse(may.error());
  const auto pair = find_pair(parts_.directory, request.tie, c.side, w.facts);
  if (!pair.ok()) return w.refuse_or_fail(pair.error());
  if (pair->from.no != c.from || pair->into.no != c.into) {
    return w.refuse(Error(Reason::kMergeInvalid, "not the two that were proposed"));
  }
  ledger::Change rows;
  if (confirms(request)) {
    auto change = tie(*pair, c.side);
    if (!change.ok()) return w.refuse_or_fail(change.error());
    add_to(rows, *change);
    w.changed = {c.from, c.into};
  }
  c.state = confirms(request) ? IdentityState::kConfirmed
            : own             ? IdentityState::kWithdrawn
                              : IdentityState::kRejected;
  c.closed_by = asking.caller.system.text();
  c.closed = w.now;
  write_identity_change(c, rows);
  w.facts.purpose = confirms(request) ? "confirmed" : own ? "withdrawn" : "rejected";
  return finish(std::move(w), std::move(rows), outcome(outcome_of(c)), request.tie.ground);
}

}  // namespace lh::hub::exchange
