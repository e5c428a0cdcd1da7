#include <CLI/CLI.hpp>

#include <iostream>

#include "hub/app/apart/original_look.h"
#include "hub/app/commands/commands.h"
#include "hub/app/vet/vet.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string kind, trust, at;
};

int run_vet(const Options& o) {
  const vet::Check check = vet::find_check(o.kind);
  if (check == nullptr) {
    std::string known;
    for (const auto kind : vet::kinds()) known += (known.empty() ? "" : ", ") + std::string(kind);
    return report(Error(Reason::kKindUnknown, "known kinds: " + known));
  }
  const auto trust = vet::load_trust(o.trust);
  if (!trust.ok()) {
    report(trust.error());
    return kBadInput;
  }
  UtcTime at = SystemClock().now();
  if (!o.at.empty()) {
    const auto time = parse_time(o.at);
    if (!time.ok()) return report(time.error());
    at = *time;
  }
  std::string path;
  while (std::getline(std::cin, path)) {
    const vet::Finding f = check({path, *trust, at});
    Json line = Json::object();
    line.set("path", path);
    line.set("verdict", vet::outcome_text(f.outcome));
    line.set("reason", reason_id(f.reason));
    line.set("detail", f.detail);
    std::cout << schemas::to_text(line) << "\n" << std::flush;
  }
  return kYes;
}

}  // namespace

void add_vet(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  auto* c = app.add_subcommand(
      "vet",
      "Verdicts on files without a hub: one path a line on stdin, one JSON object a line out");
  c->add_option("--kind", o->kind,
                "json, sd-jwt, jws, certificate-chain, tlog-proof, checkpoint, licence-id, uscc, "
                "resident-id")
      ->required();
  c->add_option("--trust", o->trust, "Directory with anchors *.pem, keys *.jwk, log keys *.vkey");
  c->add_option("--at", o->at, "Judge at this time (RFC 3339 or date); default now");
  c->callback([o, &run] { run = [o] { return run_vet(*o); }; });
}

// What hub/app/apart starts.
void add_original_look(CLI::App& app, Run& run) {
  auto media_type = std::make_shared<std::string>();
  auto* c = app.add_subcommand("original-look", "Looks at an original file (used by serve)");
  c->group("");  // not for people: not listed
  c->add_option("media_type", *media_type)->required();
  c->callback([media_type, &run] { run = [media_type] { return apart::look_here(*media_type); }; });
}

}  // namespace lh::hub::app::commands
