// Changes of licences for another hub: each licence of the page is an act of its own.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

constexpr std::size_t kBodyBytes = 16U << 10U;
using Request = std::shared_ptr<const exchange::ChangesRequest>;
using Page = std::shared_ptr<const exchange::ChangePage>;

Outcome refuse_page(const Procedure& p, CallPtr call, const Request& request, Error error) {
  return p.run(std::move(call), Repeat::kEachTimeAnew,
               [&p, request, error = std::move(error)](const Call&, const access::Caller& caller,
                                                       const access::Policy& policy) {
                 return Result<access::Prepared>(
                     p.services().changes.refused(error, *request, caller, policy));
               });
}

Outcome together(const Page& page, const std::vector<Response>& responses) {
  std::vector<exchange::SharedChange> shared;
  for (std::size_t i = 0; i < responses.size(); ++i) {
    shared.push_back({page->changes[i], responses[i].status, responses[i].body});
  }
  std::string body = exchange::change_page_json(*page, shared);
  if (body.empty()) return responses.front();
  return json_response(200, std::move(body));
}

Outcome pull(const Procedure& p, const CallPtr& call) {
  const auto caller = p.identify(call->request.certificate);
  if (!caller.ok()) return p.refuse(call, caller.error());
  const auto body = json_body(*call);
  if (!body.ok()) return p.refuse(call, body.error());
  auto parsed = exchange::changes_request_from_json(*body);
  if (!parsed.ok()) return p.refuse(call, parsed.error());
  const Request request = std::make_shared<const exchange::ChangesRequest>(std::move(*parsed));
  const auto policy = p.services().catalogue.policy();
  auto found = p.services().changes.find_page(*request, *caller, *policy);
  if (!found.ok()) return refuse_page(p, call, request, found.error());
  const Page page = std::make_shared<const exchange::ChangePage>(std::move(*found));
  All all;
  for (const auto& change : page->changes) {
    all.parts.push_back(p.run(call, Repeat::kEachTimeAnew,
                              [&p, request, page, &change](const Call& c, const access::Caller& who,
                                                           const access::Policy& rules) {
                                return p.services().changes.share(*request, change, c.request.body,
                                                                  who, rules);
                              }));
  }
  all.next = [page](const std::vector<Response>& responses) -> Outcome {
    return together(page, responses);
  };
  return all;
}

}  // namespace

// Thousands of entries may be looked at for a page: not on a loop.
void add_pulls(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/licence-changes", Offered::kDepartments, kBodyBytes,
              off_the_loop([&p](CallPtr call) { return pull(p, call); })});
}

}  // namespace lh::hub::api::routes
