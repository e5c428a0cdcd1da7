#include <CLI/CLI.hpp>

#include <iostream>

#include "crypto/system_random.h"
#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string data_dir, name = "Licence Hub", origin, public_url, listen, listen_public;
  std::vector<std::string> hosts;
  bool passphrase = false;
};

// "https://licences.example:8443/x" -> "licences.example".
std::string host_of(const std::string& url) {
  const auto begin = url.find("://");
  const auto rest = begin == std::string::npos ? url : url.substr(begin + 3);
  return rest.substr(0, rest.find_first_of(":/"));
}

bool is_ip(const std::string& host) {
  return host.find_first_not_of("0123456789.") == std::string::npos;
}

Result<crypto::RootKey> make_root(Config& config, bool passphrase, Random& random) {
  if (passphrase) return root_key_of(config);
  config.root_key_file = DataDir(config.data_dir).root_key();
  return crypto::RootKey::create_file(config.root_key_file, random);
}

int init(const Options& options) {
  crypto::SystemRandom random;
  const SystemClock clock;
  Founding founding;
  Config& config = founding.config;
  config.name = options.name;
  config.data_dir = options.data_dir;
  config.public_url = options.public_url.empty() ? "https://localhost:8444" : options.public_url;
  config.origin = options.origin.empty() ? host_of(config.public_url) + "/log" : options.origin;
  if (!options.listen.empty()) config.listen = options.listen;
  if (!options.listen_public.empty()) config.listen_public = options.listen_public;
  founding.ca_name = options.name;
  founding.dns_names = {"localhost"};
  founding.ip_names = {"127.0.0.1"};
  for (std::string host : options.hosts) {
    (is_ip(host) ? founding.ip_names : founding.dns_names).push_back(std::move(host));
  }
  if (const auto host = host_of(config.public_url); !is_ip(host) && host != "localhost") {
    founding.dns_names.push_back(host);
  }
  if (exists(DataDir(options.data_dir).config())) {
    return report(Error(Reason::kStoreExists, options.data_dir));
  }
  if (auto made = make_dir(options.data_dir); !made.ok()) return report(made.error());
  auto root = make_root(config, options.passphrase, random);
  if (!root.ok()) return report(root.error());
  const Status done = found_hub(founding, *root, random, clock);
  if (!done.ok()) return report(done.error());
  std::cout << "A hub stands in " << options.data_dir << "\n"
            << "  configuration  " << DataDir(options.data_dir).config() << "\n"
            << "  log            " << config.origin << "\n"
            << "Keep the root key apart from the data: "
            << (options.passphrase ? "the passphrase" : config.root_key_file) << "\n"
            << "Next: licencehub department add --data-dir " << options.data_dir
            << " --uscc … --name … --division …\n"
            << "      licencehub serve --config " << DataDir(options.data_dir).config() << "\n";
  return kYes;
}

}  // namespace

void add_init(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  auto* c = app.add_subcommand("init", "Make a data directory: keys, certificate authority, log");
  c->add_option("--data-dir", options->data_dir, "Directory to make")->required();
  c->add_option("--name", options->name, "Name of the hub and its certificate authority");
  c->add_option("--origin", options->origin, "Name of the audit log (default: <host>/log)");
  c->add_option("--public-url", options->public_url,
                "Address the public reaches, https://host[:port]; goes into documents");
  c->add_option("--listen", options->listen, "Address for departments (127.0.0.1:8443)");
  c->add_option("--listen-public", options->listen_public,
                "Address for the public (127.0.0.1:8444)");
  c->add_option("--host", options->hosts, "Further names or addresses of the server certificate");
  c->add_flag("--passphrase", options->passphrase,
              "Ask for a passphrase instead of making a key file");
  c->callback([options, &run] { run = [options] { return init(*options); }; });
}

}  // namespace lh::hub::app::commands
