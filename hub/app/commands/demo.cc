#include <CLI/CLI.hpp>

#include <filesystem>

#include "hub/app/commands/commands.h"
#include "hub/app/demo/demo.h"

namespace lh::hub::app::commands {
namespace {

int run_it(demo::DemoOptions options) {
  if (options.source.empty() != options.mapping.empty()) {
    return report(Error(Reason::kUsage, "--source and --mapping go together"));
  }
  for (std::string* path : {&options.source, &options.mapping, &options.data_dir}) {
    if (path->find('/') != std::string::npos || std::filesystem::exists(*path)) {
      *path = std::filesystem::absolute(*path).lexically_normal().string();
    }
  }
  const auto code = demo::run_demo(options);
  return code.ok() ? *code : report(code.error());
}

}  // namespace

void add_demo(CLI::App& app, Run& run) {
  auto options = std::make_shared<demo::DemoOptions>();
  auto* c = app.add_subcommand("demo", "Found a hub on loopback and perform the main job");
  c->add_option("--data-dir", options->data_dir, "Directory to make (default: a temporary one)");
  c->add_option("--listen", options->listen, "Address for departments (127.0.0.1:0, 0 = any port)");
  c->add_option("--listen-public", options->listen_public, "Address for the public");
  c->add_flag("--once", options->once, "Exit when the job is done: 0 if every step held");
  c->add_option("--source", options->source, "A real dump instead of the sample companies");
  c->add_option("--mapping", options->mapping, "Its mapping file, or the name of a shipped one");
  c->add_option("--applicant", options->applicant,
                "USCC of the applicant (default: the first good row with 食品 in its scope)");
  c->callback([options, &run] { run = [options] { return run_it(*options); }; });
}

}  // namespace lh::hub::app::commands
