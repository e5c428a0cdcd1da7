// Requests about tickets, and tickets in answers.
#include "hub/exchange/tickets/ticket_json.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "hub/exchange/tickets/ticket_office.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr int kUsualWarning = 5;  // calendar days, where the catalogue names no reminder
constexpr std::size_t kCursorBytes = 64;

Result<Digest> read_digest(ObjectReader& r, std::string_view member) {
  const auto bytes = parse_hex(LH_TRY(r.string(member, 64)));
  if (!bytes.ok() || bytes->size() != 32) {
    return Error(Reason::kJsonValue, r.path(member) + ": 64 hexadecimal digits");
  }
  return to_array<32>(*bytes);
}

template <class Value, std::size_t N, class Text>
Result<std::optional<Value>> read_choice(ObjectReader& r, std::string_view member,
                                         const std::array<Value, N>& all, Text text) {
  const auto said = LH_TRY(r.optional_string(member, 32));
  if (!said) return std::optional<Value>();
  for (const Value value : all) {
    if (text(value) == *said) return std::optional<Value>(value);
  }
  return Error(Reason::kJsonValue, r.path(member));
}

Json signed_json(Signing s) {
  Json j = Json::object();
  if (s == Signing::kPaper) return j.set("method", "paper");
  j.set("method", "assertion");
  return j.set("by", s == Signing::kAgent ? "agent" : "applicant");
}

}  // namespace

Result<DeferralRequest> deferral_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "deferral"));
  DeferralRequest out;
  out.material = LH_TRY(schemas::read_line(r, "material", 64));
  out.officer =
      LH_TRY(schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  LH_TRY(r.finish());
  return out;
}

Result<CommitmentRequest> commitment_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "commitment"));
  CommitmentRequest out;
  out.material = LH_TRY(schemas::read_line(r, "material", 64));
  out.text = LH_TRY(read_digest(r, "text_sha256"));
  auto sign = LH_TRY(ObjectReader::open(*LH_TRY(r.object("signed")), r.path("signed")));
  const auto method = LH_TRY(sign.string("method", 16));
  if (method == "paper") {
    out.document = LH_TRY(read_digest(sign, "scan_sha256"));
  } else if (method == "assertion") {
    out.assertion = LH_TRY(sign.string("assertion", SubjectAssertions::kMostBytes));
    if (out.assertion.empty()) return Error(Reason::kJsonValue, sign.path("assertion"));
  } else {
    return Error(Reason::kJsonValue, sign.path("method") + ": paper or assertion");
  }
  LH_TRY(sign.finish());
  out.officer =
      LH_TRY(schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  LH_TRY(r.finish());
  return out;
}

Result<CloseRequest> close_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "close"));
  CloseRequest out;
  constexpr std::array kOutcomes = {TicketState::kMet, TicketState::kEnded, TicketState::kBreached,
                                    TicketState::kRepaired};
  const auto outcome =
      LH_TRY(read_choice(r, "outcome", kOutcomes, [](TicketState s) { return state_text(s); }));
  if (!outcome) return Error(Reason::kJsonMissingMember, r.path("outcome"));
  out.outcome = *outcome;
  out.ground = LH_TRY(schemas::read_line(r, "ground", 512));
  if (r.optional("document_sha256") != nullptr) {
    out.document = LH_TRY(read_digest(r, "document_sha256"));
  }
  out.officer =
      LH_TRY(schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  LH_TRY(r.finish());
  return out;
}

Result<TicketQuery> ticket_query_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  TicketQuery out;
  constexpr std::array kStates = {TicketState::kOpen, TicketState::kMet, TicketState::kEnded,
                                  TicketState::kBreached, TicketState::kRepaired};
  constexpr std::array kKinds = {TicketKind::kDeferral, TicketKind::kCommitment};
  constexpr std::array kCards = {Card::kGreen, Card::kYellow, Card::kRed};
  out.state = LH_TRY(read_choice(r, "state", kStates, [](TicketState s) { return state_text(s); }));
  out.kind = LH_TRY(read_choice(r, "kind", kKinds, kind_text));
  out.card = LH_TRY(read_choice(r, "card", kCards, card_text));
  if (const auto cursor = LH_TRY(r.optional_string("cursor", kCursorBytes))) {
    auto from = parse_hex(*cursor);
    if (!from.ok() || from->size() != 20) return Error(Reason::kCursorInvalid, r.path("cursor"));
    out.from = std::move(*from);
  }
  const auto limit = LH_TRY(r.optional_integer("limit"));
  if (limit && (*limit < 1 || *limit > static_cast<std::int64_t>(limits::kPageItems))) {
    return Error(Reason::kJsonValue, r.path("limit"));
  }
  if (limit) out.limit = static_cast<std::size_t>(*limit);
  LH_TRY(r.finish());
  return out;
}

const schemas::Material* material_of(const Ticket& ticket, const access::Policy& policy,
                                     LocalDate today) {
  const auto* matter = policy.find_matter(ticket.matter, today);
  if (matter == nullptr) return nullptr;
  const auto found = std::find_if(matter->materials.begin(), matter->materials.end(),
                                  [&ticket](const auto& m) { return m.code == ticket.material; });
  return found == matter->materials.end() ? nullptr : &*found;
}

int yellow_before(const schemas::Material* material) {
  const bool named =
      material != nullptr && material->deferral && !material->deferral->remind_before.empty();
  return named ? material->deferral->remind_before.front() : kUsualWarning;
}

Json ticket_json(const Ticket& t, const access::Policy& policy, LocalDate today) {
  const auto* material = material_of(t, policy, today);
  Json j = Json::object();
  j.set("ticket", t.id.text()).set("kind", kind_text(t.kind)).set("state", state_text(t.state));
  j.set("card", card_text(card_of(t, today, yellow_before(material))));
  j.set("case_id", t.case_id.text()).set("matter", t.matter);
  j.set("matter_version", t.matter_version).set("material", t.material);
  if (material != nullptr) j.set("names", schemas::names_to_json(material->names));
  j.set("opened_at", time_text(t.opened)).set("due", t.due.text());
  if (t.state == TicketState::kOpen) j.set("days_left", t.due.days() - today.days());
  if (t.closed) j.set("closed_at", time_text(*t.closed));
  if (t.closed && local_date(*t.closed) > t.due) j.set("late", true);
  if (t.holds_until) j.set("counts_until", t.holds_until->text());
  if (t.signing != Signing::kNone) j.set("signed", signed_json(t.signing));
  if (t.document) j.set("document_sha256", to_hex(view(*t.document)));
  const bool deferral = t.kind == TicketKind::kDeferral;
  if (material != nullptr && deferral && material->deferral) {
    j.set("consequence", schemas::names_to_json(material->deferral->consequence));
  }
  if (material != nullptr && !deferral && material->commitment) {
    j.set("consequence", schemas::names_to_json(material->commitment->consequence));
  }
  return j;
}

}  // namespace lh::hub::exchange
