// licencehub: one binary, subcommands.
#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <iostream>

#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

int parse_and_run(int argc, char** argv) {
  CLI::App app{
      "Licence Hub: exchange of electronic licences and base data between departments.\n"
      "Exit codes: 0 yes, 1 no (a verdict or a refusal), 2 wrong usage or bad input, 3 failure."};
  app.name("licencehub");
  app.set_version_flag("--version", "licencehub " LH_VERSION);
  app.require_subcommand(1);
  app.fallthrough(false);
  Run run;
  for (const auto add :
       {add_demo, add_init, add_serve, add_department, add_certificate, add_catalogue, add_load,
        add_adapter, add_adapter_driver, add_quarantine, add_verify, add_vet, add_audit, add_policy,
        add_fsck, add_clock, add_original_look}) {
    add(app, run);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    app.exit(error);  // prints; its own codes of 100 and more are not ours
    return kBadInput;
  }
  return run ? run() : static_cast<int>(kBadInput);
}

}  // namespace

int licencehub(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& error) {  // of a foreign library; nothing of ours throws
    std::cerr << "licencehub: internal.failure: " << error.what() << "\n";
    return kFailure;
  }
}

}  // namespace lh::hub::app::commands
