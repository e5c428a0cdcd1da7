#include "hub/app/peers/host_config.h"

#include <charconv>
#include <filesystem>

#include "hub/app/data_dir.h"

namespace lh::hub::app {
namespace {

namespace fs = std::filesystem;
using adapters::SettingsNode;
using adapters::SettingsReader;

constexpr std::size_t kConfigBytes = 1U << 20U;

std::string from_folder(const fs::path& folder, const std::string& path) {
  return path.empty() || fs::path(path).is_absolute() ? path : (folder / path).string();
}

// "https://host:port".
Status read_hub(SettingsReader& in, HostConfig& out) {
  std::string url = LH_TRY(in.required_text("hub"));
  if (!url.starts_with("https://")) return in.invalid("hub: https://host:port");
  url.erase(0, 8);
  const auto colon = url.rfind(':');
  out.host = url.substr(0, colon);
  if (colon != std::string::npos) {
    const char* end = url.data() + url.size();
    if (std::from_chars(url.data() + colon + 1, end, out.port).ptr != end || out.port == 0) {
      return in.invalid("hub: https://host:port");
    }
  }
  if (out.host.empty() || out.host.find('/') != std::string::npos) {
    return in.invalid("hub: https://host:port");
  }
  return {};
}

// The [source] table of a file of its own, or of a mapping.
Result<HostedSource> read_adapter(SettingsReader& in, const fs::path& folder) {
  HostedSource out;
  const std::string path = from_folder(folder, LH_TRY(in.required_text("source")));
  const auto root = LH_TRY(adapters::parse_settings(LH_TRY(read_file(path, kConfigBytes))));
  const SettingsNode* source = root.find("source");
  if (source == nullptr) return in.invalid("source: a file with a [source] table");
  out.source = *source;
  out.input = from_folder(folder, LH_TRY(in.text("input")));
  return out;
}

}  // namespace

Result<HostConfig> load_host_config(const std::string& path) {
  const fs::path folder = fs::absolute(path).parent_path();
  const auto root = LH_TRY(adapters::parse_settings(LH_TRY(read_file(path, kConfigBytes))));
  auto in = LH_TRY(SettingsReader::open(root, "configuration"));
  HostConfig out;
  LH_TRY(read_hub(in, out));
  out.ca_file = from_folder(folder, LH_TRY(in.required_text("ca")));
  out.certificate_file = from_folder(folder, LH_TRY(in.required_text("certificate")));
  out.key_file = from_folder(folder, LH_TRY(in.required_text("key")));
  out.allowed_targets = LH_TRY(in.texts("outbound_targets"));
  out.allow_loopback =
      LH_TRY(in.flag("outbound_loopback", adapters::Flag::kNo)) == adapters::Flag::kYes;
  for (const auto& [name, file] : LH_TRY(in.pairs("secrets"))) {
    out.secrets.emplace(name, from_folder(folder, file));
  }
  for (const SettingsNode* table : LH_TRY(in.tables("adapters"))) {
    auto adapter = LH_TRY(SettingsReader::open(*table, "adapters"));
    const std::string name = LH_TRY(adapter.required_text("name"));
    auto hosted = LH_TRY(read_adapter(adapter, folder));
    LH_TRY(adapter.finish());
    if (!out.adapters.emplace(name, std::move(hosted)).second) {
      return adapter.invalid("two adapters have this name");
    }
  }
  if (out.adapters.empty()) return in.invalid("[[adapters]]: name what this host serves");
  LH_TRY(in.finish());
  return out;
}

}  // namespace lh::hub::app
