#include "hub/exchange/people/writing.h"

namespace lh::hub::exchange {
namespace {

// "S" ‖ event(1) ‖ the answer, which names nobody: only these events are replayed so.
constexpr char kRecipe = 'S';
// Of the first version: "ES" ‖ answer, of subject.stored only.
constexpr std::string_view kFirstRecipe = "ES";

}  // namespace

std::variant<BaseDataActs::Writing, access::Refused> BaseDataActs::begin(
    schemas::AuditEvent event, const Asking& asking, const schemas::Operator& officer,
    access::Operation operation) const {
  audit::EntryFacts facts = licences::facts_of(event, asking.caller, asking.policy);
  licences::name_officer(facts, parts_.directory, officer);
  auto admitted = parts_.gate.admit_role(asking.caller, operation, asking.policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return licences::refuse(Error(refusal->decision->reason), std::move(facts));
  }
  return Writing{std::move(std::get<access::Admission>(admitted).permit), std::move(facts),
                 parts_.clock.now(), asking.raw};
}

Result<access::Prepared> BaseDataActs::finish(Writing writing, ledger::Change change,
                                              std::string answer, std::string personal) const {
  Bytes recipe(1, kRecipe);
  recipe.push_back(static_cast<char>(writing.facts.event));
  recipe += answer;
  if (!personal.empty()) licences::say_personal(writing.facts, std::move(personal));
  access::Act act = LH_TRY(licences::make_act(
      {parts_.entries, parts_.random, writing.now, writing.raw}, std::move(writing.facts),
      std::move(change), Undisclosed<std::string>(writing.permit, std::move(answer))));
  act.recipe = std::move(recipe);
  if (!writing.changed.empty()) {
    act.committed = [&directory = parts_.directory, changed = std::move(writing.changed)] {
      for (const SubjectNo no : changed) directory.forget(no);
      return ok_status();
    };
  }
  return access::Prepared(std::move(act));
}

Result<access::Prepared> BaseDataActs::replay(ByteView recipe, const access::Caller& caller,
                                              const access::Policy& policy) const {
  const bool first = recipe.starts_with(kFirstRecipe);
  if (recipe.size() < 4 || (!first && recipe.front() != kRecipe)) {
    return Error(Reason::kStoreCorrupt, "recipe");
  }
  const auto event = first ? schemas::AuditEvent::kSubjectStored
                           : static_cast<schemas::AuditEvent>(static_cast<std::uint8_t>(recipe[1]));
  const bool decided =
      event == schemas::AuditEvent::kSubjectMerged || event == schemas::AuditEvent::kSubjectSplit;
  const bool approves = decided && caller.roles.contains(access::Role::kApprove);
  auto begun =
      begin(event, {caller, policy, recipe}, {},
            approves ? access::Operation::kReviewSharing : access::Operation::kWriteBaseData);
  if (auto* no = std::get_if<access::Refused>(&begun)) return access::Prepared(std::move(*no));
  Writing& w = std::get<Writing>(begun);
  w.facts.purpose = "replay";
  return finish(std::move(w), {}, std::string(recipe.substr(2)), {});
}

}  // namespace lh::hub::exchange
