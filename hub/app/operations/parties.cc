// Organisations with their signing keys; systems with their client certificates.
#include "hub/app/operations/operations.h"
#include "pki/authority.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kMaxClientDays = 825;

struct NewOrganisation {
  access::Organisation organisation;
  std::vector<ledger::RowWrite> rows;
};

// The department's own signing key (custodied here) and its certificate under the hub's CA.
Status add_signer(Context& context, const access::Organisation& o,
                  std::vector<ledger::RowWrite>& rows) {
  Hub& hub = context.hub;
  if (hub.signers().find(o.uscc) != nullptr) return ok_status();
  const auto key = LH_TRY(crypto::PrivateKey::generate(crypto::Algorithm::kEs256, hub.random()));
  pki::CertificateRequest request;
  request.common_name = o.name;
  request.organisation = o.name;
  request.uscc = o.uscc.text();
  request.usage = pki::Usage::kSignDocument;
  request.not_before = hub.clock().now().plus_ms(-kDayMs);
  request.not_after = hub.clock().now().plus_ms(kDepartmentDays * kDayMs);
  const auto leaf = LH_TRY(hub.issue(request, key.public_key()));
  const auto issuing = LH_TRY(hub.issuing_certificate());
  // The key is durable before the row that says it exists.
  LH_TRY(hub.keys().put("sign/" + o.uscc.text(), LH_TRY(key.stored()), hub.random()));
  for (auto& row : licences::Signers::rows(o.uscc, {leaf, issuing})) rows.push_back(std::move(row));
  return ok_status();
}

Json organisation_json(const access::Organisation& o) {
  Json j = Json::object();
  j.set("uscc", o.uscc.text());
  j.set("name", o.name);
  j.set("division", o.division);
  j.set("state", o.state == access::State::kActive ? "active" : "suspended");
  j.set("case_feed", o.case_feed == access::CaseFeed::kRequired ? "required" : "off");
  return j;
}

// {uscc, <member>}: a registered organisation and what is said of it.
Result<std::pair<access::Organisation, std::string>> organisation_and(Context& context,
                                                                      const Json& arguments,
                                                                      std::string_view member) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "department"));
  const auto uscc = LH_TRY(parse_uscc(LH_TRY(reader.string("uscc", 18))));
  auto text = LH_TRY(reader.string(member, 16));
  LH_TRY(reader.finish());
  auto o = context.hub.registry().find_organisation(uscc);
  if (!o) return Error(Reason::kOrganisationUnknown);
  return std::pair(std::move(*o), std::move(text));
}

Result<Json> change_organisation(Context& context, const access::Organisation& o,
                                 audit::EntryFacts facts) {
  Hub& hub = context.hub;
  facts.object = o.uscc.text();
  const auto recorded = LH_TRY(hub.record(std::move(facts), LH_TRY(hub.registry().put(o))));
  LH_TRY(hub.registry().load());
  Json j = organisation_json(o);
  j.set("index", recorded.index());
  return j;
}

Result<std::set<access::Role>> roles_of(const Json& list) {
  std::set<access::Role> roles;
  for (const Json& item : *list.items()) {
    const std::string* text = item.string();
    if (text == nullptr) return Error(Reason::kJsonWrongType, "roles");
    roles.insert(LH_TRY(access::parse_role(*text)));
  }
  if (roles.empty()) return Error(Reason::kUsage, "a system needs at least one role");
  LH_TRY(access::check_separation(roles));
  return roles;
}

// The system of that name, or a new one.
access::System system_of(Hub& hub, const Uscc& organisation, const std::string& name) {
  for (auto& system : hub.registry().systems()) {
    if (system.organisation == organisation && system.name == name) return system;
  }
  access::System fresh;
  fresh.id = SystemId{hub.random().array<16>()};
  fresh.organisation = organisation;
  fresh.name = name;
  return fresh;
}

struct IssuedFiles {
  std::string chain, key;
};

Result<IssuedFiles> write_client_files(const std::string& out, const std::string& name,
                                       const pki::Certificate& leaf,
                                       const pki::Certificate& issuing,
                                       const crypto::PrivateKey& key) {
  LH_TRY(make_dir(out));
  IssuedFiles files{out + "/" + name + ".pem", out + "/" + name + ".key"};
  if (exists(files.key) || exists(files.chain)) {
    return Error(Reason::kFileUnwritable, files.key + ": exists already");
  }
  std::string pem = "-----BEGIN PRIVATE KEY-----\n";
  const std::string body = to_base64(key.pkcs8());
  for (std::size_t i = 0; i < body.size(); i += 64) pem += body.substr(i, 64) + "\n";
  pem += "-----END PRIVATE KEY-----\n";
  LH_TRY(write_file(files.key, pem, Audience::kOwner));
  wipe(pem);
  LH_TRY(write_file(files.chain, pki::to_pem(leaf) + pki::to_pem(issuing), Audience::kEverybody));
  return files;
}

}  // namespace

Result<Json> add_organisation(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "department"));
  access::Organisation o;
  o.uscc = LH_TRY(parse_uscc(LH_TRY(reader.string("uscc", 18))));
  o.name = LH_TRY(reader.string("name", 200));
  o.division = LH_TRY(parse_division(LH_TRY(reader.string("division", 12)))).code();
  if (const auto parent = LH_TRY(reader.optional_string("parent", 18))) {
    o.parent = LH_TRY(parse_uscc(*parent));
  }
  LH_TRY(reader.finish());
  if (hub.registry().find_organisation(o.uscc)) return Error(Reason::kOrganisationExists);
  auto rows = LH_TRY(hub.registry().put(o));
  LH_TRY(add_signer(context, o, rows));
  auto facts = facts_of(context, schemas::AuditEvent::kOrganisationAdded);
  facts.object = o.uscc.text();
  facts.division = o.division;
  const auto recorded = LH_TRY(hub.record(std::move(facts), std::move(rows)));
  LH_TRY(hub.registry().load());
  LH_TRY(hub.signers().load(hub.store(), hub.keys()));
  Json j = organisation_json(o);
  j.set("index", recorded.index());
  return j;
}

Result<Json> list_organisations(Context& context, const Json& arguments) {
  LH_TRY(LH_TRY(ObjectReader::open(arguments, "department")).finish());
  Json list = Json::array();
  for (const auto& o : context.hub.registry().organisations()) list.push(organisation_json(o));
  Json j = Json::object();
  j.set("departments", std::move(list));
  return j;
}

Result<Json> set_organisation_state(Context& context, const Json& arguments) {
  auto [o, state] = LH_TRY(organisation_and(context, arguments, "state"));
  if (state != "active" && state != "suspended") return Error(Reason::kJsonValue, "state");
  o.state = state == "active" ? access::State::kActive : access::State::kSuspended;
  auto facts = facts_of(context, schemas::AuditEvent::kOrganisationSuspended);
  facts.purpose = state;
  return change_organisation(context, o, std::move(facts));
}

Result<Json> set_case_feed(Context& context, const Json& arguments) {
  auto [o, text] = LH_TRY(organisation_and(context, arguments, "case_feed"));
  if (text != "required" && text != "off") {
    return Error(Reason::kUsage, "a case feed is required or off");
  }
  o.case_feed = text == "required" ? access::CaseFeed::kRequired : access::CaseFeed::kOff;
  auto facts = facts_of(context, schemas::AuditEvent::kOrganisationAdded);
  facts.purpose = "case_feed " + text;
  return change_organisation(context, o, std::move(facts));
}

Result<Json> issue_certificate(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "certificate"));
  const auto uscc = LH_TRY(parse_uscc(LH_TRY(reader.string("uscc", 18))));
  const auto name = LH_TRY(reader.string("system", 64));
  const auto out = LH_TRY(reader.string("out", 4096));
  const auto days = LH_TRY(reader.optional_integer("days")).value_or(397);
  const auto roles = LH_TRY(roles_of(*LH_TRY(reader.array("roles"))));
  LH_TRY(reader.finish());
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos) {
    return Error(Reason::kUsage, "a system's name is of a-z 0-9 - _");
  }
  if (days < 1 || days > kMaxClientDays) return Error(Reason::kUsage, "days: 1 to 825");
  const auto organisation = hub.registry().find_organisation(uscc);
  if (!organisation) return Error(Reason::kOrganisationUnknown);
  const auto key = LH_TRY(crypto::PrivateKey::generate(crypto::Algorithm::kEs256, hub.random()));
  pki::CertificateRequest request;
  request.common_name = name;
  request.organisation = organisation->name;
  request.uscc = uscc.text();
  request.not_before = hub.clock().now().plus_ms(-kDayMs);
  request.not_after = hub.clock().now().plus_ms(days * kDayMs);
  const auto leaf = LH_TRY(hub.issue(request, key.public_key()));
  const auto files =
      LH_TRY(write_client_files(out, name, leaf, LH_TRY(hub.issuing_certificate()), key));
  access::System system = system_of(hub, uscc, name);
  system.roles = roles;
  system.certificates.push_back(leaf.fingerprint());
  auto facts = facts_of(context, schemas::AuditEvent::kCertificateIssued);
  facts.object = uscc.text();
  facts.system = system.id.text();
  facts.certificate = leaf.fingerprint();
  const auto recorded = LH_TRY(hub.record(std::move(facts), LH_TRY(hub.registry().put(system))));
  LH_TRY(hub.registry().load());
  Json j = Json::object();
  j.set("system", system.id.text());
  j.set("certificate", files.chain);
  j.set("key", files.key);
  j.set("fingerprint", to_hex(view(leaf.fingerprint())));
  j.set("not_after", time_text(leaf.not_after()));
  j.set("index", recorded.index());
  return j;
}

Result<Json> revoke_certificate(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "certificate"));
  const auto hex = LH_TRY(reader.string("fingerprint", 64));
  const auto ground = LH_TRY(reader.string("ground", 200));
  LH_TRY(reader.finish());
  const Digest fingerprint = LH_TRY(to_array<32>(LH_TRY(parse_hex(hex))));
  auto facts = facts_of(context, schemas::AuditEvent::kCertificateRevoked);
  facts.certificate = fingerprint;
  facts.purpose = ground;
  const auto recorded =
      LH_TRY(hub.record(std::move(facts), LH_TRY(hub.registry().revoke(fingerprint))));
  LH_TRY(hub.registry().load());
  LH_TRY(hub.reload_trust());
  Json j = Json::object();
  j.set("revoked", hex);
  j.set("index", recorded.index());
  return j;
}

}  // namespace lh::hub::app::operations
