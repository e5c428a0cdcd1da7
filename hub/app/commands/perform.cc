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

// One line that is written over: how far it is, how fast it goes, how long it will take.
class ProgressLine {
 public:
  void show(const Json& p) {
    if (p.find("of") != nullptr) {
      std::cerr << "\r" << number(p, "done") << " of " << number(p, "of") << std::flush;
      return;
    }
    const std::int64_t us = clock_.monotonic_us();
    const std::int64_t read = number(p, "read");
    const std::int64_t position = number(p, "position");
    if (begun_us_ == 0) {  // a run that goes on does not begin at nothing
      begun_us_ = us;
      first_read_ = read;
      first_position_ = position;
    }
    std::cerr << "\rread " << read << ", new " << number(p, "new") << ", same " << number(p, "same")
              << ", quarantined " << number(p, "quarantined");
    const std::int64_t size = number(p, "size");
    if (size > 0) std::cerr << " (" << position * 100 / size << " %)";
    show_rate(us - begun_us_, read - first_read_, position - first_position_, size - position);
    std::cerr << "   " << std::flush;
  }

 private:
  static std::int64_t number(const Json& p, const char* name) {
    const Json* found = p.find(name);
    return found != nullptr && found->integer() != nullptr ? *found->integer() : 0;
  }
  static void show_rate(std::int64_t us, std::int64_t rows, std::int64_t bytes, std::int64_t left) {
    if (us < 200'000 || rows <= 0) return;
    std::cerr << ", " << rows * 1'000'000 / us << " rows/s";
    if (bytes <= 0 || left <= 0) return;
    const auto seconds = static_cast<std::int64_t>(
        static_cast<double>(left) / static_cast<double>(bytes) * static_cast<double>(us) / 1e6);
    std::cerr << ", " << seconds / 60 << ":" << (seconds % 60 < 10 ? "0" : "") << seconds % 60
              << " left";
  }
  SystemClock clock_;
  std::int64_t begun_us_ = 0;
  std::int64_t first_read_ = 0;
  std::int64_t first_position_ = 0;
};

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
  ProgressLine line;
  const operations::Progress progress = [&shown, &line, output](const Json& p) {
    if (output == Output::kJson || ::isatty(STDERR_FILENO) == 0) return;
    shown = true;
    line.show(p);
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
