// Health, readiness, metrics, the API page.
#include "hub/api/routes/routes.h"
#include "schemas/xml/xml_text.h"

namespace lh::hub::api::routes {
namespace {

Response ready(const Readiness& state) {
  schemas::Json j = schemas::Json::object();
  j.set("ready", state.ready());
  j.set("keys_usable", state.keys_usable);
  j.set("log_writable", state.log_writable);
  j.set("disk_above_watermark", state.disk_above_watermark);
  if (!state.ready()) j.set("reason", reason_id(state.reason));
  Response r = json_response(state.ready() ? 200 : 503, schemas::to_text(j));
  if (!state.ready()) r.headers.emplace_back("retry-after", "5");
  return r;
}

Response page(const std::string& yaml) {
  Response r;
  r.content_type = "text/html; charset=utf-8";
  std::string escaped;
  schemas::append_xml_text(escaped, yaml);
  r.headers.emplace_back("content-security-policy", "default-src 'none'; style-src 'self'");
  r.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>Licence Hub API</title></head><body><h1>Licence Hub API</h1>"
      "<p>OpenAPI 3.1; the file itself: <a href=\"/openapi.yaml\">/openapi.yaml</a></p><pre>" +
      escaped + "</pre></body></html>";
  return r;
}

}  // namespace

void add_operation(Router& router, const Procedure& p) {
  const Services& s = p.services();
  router.add({Method::kGet, "/healthz", Offered::kBoth, 0,
              [](CallPtr) -> Outcome { return json_response(200, "{\"alive\":true}"); }});
  router.add({Method::kGet, "/readyz", Offered::kBoth, 0,
              [&s](CallPtr) -> Outcome { return ready(s.readiness()); }});
  router.add({Method::kGet, "/metrics", Offered::kDepartments, 0, [&s](CallPtr) -> Outcome {
                Response r = text_response(s.metrics_text());
                r.content_type = "text/plain; version=0.0.4; charset=utf-8";
                return r;
              }});
  router.add({Method::kGet, "/openapi.yaml", Offered::kBoth, 0, [&s](CallPtr) -> Outcome {
                Response r;
                r.content_type = "application/yaml";
                r.body = s.openapi;
                return r;
              }});
  router.add({Method::kGet, "/docs", Offered::kBoth, 0,
              [&s](CallPtr) -> Outcome { return page(s.openapi); }});
}

}  // namespace lh::hub::api::routes
