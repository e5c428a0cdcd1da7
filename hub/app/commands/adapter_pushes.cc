// adapter pushes | retry: what a source is to be told.
#include <CLI/CLI.hpp>

#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, name;
  bool json = false;
};

void add(CLI::App& adapter, Run& run, const char* name, const char* what) {
  auto o = std::make_shared<Options>();
  auto* c = adapter.add_subcommand(name, what);
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_flag("--json", o->json, "Machine output");
  c->add_option("name", o->name, "Name of the adapter")->required();
  const std::string operation = std::string("adapter.") + name;
  c->callback([o, operation, &run] {
    run = [o, operation] {
      Json j = Json::object();
      j.set("name", o->name);
      return perform_and_print(o->data_dir, operation, j, o->json ? Output::kJson : Output::kHuman);
    };
  });
}

}  // namespace

void add_pushes(CLI::App& adapter, Run& run) {
  add(adapter, run, "pushes", "What the source is to be told: what waits, what was given up");
  add(adapter, run, "retry", "Pushes that were given up wait again, from now");
}

}  // namespace lh::hub::app::commands
