// The certificates: of calling systems and of the hub itself.
#include "hub/app/operations/operations.h"
#include "hub/app/operations/own_certificates.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

constexpr std::int64_t kMostDays = 10000;

Json own_json(const OwnCertificate& own, UtcTime now) {
  Json j = Json::object();
  j.set("name", own.name);
  j.set("fingerprint", to_hex(view(own.in_use.fingerprint())));
  j.set("not_after", time_text(own.in_use.not_after()));
  j.set("days_left", days_left(own.in_use, now));
  return j;
}

}  // namespace

Result<Json> list_certificates(Context& context, const Json& arguments) {
  LH_TRY(LH_TRY(ObjectReader::open(arguments, "certificate")).finish());
  const auto revoked = context.hub.registry().revoked_certificates();
  Json list = Json::array();
  for (const auto& system : context.hub.registry().systems()) {
    Json roles = Json::array();
    for (const auto role : system.roles) roles.push(access::role_text(role));
    for (const auto& fingerprint : system.certificates) {
      Json j = Json::object();
      j.set("fingerprint", to_hex(view(fingerprint)));
      j.set("uscc", system.organisation.text());
      j.set("system", system.name);
      j.set("system_id", system.id.text());
      j.set("roles", roles);
      j.set("state", revoked.contains(fingerprint) ? "revoked" : "active");
      list.push(std::move(j));
    }
  }
  Json own = Json::array();
  for (const auto& one : LH_TRY(own_certificates(context.hub))) {
    own.push(own_json(one, context.hub.clock().now()));
  }
  Json j = Json::object();
  j.set("certificates", std::move(list));
  j.set("own", std::move(own));
  return j;
}

Result<Json> renew_own_certificates(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "certificate"));
  const auto within = LH_TRY(reader.integer("within_days"));
  LH_TRY(reader.finish());
  if (within < 1 || within > kMostDays) return Error(Reason::kUsage, "within: 1 to 10000 days");
  const auto renewed = LH_TRY(renew_certificates(
      context.hub, within, facts_of(context, schemas::AuditEvent::kCertificateIssued)));
  Json list = Json::array();
  bool restart = false;
  for (const auto& one : renewed) {
    using Kind = OwnCertificate::Kind;
    restart |= one.of.kind == Kind::kServer || one.of.kind == Kind::kHubSigning;
    Json j = own_json({one.of.kind, one.of.name, one.certificate}, context.hub.clock().now());
    j.set("ended_before", time_text(one.of.in_use.not_after()));
    list.push(std::move(j));
  }
  Json j = Json::object();
  j.set("renewed", std::move(list));
  j.set("restart", restart);
  return j;
}

}  // namespace lh::hub::app::operations
