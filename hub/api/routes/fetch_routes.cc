// Answers by reference: one fetch, and several under one purpose.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "hub/exchange/answers/batch.h"
#include "schemas/purpose.h"

namespace lh::hub::api::routes {
namespace {

// 64 references of the longest form and a purpose: each item keeps the body while it is under way.
constexpr std::size_t kBatchBytes = 64U << 10U;

// Each item is remembered by itself: of a batch that broke off, a repetition finds what was done.
exchange::IdempotentCall call_of_item(const access::Caller& caller, const Call& call) {
  return {caller.system, call.route, call.request.idempotency_key, call.request.body};
}

CallPtr item_call(const Call& call, std::size_t i) {
  auto item = std::make_shared<Call>(call);
  std::string& key = item->request.idempotency_key;
  if (!key.empty()) key += "#" + std::to_string(i);
  return item;
}

// The same key with another body is refused as a whole, before anything is fetched.
Status check_repeated(const Procedure& p, const access::Caller& caller,
                      const std::vector<CallPtr>& items) {
  const Services& s = p.services();
  for (const auto& item : items) {
    if (item->request.idempotency_key.empty()) continue;
    const auto earlier = s.idempotency.find(call_of_item(caller, *item), s.clock.now());
    if (!earlier.ok()) return earlier.error();
  }
  return ok_status();
}

Response together(const std::vector<schemas::FetchRequest>& requests,
                  const std::vector<Response>& responses) {
  std::vector<exchange::BatchItem> items;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    items.push_back({requests[i].reference, responses[i].status, responses[i].body});
  }
  return json_response(200, exchange::batch_json(items));
}

Outcome fetch_batch(const Procedure& p, const CallPtr& call) {
  const auto caller = p.identify(call->request.certificate);
  if (!caller.ok()) return p.refuse(call, caller.error());
  const auto body = json_body(*call);
  if (!body.ok()) return p.refuse(call, body.error());
  auto parsed = exchange::batch_from_json(*body);
  if (!parsed.ok()) return p.refuse(call, parsed.error());
  p.services().answers.place_consent(*parsed, *caller);
  const auto requests =
      std::make_shared<const std::vector<schemas::FetchRequest>>(std::move(*parsed));
  std::vector<CallPtr> calls;
  const bool keyed = !call->request.idempotency_key.empty();
  const std::size_t places = keyed ? exchange::kBatchReferences : requests->size();
  for (std::size_t i = 0; i < places; ++i) calls.push_back(item_call(*call, i));
  const Status fresh = check_repeated(p, *caller, calls);
  if (!fresh.ok()) return p.refuse(call, fresh.error());
  All all;
  for (std::size_t i = 0; i < requests->size(); ++i) {
    all.parts.push_back(p.run(
        calls[i], Repeat::kIdempotent,
        [&p, requests, i](const Call& c, const access::Caller& who, const access::Policy& policy) {
          return p.services().exchange.fetch((*requests)[i], c.request.body, who, policy);
        }));
  }
  all.next = [requests](const std::vector<Response>& responses) -> Outcome {
    return together(*requests, responses);
  };
  return all;
}

}  // namespace

void add_fetch(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/fetch", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kIdempotent,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(schemas::fetch_request_from_json(body));
                               return p.services().exchange.fetch(request, c.request.body, caller,
                                                                  policy);
                             });
              }});
  router.add({Method::kPost, "/v1/fetch/batch", Offered::kDepartments, kBatchBytes,
              [&p](CallPtr call) { return fetch_batch(p, call); }});
  router.add({Method::kPost, "/v1/predicates", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(exchange::predicate_from_json(body));
                               return p.services().answers.predicate(request, c.request.body,
                                                                     caller, policy);
                             });
              }});
  router.add({Method::kPost, "/v1/forms/fill", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(exchange::form_request_from_json(body));
                               return p.services().forms.fill(request, c.request.body, caller,
                                                              policy);
                             });
              }});
}

}  // namespace lh::hub::api::routes
