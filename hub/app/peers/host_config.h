// The configuration of an adapter host (TOML): which hub it serves, with which certificate, and the
// sources it has. Format: docs/formats/adapter-host.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/settings.h"
#include "base/result.h"

namespace lh::hub::app {

struct HostedSource {
  adapters::SettingsNode source;  // its [source] table
  std::string input;              // of files: the file
};

struct HostConfig {
  std::string host;  // of the hub
  std::uint16_t port = 443;
  std::string ca_file, certificate_file, key_file;
  bool allow_loopback = false;
  std::vector<std::string> allowed_targets;    // what its own sources may call
  std::map<std::string, std::string> secrets;  // name -> file
  std::map<std::string, HostedSource> adapters;
};

// Paths count from the folder of the file. Errors: file.unreadable, mapping.syntax,
// mapping.invalid with the line.
Result<HostConfig> load_host_config(const std::string& path);

}  // namespace lh::hub::app
