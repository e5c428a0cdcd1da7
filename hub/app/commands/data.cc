// load, quarantine, fsck, clock.
#include <CLI/CLI.hpp>

#include <filesystem>

#include "base/bytes.h"
#include "base/limits.h"
#include "hub/app/commands/commands.h"
#include "hub/app/serve/admin_socket.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, mapping, adapter, input, collector;
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

struct HeldOptions {
  std::string data_dir, source, row, reason, file, values, ground, mapping, collector;
  std::int64_t limit = 100;
  bool json = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};
using SharedHeld = std::shared_ptr<HeldOptions>;

CLI::App* held_command(CLI::App& parent, const char* name, const char* what, const SharedHeld& o) {
  auto* c = parent.add_subcommand(name, what);
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_flag("--json", o->json, "Machine output");
  return c;
}

CLI::App* row_command(CLI::App& parent, const char* name, const char* what, const SharedHeld& o) {
  auto* c = held_command(parent, name, what, o);
  c->add_option("--source", o->source, "Name of the mapping")->required();
  c->add_option("--row", o->row, "Id of the row as the list shows it, or its number")->required();
  return c;
}

Json named(const HeldOptions& o) {
  Json j = Json::object();
  if (!o.source.empty()) j.set("source", o.source);
  if (!o.row.empty()) j.set("row", o.row);
  if (!o.reason.empty()) j.set("reason", o.reason);
  return j;
}

int run_repair(const HeldOptions& o) {
  if (o.file.empty() == o.values.empty()) {
    return report(Error(Reason::kUsage, "repair needs --file or --values"));
  }
  auto bytes = read_file(o.file.empty() ? o.values : o.file, limits::kRowBytes);
  if (!bytes.ok()) return report(bytes.error());
  if (bytes->ends_with('\n')) bytes->pop_back();
  if (bytes->ends_with('\r')) bytes->pop_back();
  Json j = named(o);
  j.set("replacement", to_base64(*bytes)).set("values", o.file.empty());
  return perform_and_print(o.data_dir, "quarantine.repair", j, o.output());
}

// Exit code 1: a row stayed.
int run_replay(const HeldOptions& o) {
  Json j = named(o);
  if (!o.mapping.empty()) j.set("mapping", absolute_if_path(o.mapping));
  if (!o.collector.empty()) j.set("collector", o.collector);
  return perform_and_print(o.data_dir, "quarantine.replay", j, o.output(), [](const Json& result) {
    return static_cast<int>(*result.find("stayed")->integer() == 0 ? kYes : kNo);
  });
}

void add_looking(CLI::App& parent, Run& run) {
  auto list = std::make_shared<HeldOptions>();
  auto* c = held_command(
      parent, "list", "How many rows wait, by source and reason; with --source which ones, masked",
      list);
  c->add_option("--source", list->source, "Name of the mapping");
  c->add_option("--reason", list->reason, "Only rows held for this reason (row.date)");
  c->add_option("--limit", list->limit, "At most this many (100)");
  c->callback([list, &run] {
    run = [list] {
      Json j = named(*list);
      j.set("limit", list->limit);
      return perform_and_print(list->data_dir, "quarantine.list", j, list->output());
    };
  });
  auto show = std::make_shared<HeldOptions>();
  c = row_command(parent, "show", "One row in clear; who looked is on record", show);
  c->callback([show, &run] {
    run = [show] {
      return perform_and_print(show->data_dir, "quarantine.show", named(*show), show->output());
    };
  });
}

void add_deciding(CLI::App& parent, Run& run) {
  auto repair = std::make_shared<HeldOptions>();
  auto* c =
      row_command(parent, "repair", "Keep a replacement beside a row, for the next replay", repair);
  c->add_option("--file", repair->file, "The whole row as the source would write it");
  c->add_option("--values", repair->values, "Instead: a JSON object, column -> text");
  c->callback([repair, &run] { run = [repair] { return run_repair(*repair); }; });

  auto discard = std::make_shared<HeldOptions>();
  c = row_command(parent, "discard", "Give a row up; its bytes go, who and why stays", discard);
  c->add_option("--ground", discard->ground, "Why")->required();
  c->callback([discard, &run] {
    run = [discard] {
      Json j = named(*discard);
      j.set("ground", discard->ground);
      return perform_and_print(discard->data_dir, "quarantine.discard", j, discard->output());
    };
  });

  auto replay = std::make_shared<HeldOptions>();
  c = held_command(
      parent, "replay",
      "Put rows through the mapping again; what passes leaves. Exit code 1: some stayed", replay);
  c->add_option("--source", replay->source, "Name of the mapping")->required();
  c->add_option("--row", replay->row, "Only this row");
  c->add_option("--reason", replay->reason, "Only rows held for this reason");
  c->add_option("--mapping", replay->mapping, "Instead of the mapping of the live adapter");
  c->add_option("--collector", replay->collector, "With --mapping: whose key signs");
  c->callback([replay, &run] { run = [replay] { return run_replay(*replay); }; });
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
  add_looking(*parent, run);
  add_deciding(*parent, run);
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
