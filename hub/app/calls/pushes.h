// Telling departments' systems what happened: rows of the outbox for the act under way, and their
// delivery, each attempt between an intent and an outcome of the log.
#pragma once

#include <atomic>

#include "hub/app/calls/calls.h"
#include "hub/exchange/calls/outbox.h"
#include "hub/exchange/people/base_data_acts.h"
#include "hub/licences/licence_office.h"
#include "schemas/json.h"

namespace lh::hub::app::calls {

// One row for each live adapter that wants to be told of it. Cost: a look at the view.
std::vector<ledger::RowWrite> rows_for(const Board& board, const licences::LicenceEvent& event,
                                       Random& random);
// The organisation that wrote base data knows it: its own adapters are not told.
std::vector<ledger::RowWrite> rows_for(const Board& board, const exchange::BaseDataEvent& event,
                                       Random& random);

class Pushes {
 public:
  explicit Pushes(const CallParts& parts) : parts_(parts) {}
  // Adapters with a push that is due, by name. Errors: store.corrupt.
  Result<std::vector<std::string>> due() const;
  // Sends what is due of one adapter in its order, until one fails for a while, has no turn under
  // the limits of its source within a second (it stays due), or `stop`. Blocks;
  // one thread an adapter. Errors: those of the log and the store; what a source says is kept with
  // the push.
  Status deliver(const std::string& adapter, const std::atomic<bool>& stop);
  // The pushes that were given up wait again, and are due now: how many (at most 1,000 a call).
  // facts: of the entry that says who wanted it.
  Result<std::uint64_t> retry(const std::string& adapter, audit::EntryFacts facts);

 private:
  struct Announced;
  struct Session;
  struct Told;
  Status attempt(const LiveAdapter& adapter, Session& session, exchange::OutboxRow row);
  Result<Told> licence_told(const exchange::OutboxRow& row, const Permit& permit) const;
  Result<Told> base_data_told(const exchange::OutboxRow& row, const Permit& permit) const;
  Result<Announced> announce(const LiveAdapter& adapter, const exchange::OutboxRow& row);
  Status conclude(const Announced& announced, const Status& sent, exchange::OutboxRow row);
  Status give_up(exchange::OutboxRow row, const Error& why);
  CallParts parts_;
};

// {"waiting":1,"failed":0} and, as many as asked for, the pushes themselves. Errors: store.corrupt.
Result<schemas::Json> pushes_json(const store::Store& store, const std::string& adapter,
                                  std::size_t shown);

}  // namespace lh::hub::app::calls
