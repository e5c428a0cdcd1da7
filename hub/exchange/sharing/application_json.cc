// Applications in JSON: what comes in, read strictly, and what is shown.
#include "hub/exchange/sharing/grant_rules.h"
#include "hub/exchange/sharing/sharing_desk.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::size_t kMostItems = 64;
constexpr std::pair<schemas::RuleMode, std::string_view> kModes[] = {
    {schemas::RuleMode::kValues, "values"},
    {schemas::RuleMode::kPredicate, "predicate"},
    {schemas::RuleMode::kVerifyOnly, "verify_only"},
};

Result<std::vector<std::string>> texts_of(const Json& list, const std::string& where) {
  std::vector<std::string> out;
  for (const auto& item : *list.items()) {
    if (item.string() == nullptr) return Error(Reason::kJsonWrongType, where);
    if (item.string()->empty() || item.string()->size() > 64) {
      return Error(Reason::kJsonValue, where);
    }
    out.push_back(*item.string());
  }
  if (out.empty() || out.size() > kMostItems) return Error(Reason::kJsonValue, where);
  return out;
}

Result<schemas::RuleMode> read_mode(ObjectReader& r) {
  const auto text = LH_TRY(r.string("mode", 16));
  for (const auto& [mode, known] : kModes) {
    if (known == text) return mode;
  }
  return Error(Reason::kJsonValue, r.path("mode"));
}

Result<LocalDate> read_day(ObjectReader& r, const char* member) {
  const auto day = parse_date(LH_TRY(r.string(member, 10)));
  if (!day.ok()) return Error(Reason::kDateFormat, r.path(member));
  return *day;
}

Result<SharingTerms> read_terms(ObjectReader& r) {
  SharingTerms t;
  t.object = LH_TRY(schemas::read_line(r, "object", 64));
  t.mode = LH_TRY(read_mode(r));
  if (const Json* fields = r.optional("fields")) {
    if (fields->items() == nullptr) return Error(Reason::kJsonWrongType, r.path("fields"));
    t.fields = LH_TRY(texts_of(*fields, r.path("fields")));
  }
  t.matters = LH_TRY(texts_of(*LH_TRY(r.array("matters")), r.path("matters")));
  t.divisions = LH_TRY(texts_of(*LH_TRY(r.array("divisions")), r.path("divisions")));
  t.legal_basis = LH_TRY(schemas::read_line(r, "legal_basis", 1024));
  t.reason = LH_TRY(schemas::read_line(r, "reason", 1024));
  auto term = LH_TRY(ObjectReader::open(*LH_TRY(r.object("term")), r.path("term")));
  t.from = LH_TRY(read_day(term, "from"));
  t.until = LH_TRY(read_day(term, "until"));
  LH_TRY(term.finish());
  return t;
}

Result<schemas::Operator> read_operator(ObjectReader& r) {
  return schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator"));
}

bool is_decision(std::string_view text, Judging judging) {
  switch (judging) {
    case Judging::kReview:
      return text == "accept" || text == "return" || text == "refuse";
    case Judging::kGrant:
      return text == "grant" || text == "refuse";
    case Judging::kEnd:
      break;
  }
  return text == "end";
}

Json array_of(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push(text);
  return out;
}

Json listing_json(const Listing& listing) {
  Json out = Json::object();
  out.set("attribute", listing.attribute);
  if (listing.entry.empty()) return out;
  out.set("entry", listing.entry).set("version", listing.entry_version);
  return out.set("legal_basis", listing.legal_basis);
}

Json steps_json(const Application& a) {
  Json out = Json::array();
  for (const auto& step : a.steps) {
    Json item = Json::object();
    item.set("state", state_text(step.state)).set("organisation", step.organisation);
    item.set("at", time_text(step.at)).set("note", step.note);
    out.push(std::move(item));
  }
  return out;
}

}  // namespace

Result<ApplicationRequest> application_request_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "application"));
  ApplicationRequest out;
  out.terms = LH_TRY(read_terms(r));
  out.officer = LH_TRY(read_operator(r));
  LH_TRY(r.finish());
  return out;
}

Result<JudgementRequest> judgement_from_json(const Json& j, Judging judging) {
  auto r = LH_TRY(ObjectReader::open(j, "judgement"));
  JudgementRequest out;
  out.decision = LH_TRY(r.string("decision", 16));
  if (!is_decision(out.decision, judging)) return Error(Reason::kJsonValue, r.path("decision"));
  out.reason = LH_TRY(schemas::read_line(r, "reason", 1024));
  if (judging == Judging::kReview) {
    out.consent_needed = LH_TRY(r.optional_boolean("consent_needed"));
  }
  out.officer = LH_TRY(read_operator(r));
  LH_TRY(r.finish());
  return out;
}

Result<ApplicationQuery> application_query_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  ApplicationQuery out;
  out.id = LH_TRY(r.optional_string("application_id", 64));
  if (const auto state = LH_TRY(r.optional_string("state", 16))) {
    const auto known = parse_application_state(*state);
    if (!known.ok()) return Error(Reason::kJsonValue, r.path("state"));
    out.state = *known;
  }
  LH_TRY(r.finish());
  return out;
}

Json application_json(const Application& a, LocalDate today, const SharingDeskParts& parts) {
  const SharingTerms& t = a.terms;
  Json out = Json::object();
  out.set("application_id", a.id.text()).set("state", state_text(a.state));
  out.set("applicant", a.applicant.text()).set("provider", a.listing.provider.text());
  if (!a.listing.attribute.empty()) out.set("listing", listing_json(a.listing));
  out.set("object", t.object).set("fields", array_of(t.fields));
  for (const auto& [mode, text] : kModes) {
    if (mode == t.mode) out.set("mode", text);
  }
  out.set("matters", array_of(t.matters)).set("divisions", array_of(t.divisions));
  out.set("legal_basis", t.legal_basis).set("reason", t.reason);
  Json term = Json::object();
  term.set("from", t.from.text()).set("until", t.until.text());
  out.set("term", std::move(term)).set("consent_needed", t.consent_needed);
  if (a.due) {
    const auto* deadline = parts.deadlines.find(a.deadline);
    const int warn = deadline == nullptr ? 0 : deadline->warn_days;
    out.set("due", a.due->text()).set("deadline", a.deadline);
    out.set("light", light_text(schemas::light_of(*a.due, today, warn, parts.special_days)));
  }
  if (a.state == ApplicationState::kGranted || a.state == ApplicationState::kEnded) {
    out.set("rules", array_of(grant_rule_ids(a)));
  }
  return out.set("steps", steps_json(a));
}

}  // namespace lh::hub::exchange
