// CertShare: accessToken, verifyCertInfo; operations on data are refused with what they lack.
#include "base/limits.h"
#include "hub/api/faces/faces.h"
#include "hub/api/faces/national_terms.h"
#include "hub/api/faces/session_entry.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::faces {
namespace {

using national::Head;
using national::Verified;
using routes::json_body;
using schemas::Json;

struct Desk {
  const Procedure& p;
  Sessions& sessions;

  // The session on top of the certificate; accessId is the one it was opened with.
  Status check(const Call& call, const Json& body) const {
    const auto access = LH_TRY(national::access_of(body));
    const auto account = LH_TRY(sessions.check(
        Face::kNational, call.request.certificate.fingerprint, access.token, "head.accessToken"));
    if (account != access.id) return Error(Reason::kReferenceUnknown, "head.accessId");
    return ok_status();
  }
  Outcome refused(const CallPtr& call, const Error& error) const;
};

std::string message_of(const Refusal& refusal) {
  std::string out = refusal.title + " (" + refusal.reason;
  if (!refusal.detail.empty()) out += ": " + refusal.detail;
  return out + ")";
}

Json failure(const Response& problem, std::optional<Verified> result) {
  const Refusal refusal = refusal_of(problem);
  Json data;
  if (result) data = std::move(Json::object().set("result", static_cast<int>(*result)));
  Json reply = national::reply(national::head_of(refusal), message_of(refusal), std::move(data));
  return std::move(reply.set("reason", refusal.reason));
}

Outcome Desk::refused(const CallPtr& call, const Error& error) const {
  return follow(p.refuse(call, error),
                [](const Response& r) { return refused_as(r, failure(r, std::nullopt)); });
}

// The family's own way to a token is not public: this one binds it to the certificate.
Outcome access_token(const Desk& desk, const CallPtr& call) {
  const auto body = json_body(*call);
  const auto id = body.ok() ? national::access_id_of(*body) : Result<std::string>(body.error());
  if (!id.ok()) return desk.refused(call, id.error());
  return follow(record_session(desk.p, call, "CertShare accessToken"), [desk, call, id = *id](
                                                                           const Response& r) {
    const auto answer = answer_of(r);
    if (!answer) return refused_as(r, failure(r, std::nullopt));
    Json data = Json::object();
    data.set("accessToken",
             desk.sessions.open(Face::kNational, call->request.certificate.fingerprint, id));
    data.set("expiresIn", kSessionSeconds);
    return answered(national::reply(Head::kOk, "", std::move(data)), *answer);
  });
}

// certNo is 证照编号, unique in its type; an unknown one is looked up as it is, and found to be
// unknown in the same way as somebody else's.
Result<licences::VerifyRequest> request_of(const Services& s, national::CertInfo info) {
  licences::VerifyRequest request;
  request.holder = std::move(info.holder);
  request.licence_id = std::move(info.licence_id);
  if (!request.licence_id.empty()) return request;
  const auto key = LH_TRY(s.licences.find_by_alias("number/" + info.type, info.number));
  request.licence_id = key ? LH_TRY(s.licences.head(*key)).licence_id : info.number;
  return request;
}

Response verify_answer(const CallPtr& call, const Response& r) {
  const auto answer = answer_of(r);
  const Json* verdicts = answer ? answer->find("verdicts") : nullptr;
  if (verdicts == nullptr) {
    const auto body = schemas::parse_json(call->request.body, limits::kJsonBodyBytes);
    const auto result = national::result_of(refusal_of(r), body.ok() ? *body : Json::object());
    return refused_as(r, failure(r, result));
  }
  Json data = Json::object();
  data.set("result", static_cast<int>(national::result_of(*verdicts)));
  data.set("verdicts", *verdicts);
  return answered(national::reply(Head::kOk, "", std::move(data)), *answer);
}

Outcome verify_cert_info(const Desk& desk, const CallPtr& call) {
  Outcome verified = desk.p.run(call, Repeat::kEachTimeAnew,
                                [desk](const Call& c, const access::Caller& caller,
                                       const access::Policy& policy) -> Result<access::Prepared> {
                                  const auto body = LH_TRY(json_body(c));
                                  LH_TRY(desk.check(c, body));
                                  const Services& s = desk.p.services();
                                  const auto request =
                                      LH_TRY(request_of(s, LH_TRY(national::cert_info_of(body))));
                                  return s.office.verify(request, c.request.body, caller, policy);
                                });
  return follow(std::move(verified), [call](const Response& r) { return verify_answer(call, r); });
}

// Everything else of the family; `why` reads the body once the session is good.
using Why = Error (*)(const Json& body);

Error not_offered(const Json& /*body*/) {
  return Error(Reason::kNotImplemented);
}

Outcome refuse_why(const Desk& desk, const CallPtr& call, Why why) {
  const auto body = json_body(*call);
  if (!body.ok()) return desk.refused(call, body.error());
  const Status good = desk.check(*call, *body);
  return desk.refused(call, good.ok() ? why(*body) : good.error());
}

}  // namespace

void add_national(Router& router, const Procedure& procedure, Sessions& sessions) {
  const Desk desk{procedure, sessions};
  const auto limit = limits::kJsonBodyBytes;
  const auto refusing = [desk](Why why) {
    return [desk, why](const CallPtr& call) { return refuse_why(desk, in_chinese(call), why); };
  };
  router.add({Method::kPost, "/CertShare/accessToken", Offered::kDepartments, limit,
              [desk](const CallPtr& call) { return access_token(desk, in_chinese(call)); }});
  router.add({Method::kPost, "/CertShare/verifyCertInfo", Offered::kDepartments, limit,
              [desk](const CallPtr& call) { return verify_cert_info(desk, in_chinese(call)); }});
  router.add({Method::kPost, "/CertShare/getDataByHolder", Offered::kDepartments, limit,
              refusing(&national::refuse_data)});
  router.add({Method::kPost, "/CertShare/queryCertInfoByHolderCode", Offered::kDepartments, limit,
              refusing(&national::refuse_data)});
  router.add(
      {Method::kPost, "/CertShare/{rest}", Offered::kDepartments, limit, refusing(&not_offered)});
}

}  // namespace lh::hub::api::faces
