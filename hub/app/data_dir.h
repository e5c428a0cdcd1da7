// The data directory of one hub, and the few file operations the commands need.
//   config.toml  root.key  keys.lhk  buckets.lhk  checkpoint  ballast  admin.sock
//   store/ (RocksDB)  trust/*.pem (anchors)
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lh::hub::app {

class DataDir {
 public:
  explicit DataDir(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }
  std::string config() const { return path_ + "/config.toml"; }
  std::string root_key() const { return path_ + "/root.key"; }
  std::string keys() const { return path_ + "/keys.lhk"; }
  std::string buckets() const { return path_ + "/buckets.lhk"; }
  std::string checkpoint() const { return path_ + "/checkpoint"; }
  std::string socket() const { return path_ + "/admin.sock"; }
  std::string store() const { return path_ + "/store"; }
  std::string trust() const { return path_ + "/trust"; }

 private:
  std::string path_;
};

Result<std::string> read_file(const std::string& path, std::size_t max_bytes);
// New file (or replaced as a whole), synced; mode 0600 for what is owner-only.
enum class Audience : std::uint8_t { kOwner, kEverybody };
Status write_file(const std::string& path, std::string_view bytes, Audience audience);
Status make_dir(const std::string& path);  // with parents; mode 0700 for the last one
bool exists(const std::string& path);

}  // namespace lh::hub::app
