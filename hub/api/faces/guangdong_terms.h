// The Guangdong family (license-app/v1) as values: what its requests say and how its answers are
// written. Pure. Source: domain.md 1.5 A, section numbers of the vendor's text.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "hub/access/catalogue.h"
#include "hub/api/faces/follow.h"
#include "hub/api/faces/sessions.h"
#include "schemas/purpose.h"

namespace lh::hub::api::faces::guangdong {

// 4.1.1 登录. Errors: json.missing_member naming app_key or account.
struct Login {
  std::string account;
};
Result<Login> login_of(const schemas::Json& body);

// 依职能查验用证 (license/auth).
struct Auth {
  schemas::CaseRequest request;
  std::string cause;                          // service_item_name
  std::size_t page_size = 0, page_index = 1;  // 0: all on one page
};
// Errors: json.missing_member, id.*; purpose.missing: service_item_code, service_item_name, biz_num
// or the operator's account or name is missing.
Result<Auth> auth_of(const schemas::Json& body);
// The purpose of a later fetch: everything in it was sent, but the legal basis is the plan's.
schemas::Purpose purpose_of(const Auth& auth, std::string legal_basis);

// One licence of a plan that can be fetched.
struct Offer {
  std::string reference, legal_basis, licence_status;
  const schemas::LicenceType* type = nullptr;  // of the policy
};
std::vector<Offer> offers_of(const schemas::Json& plan, const access::Policy& policy,
                             LocalDate today);
// [first, end) of the page that was asked for.
std::pair<std::size_t, std::size_t> page_of(const Auth& auth, std::size_t count);
schemas::Json offer_json(const Offer& offer, const std::string& auth_code);

// 4.7.7 and 4.7.9, from the answer of a fetch.
schemas::Json licence_data(const schemas::Json& fetched, const access::Policy& policy,
                           LocalDate today);
schemas::Json archive_data(const schemas::Json& fetched);
// ISSUED for a valid licence, else the hub's word for its status in upper case, or UNKNOWN.
std::string licence_status(const schemas::Json& fetched);

// The envelope {ack_code, errors, sign, sign_method, timestamp, correlation_id, response_id, data}.
struct Envelope {
  std::string request_id;  // of the client, "" when it sent none
  std::string response_id;
  UtcTime now;
};
std::string request_id_of(std::string_view body);  // "" when there is none that can be repeated
schemas::Json success(const Envelope& envelope, schemas::Json data);
schemas::Json failure(const Envelope& envelope, const Refusal& refusal);

}  // namespace lh::hub::api::faces::guangdong
