#include "hub/licences/office/entry_facts.h"

#include <algorithm>

#include "base/limits.h"

namespace lh::hub::licences {

audit::EntryFacts facts_of(schemas::AuditEvent event, const access::Caller& caller,
                           const access::Policy& policy) {
  audit::EntryFacts facts;
  facts.event = event;
  facts.organisation = caller.organisation.text();
  if (!facts.organisation.empty()) {  // nobody in particular has no system either
    facts.system = caller.system.text();
    facts.certificate = caller.certificate;
  }
  facts.division = caller.division;
  facts.policy_epoch = policy.epoch();
  return facts;
}

void name_officer(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  const schemas::Operator& officer) {
  if (officer.id.empty()) return;
  // Officer ids are those of an organisation: the same number elsewhere is somebody else.
  Bytes name(facts.organisation);
  name.push_back('\0');
  name += officer.id;
  facts.officer = directory.tag_of("officer", name);
  facts.box_a.officer_id = officer.id;
  facts.box_a.officer_name = Personal<std::string>(officer.name.reveal());
}

namespace {

void name(audit::EntryFacts& facts, subjects::SubjectKey key) {
  const auto same = [&key](const auto& k) { return k.no == key.no; };
  if (facts.subjects.size() >= limits::kSubjectsPerEntry) return;
  if (std::any_of(facts.subjects.begin(), facts.subjects.end(), same)) return;
  facts.subjects.push_back(std::move(key));
}

}  // namespace

void name_licence(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  const LicenceHead& head) {
  facts.object = head.type;
  facts.licence = directory.tag_of("licence", view(head.key.value));
  for (const SubjectNo no : head.holders) {
    auto key = directory.get(no);
    if (!key.ok()) continue;
    // The holder first, then whoever is one with it by merges.
    auto people = key->has(subjects::SubjectMark::kTies)
                      ? directory.family(*key)
                      : Result<std::vector<subjects::SubjectKey>>(Error(Reason::kSubjectUnknown));
    name(facts, std::move(*key));
    if (!people.ok()) continue;
    for (auto& other : *people) name(facts, std::move(other));
  }
}

void say_personal(audit::EntryFacts& facts, std::string text) {
  if (facts.subjects.empty()) return;
  facts.box_b = audit::SubjectBox{Personal<std::string>(std::move(text))};
}

access::Refused refuse(Error error, audit::EntryFacts facts) {
  facts.event = schemas::AuditEvent::kRefused;
  facts.decision = audit::Decision::kDeny;
  facts.reason = error.reason();
  return {std::move(error), std::move(facts)};
}

Result<access::Act> make_act(const ActParts& parts, audit::EntryFacts facts, ledger::Change change,
                             Undisclosed<std::string> answer) {
  const crypto::CommitKey k(parts.random);
  facts.request = k.commit(parts.raw);
  facts.answer = answer.commitment(k, [](const std::string& text) { return ByteView(text); });
  change.access = answer.access_id();
  change.entries.push_back(LH_TRY(parts.entries.make(facts, k, parts.now)));
  return access::Act{std::move(change), std::move(answer), 200, {}, {}};
}

}  // namespace lh::hub::licences
