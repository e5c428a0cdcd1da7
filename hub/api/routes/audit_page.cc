#include "hub/api/routes/audit_page.h"

#include <algorithm>

#include "schemas/audit_events.h"

namespace lh::hub::api::routes {
namespace {

using schemas::Json;
using schemas::ObjectReader;

Result<std::optional<audit::Decision>> parse_decision(const std::optional<std::string>& text) {
  if (!text) return std::optional<audit::Decision>();
  for (const auto d : {audit::Decision::kAllow, audit::Decision::kDeny, audit::Decision::kError}) {
    if (audit::decision_text(d) == *text) return std::optional<audit::Decision>(d);
  }
  return Error(Reason::kJsonValue, "query.decision");
}

Result<std::optional<schemas::AuditEvent>> parse_event(const std::optional<std::string>& text) {
  if (!text) return std::optional<schemas::AuditEvent>();
  for (const auto& event : schemas::all_events()) {
    if (event.id == *text) return std::optional<schemas::AuditEvent>(event.event);
  }
  return Error(Reason::kJsonValue, "query.event");
}

Status read_subject(const Json& value, const Services& s, AuditQuery& query) {
  auto reader = LH_TRY(ObjectReader::open(value, "query.subject"));
  const auto scheme = LH_TRY(parse_scheme(LH_TRY(reader.string("scheme", 32))));
  const auto id = LH_TRY(parse_subject_id(scheme, LH_TRY(reader.string("id", 64))));
  LH_TRY(reader.finish());
  // Each identifier has the chain of its own subject; after a merge entries stand in both.
  const auto found = LH_TRY(s.directory.find_own(id));
  if (found) query.search.subject = found->tag;
  query.nothing = query.nothing || !found;
  return ok_status();
}

Status read_officer(const Json& value, const Services& s, AuditQuery& query) {
  auto reader = LH_TRY(ObjectReader::open(value, "query.officer"));
  const auto organisation = LH_TRY(parse_uscc(LH_TRY(reader.string("organisation", 18))));
  const auto id = LH_TRY(reader.string("id", 64));
  LH_TRY(reader.finish());
  query.search.officer = s.directory.tag_of("officer", organisation.text() + id);
  return ok_status();
}

Status read_tags(ObjectReader& reader, const Services& s, AuditQuery& query) {
  if (const auto licence = LH_TRY(reader.optional_string("licence_id", 128))) {
    const auto key = LH_TRY(s.licences.find_by_id(*licence));
    if (key) query.search.licence = s.directory.tag_of("licence", view(key->value));
    query.nothing = query.nothing || !key;
  }
  if (const auto text = LH_TRY(reader.optional_string("case_id", 64))) {
    const auto id = LH_TRY(CaseId::parse(*text));
    query.search.case_tag = s.directory.tag_of("case", view(id.value));
  }
  if (const Json* subject = reader.optional("subject")) LH_TRY(read_subject(*subject, s, query));
  if (const Json* officer = reader.optional("officer")) LH_TRY(read_officer(*officer, s, query));
  return ok_status();
}

Status read_times(ObjectReader& reader, audit::SearchQuery& search) {
  if (const auto from = LH_TRY(reader.optional_string("from", 64))) {
    search.from = LH_TRY(parse_time(*from));
  }
  if (const auto until = LH_TRY(reader.optional_string("until", 64))) {
    search.until = LH_TRY(parse_time(*until));
  }
  return ok_status();
}

void set_if(Json& j, std::string name, const std::string& value) {
  if (!value.empty()) j.set(std::move(name), value);
}

}  // namespace

Result<AuditQuery> audit_query_from_json(const Json& body, const Services& s) {
  auto reader = LH_TRY(ObjectReader::open(body, "query"));
  AuditQuery query;
  LH_TRY(read_tags(reader, s, query));
  LH_TRY(read_times(reader, query.search));
  query.search.organisation = LH_TRY(reader.optional_string("organisation", 18)).value_or("");
  query.search.event = LH_TRY(parse_event(LH_TRY(reader.optional_string("event", 64))));
  query.search.decision = LH_TRY(parse_decision(LH_TRY(reader.optional_string("decision", 8))));
  if (const auto before = LH_TRY(reader.optional_integer("before"))) {
    if (*before < 0) return Error(Reason::kCursorInvalid);
    query.search.before = static_cast<std::uint64_t>(*before);
  }
  if (const auto limit = LH_TRY(reader.optional_integer("limit"))) {
    if (*limit < 1 || *limit > 200) return Error(Reason::kJsonValue, "query.limit");
    query.search.limit = static_cast<std::size_t>(*limit);
  }
  query.with_proofs = LH_TRY(reader.optional_boolean("with_proofs")).value_or(false);
  LH_TRY(reader.finish());
  return query;
}

Status narrow_to_uses(AuditQuery& query) {
  using Event = schemas::AuditEvent;
  query.search.among = {
      Event::kCaseOpened,        Event::kFetched,        Event::kPredicateAnswered,
      Event::kCopyMade,          Event::kCopyDownloaded, Event::kFormFilled,
      Event::kNoticeGiven,       Event::kDeferralOpened, Event::kDeferralReminded,
      Event::kDeferralMet,       Event::kDeferralEnded,  Event::kCommitmentSigned,
      Event::kCommitmentChecked, Event::kLicenceShared,  Event::kRefused};
  const auto& uses = query.search.among;
  const bool other =
      query.search.event && std::find(uses.begin(), uses.end(), *query.search.event) == uses.end();
  return other || query.search.subject ? Status(Reason::kRoleMissing) : ok_status();
}

Result<Json> entry_json(const audit::SearchHit& hit, const Services& s, bool with_proof) {
  const audit::Entry& e = hit.entry;
  Json j = Json::object();
  j.set("index", e.index);
  j.set("time", time_text(e.time));
  j.set("event", schemas::event_id(e.event));
  j.set("decision", audit::decision_text(e.decision));
  set_if(j, "reason", e.reason);
  set_if(j, "organisation", e.organisation);
  set_if(j, "system", e.system);
  set_if(j, "matter", e.matter);
  set_if(j, "purpose", e.purpose);
  set_if(j, "legal_basis", e.legal_basis);
  set_if(j, "division", e.division);
  set_if(j, "rule", e.rule);
  if (!e.rule.empty()) j.set("rule_version", e.rule_version);
  set_if(j, "object", e.object);
  set_if(j, "correlation", e.correlation);
  if (e.count > 0) j.set("count", e.count);
  j.set("policy_epoch", e.policy_epoch);
  if (auto box = audit::open_box_a(e, s.keys); box.ok()) {
    Json officer = Json::object();
    officer.set("id", box->officer_id);
    officer.set("name", box->officer_name.reveal());
    officer.set("terminal", box->terminal);
    j.set("officer", std::move(officer));
    set_if(j, "case_number", box->case_number);
    Json fields = Json::array();
    for (const auto& field : box->fields) fields.push(field);
    j.set("fields", std::move(fields));
  } else if (!e.box_a.empty()) {
    j.set("officer_sealed", true);  // the month's key is not here (retired or held by audit)
  }
  if (with_proof) {
    j.set("entry", to_base64(hit.bytes));
    j.set("proof", LH_TRY(s.log.ledger().proof_text(e.index)));
  }
  return j;
}

Result<std::string> page_json(const audit::SearchPage& page, const Services& s, bool with_proofs) {
  Json items = Json::array();
  for (const auto& hit : page.hits) items.push(LH_TRY(entry_json(hit, s, with_proofs)));
  Json j = Json::object();
  j.set("log", s.log.origin());
  j.set("tree_size", page.tree_size);
  j.set("entries", std::move(items));
  if (page.chain_length) j.set("chain_length", *page.chain_length);
  if (page.next_before) j.set("next_before", *page.next_before);
  return schemas::to_text(j);
}

}  // namespace lh::hub::api::routes
