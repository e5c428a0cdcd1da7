// audit search|export|prove|verify.
#include <CLI/CLI.hpp>

#include <filesystem>

#include "hub/app/commands/commands.h"
#include "hub/audit/export.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, out, dir, vkey;
  std::string subject, licence_id, case_id, organisation, officer, event, decision, from, until;
  std::int64_t index = 0, limit = 50, before = -1;
  bool json = false, proofs = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};

// "uscc:9111…" or "resident_id:…" -> {scheme, id}; read from a file with @path, so that an identity
// number need not stand on a command line.
Result<Json> subject_json(std::string text) {
  if (text.starts_with('@')) {
    text = LH_TRY(read_file(text.substr(1), 1024));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  }
  const auto colon = text.find(':');
  if (colon == std::string::npos) return Error(Reason::kUsage, "--subject scheme:id, or @file");
  Json j = Json::object();
  j.set("scheme", text.substr(0, colon));
  j.set("id", text.substr(colon + 1));
  return j;
}

Result<Json> search_arguments(const Options& o) {
  Json j = Json::object();
  if (!o.subject.empty()) j.set("subject", LH_TRY(subject_json(o.subject)));
  const std::pair<const char*, const std::string*> texts[] = {{"licence_id", &o.licence_id},
                                                              {"case_id", &o.case_id},
                                                              {"organisation", &o.organisation},
                                                              {"event", &o.event},
                                                              {"decision", &o.decision},
                                                              {"from", &o.from},
                                                              {"until", &o.until}};
  for (const auto& [name, value] : texts) {
    if (!value->empty()) j.set(name, *value);
  }
  if (!o.officer.empty()) {
    const auto slash = o.officer.find('/');
    if (slash == std::string::npos) return Error(Reason::kUsage, "--officer USCC/id");
    Json officer = Json::object();
    officer.set("organisation", o.officer.substr(0, slash));
    officer.set("id", o.officer.substr(slash + 1));
    j.set("officer", std::move(officer));
  }
  if (o.before >= 0) j.set("before", o.before);
  j.set("limit", o.limit);
  j.set("with_proofs", o.proofs);
  return j;
}

int run_search(const Options& o) {
  const auto arguments = search_arguments(o);
  if (!arguments.ok()) return report(arguments.error());
  return perform_and_print(o.data_dir, "audit.search", *arguments, o.output());
}

// Works on an exported tree alone: no hub, no keys but the log's public one.
int run_verify(const Options& o) {
  const auto text = read_file(o.vkey.empty() ? o.dir + "/log.vkey" : o.vkey, 4096);
  if (!text.ok()) return report(text.error());
  std::string line = *text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  const auto key = crypto::parse_vkey(line);
  if (!key.ok()) return report(key.error());
  const auto checked = audit::verify_export(o.dir, {*key}, [](std::uint64_t, std::uint64_t) {});
  Json j = Json::object();
  j.set("verdict", checked.ok() ? "valid" : "invalid");
  if (checked.ok()) {
    j.set("log", checked->origin);
    j.set("entries", checked->entries);
  } else {
    j.set("reason", checked.error().id());
    j.set("detail", checked.error().detail());
  }
  print(j, o.output());
  return checked.ok() ? kYes : kNo;
}

void add_search(CLI::App& audit, const std::shared_ptr<Options>& o, Run& run) {
  auto* c = audit.add_subcommand("search", "Who read or changed what, when, for which case");
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_option("--subject", o->subject, "scheme:id (uscc:…, resident_id:…), or @file holding it");
  c->add_option("--licence-id", o->licence_id, "Licence identifier (GB/T 36904)");
  c->add_option("--case-id", o->case_id, "Case (case_…)");
  c->add_option("--caller", o->organisation, "USCC of the calling organisation");
  c->add_option("--officer", o->officer, "USCC/id of the officer who acted");
  c->add_option("--event", o->event, "Event id, see docs/audit_events.md");
  c->add_option("--decision", o->decision, "allow, deny or error");
  c->add_option("--from", o->from, "From this time (RFC 3339 or date)");
  c->add_option("--until", o->until, "Before this time");
  c->add_option("--before", o->before, "Only entries below this index (next page)");
  c->add_option("--limit", o->limit, "At most this many, up to 200 (50)");
  c->add_flag("--proofs", o->proofs, "With the leaf and its proof");
  c->add_flag("--json", o->json, "Machine output");
  c->callback([o, &run] { run = [o] { return run_search(*o); }; });
}

}  // namespace

void add_audit(CLI::App& app, Run& run) {
  auto* audit = app.add_subcommand("audit", "The audit log");
  audit->require_subcommand(1);
  auto o = std::make_shared<Options>();
  add_search(*audit, o, run);
  auto* exported =
      audit->add_subcommand("export", "Write the log as C2SP tlog-tiles with log.vkey");
  exported->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  exported->add_option("--out", o->out, "Directory to make")->required();
  exported->add_flag("--json", o->json, "Machine output");
  exported->callback([o, &run] {
    run = [o] {
      Json j = Json::object();
      j.set("out", std::filesystem::absolute(o->out).lexically_normal().string());
      return perform_and_print(o->data_dir, "audit.export", j, o->output());
    };
  });
  auto* prove = audit->add_subcommand("prove", "Receipt of one entry");
  prove->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  prove->add_option("--index", o->index, "Index of the entry")->required();
  prove->add_flag("--json", o->json, "Machine output");
  prove->callback([o, &run] {
    run = [o] {
      Json j = Json::object();
      j.set("index", o->index);
      return perform_and_print(o->data_dir, "audit.prove", j, o->output());
    };
  });
  auto* verify = audit->add_subcommand("verify", "Check an exported log without any hub");
  verify->add_option("DIR", o->dir, "Exported directory")->required();
  verify->add_option("--vkey", o->vkey, "Public key of the log (default: DIR/log.vkey)");
  verify->add_flag("--json", o->json, "Machine output");
  verify->callback([o, &run] { run = [o] { return run_verify(*o); }; });
}

}  // namespace lh::hub::app::commands
