// adapter host: the front-end machine (前置机). It dials out to the hub it serves and listens
// nowhere.
#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <iostream>

#include "crypto/system_random.h"
#include "hub/app/commands/commands.h"
#include "hub/app/peers/host_loop.h"
#include "hub/app/sources.h"

namespace lh::hub::app::commands {
namespace {

constexpr std::size_t kSecretBytes = 64U << 10U;

std::atomic<bool> stopped = false;

// A secret is read when it is used: a password that was changed needs no restart.
class SecretFiles final : public adapters::Secrets {
 public:
  explicit SecretFiles(const std::map<std::string, std::string>& files) : files_(files) {}
  Result<Secret> find(std::string_view name) const override {
    const auto at = files_.find(std::string(name));
    if (at == files_.end()) return Error(Reason::kKeyMissing, std::string(name));
    std::string text = LH_TRY(read_file(at->second, kSecretBytes));
    while (text.ends_with('\n')) text.pop_back();
    Secret out = Secret::copy_of(text);
    wipe(text);
    return out;
  }

 private:
  const std::map<std::string, std::string>& files_;
};

int run_adapter_host(const std::string& config_file) {
  const auto config = load_host_config(config_file);
  if (!config.ok()) return report(config.error());
  const SystemClock clock;
  crypto::SystemRandom random;
  const SecretFiles secrets(config->secrets);
  const adapters::Surroundings surroundings{clock, random, secrets, config->allowed_targets,
                                            config->allow_loopback};
  adapters::Kinds kinds;
  add_kinds(kinds, surroundings, message_digests());
  HostWorker worker(*config, kinds);
  if (const auto checked = worker.check(); !checked.ok()) return report(checked.error());
  for (const int number : {SIGINT, SIGTERM, SIGQUIT}) {
    std::signal(number, [](int) { stopped = true; });
  }
  std::cerr << "adapter host: serving " << config->adapters.size() << " of https://" << config->host
            << ":" << config->port << "\n";
  const Status ended = run_host(*config, worker, to_hex(view(random.array<8>())), stopped);
  return ended.ok() ? static_cast<int>(kYes) : report(ended.error());
}

}  // namespace

void add_adapter_host(CLI::App& adapter, Run& run) {
  auto file = std::make_shared<std::string>();
  auto* c = adapter.add_subcommand(
      "host", "Serve sources to a hub from their own network: dials out, listens nowhere");
  c->add_option("--config", *file, "TOML: the hub, a certificate, the sources")->required();
  c->callback([file, &run] { run = [file] { return run_adapter_host(*file); }; });
}

}  // namespace lh::hub::app::commands
