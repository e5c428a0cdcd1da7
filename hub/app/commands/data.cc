// load, quarantine, fsck, clock.
#include <CLI/CLI.hpp>

#include <filesystem>

#include "hub/app/commands/commands.h"
#include "hub/app/serve/admin_socket.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, mapping, adapter, input, collector, source;
  std::int64_t limit = 100;
  bool json = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};

std::shared_ptr<Options> common(CLI::App* c) {
  auto o = std::make_shared<Options>();
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_flag("--json", o->json, "Machine output");
  return o;
}

// In the hub that runs on the directory; else on the stopped store, read-only.
Result<Json> run_fsck(const Options& o) {
  const DataDir dir(o.data_dir);
  if (!exists(dir.config())) return Error(Reason::kStoreMissing, o.data_dir);
  const auto silent = [](const Json&) {};
  auto answered = LH_TRY(serve::ask_running_hub(dir, "fsck", Json::object(), silent));
  if (answered) return std::move(*answered);
  const Config config = LH_TRY(load_config(dir.config()));
  return operations::check_stopped_hub(config, LH_TRY(root_key_of(config)), silent);
}

int run_load(const Options& o) {
  if (!o.adapter.empty()) {
    if (!o.mapping.empty() || !o.input.empty() || !o.collector.empty()) {
      return report(Error(Reason::kUsage, "--adapter stands alone: it knows its mapping"));
    }
    Json named = Json::object();
    named.set("name", o.adapter);
    return perform_and_print(o.data_dir, "adapter.run", named, o.output());
  }
  if (o.mapping.empty() || o.input.empty() || o.collector.empty()) {
    return report(Error(Reason::kUsage, "load needs --mapping, --input and --collector"));
  }
  Json j = Json::object();
  j.set("mapping", absolute_if_path(o.mapping));
  j.set("input", std::filesystem::absolute(o.input).lexically_normal().string());
  j.set("collector", o.collector);
  return perform_and_print(o.data_dir, "load", j, o.output());
}

}  // namespace

void add_load(CLI::App& app, Run& run) {
  auto* c = app.add_subcommand("load", "Load a legacy dump through a mapping file, once");
  auto o = common(c);
  c->add_option("--mapping", o->mapping, "Mapping file, or the name of a shipped one");
  c->add_option("--input", o->input, "The file to read");
  c->add_option("--collector", o->collector,
                "USCC of the department whose key signs what is collected");
  c->add_option("--adapter", o->adapter, "A configured adapter");
  c->callback([o, &run] { run = [o] { return run_load(*o); }; });
}

void add_quarantine(CLI::App& app, Run& run) {
  auto* parent = app.add_subcommand("quarantine", "Rows that could not be loaded");
  parent->require_subcommand(1);
  auto* c = parent->add_subcommand("list", "Show rows with number, field and reason");
  auto o = common(c);
  c->add_option("--source", o->source, "Name of the mapping")->required();
  c->add_option("--limit", o->limit, "At most this many (100)");
  c->callback([o, &run] {
    run = [o] {
      Json j = Json::object();
      j.set("source", o->source);
      j.set("limit", o->limit);
      return perform_and_print(o->data_dir, "quarantine.list", j, o->output());
    };
  });
}

void add_fsck(CLI::App& app, Run& run) {
  auto* c = app.add_subcommand("fsck", "Check every byte: files, log, rows, checkpoint");
  auto o = common(c);
  c->callback([o, &run] {
    run = [o] {
      const auto result = run_fsck(*o);
      if (!result.ok()) return report(result.error());
      print(*result, o->output());
      const Json* clean = result->find("clean");
      return static_cast<int>(
          clean != nullptr && clean->boolean() != nullptr && *clean->boolean() ? kYes : kNo);
    };
  });
}

void add_clock(CLI::App& app, Run& run) {
  auto* parent = app.add_subcommand("clock", "The guard against clock jumps");
  parent->require_subcommand(1);
  auto* c = parent->add_subcommand("confirm", "Accept the present wall clock after a jump");
  auto o = common(c);
  c->callback([o, &run] {
    run = [o] {
      return perform_and_print(o->data_dir, "clock.confirm", Json::object(), o->output());
    };
  });
}

}  // namespace lh::hub::app::commands
