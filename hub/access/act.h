// Act: one prepared operation — what is to become durable, and the answer that opens with it.
// Services (licences, exchange, subjects' routes) prepare acts; hub/api commits and answers.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/permit.h"
#include "hub/audit/entry.h"
#include "hub/ledger/change.h"

namespace lh::hub::access {

struct Caller;
class Policy;

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
  // What ends with it (the call out it concludes).
  std::vector<ledger::RowWrite> rows = {};
  std::vector<ledger::Precondition> preconditions = {};
};

using Settled = std::variant<Act, Refused>;

// How a call out ended, to be judged by the caller's rights and the policy of that moment.
using Conclude = std::function<Settled(const Caller&, const Policy&)>;

// An act that needs a department's system: announced in the log, called, and recorded again with
// one correlation id (house.md, law 3). Nothing is called before the intent is durable.
struct CallOut {
  ledger::Change intent;  // entries[0] is source.intent
  // Returns at once; `done` runs exactly once, on any thread.
  std::function<void(const Recorded& intent, std::function<void(Conclude)> done)> call;
  // The outcome when what Conclude gave could not be committed because somebody was quicker.
  std::function<Refused(Error, std::uint64_t intent)> lost;
};

using Prepared = std::variant<Act, Refused, CallOut>;

}  // namespace lh::hub::access
