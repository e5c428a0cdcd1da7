// Original files of licences: handed in as the body, written part by part, given back to who did.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "hub/licences/originals/original_office.h"

namespace lh::hub::api::routes {
namespace {

using licences::OriginalOffice;

// "version=3", or nothing.
Result<std::optional<int>> version_of(std::string_view query) {
  constexpr std::string_view kName = "version=";
  if (query.empty()) return std::optional<int>();
  const std::string_view digits = query.substr(std::min(query.size(), kName.size()));
  if (!query.starts_with(kName) || digits.empty() || digits.size() > 4 || digits[0] == '0') {
    return Error(Reason::kInputMalformed, "query: version=N");
  }
  int version = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return Error(Reason::kInputMalformed, "query: version=N");
    version = version * 10 + (c - '0');
  }
  return std::optional<int>(version);
}

Outcome refused(const Procedure& p, const CallPtr& call, access::Refused why) {
  const auto kept = std::make_shared<const access::Refused>(std::move(why));
  return p.run(call, Repeat::kEachTimeAnew,
               [kept](const Call&, const access::Caller&, const access::Policy&) {
                 return Result<access::Prepared>(access::Prepared(access::Refused(*kept)));
               });
}

// One change a part: the ledger takes no large ones, and others come in between. The next part is
// sealed on the pool, never on the thread that committed this one.
Outcome store_parts(const Procedure& p, const CallPtr& call,
                    const OriginalOffice::UploadPtr& upload) {
  const OriginalOffice& office = p.services().originals;
  auto part = office.next_part(*upload, call->request.body);
  if (!part.ok()) return p.refuse(call, part.error());
  if (!*part) {
    return p.run(call, Repeat::kEachTimeAnew,
                 [&office, upload](const Call& c, const access::Caller& caller,
                                   const access::Policy& policy) {
                   return office.finish(*upload, c.request.body, caller, policy);
                 });
  }
  Commit commit;
  commit.change = std::move(**part);
  commit.next = [&p, call, upload](const Result<std::vector<Recorded>>& recorded) -> Outcome {
    if (!recorded.ok()) {
      return problem(recorded.error(), language_of(call->request.accept_language));
    }
    return Offload{[&p, call, upload] { return store_parts(p, call, upload); }};
  };
  return commit;
}

Outcome hand_in(const Procedure& p, const CallPtr& call) {
  const auto caller = p.identify(call->request.certificate);
  if (!caller.ok()) return p.refuse(call, caller.error());
  const auto version = version_of(call->request.query);
  if (!version.ok()) return p.refuse(call, version.error());
  const Request& r = call->request;
  auto admitted = p.services().originals.admit(
      {call->params.at(0), *version, r.content_type, {r.content_digest, r.repr_digest}}, r.body,
      *caller, *p.services().catalogue.policy());
  if (auto* no = std::get_if<access::Refused>(&admitted)) return refused(p, call, std::move(*no));
  return store_parts(p, call, std::get<OriginalOffice::UploadPtr>(admitted));
}

Outcome give_back(const Procedure& p, const CallPtr& call) {
  return p.run(call, Repeat::kEachTimeAnew,
               [&p](const Call& c, const access::Caller& caller,
                    const access::Policy& policy) -> Result<access::Prepared> {
                 const auto version = LH_TRY(version_of(c.request.query));
                 return p.services().originals.read(c.params.at(0), version, caller, policy);
               });
}

}  // namespace

void add_originals(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/licences/{licence_key}/documents", Offered::kDepartments,
              limits::kDocumentBytes,
              off_the_loop([&p](const CallPtr& call) { return hand_in(p, call); })});
  router.add({Method::kGet, "/v1/licences/{licence_key}/documents", Offered::kDepartments, 0,
              off_the_loop([&p](const CallPtr& call) { return give_back(p, call); })});
}

}  // namespace lh::hub::api::routes
