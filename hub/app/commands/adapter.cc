// adapter new | try | test | record | replay | enable | disable | run | diff | reconcile | pushes |
// retry | host | list | secret.
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/sql/sql_kind.h"
#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

constexpr std::size_t kSourceBytes = 64U << 10U;

struct Options {
  std::string data_dir, name, mapping, input, collector, object, source, output_file, file, every;
  std::string cassette;
  std::int64_t rows = 10;
  bool json = false, shadow = false, live = false, clear = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};
using Shared = std::shared_ptr<Options>;

// "90", "15m", "2h", "1d" -> seconds.
Result<std::int64_t> seconds_of(const std::string& text) {
  if (text.empty()) return 0;
  std::int64_t number = 0;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9' && i < 9; ++i) {
    number = number * 10 + (text[i] - '0');
  }
  const std::string unit = text.substr(i);
  const std::int64_t factor = unit.empty() || unit == "s" ? 1
                              : unit == "m"               ? 60
                              : unit == "h"               ? 3600
                              : unit == "d"               ? 86400
                                                          : 0;
  if (i == 0 || factor == 0) return Error(Reason::kUsage, "--every: a number with s, m, h or d");
  return number * factor;
}

int run_enable(const Options& o) {
  if (o.shadow == o.live) {
    return report(Error(Reason::kUsage, "adapter enable needs --shadow or --live"));
  }
  const auto every = seconds_of(o.every);
  if (!every.ok()) return report(every.error());
  Json j = Json::object();
  j.set("mapping", absolute_if_path(o.mapping)).set("collector", o.collector);
  j.set("mode", o.live ? "live" : "shadow").set("every_seconds", *every);
  if (!o.input.empty()) j.set("input", absolute_if_path(o.input));
  return perform_and_print(o.data_dir, "adapter.enable", j, o.output());
}

int run_new(const Options& o) {
  const auto source = read_file(o.source, kSourceBytes);
  if (!source.ok()) return report(source.error());
  Json j = Json::object();
  j.set("name", o.name).set("object", o.object).set("source", *source);
  if (!o.input.empty()) j.set("input", absolute_if_path(o.input));
  const auto made = perform(o.data_dir, "adapter.new", j, o.output());
  if (!made.ok()) return report(made.error());
  const std::string* toml = made->find("toml")->string();
  if (o.json) {
    print(*made, Output::kJson);
  } else if (o.output_file.empty()) {
    std::cout << *toml;
  } else {
    if (std::filesystem::exists(o.output_file)) {
      return report(Error(Reason::kFileUnwritable, o.output_file + " is already there"));
    }
    std::ofstream file(o.output_file, std::ios::binary);
    file << *toml;
    file.close();
    if (!file) return report(Error(Reason::kFileUnwritable, o.output_file));
    std::cout << "written: " << o.output_file << "\n";
  }
  const std::size_t open = made->find("open")->items()->size();
  std::cerr << made->find("matched")->items()->size() << " fields found a column";
  if (open > 0) std::cerr << "; " << open << " needed ones did not: see the comments";
  std::cerr << "\nnext: licencehub adapter try --mapping FILE\n";
  return kYes;
}

int run_trial(const Options& o, std::string_view operation) {
  Json j = Json::object();
  j.set("mapping", absolute_if_path(o.mapping));
  if (!o.input.empty()) j.set("input", absolute_if_path(o.input));
  if (operation == "adapter.try") j.set("rows", o.rows).set("clear", o.clear);
  return perform_and_print(o.data_dir, operation, j, o.output(), [](const Json& result) {
    const Json* passed = result.find("passed");
    return static_cast<int>(passed == nullptr || *passed->boolean() ? kYes : kNo);
  });
}

int run_named(const Options& o, std::string_view operation) {
  Json j = Json::object();
  if (operation != "adapter.list") j.set("name", o.name);
  if (operation == "adapter.secret") j.set("file", absolute_if_path(o.file));
  return perform_and_print(o.data_dir, operation, j, o.output(), [](const Json& result) {
    const Json* served = result.find("served");
    return static_cast<int>(served == nullptr || *served->boolean() ? kYes : kNo);
  });
}

// An adapter by name, or a mapping.
Json subject_of(const Options& o) {
  Json j = Json::object();
  if (!o.name.empty()) j.set("name", o.name);
  if (!o.mapping.empty()) j.set("mapping", absolute_if_path(o.mapping));
  return j;
}

int run_record(const Options& o) {
  Json j = subject_of(o);
  j.set("out", std::filesystem::absolute(o.output_file).lexically_normal().string());
  j.set("rows", o.rows).set("clear", o.clear);
  return perform_and_print(o.data_dir, "adapter.record", j, o.output());
}

int run_replay(const Options& o) {
  Json j = subject_of(o);
  j.set("cassette", std::filesystem::absolute(o.cassette).lexically_normal().string());
  j.set("rows", o.rows).set("clear", o.clear);
  return perform_and_print(o.data_dir, "adapter.replay", j, o.output());
}

// Exit code 1: they differ.
int run_reconcile(const Options& o) {
  Json j = Json::object();
  j.set("name", o.name);
  if (!o.output_file.empty()) {
    j.set("out", std::filesystem::absolute(o.output_file).lexically_normal().string());
  }
  return perform_and_print(o.data_dir, "adapter.reconcile", j, o.output(), [](const Json& result) {
    return static_cast<int>(*result.find("clean")->boolean() ? kYes : kNo);
  });
}

CLI::App* subcommand(CLI::App& parent, const char* name, const char* what, const Shared& o) {
  auto* c = parent.add_subcommand(name, what);
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_flag("--json", o->json, "Machine output");
  return c;
}

void add_writing(CLI::App& parent, Run& run) {
  auto fresh = std::make_shared<Options>();
  auto* c = subcommand(parent, "new", "Propose a mapping from the columns of a source", fresh);
  c->add_option("name", fresh->name, "Name of the new adapter")->required();
  c->add_option("--source", fresh->source, "TOML file with the [source] table")->required();
  c->add_option("--object", fresh->object, "Licence type code or base-data kind")->required();
  c->add_option("--input", fresh->input, "File to read, where the source names none");
  c->add_option("--output", fresh->output_file, "Write the mapping here instead of stdout");
  c->callback([fresh, &run] { run = [fresh] { return run_new(*fresh); }; });

  auto trial = std::make_shared<Options>();
  c = subcommand(parent, "try", "Map the first rows and show every field with its source", trial);
  c->add_option("--mapping", trial->mapping, "Mapping file, or a shipped one by name")->required();
  c->add_option("--input", trial->input, "File to read, where the mapping names none");
  c->add_option("--rows", trial->rows, "How many rows, 1 to 200 (10)");
  c->add_flag("--clear", trial->clear, "Show values instead of their shapes; this is on record");
  c->callback([trial, &run] { run = [trial] { return run_trial(*trial, "adapter.try"); }; });

  auto test = std::make_shared<Options>();
  c = subcommand(parent, "test", "Check a mapping against 5,000 rows; exit code 1: not good", test);
  c->add_option("--mapping", test->mapping, "Mapping file, or a shipped one by name")->required();
  c->add_option("--input", test->input, "File to read, where the mapping names none");
  c->callback([test, &run] { run = [test] { return run_trial(*test, "adapter.test"); }; });
}

void add_named(CLI::App& parent, Run& run, const char* name, const char* what) {
  auto o = std::make_shared<Options>();
  auto* c = subcommand(parent, name, what, o);
  c->add_option("name", o->name, "Name of the adapter")->required();
  const std::string operation = std::string("adapter.") + name;
  c->callback([o, operation, &run] { run = [o, operation] { return run_named(*o, operation); }; });
}

void add_cassettes(CLI::App& parent, Run& run) {
  auto record = std::make_shared<Options>();
  record->rows = 100000;
  auto* c =
      subcommand(parent, "record", "Keep the exchanges of one pull over HTTP; sealed", record);
  c->add_option("name", record->name, "Name of the adapter");
  c->add_option("--mapping", record->mapping, "Instead: a mapping file");
  c->add_option("--out", record->output_file, "The cassette, a new file")->required();
  c->add_option("--rows", record->rows, "End behind so many rows");
  c->add_flag("--clear", record->clear,
              "Not sealed: what the source answered, as it is; on record");
  c->callback([record, &run] { run = [record] { return run_record(*record); }; });

  auto replay = std::make_shared<Options>();
  c = subcommand(parent, "replay", "Try a mapping on a cassette; nothing is called", replay);
  c->add_option("name", replay->name, "Name of the adapter");
  c->add_option("--mapping", replay->mapping, "Instead: a mapping file");
  c->add_option("--cassette", replay->cassette, "What record wrote")->required();
  c->add_option("--rows", replay->rows, "How many rows to show, 1 to 200 (10)");
  c->add_flag("--clear", replay->clear, "Show values instead of their shapes; this is on record");
  c->callback([replay, &run] { run = [replay] { return run_replay(*replay); }; });

  auto compare = std::make_shared<Options>();
  c = subcommand(parent, "reconcile",
                 "Compare store and source; a signed report. Exit code 1: they differ", compare);
  c->add_option("name", compare->name, "Name of the adapter")->required();
  c->add_option("--out", compare->output_file, "Also write the report here, a new file");
  c->callback([compare, &run] { run = [compare] { return run_reconcile(*compare); }; });
}

}  // namespace

void add_adapter(CLI::App& app, Run& run) {
  auto* parent = app.add_subcommand("adapter", "Departmental systems the hub reads, as data");
  parent->require_subcommand(1);
  add_writing(*parent, run);
  add_cassettes(*parent, run);
  add_adapter_host(*parent, run);

  auto enable = std::make_shared<Options>();
  auto* c = subcommand(*parent, "enable", "Use a mapping from now on; kept as it is now", enable);
  c->add_option("--mapping", enable->mapping, "Mapping file, or a shipped one by name")->required();
  c->add_option("--collector", enable->collector,
                "USCC of the department whose key signs what is collected")
      ->required();
  c->add_flag("--shadow", enable->shadow, "Read, map and compare; write nothing");
  c->add_flag("--live", enable->live, "Load what it reads");
  c->add_option("--every", enable->every, "Run by itself: 15m, 2h, 1d (without: only when asked)");
  c->add_option("--input", enable->input, "File to read, where the mapping names none");
  c->callback([enable, &run] { run = [enable] { return run_enable(*enable); }; });

  add_named(*parent, run, "disable", "Stop using an adapter; what it loaded stays");
  add_named(*parent, run, "run", "Run an adapter now");
  add_named(*parent, run, "pushes", "What the source is to be told: what waits, what was given up");
  add_named(*parent, run, "retry", "Pushes that were given up wait again, from now");
  add_named(*parent, run, "diff",
            "Columns that came, went or changed their type, and the fields that feeds");

  auto list = std::make_shared<Options>();
  c = subcommand(*parent, "list", "Adapters with mode, last run, last error and next run", list);
  c->callback([list, &run] { run = [list] { return run_named(*list, "adapter.list"); }; });

  auto secret = std::make_shared<Options>();
  c = subcommand(*parent, "secret", "Keep a password or key that mappings name", secret);
  c->add_option("name", secret->name, "Name of the secret")->required();
  c->add_option("--file", secret->file, "File that holds it (delete the file afterwards)")
      ->required();
  c->callback([secret, &run] { run = [secret] { return run_named(*secret, "adapter.secret"); }; });
}

void add_adapter_driver(CLI::App& app, Run& run) {
  auto* c = app.add_subcommand("adapter-driver", "");
  c->group("");  // not for people: the hub starts it, one for each database session
  c->callback([&run] { run = [] { return adapters::sql::run_driver_host(0, 1); }; });
}

}  // namespace lh::hub::app::commands
