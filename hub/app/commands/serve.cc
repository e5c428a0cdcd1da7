#include <Poco/Util/ServerApplication.h>
#include <CLI/CLI.hpp>

#include <iostream>

#include "base/log.h"
#include "crypto/system_random.h"
#include "hub/app/commands/commands.h"
#include "hub/app/serve/service.h"

namespace lh::hub::app::commands {
namespace {

// Waits for SIGINT, SIGTERM or SIGQUIT; the service stops in order.
class Waiting final : public Poco::Util::ServerApplication {
 public:
  void wait() { waitForTerminationRequest(); }
};

int serve_hub(const std::string& path) {
  auto config = load_config(path);
  if (!config.ok()) return report(config.error());
  auto root = root_key_of(*config);
  if (!root.ok()) return report(root.error());
  crypto::SystemRandom random;
  const SystemClock clock;
  Waiting waiting;  // before any thread is made: they inherit its signal mask
  auto hub = Hub::open(*config, *root, random, clock);
  if (!hub.ok()) return report(hub.error());
  auto service = serve::Service::start(**hub);
  if (!service.ok()) return report(service.error());
  std::cerr << "licencehub: departments https://" << parse_address(config->listen).value().host
            << ":" << (*service)->port(api::Listener::kDepartments) << ", public https://"
            << parse_address(config->listen_public).value().host << ":"
            << (*service)->port(api::Listener::kPublic) << "\n";
  waiting.wait();
  std::cerr << "licencehub: stopping\n";
  return kYes;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto path = std::make_shared<std::string>();
  auto* c = app.add_subcommand("serve", "Serve departments and the public until stopped");
  c->add_option("--config", *path, "Configuration file (made by init)")->required();
  c->callback([path, &run] { run = [path] { return serve_hub(*path); }; });
}

}  // namespace lh::hub::app::commands
