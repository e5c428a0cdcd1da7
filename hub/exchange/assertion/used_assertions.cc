#include "hub/exchange/assertion/used_assertions.h"

namespace lh::hub::exchange {

UsedAssertions::Use UsedAssertions::take(const Uscc& organisation, std::string_view jti,
                                         UtcTime until, UtcTime now) {
  std::string key = organisation.text();  // 18 characters: no separator is needed
  key += jti;
  const std::lock_guard lock(mutex_);
  while (!by_expiry_.empty() && by_expiry_.begin()->first <= now.ms) {
    used_.erase(by_expiry_.begin()->second);
    by_expiry_.erase(by_expiry_.begin());
  }
  if (used_.contains(key)) return Use::kAgain;
  if (used_.size() >= most_) return Use::kFull;
  by_expiry_.emplace(until.ms, key);
  used_.emplace(std::move(key), until.ms);
  return Use::kFirst;
}

}  // namespace lh::hub::exchange
