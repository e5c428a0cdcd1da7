// The watermark and the ballast: this RocksDB build aborts on a full disk and again at re-opening,
// so the hub turns read-only before that, and keeps a file it can give up to get room to start.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "hub/store/store.h"

namespace lh::hub::store {

struct DiskLimits {
  std::uint64_t low_bytes = 512ULL << 20U;     // below: writing is refused (store.disk_low, 507)
  std::uint64_t ballast_bytes = 64ULL << 20U;  // size of the file "ballast"
};

class DiskGuard {
 public:
  using Probe = std::function<Result<DiskState>(const std::string&)>;  // statvfs in production
  DiskGuard(std::string dir, DiskLimits limits, Probe probe);
  static Result<DiskState> probe_disk(const std::string& dir);
  Status ensure_ballast();   // makes it when there is room above the watermark
  Status release_ballast();  // at a start on a full disk
  Status check() const;      // ok or store.disk_low; cached 200 ms by the caller
  // True: enough room to open the store at all (ballast included).
  Status check_start();

 private:
  std::string dir_;
  DiskLimits limits_;
  Probe probe_;
};

}  // namespace lh::hub::store
