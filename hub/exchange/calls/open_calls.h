// Calls out that were announced (source.intent) and have no outcome yet:
//   state "O" ‖ id of the call(16)  -> what was called for whom
// The row is written with the intent and deleted with the outcome, so a call has one outcome; what
// is left when a hub starts becomes outcome "unknown" (house.md, law 3).
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

enum class CallKind : std::uint8_t { kObtain = 1, kPush = 2 };  // stored; never renumber

struct OpenCall {
  Tag correlation{};
  CallKind kind = CallKind::kObtain;
  std::string adapter;
  SubjectNo subject;
  std::uint64_t intent = 0;  // index of its entry; known once it is stored
};

ledger::RowWrite open_call_row(const OpenCall& call);
// The row goes, and must still be there as the intent left it.
void close_call(const Tag& correlation, std::uint64_t intent, std::vector<ledger::RowWrite>& rows,
                std::vector<ledger::Precondition>& preconditions);
// Errors: store.corrupt.
Result<std::vector<OpenCall>> list_open_calls(const store::Store& store, std::size_t limit);

}  // namespace lh::hub::exchange
