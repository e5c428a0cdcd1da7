// What one policy answered before. decide() is pure, so the same question to the same policy has
// the same answer: the memo lives and dies with its policy. Threads: any.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "hub/access/gate.h"

namespace lh::hub::access {

class DecisionMemo {
 public:
  // As decide(), which it asks when the question is new.
  DecisionPtr decide(const Question& question, const Policy& policy);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, DecisionPtr> answers_;
};

}  // namespace lh::hub::access
