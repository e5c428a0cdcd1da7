// The case feed 办件库 of an organisation: which case numbers its approval system has, for which
// matter and applicant, and whether they are still open. Where it is required, no case is opened
// and no material is read without an open one in the feed, so a number made up at a desk opens
// nothing. What the feed says comes from another system of the organisation (role case_feed).
//   data "Ef" ‖ tag(16) of organisation ‖ 0 ‖ case number
// Private to hub/exchange.
#pragma once

#include <optional>
#include <string>

#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

enum class FeedState : std::uint8_t { kOpen = 1, kClosed = 2 };  // stored
std::string_view feed_state_text(FeedState s);                   // "open", "closed"
Result<FeedState> parse_feed_state(std::string_view text);

struct FeedRecord {
  std::string matter;
  std::optional<Tag> applicant;  // feed_applicant_tag; nothing: the feed does not say
  FeedState state = FeedState::kOpen;
  UtcTime changed;                 // as the department's system says
  std::uint64_t commit_index = 0;  // 0 = not stored yet
};

// An applicant is compared by the identifier it is named by.
Tag feed_applicant_tag(const subjects::SubjectDirectory& directory, const SubjectId& id);
// By case_number_tag(). Errors: store.corrupt.
Result<std::optional<FeedRecord>> find_in_feed(const store::Store& store, const Tag& number);
void write_feed(const Tag& number, const FeedRecord& record, ledger::Change& change);

// A case as it is named where it has to be open.
struct FeedQuestion {
  const access::Caller& caller;
  Tag number{};
  std::string_view matter;
  std::optional<Tag> applicant = {};  // when it is known by its identifier
};
// Errors: case.not_in_feed (also: of another matter or applicant), case.closed. Organisations
// without a required feed have every case.
Status check_feed(const store::Store& store, const FeedQuestion& question);

}  // namespace lh::hub::exchange
