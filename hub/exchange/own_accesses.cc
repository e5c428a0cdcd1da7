#include "hub/exchange/own_accesses.h"

#include <algorithm>

#include "base/limits.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::size_t kMostAssertion = SubjectAssertions::kMostBytes;

const ledger::ChainLink* link_of(const audit::Entry& entry, const Tag& tag) {
  const auto it = std::find_if(entry.subjects.begin(), entry.subjects.end(),
                               [&tag](const auto& link) { return link.tag == tag; });
  return it == entry.subjects.end() ? nullptr : &*it;
}

// Nothing between two entries of the page, nothing before the last one of the last page, nothing
// after the first one of the first page.
Status check_page(const audit::SearchPage& page, const Tag& tag, std::uint64_t before) {
  const auto gap = [] { return Error(Reason::kLedgerGap, "the chain of a subject"); };
  const std::uint64_t length = page.chain_length.value_or(0);
  if (page.hits.empty()) {
    return before == UINT64_MAX && length != 0 ? Status(gap()) : ok_status();
  }
  const ledger::ChainLink* later = nullptr;
  for (const auto& hit : page.hits) {
    const auto* link = link_of(hit.entry, tag);
    if (link == nullptr) return gap();
    const bool fits = later == nullptr ? (before != UINT64_MAX || link->sequence == length)
                                       : (link->sequence + 1 == later->sequence &&
                                          hit.entry.index == later->previous);
    if (!fits) return gap();
    later = link;
  }
  if (!page.next_before && later->sequence != 1) return gap();
  return ok_status();
}

// The names of the fields that were released; who the officer was stays in the box.
Result<Json> fields_of(const audit::Entry& entry, const crypto::KeyStore& keys) {
  Json fields = Json::array();
  if (entry.box_a.empty()) return fields;
  const auto box = LH_TRY(audit::open_box_a(entry, keys));
  for (const auto& field : box.fields) fields.push(field);
  return fields;
}

std::string organisation_name(const access::Registry& registry, const std::string& text) {
  const auto uscc = parse_uscc(text);
  if (!uscc.ok()) return {};
  const auto organisation = registry.find_organisation(*uscc);
  return organisation ? organisation->name : std::string();
}

}  // namespace

Result<OwnAccessesQuery> own_accesses_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "query"));
  OwnAccessesQuery out;
  out.assertion = LH_TRY(r.string("assertion", kMostAssertion));
  const auto before = LH_TRY(r.optional_integer("before"));
  if (before && *before < 0) return Error(Reason::kCursorInvalid, r.path("before"));
  if (before) out.before = static_cast<std::uint64_t>(*before);
  const auto limit = LH_TRY(r.optional_integer("limit"));
  if (limit && (*limit < 1 || *limit > static_cast<std::int64_t>(limits::kPageItems))) {
    return Error(Reason::kJsonValue, r.path("limit"));
  }
  if (limit) out.limit = static_cast<std::size_t>(*limit);
  LH_TRY(r.finish());
  return out;
}

OwnAccesses::OwnAccesses(const OwnAccessesParts& parts) : parts_(parts) {
  if (!parts_.assertions) {
    parts_.assertions =
        std::make_shared<SubjectAssertions>(AssertionParts{parts_.clock, parts_.trust});
  }
}

Result<std::string> OwnAccesses::answer(const OwnAccessesQuery& query,
                                        const std::optional<subjects::SubjectKey>& subject) const {
  audit::SearchPage page;
  page.tree_size = parts_.log.size();
  page.chain_length = 0;
  if (subject) {
    audit::SearchQuery search;
    search.subject = subject->tag;
    search.before = query.before;
    search.limit = query.limit;
    page = LH_TRY(audit::search(parts_.log.ledger(), search));
    LH_TRY(check_page(page, subject->tag, query.before));
  }
  Json accesses = Json::array();
  for (const auto& hit : page.hits) {
    const audit::Entry& e = hit.entry;
    Json item = Json::object();
    item.set("index", e.index);
    item.set("time", time_text(e.time));
    item.set("event", schemas::event_id(e.event));
    item.set("decision", audit::decision_text(e.decision));
    item.set("organisation", e.organisation);
    item.set("organisation_name", organisation_name(parts_.registry, e.organisation));
    item.set("matter", e.matter);
    item.set("purpose", e.purpose);
    item.set("legal_basis", e.legal_basis);
    item.set("fields", LH_TRY(fields_of(e, parts_.keys)));
    item.set("sequence", link_of(e, subject->tag)->sequence);
    item.set("entry", to_base64(hit.bytes));
    item.set("proof", LH_TRY(parts_.log.ledger().proof_text(e.index)));
    accesses.push(std::move(item));
  }
  Json out = Json::object();
  out.set("log", parts_.log.origin());
  out.set("tree_size", page.tree_size);
  out.set("complete", true);  // check_page saw to it
  out.set("chain_length", page.chain_length.value_or(0));
  out.set("accesses", std::move(accesses));
  if (page.next_before) out.set("next_before", *page.next_before);
  return schemas::to_text(out);
}

Result<access::Prepared> OwnAccesses::list(const OwnAccessesQuery& query, ByteView raw,
                                           const access::Caller& caller,
                                           const access::Policy& policy) const {
  auto facts = licences::facts_of(schemas::AuditEvent::kOwnAccesses, caller, policy);
  const auto no = [&facts](Error error) {
    return access::Prepared(licences::refuse(std::move(error), std::move(facts)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kOwnAccesses, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision->reason));
  }
  const auto id = parts_.assertions->take(query.assertion, caller);
  if (!id.ok()) return no(id.error());
  // A subject that is not known, or no longer, gets the same answer as one nobody looked at.
  auto found = parts_.directory.find_own(*id);  // the chain of that identifier
  if (!found.ok() && found.error().reason() != Reason::kKeyErased) return found.error();
  const auto subject = found.ok() ? *found : std::optional<subjects::SubjectKey>();
  if (subject) facts.subjects = {*subject};
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  Undisclosed<std::string> text(permit, LH_TRY(answer(query, subject)));
  return access::Prepared(
      LH_TRY(licences::make_act({parts_.entries, parts_.random, parts_.clock.now(), raw},
                                std::move(facts), {}, std::move(text))));
}

}  // namespace lh::hub::exchange
