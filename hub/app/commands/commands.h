// The command line: one file a subcommand. Exit codes: 0 yes, 1 no (a verdict or a refusal), 2
// wrong usage or bad input, 3 internal or environment failure. --json: machine output on stdout;
// human text otherwise; messages on stderr.
#pragma once

#include <functional>
#include <string>

#include "hub/app/operations/operations.h"
#include "schemas/json.h"

namespace CLI {
class App;
}

namespace lh::hub::app::commands {

using schemas::Json;

enum Exit : int { kYes = 0, kNo = 1, kBadInput = 2, kFailure = 3 };

// Where a subcommand leaves what it wants to do; main runs it after the parse.
using Run = std::function<int()>;

int licencehub(int argc, char** argv);  // the whole program

void add_demo(CLI::App& app, Run& run);
void add_init(CLI::App& app, Run& run);
void add_serve(CLI::App& app, Run& run);
void add_department(CLI::App& app, Run& run);
void add_certificate(CLI::App& app, Run& run);
void add_catalogue(CLI::App& app, Run& run);
void add_load(CLI::App& app, Run& run);
void add_adapter(CLI::App& app, Run& run);
void add_adapter_host(CLI::App& adapter, Run& run);  // a subcommand of adapter
void add_adapter_driver(CLI::App& app, Run& run);
void add_quarantine(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_vet(CLI::App& app, Run& run);
void add_original_look(CLI::App& app, Run& run);  // not for people
void add_audit(CLI::App& app, Run& run);
void add_policy(CLI::App& app, Run& run);
void add_fsck(CLI::App& app, Run& run);
void add_clock(CLI::App& app, Run& run);

int exit_code(const Error& error);
// Prints "licencehub: reason.id: text (detail)" with the catalogue's text; gives the exit code.
int report(const Error& error);

// The running hub may stand in another directory: paths go to it whole. What is no path (the name
// of a shipped mapping) stays as it is.
std::string absolute_if_path(const std::string& name);

enum class Output : std::uint8_t { kHuman, kJson };
void print(const Json& value, Output output);

// Performs an administrator's operation: in the hub that runs on the directory, else here.
Result<Json> perform(const std::string& data_dir, std::string_view operation, const Json& arguments,
                     Output output);
// perform, then print or report. `verdict` may turn a result into exit code 1.
int perform_and_print(const std::string& data_dir, std::string_view operation,
                      const Json& arguments, Output output,
                      const std::function<int(const Json&)>& verdict = {});

// The root key of a configuration: its key file, the service manager's credential "licencehub.key",
// or a passphrase asked at the terminal. Errors: key.missing with what to do.
Result<crypto::RootKey> root_key_of(const Config& config);

}  // namespace lh::hub::app::commands
