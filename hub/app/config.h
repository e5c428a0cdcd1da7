// The configuration of one hub (TOML, docs/operations.md). Unknown keys are refused with their
// line. Paths are relative to the file they stand in.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace lh::hub::app {

int default_workers();  // the cores of this machine, at most 8

struct Config {
  std::string name = "Licence Hub";
  std::string origin;      // of the log, "licences.example.gov.cn/log"
  std::string public_url;  // "https://licences.example.gov.cn"
  std::string data_dir;
  std::string root_key_file;  // empty: passphrase from the terminal or credential
  std::string listen = "127.0.0.1:8443";
  std::string listen_public = "127.0.0.1:8444";
  std::vector<std::string> hosts;   // served Host values; empty = any
  int threads = 1;                  // event loops
  int workers = default_workers();  // pool for work that burns CPU
  std::size_t block_cache_mib = 24;
  std::size_t write_buffer_mib = 16;
  std::uint64_t disk_low_mib = 512;
  std::uint64_t ballast_mib = 64;
  int reference_days = 30;
  std::size_t max_connections = 4096;
  std::vector<std::string> outbound_targets;  // "host:port" that adapters may call
  bool outbound_loopback = false;             // whether this machine itself may be one of them
  std::vector<std::string> faces;             // "guangdong", "national": docs/formats/faces.md
};

Result<Config> parse_config(std::string_view toml, const std::string& base_dir);
std::string config_text(const Config& config);  // what `init` writes; parses back to the same
Result<Config> load_config(const std::string& path);

// "127.0.0.1:8443" -> host and port. Errors: config.invalid.
struct Address {
  std::string host;
  std::uint16_t port = 0;
};
Result<Address> parse_address(std::string_view text);

}  // namespace lh::hub::app
