// A folder that files are dropped into: on this machine or behind SFTP.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/drop/drop_settings.h"

namespace lh::adapters::drop {

struct Entry {
  std::string name;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  // since 1970
  std::int64_t changed_ms = 0;   // the last change that is known of, never before modified_ns
};

// A file as it was when it was taken up. Removing or renaming it does not touch what is read.
class Picked {
 public:
  Picked() = default;
  Picked(const Picked&) = delete;
  Picked& operator=(const Picked&) = delete;
  virtual ~Picked() = default;
  virtual const std::string& path() const = 0;  // readable as long as this lives
  // Errors: source.unavailable when somebody has written to it since.
  virtual Status unchanged() const = 0;
};

class Folder {
 public:
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  virtual ~Folder() = default;
  // Regular files only (no links), in the order of their names' bytes. Errors: source.unavailable,
  // source.refused, source.answer (a name that could lead out of the folder; more than 100,000).
  virtual Result<std::vector<Entry>> list() = 0;
  // Errors: source.unavailable (gone, or not what was listed).
  virtual Result<std::unique_ptr<Picked>> pick(const Entry& entry) = 0;
  virtual Status move(const std::string& name, const std::string& to_folder) = 0;
  // A new file in `folder`, whole or not at all; durable afterwards. One that is there stays as it
  // is, and that is no error. Errors: source.unavailable, source.refused.
  virtual Status add(const std::string& folder, const std::string& name, ByteView bytes) = 0;
};

constexpr std::size_t kMostFiles = 100'000;

// A file without a name in `spool`; gone with its descriptor, also when the process is killed.
Result<int> open_spool(const std::string& spool);
std::string path_of_descriptor(int fd);
// Errors: source.unavailable.
Status write_all(int fd, ByteView bytes);

std::unique_ptr<Folder> open_local_folder(const DropSettings& settings);
// Connects. Errors: source.target, source.unavailable, source.refused (another host key, the
// account), key.missing.
Result<std::unique_ptr<Folder>> open_sftp_folder(const DropSettings& settings,
                                                 const Surroundings& around);

}  // namespace lh::adapters::drop
