// Anonymous refusals are counted per reason and minute; each count becomes one entry when its
// minute is over (or at shutdown). A known caller's refusal is an entry of its own, made by its
// route.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "base/time.h"
#include "hub/audit/entry.h"

namespace lh::hub::audit {

class RefusalCounter {
 public:
  void count(Reason reason, UtcTime now);
  // Facts of the minutes that ended before now; with max(): all of them.
  std::vector<EntryFacts> take_finished(UtcTime now);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::int64_t, Reason>, std::uint64_t> counts_;
};

}  // namespace lh::hub::audit
