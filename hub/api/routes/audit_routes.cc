// The security officer's routes. Searching the log is itself an entry, durable before anything
// shows.
#include "base/limits.h"
#include "hub/api/routes/audit_page.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

using schemas::Json;

using access::Operation;
using Read = std::function<Result<std::string>()>;

struct Asked {
  const Call& call;
  const access::Caller& caller;
  const access::Policy& policy;
  Operation operation = Operation::kSearchAudit;
};

Result<access::Prepared> answer(const Services& s, const Asked& asked, const Read& read) {
  const auto& [c, caller, policy, operation] = asked;
  auto admitted = s.gate.admit_role(caller, operation, policy);
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kAuditSearched;
  facts.organisation = caller.organisation.text();
  facts.system = caller.system.text();
  facts.division = caller.division;
  facts.certificate = caller.certificate;
  facts.policy_epoch = policy.epoch();
  facts.object = c.route;
  if (std::holds_alternative<access::Refusal>(admitted)) {
    facts.event = schemas::AuditEvent::kRefused;
    facts.decision = audit::Decision::kDeny;
    facts.reason = Reason::kRoleMissing;
    return access::Prepared(access::Refused{Error(Reason::kRoleMissing), std::move(facts)});
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const crypto::CommitKey k(s.random);
  facts.request = k.commit(c.request.body.empty() ? c.request.path : c.request.body);
  Undisclosed<std::string> text(permit, LH_TRY(read()));
  facts.answer = text.commitment(k, [](const std::string& t) { return t; });
  access::Act act{{}, std::move(text), 200, {}, {}};
  act.change.access = permit.access_id();
  act.change.entries.push_back(LH_TRY(s.entries.make(facts, k, s.clock.now())));
  return access::Prepared(std::move(act));
}

// An inspector's search is the narrower one; whoever holds both roles searches as audit_admin.
Operation search_of(const access::Caller& caller) {
  const bool all = caller.roles.contains(access::role_for(Operation::kSearchAudit));
  const bool uses = caller.roles.contains(access::role_for(Operation::kInspect));
  return !all && uses ? Operation::kInspect : Operation::kSearchAudit;
}

Result<std::string> search(const Services& s, const Json& body, Operation operation) {
  AuditQuery query = LH_TRY(audit_query_from_json(body, s));
  if (operation == Operation::kInspect) LH_TRY(narrow_to_uses(query));
  audit::SearchPage page;
  page.tree_size = s.log.size();
  if (!query.nothing) page = LH_TRY(audit::search(s.log.ledger(), query.search));
  return page_json(page, s, query.with_proofs);
}

Result<std::string> one_entry(const Services& s, const std::string& text) {
  if (text.empty() || text.size() > 18 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return Error(Reason::kAuditIndex);
  }
  audit::SearchHit hit;
  hit.bytes = LH_TRY(s.log.ledger().entry(std::stoull(text)));
  hit.entry = LH_TRY(audit::parse_entry(hit.bytes));
  return schemas::to_text(LH_TRY(entry_json(hit, s, true)));
}

Json hashes_json(const std::vector<Digest>& hashes) {
  Json list = Json::array();
  for (const auto& hash : hashes) list.push(to_base64(view(hash)));
  return list;
}

Result<std::uint64_t> size_member(schemas::ObjectReader& reader, std::string_view name) {
  const auto value = LH_TRY(reader.integer(name));
  if (value < 0) return Error(Reason::kJsonValue, reader.path(name));
  return static_cast<std::uint64_t>(value);
}

// {index, size?} -> inclusion; {first, second} -> consistency.
Result<std::string> prove(const Services& s, const Json& body, Operation) {
  auto reader = LH_TRY(schemas::ObjectReader::open(body, "prove"));
  Json j = Json::object();
  j.set("log", s.log.origin());
  if (body.find("first") != nullptr) {
    const auto first = LH_TRY(size_member(reader, "first"));
    const auto second = LH_TRY(size_member(reader, "second"));
    LH_TRY(reader.finish());
    j.set("hashes", hashes_json(LH_TRY(s.log.ledger().consistency(first, second))));
    j.set("checkpoint", s.log.checkpoint());
    return schemas::to_text(j);
  }
  const auto index = LH_TRY(size_member(reader, "index"));
  LH_TRY(reader.finish());
  j.set("index", index);
  j.set("entry", to_base64(LH_TRY(s.log.ledger().entry(index))));
  j.set("proof", LH_TRY(s.log.ledger().proof_text(index)));
  return schemas::to_text(j);
}

}  // namespace

void add_audit(Router& router, const Procedure& p) {
  const Services& s = p.services();
  const auto with_body = [&p, &s](auto operation_of, auto read) {
    return [&p, &s, operation_of, read](CallPtr call) {
      return p.run(
          std::move(call), Repeat::kEachTimeAnew,
          [&s, operation_of, read](const Call& c, const access::Caller& caller,
                                   const access::Policy& policy) -> Result<access::Prepared> {
            const auto body = LH_TRY(json_body(c));
            const Operation operation = operation_of(caller);
            return answer(s, {c, caller, policy, operation},
                          [&] { return read(s, body, operation); });
          });
    };
  };
  const auto auditor = [](const access::Caller&) { return Operation::kSearchAudit; };
  router.add({Method::kPost, "/v1/audit/search", Offered::kDepartments, limits::kJsonBodyBytes,
              with_body(search_of, search)});
  router.add({Method::kPost, "/v1/audit/prove", Offered::kDepartments, limits::kJsonBodyBytes,
              with_body(auditor, prove)});
  router.add(
      {Method::kGet, "/v1/audit/entries/{index}", Offered::kDepartments, 0, [&p, &s](CallPtr call) {
         return p.run(
             std::move(call), Repeat::kEachTimeAnew,
             [&s](const Call& c, const access::Caller& caller, const access::Policy& policy) {
               return answer(s, {c, caller, policy}, [&] { return one_entry(s, c.params.at(0)); });
             });
       }});
}

}  // namespace lh::hub::api::routes
