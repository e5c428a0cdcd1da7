// A write of base data on its way: admitted, not yet an act. Private to hub/exchange.
#pragma once

#include "hub/exchange/people/base_data_acts.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {

struct BaseDataActs::Writing {
  Permit permit;
  audit::EntryFacts facts;
  UtcTime now;
  ByteView raw;
  std::vector<SubjectNo> changed = {};  // whose key rows change with it

  access::Prepared refuse(Error error) {
    return access::Prepared(licences::refuse(std::move(error), std::move(facts)));
  }
  // What the request is to blame for is a refusal; a failure of the hub is not.
  Result<access::Prepared> refuse_or_fail(Error error) {
    if (info(error.reason()).http_status >= 500) return error;
    return refuse(std::move(error));
  }
};

// Rows and preconditions of a part of the change.
template <class Part>
void add_to(ledger::Change& change, Part& part) {
  for (auto& row : part.rows) change.rows.push_back(std::move(row));
  for (auto& p : part.preconditions) change.preconditions.push_back(std::move(p));
}

}  // namespace lh::hub::exchange
