// What a case remembers of its plan, so that the next one says what changed.
//   data "m" ‖ case_id(16)  -> [1, revision, [[material, state]…]]: codes only
// Private to hub/exchange.
#pragma once

#include "base/ids.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

// Sets revision and changes of the plan; where it differs from what is remembered (or nothing is),
// the row and its precondition go into made.memory. Errors: store.corrupt.
Status remember_plan(const store::Store& store, const CaseId& id, MadePlan& made);

}  // namespace lh::hub::exchange
