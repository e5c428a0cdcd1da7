// What the public may ask without an account: keys, status lists, the landing page of a QR code.
// (POST /public/verify stands with the licences.)
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

Result<std::uint32_t> parse_list(std::string_view text) {
  if (text.empty() || text.size() > 6 || (text.size() > 1 && text[0] == '0')) {
    return Reason::kRouteUnknown;
  }
  std::uint32_t v = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return Reason::kRouteUnknown;
    v = v * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return v;
}

// The same act as POST /public/verify with the payload of the QR code.
Outcome landing(const Procedure& p, CallPtr call) {
  return p.run_public(std::move(call), [&p](const Call& c, const access::Policy& policy) {
    licences::VerifyRequest request;
    request.qr = c.params.at(0);
    return p.services().office.verify(request, c.request.path, std::nullopt, policy);
  });
}

}  // namespace

void add_public(Router& router, const Procedure& p) {
  const Services& s = p.services();
  router.add({Method::kGet, "/public/keys", Offered::kPublic, 0, [&s](CallPtr) -> Outcome {
                schemas::Json j = schemas::Json::object();
                j.set("log", s.log.origin());
                j.set("vkey", s.log_vkey);
                return json_response(200, schemas::to_text(j));
              }});
  router.add(
      {Method::kGet, "/public/status/{list}", Offered::kPublic, 0, [&p](CallPtr call) -> Outcome {
         const auto list = parse_list(call->params.at(0));
         if (!list.ok()) return p.refuse_anonymous(list.error(), *call);
         return Offload{[&p, call, list = *list]() -> Outcome {
           auto token = p.services().status_list(list);
           if (!token.ok()) return p.refuse_anonymous(token.error(), *call);
           Response r;
           r.content_type = "application/statuslist+jwt";
           r.headers.emplace_back("cache-control", "public, max-age=1");
           r.body = std::move(*token);
           return r;
         }};
       }});
  router.add({Method::kGet, "/v/{token}", Offered::kPublic, 0,
              [&p](CallPtr call) -> Outcome { return landing(p, std::move(call)); }});
}

}  // namespace lh::hub::api::routes
