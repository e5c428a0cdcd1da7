// department add|list|suspend|resume|case-feed, certificate issue|revoke|list|renew.
#include <CLI/CLI.hpp>

#include <filesystem>

#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, uscc, name, division, parent, system, out, fingerprint, ground, state;
  std::vector<std::string> roles;
  std::int64_t days = 397, within = 30;
  bool json = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};
using OptionsPtr = std::shared_ptr<Options>;

CLI::App* add(CLI::App& parent, const char* name, const char* help, const OptionsPtr& o) {
  auto* c = parent.add_subcommand(name, help);
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_flag("--json", o->json, "Machine output");
  return c;
}

void on(CLI::App* c, const OptionsPtr& o, Run& run, const char* operation,
        const std::function<Json(const Options&)>& arguments) {
  c->callback([o, &run, operation, arguments] {
    run = [o, operation, arguments] {
      return perform_and_print(o->data_dir, operation, arguments(*o), o->output());
    };
  });
}

Json state_arguments(const Options& o, const char* state) {
  Json j = Json::object();
  j.set("uscc", o.uscc);
  j.set("state", state);
  return j;
}

}  // namespace

void add_department(CLI::App& app, Run& run) {
  auto* department = app.add_subcommand("department", "Organisations that use the hub");
  department->require_subcommand(1);
  auto o = std::make_shared<Options>();
  auto* add_one = add(*department, "add", "Register an organisation; makes its signing key", o);
  add_one->add_option("--uscc", o->uscc, "Unified social credit code (GB 32100)")->required();
  add_one->add_option("--name", o->name, "Name")->required();
  add_one->add_option("--division", o->division, "Division code, 6 digits (GB/T 2260)")->required();
  add_one->add_option("--parent", o->parent, "USCC of the parent organisation");
  on(add_one, o, run, "department.add", [](const Options& x) {
    Json j = Json::object();
    j.set("uscc", x.uscc);
    j.set("name", x.name);
    j.set("division", x.division);
    if (!x.parent.empty()) j.set("parent", x.parent);
    return j;
  });
  on(add(*department, "list", "Show organisations", o), o, run, "department.list",
     [](const Options&) { return Json::object(); });
  auto* suspend = add(*department, "suspend", "Refuse every call of an organisation", o);
  suspend->add_option("--uscc", o->uscc, "Unified social credit code")->required();
  on(suspend, o, run, "department.state",
     [](const Options& x) { return state_arguments(x, "suspended"); });
  auto* resume = add(*department, "resume", "Accept calls of a suspended organisation again", o);
  resume->add_option("--uscc", o->uscc, "Unified social credit code")->required();
  on(resume, o, run, "department.state",
     [](const Options& x) { return state_arguments(x, "active"); });
  auto* feed = add(*department, "case-feed",
                   "Cases must be open in the case feed of the organisation, or need not", o);
  feed->add_option("--uscc", o->uscc, "Unified social credit code")->required();
  feed->add_option("--state", o->state, "required or off")->required();
  on(feed, o, run, "department.case_feed", [](const Options& x) {
    Json j = Json::object();
    j.set("uscc", x.uscc);
    j.set("case_feed", x.state);
    return j;
  });
}

void add_certificate(CLI::App& app, Run& run) {
  auto* certificate =
      app.add_subcommand("certificate", "Certificates of systems and of the hub itself");
  certificate->require_subcommand(1);
  auto o = std::make_shared<Options>();
  auto* issue = add(*certificate, "issue", "Make a key and certificate for a calling system", o);
  issue->add_option("--uscc", o->uscc, "Organisation of the system")->required();
  issue->add_option("--system", o->system, "Name of the system (a-z 0-9 - _)")->required();
  issue
      ->add_option("--role", o->roles,
                   "Role: fetch, issue, collect, approve, verify, subjects_write, holder_portal, "
                   "terminal, inspector, case_feed, licence_pull, system_admin, security_admin, "
                   "audit_admin")
      ->required();
  issue->add_option("--out", o->out, "Directory for <system>.pem and <system>.key")->required();
  issue->add_option("--days", o->days, "Days it is valid (397)");
  on(issue, o, run, "certificate.issue", [](const Options& x) {
    Json j = Json::object();
    j.set("uscc", x.uscc);
    j.set("system", x.system);
    j.set("out", std::filesystem::absolute(x.out).lexically_normal().string());
    j.set("days", x.days);
    Json roles = Json::array();
    for (const auto& role : x.roles) roles.push(role);
    j.set("roles", std::move(roles));
    return j;
  });
  auto* revoke = add(*certificate, "revoke", "Refuse a certificate from now on", o);
  revoke->add_option("--fingerprint", o->fingerprint, "SHA-256 of the certificate, hex")
      ->required();
  revoke->add_option("--ground", o->ground, "Why")->required();
  on(revoke, o, run, "certificate.revoke", [](const Options& x) {
    Json j = Json::object();
    j.set("fingerprint", x.fingerprint);
    j.set("ground", x.ground);
    return j;
  });
  on(add(*certificate, "list", "Show certificates, those of the hub itself with their ends", o), o,
     run, "certificate.list", [](const Options&) { return Json::object(); });
  auto* renew = add(*certificate, "renew",
                    "Renew the hub's own and the departments' signing certificates that end soon; "
                    "keys stay, the root is never renewed",
                    o);
  renew->add_option("--within", o->within, "Days in which it would end (30)");
  on(renew, o, run, "certificate.renew", [](const Options& x) {
    Json j = Json::object();
    j.set("within_days", x.within);
    return j;
  });
}

}  // namespace lh::hub::app::commands
