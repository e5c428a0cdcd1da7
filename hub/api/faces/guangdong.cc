// license-app/v1: login, auth → open a case; get_license and archive → fetch by reference.
#include "base/limits.h"
#include "hub/api/faces/faces.h"
#include "hub/api/faces/guangdong_terms.h"
#include "hub/api/faces/session_entry.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::faces {
namespace {

using guangdong::Auth;
using routes::json_body;
using schemas::Json;

struct Desk {  // what the routes of this face share; by value in each
  const Procedure& p;
  Sessions& sessions;

  guangdong::Envelope envelope(const Call& call) const {
    const Services& s = p.services();
    return {guangdong::request_id_of(call.request.body), to_hex(view(s.random.array<16>())),
            s.clock.now()};
  }
  Response failure(const Call& call, const Response& problem) const {
    return refused_as(problem, guangdong::failure(envelope(call), refusal_of(problem)));
  }
  // The certificate of now, and a session that it opened.
  Status check(const Call& call) const {
    LH_TRY(p.identify(call.request.certificate));
    const auto token = LH_TRY(query_value(call.request.query, "access_token"));
    LH_TRY(sessions.check(Face::kGuangdong, call.request.certificate.fingerprint, token,
                          "access_token"));
    return ok_status();
  }
  Outcome refused(const CallPtr& call, const Error& error) const {
    return follow(p.refuse(call, error),
                  [desk = *this, call](const Response& r) { return desk.failure(*call, r); });
  }
};

// A session is no right: it opens nothing that the certificate would not, and reads nothing.
Outcome login(const Desk& desk, const CallPtr& call) {
  const auto body = json_body(*call);
  const auto login =
      body.ok() ? guangdong::login_of(*body) : Result<guangdong::Login>(body.error());
  if (!login.ok()) return desk.refused(call, login.error());
  return follow(
      record_session(desk.p, call, "license-app login"),
      [desk, call, account = login->account](const Response& r) {
        const auto answer = answer_of(r);
        if (!answer) return desk.failure(*call, r);
        Json data = Json::object();
        data.set(
            "access_token",
            desk.sessions.open(Face::kGuangdong, call->request.certificate.fingerprint, account));
        data.set("expires_in", kSessionSeconds);
        return answered(guangdong::success(desk.envelope(*call), std::move(data)), *answer);
      });
}

Outcome logout(const Desk& desk, const CallPtr& call) {
  if (const Status good = desk.check(*call); !good.ok()) return desk.refused(call, good.error());
  return follow(
      record_session(desk.p, call, "license-app logout"), [desk, call](const Response& r) {
        const auto answer = answer_of(r);
        if (!answer) return desk.failure(*call, r);
        const auto token = query_value(call->request.query, "access_token");
        desk.sessions.close(call->request.certificate.fingerprint, *token);
        return answered(guangdong::success(desk.envelope(*call), Json::object()), *answer);
      });
}

Outcome current_user(const Desk& desk, const CallPtr& call) {
  if (const Status good = desk.check(*call); !good.ok()) return desk.refused(call, good.error());
  const auto& fingerprint = call->request.certificate.fingerprint;
  const auto& registry = desk.p.services().registry;
  const auto caller = desk.p.identify(call->request.certificate);
  if (!caller.ok()) return desk.refused(call, caller.error());
  const auto token = query_value(call->request.query, "access_token");
  const auto account = desk.sessions.check(Face::kGuangdong, fingerprint, *token, "access_token");
  Json organisation = Json::object();
  organisation.set("org_code", caller->organisation.text());
  if (const auto found = registry.find_organisation(caller->organisation)) {
    organisation.set("org_name", found->name);
  }
  Json data = Json::object();
  data.set("account", account.ok() ? *account : std::string());
  data.set("division_code", caller->division).set("service_org", std::move(organisation));
  return answered(guangdong::success(desk.envelope(*call), std::move(data)));
}

// A use code for each licence of the plan; it stands for the reference and for the purpose that was
// stated here, because get_license and archive state none.
Response auth_answer(const Desk& desk, const CallPtr& call, const Response& r) {
  const auto plan = answer_of(r);
  const auto body = json_body(*call);
  const auto auth = body.ok() ? guangdong::auth_of(*body) : Result<Auth>(body.error());
  if (!plan || !auth.ok()) return desk.failure(*call, r);
  const Services& s = desk.p.services();
  const auto policy = s.catalogue.policy();
  const auto offers = guangdong::offers_of(*plan, *policy, local_date(s.clock.now()));
  const auto [first, end] = guangdong::page_of(*auth, offers.size());
  Json data = Json::array();
  Json codes = Json::array();
  for (std::size_t i = first; i < end; ++i) {
    const std::string code = desk.sessions.grant(
        call->request.certificate.fingerprint,
        {offers[i].reference, guangdong::purpose_of(*auth, offers[i].legal_basis)});
    data.push(guangdong::offer_json(offers[i], code));
    codes.push(code);
  }
  Json envelope = guangdong::success(desk.envelope(*call), std::move(data));
  envelope.set("auth_codes", std::move(codes)).set("total", offers.size());
  return answered(std::move(envelope), *plan);
}

Outcome auth(const Desk& desk, const CallPtr& call) {
  Outcome opened = desk.p.run(call, Repeat::kEachTimeAnew,
                              [desk](const Call& c, const access::Caller& caller,
                                     const access::Policy& policy) -> Result<access::Prepared> {
                                LH_TRY(desk.check(c));
                                const auto body = LH_TRY(json_body(c));
                                const Auth asked = LH_TRY(guangdong::auth_of(body));
                                return desk.p.services().exchange.open_case(
                                    asked.request, c.request.body, caller, policy);
                              });
  return follow(std::move(opened),
                [desk, call](const Response& r) { return auth_answer(desk, call, r); });
}

using Write = Json (*)(const Json& fetched, const access::Policy& policy, LocalDate today);

Json write_licence(const Json& fetched, const access::Policy& policy, LocalDate today) {
  return guangdong::licence_data(fetched, policy, today);
}
Json write_archive(const Json& fetched, const access::Policy& /*policy*/, LocalDate /*today*/) {
  return guangdong::archive_data(fetched);
}

Outcome fetch(const Desk& desk, const CallPtr& call, Write write) {
  Outcome fetched = desk.p.run(
      call, Repeat::kEachTimeAnew,
      [desk](const Call& c, const access::Caller& caller,
             const access::Policy& policy) -> Result<access::Prepared> {
        LH_TRY(desk.check(c));
        const auto code = LH_TRY(query_value(c.request.query, "auth_code"));
        Grant grant = LH_TRY(desk.sessions.find_grant(c.request.certificate.fingerprint, code));
        const schemas::FetchRequest request{
            std::move(grant.reference), std::move(grant.purpose), {}};
        return desk.p.services().exchange.fetch(request, c.request.query, caller, policy);
      });
  return follow(std::move(fetched), [desk, call, write](const Response& r) {
    const auto answer = answer_of(r);
    if (!answer) return desk.failure(*call, r);
    const Services& s = desk.p.services();
    const auto policy = s.catalogue.policy();
    Json data = write(*answer, *policy, local_date(s.clock.now()));
    return answered(guangdong::success(desk.envelope(*call), std::move(data)), *answer);
  });
}

// Issuing, attachments, use by the holder's own login: docs/formats/faces.md says why not.
Outcome not_offered(const Desk& desk, const CallPtr& call) {
  return desk.refused(call, Error(Reason::kNotImplemented));
}

}  // namespace

void add_guangdong(Router& router, const Procedure& procedure, Sessions& sessions) {
  const Desk desk{procedure, sessions};
  const auto limit = limits::kJsonBodyBytes;
  router.add({Method::kPost, "/license-app/v1/security/login", Offered::kDepartments, limit,
              [desk](const CallPtr& call) { return login(desk, in_chinese(call)); }});
  router.add({Method::kGet, "/license-app/v1/security/logout", Offered::kDepartments, 0,
              [desk](const CallPtr& call) { return logout(desk, in_chinese(call)); }});
  router.add({Method::kGet, "/license-app/v1/security/get_current_user", Offered::kDepartments, 0,
              [desk](const CallPtr& call) { return current_user(desk, in_chinese(call)); }});
  router.add({Method::kPost, "/license-app/v1/license/auth", Offered::kDepartments, limit,
              [desk](const CallPtr& call) { return auth(desk, in_chinese(call)); }});
  router.add(
      {Method::kGet, "/license-app/v1/license/get_license", Offered::kDepartments, 0,
       [desk](const CallPtr& call) { return fetch(desk, in_chinese(call), write_licence); }});
  router.add(
      {Method::kGet, "/license-app/v1/license/archive", Offered::kDepartments, 0,
       [desk](const CallPtr& call) { return fetch(desk, in_chinese(call), write_archive); }});
  router.add({Method::kGet, "/license-app/v1/{rest}", Offered::kDepartments, 0,
              [desk](const CallPtr& call) { return not_offered(desk, in_chinese(call)); }});
  router.add({Method::kPost, "/license-app/v1/{rest}", Offered::kDepartments, limit,
              [desk](const CallPtr& call) { return not_offered(desk, in_chinese(call)); }});
}

}  // namespace lh::hub::api::faces
