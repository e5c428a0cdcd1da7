// catalogue import|diff|align: a file of definitions becomes drafts, or is compared.
#include <CLI/CLI.hpp>

#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

constexpr std::size_t kFileBytes = 60U << 20U;

struct Options {
  std::string data_dir, file, source, prefix, from;
  bool dry_run = false, json = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};
using OptionsPtr = std::shared_ptr<Options>;

// A JSON array, or one JSON value a line (NDJSON).
Result<Json> items_of(const std::string& path) {
  const std::string text = LH_TRY(read_file(path, kFileBytes));
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '[') {
    return schemas::parse_json(text, kFileBytes);
  }
  Json items = Json::array();
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = std::string_view(text).substr(at, end - at);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      items.push(LH_TRY(schemas::parse_json(line, kFileBytes)));
    }
    at = end + 1;
  }
  return items;
}

Result<Json> arguments_of(const Options& o, const char* list) {
  Json j = Json::object();
  j.set("source", o.source).set(list, LH_TRY(items_of(o.file)));
  if (!o.prefix.empty()) j.set("prefix", o.prefix);
  return j;
}

int run_import(const Options& o) {
  auto arguments = arguments_of(o, "definitions");
  if (!arguments.ok()) return report(arguments.error());
  arguments->set("effective_from", o.from).set("dry_run", o.dry_run);
  return perform_and_print(o.data_dir, "catalogue.import", *arguments, o.output());
}

int run_align(const Options& o) {
  const auto arguments = arguments_of(o, "matters");
  if (!arguments.ok()) return report(arguments.error());
  return perform_and_print(
      o.data_dir, "catalogue.align", *arguments, o.output(), [](const Json& result) -> int {
        const Json* aligned = result.find("aligned");
        const bool yes = aligned != nullptr && aligned->boolean() != nullptr && *aligned->boolean();
        return yes ? kYes : kNo;
      });
}

CLI::App* add(CLI::App& parent, const char* name, const char* help, const OptionsPtr& o) {
  auto* c = parent.add_subcommand(name, help);
  c->add_option("file", o->file, "JSON array, or one JSON object a line")->required();
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub")->required();
  c->add_option("--source", o->source, "Who made the file; stands in the log")->required();
  c->add_option("--prefix", o->prefix, "Of the codes here that the file should hold");
  c->add_flag("--json", o->json, "Machine output");
  return c;
}

}  // namespace

void add_catalogue(CLI::App& app, Run& run) {
  auto* catalogue =
      app.add_subcommand("catalogue", "Types, matters, bundles and lists from a file");
  catalogue->require_subcommand(1);
  auto o = std::make_shared<Options>();
  auto* import =
      add(*catalogue, "import", "Draft what is new or changed; nothing when one is bad", o);
  import->add_option("--effective-from", o->from, "First day of the new versions")->required();
  import->add_flag("--dry-run", o->dry_run, "Only say what would be drafted");
  import->callback([o, &run] { run = [o] { return run_import(*o);
};
}  // namespace lh::hub::app::commands
);
auto* diff = add(*catalogue, "diff", "What an import of the file would draft", o);
diff->add_option("--effective-from", o->from, "First day of the new versions")->required();
diff->callback([o, &run] {
  o->dry_run = true;
  run = [o] { return run_import(*o); };
});
auto* align = add(*catalogue, "align", "Compare matters with an upper level's catalogue", o);
align->callback([o, &run] { run = [o] { return run_align(*o); }; });
}

}  // namespace lh::hub::app::commands
