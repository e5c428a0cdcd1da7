// The log as C2SP tlog-tiles: checkpoint and hash tiles for everybody, entry bundles for auditors.
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

Response binary(Bytes bytes, const audit::TileName& name) {
  Response r;
  r.content_type = "application/octet-stream";
  // A full tile never changes; a partial one is true for its width for ever, too.
  r.headers.emplace_back("cache-control", name.entries ? "private, immutable, max-age=31536000"
                                                       : "public, immutable, max-age=31536000");
  r.body = std::move(bytes);
  return r;
}

Result<access::Caller> auditor(const Services& s, const Call& call) {
  if (call.request.certificate.state == CertificateState::kNone)
    return Reason::kCallerNoCertificate;
  if (call.request.certificate.state == CertificateState::kUntrusted)
    return Reason::kCallerUntrusted;
  auto caller = LH_TRY(s.registry.identify(call.request.certificate.fingerprint));
  if (!caller.roles.contains(access::Role::kAuditAdmin)) return Reason::kRoleMissing;
  return caller;
}

// Reading a bundle is reading the log: an entry first, then the bytes.
Outcome bundle(const Procedure& p, const CallPtr& call, const audit::TileName& name) {
  const Services& s = p.services();
  auto caller = auditor(s, *call);
  if (!caller.ok()) {
    return p.run(call, Repeat::kEachTimeAnew,
                 [error = caller.error()](const Call&, const access::Caller&, const access::Policy&)
                     -> Result<access::Prepared> { return error; });
  }
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kAuditSearched;
  facts.organisation = caller->organisation.text();
  facts.system = caller->system.text();
  facts.division = caller->division;
  facts.certificate = caller->certificate;
  facts.object = "tile/entries";
  facts.count = name.width;
  const Language language = language_of(call->request.accept_language);
  auto entry = s.entries.make(facts, crypto::CommitKey(s.random), s.clock.now());
  if (!entry.ok()) return problem(Error(Reason::kAuditUnavailable), language);
  Commit commit;
  commit.change.access = AccessId{s.random.array<16>()};
  commit.change.entries.push_back(std::move(*entry));
  commit.next = [&s, name, language](Result<std::vector<Recorded>> recorded) -> Outcome {
    if (!recorded.ok()) return problem(recorded.error(), language);
    auto bytes = s.log.tile(name);
    if (!bytes.ok()) return problem(bytes.error(), language);
    return binary(std::move(*bytes), name);
  };
  return commit;
}

}  // namespace

void add_log(Router& router, const Procedure& p) {
  router.add({Method::kGet, "/log/checkpoint", Offered::kBoth, 0, [&p](CallPtr) -> Outcome {
                Response r = text_response(p.services().log.checkpoint());
                r.headers.emplace_back("cache-control", "no-cache");
                return r;
              }});
  router.add({Method::kGet, "/log/tile/{rest}", Offered::kBoth, 0, [&p](CallPtr call) -> Outcome {
                auto name = audit::parse_tile_path("tile/" + call->params.at(0));
                if (!name.ok()) return p.refuse_anonymous(name.error(), *call);
                if (name->entries) return bundle(p, call, *name);
                auto bytes = p.services().log.tile(*name);
                if (!bytes.ok()) return p.refuse_anonymous(bytes.error(), *call);
                return binary(std::move(*bytes), *name);
              }});
}

}  // namespace lh::hub::api::routes
