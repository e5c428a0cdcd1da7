// What departments' systems are to be told (审管信息双向推送), written in the batch of the act it
// is about:
//   data "J" ‖ adapter ‖ 0 ‖ state(1) ‖ ms(8) ‖ push id(16)  -> what happened to which licence, or
//                                               to which subject's base data, and how far telling
//                                               it has come
// Nothing personal: the record is made when it is sent. Delivered in order, at least once, with the
// push id by which the source knows a repetition.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::exchange {

enum class PushState : std::uint8_t { kWaiting = 0, kFailed = 1 };  // stored; never renumber
std::string_view push_state_text(PushState s);                      // "waiting", "failed"

enum class PushAbout : std::uint8_t { kLicence = 0, kBaseData = 1 };

struct OutboxRow {
  std::string adapter;
  UtcTime at;  // when it happened
  Tag id{};
  PushAbout about = PushAbout::kLicence;
  LicenceKey licence;
  SubjectNo subject{};  // of base data, with …
  std::string kind;     // … its kind
  int version = 1;      // of the licence or of the base data
  std::string event;    // "issued" or a status action; "new", "changed" or "corrected"
  UtcTime effective;
  PushState state = PushState::kWaiting;
  std::uint32_t attempts = 0;
  UtcTime next;        // not tried before
  std::string reason;  // of the last attempt; empty: none yet
  std::uint64_t commit_index = 0;
};

ledger::RowWrite outbox_row(const OutboxRow& row);     // put
ledger::RowWrite outbox_delete(const OutboxRow& row);  // told
// The same push in another state or with other counts.
void rewrite_outbox(const OutboxRow& before, const OutboxRow& after,
                    std::vector<ledger::RowWrite>& rows);
ledger::Precondition outbox_as_read(const OutboxRow& row);

// The oldest first; at most `limit`. Errors: store.corrupt.
Result<std::vector<OutboxRow>> list_outbox(const store::Store& store, const std::string& adapter,
                                           PushState state, std::size_t limit);
// The oldest that waits: later ones do not overtake it.
Result<std::optional<OutboxRow>> first_waiting(const store::Store& store,
                                               const std::string& adapter);
// Counted up to a thousand each: whoever lists adapters waits for it.
struct OutboxCounts {
  std::uint64_t waiting = 0, failed = 0;
};
Result<OutboxCounts> count_outbox(const store::Store& store, const std::string& adapter);

// After the n-th attempt that failed (1…): doubled each time, up to an hour, with up to a quarter
// more or less so that sources are not asked in step. None: given up.
std::optional<std::int64_t> wait_after(std::uint32_t attempts, Random& random);

}  // namespace lh::hub::exchange
