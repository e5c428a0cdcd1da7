// Licences: issue, collect, status, verify.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "schemas/purpose.h"

namespace lh::hub::api::routes {
namespace {

using schemas::ObjectReader;

Result<std::optional<UtcTime>> optional_time(ObjectReader& reader, std::string_view name) {
  const auto text = LH_TRY(reader.optional_string(name, 64));
  if (!text) return std::optional<UtcTime>();
  return std::optional<UtcTime>(LH_TRY(parse_time(*text)));
}

Result<licences::StatusQuery> status_query(const schemas::Json& body) {
  auto reader = LH_TRY(ObjectReader::open(body, "query"));
  licences::StatusQuery query;
  query.licence_id = LH_TRY(reader.string("licence_id", 128));
  query.valid_at = LH_TRY(optional_time(reader, "valid_at"));
  query.known_at = LH_TRY(optional_time(reader, "known_at"));
  LH_TRY(reader.finish());
  return query;
}

// Collecting signs every line: it runs on the pool, then answers with one outcome a line.
Outcome collect(const Procedure& p, const CallPtr& call) {
  const auto caller = p.identify(call->request.certificate);
  const auto media = std::string_view(call->request.content_type);
  if (!caller.ok()) return p.refuse(call, caller.error());
  if (media.substr(0, media.find(';')) != "application/x-ndjson") {
    return p.refuse(call, Error(Reason::kMediaType, "application/x-ndjson"));
  }
  if (!caller->roles.contains(access::Role::kCollect)) {
    return p.refuse(call, Error(Reason::kRoleMissing));
  }
  return Offload{[&p, call, caller = *caller]() -> Outcome {
    const Services& services = p.services();
    auto lines =
        services.collection.collect_lines(call->request.body, caller, *services.catalogue.policy());
    if (!lines.ok()) return p.refuse(call, lines.error());
    Response r = json_response(200, std::move(*lines));
    r.content_type = "application/x-ndjson";
    return r;
  }};
}

Result<access::Prepared> verify(const Procedure& p, const Call& c,
                                const std::optional<access::Caller>& caller,
                                const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto request = LH_TRY(licences::verify_request_from_json(body));
  return p.services().office.verify(request, c.request.body, caller, policy);
}

}  // namespace

void add_licences(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/licences", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kIdempotent,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(schemas::issue_request_from_json(body));
                               return p.services().office.issue(request, c.request.body, caller,
                                                                policy);
                             });
              }});
  router.add({Method::kPost, "/v1/licences/collect", Offered::kDepartments, limits::kDocumentBytes,
              [&p](CallPtr call) { return collect(p, call); }});
  router.add({Method::kPost, "/v1/licences/status", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kIdempotent,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(schemas::status_request_from_json(body));
                               return p.services().office.change_status(request, c.request.body,
                                                                        caller, policy);
                             });
              }});
  router.add({Method::kPost, "/v1/licences/status/query", Offered::kDepartments,
              limits::kJsonBodyBytes, [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto query = LH_TRY(status_query(body));
                               return p.services().office.query_status(query, c.request.body,
                                                                       caller, policy);
                             });
              }});
  router.add({Method::kPost, "/v1/verify", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(
                    std::move(call), Repeat::kEachTimeAnew,
                    [&p](const Call& c, const access::Caller& caller,
                         const access::Policy& policy) { return verify(p, c, caller, policy); });
              }});
  router.add({Method::kPost, "/public/verify", Offered::kPublic, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run_public(std::move(call),
                                    [&p](const Call& c, const access::Policy& policy) {
                                      return verify(p, c, std::nullopt, policy);
                                    });
              }});
}

}  // namespace lh::hub::api::routes
