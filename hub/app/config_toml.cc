#include <toml++/toml.h>
#include <algorithm>
#include <set>
#include <sstream>
#include <thread>

#include "hub/app/config.h"
#include "hub/app/data_dir.h"

namespace lh::hub::app {
namespace {

Error bad(const toml::node& node, const std::string& what) {
  return Error(Reason::kConfigInvalid,
               "line " + std::to_string(node.source().begin.line) + ": " + what);
}

std::string resolve(const std::string& path, const std::string& base_dir) {
  if (path.empty() || path.front() == '/') return path;
  return base_dir + "/" + path;
}

// One key of the file and where its value goes.
class Reader {
 public:
  explicit Reader(const toml::table& table) : table_(table) {}
  Status text(const char* key, std::string& out) {
    known_.insert(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return ok_status();
    const auto value = node->value_exact<std::string>();
    if (!value) return bad(*node, std::string(key) + " is a string");
    out = *value;
    return ok_status();
  }
  template <class T>
  Status number(const char* key, T& out, std::int64_t low, std::int64_t high) {
    known_.insert(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return ok_status();
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < low || *value > high) {
      return bad(*node, std::string(key) + " is a number from " + std::to_string(low) + " to " +
                            std::to_string(high));
    }
    out = static_cast<T>(*value);
    return ok_status();
  }
  Status texts(const char* key, std::vector<std::string>& out) {
    known_.insert(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return ok_status();
    const toml::array* array = node->as_array();
    if (array == nullptr) return bad(*node, std::string(key) + " is a list of strings");
    for (const auto& item : *array) {
      const auto value = item.value_exact<std::string>();
      if (!value) return bad(item, std::string(key) + " is a list of strings");
      out.push_back(*value);
    }
    return ok_status();
  }
  Status truth(const char* key, bool& out) {
    known_.insert(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return ok_status();
    const auto value = node->value_exact<bool>();
    if (!value) return bad(*node, std::string(key) + " is true or false");
    out = *value;
    return ok_status();
  }
  Status finish() const {
    for (const auto& [key, node] : table_) {
      if (!known_.contains(std::string(key.str()))) {
        return bad(node, "unknown key " + std::string(key.str()));
      }
    }
    return ok_status();
  }

 private:
  const toml::table& table_;
  std::set<std::string> known_;
};

Status read_numbers(Reader& r, Config& c) {
  LH_TRY(r.number("threads", c.threads, 1, 64));
  LH_TRY(r.number("workers", c.workers, 1, 64));
  LH_TRY(r.number("block_cache_mib", c.block_cache_mib, 1, 65536));
  LH_TRY(r.number("write_buffer_mib", c.write_buffer_mib, 1, 1024));
  LH_TRY(r.number("disk_low_mib", c.disk_low_mib, 16, 1 << 20));
  LH_TRY(r.number("ballast_mib", c.ballast_mib, 1, 65536));
  LH_TRY(r.number("reference_days", c.reference_days, 1, 366));
  return r.number("max_connections", c.max_connections, 1, 100000);
}

}  // namespace

int default_workers() {
  constexpr unsigned kMost = 8;
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMost));
}

Result<Config> parse_config(std::string_view text, const std::string& base_dir) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& e) {
    return Error(Reason::kConfigSyntax, "line " + std::to_string(e.source().begin.line) + ": " +
                                            std::string(e.description()));
  }
  Config c;
  Reader r(table);
  LH_TRY(r.text("name", c.name));
  LH_TRY(r.text("origin", c.origin));
  LH_TRY(r.text("public_url", c.public_url));
  LH_TRY(r.text("data_dir", c.data_dir));
  LH_TRY(r.text("root_key_file", c.root_key_file));
  LH_TRY(r.text("listen", c.listen));
  LH_TRY(r.text("listen_public", c.listen_public));
  LH_TRY(r.texts("hosts", c.hosts));
  LH_TRY(r.texts("outbound_targets", c.outbound_targets));
  LH_TRY(r.truth("outbound_loopback", c.outbound_loopback));
  LH_TRY(r.texts("faces", c.faces));
  LH_TRY(read_numbers(r, c));
  LH_TRY(r.finish());
  if (c.origin.empty()) return Error(Reason::kConfigInvalid, "origin is missing");
  if (c.public_url.empty()) return Error(Reason::kConfigInvalid, "public_url is missing");
  LH_TRY(parse_address(c.listen));
  LH_TRY(parse_address(c.listen_public));
  c.data_dir = resolve(c.data_dir.empty() ? "." : c.data_dir, base_dir);
  c.root_key_file = resolve(c.root_key_file, base_dir);
  return c;
}

std::string config_text(const Config& c) {
  const auto list_of = [](const std::vector<std::string>& texts) {
    toml::array out;
    for (const auto& text : texts) out.push_back(text);
    return out;
  };
  const toml::table table{{"name", c.name},
                          {"origin", c.origin},
                          {"public_url", c.public_url},
                          {"data_dir", c.data_dir},
                          {"root_key_file", c.root_key_file},
                          {"listen", c.listen},
                          {"listen_public", c.listen_public},
                          {"hosts", list_of(c.hosts)},
                          {"threads", c.threads},
                          {"workers", c.workers},
                          {"block_cache_mib", static_cast<std::int64_t>(c.block_cache_mib)},
                          {"write_buffer_mib", static_cast<std::int64_t>(c.write_buffer_mib)},
                          {"disk_low_mib", static_cast<std::int64_t>(c.disk_low_mib)},
                          {"ballast_mib", static_cast<std::int64_t>(c.ballast_mib)},
                          {"reference_days", c.reference_days},
                          {"max_connections", static_cast<std::int64_t>(c.max_connections)},
                          {"outbound_targets", list_of(c.outbound_targets)},
                          {"outbound_loopback", c.outbound_loopback},
                          {"faces", list_of(c.faces)}};
  std::ostringstream out;
  out << "# Configuration of a Licence Hub; every key is described in docs/operations.md\n"
      << table << "\n";
  return out.str();
}

Result<Config> load_config(const std::string& path) {
  const std::string text = LH_TRY(read_file(path, 1U << 20U));
  const auto slash = path.rfind('/');
  return parse_config(text, slash == std::string::npos ? "." : path.substr(0, slash));
}

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return Error(Reason::kConfigInvalid, "an address is host:port");
  }
  Address a;
  a.host = std::string(text.substr(0, colon));
  unsigned port = 0;
  const auto digits = text.substr(colon + 1);
  for (const char c : digits) {
    if (c < '0' || c > '9') return Error(Reason::kConfigInvalid, "the port is a number");
    port = port * 10 + static_cast<unsigned>(c - '0');
    if (port > 65535) return Error(Reason::kConfigInvalid, "the port is at most 65535");
  }
  if (digits.empty()) return Error(Reason::kConfigInvalid, "the port is missing");
  a.port = static_cast<std::uint16_t>(port);
  return a;
}

}  // namespace lh::hub::app
