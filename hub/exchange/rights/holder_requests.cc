// What a portal sends for a holder, read strictly; and how every call of a holder begins and ends.
#include "hub/exchange/rights/holder_sitting.h"
#include "hub/licences/office/entry_facts.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::size_t kMostMatters = 100;
constexpr std::int64_t kMostUses = 1000;

Result<UtcTime> read_time(const std::string& text, const std::string& where) {
  const auto time = parse_time(text);
  if (!time.ok()) return Error(Reason::kDateFormat, where);
  return *time;
}

Result<std::vector<std::string>> read_codes(ObjectReader& r, const char* member) {
  const auto* list = LH_TRY(r.array(member))->items();
  if (list->empty() || list->size() > kMostMatters) {
    return Error(Reason::kJsonValue, r.path(member));
  }
  std::vector<std::string> out;
  for (const auto& item : *list) {
    if (item.string() == nullptr) return Error(Reason::kJsonWrongType, r.path(member));
    if (item.string()->empty() || item.string()->size() > 64) {
      return Error(Reason::kJsonValue, r.path(member));
    }
    out.push_back(*item.string());
  }
  return out;
}

}  // namespace

Result<ConsentRequest> consent_request_from_json(const Json& j, ConsentKind kind) {
  auto r = LH_TRY(ObjectReader::open(j, "consent"));
  ConsentRequest out;
  out.kind = kind;
  out.assertion = LH_TRY(r.string("assertion", SubjectAssertions::kMostBytes));
  auto user = parse_uscc(LH_TRY(r.string("user", 18)));
  if (!user.ok()) return Error(user.error().reason(), r.path("user"));
  out.scope.user = std::move(*user);
  out.scope.matter = LH_TRY(schemas::read_line(r, "matter", 64));
  out.scope.object = LH_TRY(schemas::read_line(r, "object", 64));
  out.purpose = LH_TRY(schemas::read_line(r, "purpose", 512));
  if (kind == ConsentKind::kConsent) {
    const auto uses = LH_TRY(r.optional_integer("uses"));
    if (uses && (*uses < 1 || *uses > kMostUses)) return Error(Reason::kJsonValue, r.path("uses"));
    out.uses = static_cast<std::uint32_t>(uses.value_or(1));
  }
  if (const auto expires = LH_TRY(r.optional_string("expires", 40))) {
    out.expires = LH_TRY(read_time(*expires, r.path("expires")));
  }
  LH_TRY(r.finish());
  return out;
}

Result<EntrustmentRequest> entrustment_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "entrustment"));
  EntrustmentRequest out;
  out.assertion = LH_TRY(r.string("assertion", SubjectAssertions::kMostBytes));
  out.agent =
      LH_TRY(schemas::subject_id_from_json(*LH_TRY(r.object("agent")), "entrustment.agent"));
  out.matters = LH_TRY(read_codes(r, "matters"));
  for (const auto& text : LH_TRY(read_codes(r, "acts"))) {
    const auto act = parse_agent_act(text);
    if (!act.ok()) return Error(Reason::kJsonValue, r.path("acts"));
    out.acts.push_back(*act);
  }
  out.expires = LH_TRY(read_time(LH_TRY(r.string("expires", 40)), r.path("expires")));
  LH_TRY(r.finish());
  return out;
}

Result<std::string> assertion_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  auto out = LH_TRY(r.string("assertion", SubjectAssertions::kMostBytes));
  LH_TRY(r.finish());
  return out;
}

Result<WithdrawRequest> withdraw_request_from_json(const Json& j, std::string_view member) {
  auto r = LH_TRY(ObjectReader::open(j, "withdrawal"));
  WithdrawRequest out;
  out.assertion = LH_TRY(r.string("assertion", SubjectAssertions::kMostBytes));
  out.id = LH_TRY(r.string(member, 64));
  LH_TRY(r.finish());
  return out;
}

// The role first, then who it is. A subject that is not known yet may still give a consent.
Result<HolderDesk::Sitting> HolderDesk::sit_down(const std::string& assertion,
                                                 audit::EntryFacts& facts,
                                                 const HolderCall& call) const {
  auto admitted = parts_.gate.admit_role(call.caller, access::Operation::kOwnAccesses, call.policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return Error(refusal->decision->reason);
  }
  auto id = LH_TRY(parts_.assertions->take(assertion, call.caller));
  auto found = parts_.directory.find(id);
  if (!found.ok() && found.error().reason() != Reason::kKeyErased) return found.error();
  Sitting out{std::move(std::get<access::Admission>(admitted).permit), std::move(id),
              found.ok() ? *found : std::optional<subjects::SubjectKey>(), parts_.clock.now()};
  if (out.subject) facts.subjects = {*out.subject};
  return out;
}

Result<access::Prepared> HolderDesk::answer(const HolderCall& call, audit::EntryFacts facts,
                                            Sitting sitting, Json body) const {
  Undisclosed<std::string> text(sitting.permit, schemas::to_text(body));
  return access::Prepared(
      LH_TRY(licences::make_act({parts_.entries, parts_.random, sitting.now, call.raw},
                                std::move(facts), std::move(sitting.change), std::move(text))));
}

}  // namespace lh::hub::exchange
