#include <termios.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "crypto/system_random.h"
#include "hub/app/commands/commands.h"
#include "hub/app/serve/admin_socket.h"

namespace lh::hub::app::commands {
namespace {

// A line from the terminal without echo.
Result<Secret> ask_passphrase() {
  if (::isatty(STDIN_FILENO) == 0) {
    return Error(Reason::kKeyMissing,
                 "no root_key_file, no credential licencehub.key, and no terminal to ask for the "
                 "passphrase");
  }
  termios before{};
  ::tcgetattr(STDIN_FILENO, &before);
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  std::cerr << "passphrase: " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  std::cerr << "\n";
  Secret secret = Secret::copy_of(line);
  wipe(line);
  return secret;
}

void show_progress(const Json& p) {
  const auto number = [&p](const char* name) -> std::int64_t {
    const Json* found = p.find(name);
    return found != nullptr && found->integer() != nullptr ? *found->integer() : 0;
  };
  if (p.find("of") != nullptr) {
    std::cerr << "\r" << number("done") << " of " << number("of") << std::flush;
    return;
  }
  std::cerr << "\rread " << number("read") << ", new " << number("new") << ", same "
            << number("same") << ", quarantined " << number("quarantined");
  if (number("size") > 0) std::cerr << " (" << number("position") * 100 / number("size") << " %)";
  std::cerr << std::flush;
}

}  // namespace

Result<crypto::RootKey> root_key_of(const Config& config) {
  if (!config.root_key_file.empty()) return crypto::RootKey::load_file(config.root_key_file);
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY")) {
    const std::string path = std::string(credentials) + "/licencehub.key";
    if (exists(path)) return crypto::RootKey::load_file(path);
  }
  return crypto::RootKey::from_passphrase(LH_TRY(ask_passphrase()));
}

Result<Json> perform(const std::string& data_dir, std::string_view operation, const Json& arguments,
                     Output output) {
  const DataDir dir(data_dir);
  if (!exists(dir.config())) {
    return Error(Reason::kStoreMissing, data_dir + " (make one with: licencehub init)");
  }
  bool shown = false;
  const operations::Progress progress = [&shown, output](const Json& p) {
    if (output == Output::kJson || ::isatty(STDERR_FILENO) == 0) return;
    shown = true;
    show_progress(p);
  };
  auto answered = LH_TRY(serve::ask_running_hub(dir, operation, arguments, progress));
  if (!answered) {
    Config config = LH_TRY(load_config(dir.config()));
    crypto::SystemRandom random;
    const SystemClock clock;
    const auto root = LH_TRY(root_key_of(config));
    auto hub = LH_TRY(Hub::open(config, root, random, clock));
    const operations::Operation run = operations::find_operation(operation);
    LH_CHECK(run != nullptr, "commands name known operations");
    operations::Context context{*hub, "uid:" + std::to_string(::geteuid()), progress};
    answered = LH_TRY(run(context, arguments));
  }
  if (shown) std::cerr << "\n";
  return std::move(*answered);
}

int perform_and_print(const std::string& data_dir, std::string_view operation,
                      const Json& arguments, Output output,
                      const std::function<int(const Json&)>& verdict) {
  const auto result = perform(data_dir, operation, arguments, output);
  if (!result.ok()) return report(result.error());
  print(*result, output);
  return verdict ? verdict(*result) : kYes;
}

int exit_code(const Error& error) {
  switch (error.reason()) {
    case Reason::kStoreMissing:
    case Reason::kStoreLocked:
    case Reason::kStoreExists:
    case Reason::kFileUnwritable:
    case Reason::kKeyMissing:
    case Reason::kKeyFile:
      return kFailure;
    default:
      break;
  }
  const int status = info(error.reason()).http_status;
  if (status >= 500) return kFailure;
  if (status == 400 || status == 413 || status == 415 || status == 422) return kBadInput;
  return kNo;
}

int report(const Error& error) {
  std::cerr << "licencehub: " << error.id() << ": " << info(error.reason()).english;
  if (!error.detail().empty()) std::cerr << " (" << error.detail() << ")";
  std::cerr << "\n";
  return exit_code(error);
}

}  // namespace lh::hub::app::commands
