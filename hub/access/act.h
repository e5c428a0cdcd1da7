// Act: one prepared operation — what is to become durable, and the answer that opens with it.
// Services (licences, exchange, subjects' routes) prepare acts; hub/api commits and answers.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "base/permit.h"
#include "hub/audit/entry.h"
#include "hub/ledger/change.h"

namespace lh::hub::access {

struct Act {
  ledger::Change change;            // entries[0] records this act
  Undisclosed<std::string> answer;  // one JSON object as text; hub/api puts the receipt into it
  int http_status = 200;
  Bytes recipe;                       // how to answer a replay the same; never a personal body
  std::function<Status()> committed;  // optional: what must be read anew once this is durable
};

// A known caller's refusal: it becomes an entry, then a problem answer.
struct Refused {
  Error error;
  audit::EntryFacts facts;  // event kRefused, decision kDeny, with what is known
};

using Prepared = std::variant<Act, Refused>;

}  // namespace lh::hub::access
