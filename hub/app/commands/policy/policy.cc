// policy explain|what-if|replay.
#include <CLI/CLI.hpp>

#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, organisation, division, matter, object, at, rule;
  std::vector<std::string> roles, fields;
  std::int64_t entry = 0;
  bool consent = false, json = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};
using Shared = std::shared_ptr<Options>;

Json array_of(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push(text);
  return out;
}

Json question(const Options& o) {
  Json j = Json::object();
  j.set("organisation", o.organisation).set("matter", o.matter).set("object", o.object);
  if (!o.division.empty()) j.set("division", o.division);
  if (!o.roles.empty()) j.set("roles", array_of(o.roles));
  if (!o.fields.empty()) j.set("fields", array_of(o.fields));
  if (!o.at.empty()) j.set("at", o.at);
  return j.set("consent", o.consent);
}

int run_what_if(const Options& o) {
  const auto text = read_file(o.rule, 1U << 20U);
  if (!text.ok()) return report(text.error());
  auto rule = schemas::parse_json(*text, 1U << 20U);
  if (!rule.ok()) return report(rule.error());
  Json j = Json::object();
  j.set("rule", std::move(*rule));
  if (!o.at.empty()) j.set("at", o.at);
  return perform_and_print(o.data_dir, "policy.what_if", j, o.output());
}

// A decision that comes out otherwise is exit code 1.
int run_replay(const Options& o) {
  Json j = Json::object();
  j.set("entry", o.entry);
  return perform_and_print(o.data_dir, "policy.replay", j, o.output(), [](const Json& result) {
    const Json* same = result.find("same");
    return same != nullptr && same->boolean() != nullptr && *same->boolean() ? kYes : kNo;
  });
}

CLI::App* add(CLI::App& policy, const char* name, const char* what, const Shared& o) {
  auto* c = policy.add_subcommand(name, what);
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_flag("--json", o->json, "Machine output");
  return c;
}

}  // namespace

void add_policy(CLI::App& app, Run& run) {
  auto* policy = app.add_subcommand("policy", "Who may see what, and why");
  policy->require_subcommand(1);
  auto o = std::make_shared<Options>();
  auto* explain = add(*policy, "explain", "A question, its decision, every rule considered", o);
  explain->add_option("--caller", o->organisation, "USCC of the asking organisation")->required();
  explain->add_option("--matter", o->matter, "Code of the matter")->required();
  explain->add_option("--object", o->object, "Licence type or kind of base data")->required();
  explain->add_option("--division", o->division, "Another division than the registered one");
  explain->add_option("--role", o->roles, "Roles of the system (fetch)");
  explain->add_option("--field", o->fields, "Fields asked for (all)");
  explain->add_option("--at", o->at, "Day of the question (today)");
  explain->add_flag("--consent", o->consent, "With the holder's consent");
  explain->callback([o, &run] {
    run = [o] {
      return perform_and_print(o->data_dir, "policy.explain", question(*o), o->output());
    };
  });
  auto* what_if = add(*policy, "what-if", "What a rule that is not published would change", o);
  what_if->add_option("RULE", o->rule, "File with a sharing rule")->required();
  what_if->add_option("--at", o->at, "Day of the question (today)");
  what_if->callback([o, &run] { run = [o] { return run_what_if(*o); }; });
  auto* replay = add(*policy, "replay", "Decide the access of an entry again", o);
  replay->add_option("--entry", o->entry, "Index of the entry")->required();
  replay->callback([o, &run] { run = [o] { return run_replay(*o); }; });
}

}  // namespace lh::hub::app::commands
