// Assertions that were used, until they expire: none is taken twice. Bounded; when it is full of
// assertions that are still alive, further ones are refused.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/ids.h"
#include "base/time.h"

namespace lh::hub::exchange {

class UsedAssertions {
 public:
  explicit UsedAssertions(std::size_t most = 262144) : most_(most) {}
  enum class Use : std::uint8_t { kFirst, kAgain, kFull };
  // until: the moment from which the assertion is refused anyway. Threads: any.
  Use take(const Uscc& organisation, std::string_view jti, UtcTime until, UtcTime now);

 private:
  std::size_t most_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> used_;            // organisation ‖ jti -> until
  std::multimap<std::int64_t, std::string> by_expiry_;  // the same, the oldest first
};

}  // namespace lh::hub::exchange
