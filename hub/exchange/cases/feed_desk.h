// The desk of the case feed 办件库: a department's approval system says which cases it has, as they
// change. A later state replaces an earlier one; matter and applicant of a number never change.
// Audit: case_feed.stored (with the count), case.read (what the feed says); refusals
// access.refused.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/access/act.h"
#include "hub/exchange/cases/case_feed.h"
#include "schemas/json.h"

namespace lh::hub::exchange {

// POST /v1/case-feed: {cases: [{case_number, matter, applicant{scheme, id}?, state, changed_at}]}
struct FeedItem {
  std::string case_number, matter;
  std::optional<SubjectId> applicant;
  FeedState state = FeedState::kOpen;
  UtcTime changed;
};
struct FeedRequest {
  static constexpr std::size_t kMostCases = 500;
  std::vector<FeedItem> cases;
};
Result<FeedRequest> feed_request_from_json(const schemas::Json& j);

// POST /v1/case-feed/query: {case_number}
struct FeedQuery {
  std::string case_number;
};
Result<FeedQuery> feed_query_from_json(const schemas::Json& j);

class FeedDesk {
 public:
  explicit FeedDesk(const ExchangeParts& parts) : parts_(parts) {}
  // What is good is stored, all in one change; each case has its outcome: stored, same, stale (an
  // earlier change than the known one), refused (with a reason).
  Result<access::Prepared> store(const FeedRequest& request, ByteView raw,
                                 const access::Caller& caller, const access::Policy& policy) const;
  Result<access::Prepared> query(const FeedQuery& query, ByteView raw, const access::Caller& caller,
                                 const access::Policy& policy) const;

 private:
  ExchangeParts parts_;
};

}  // namespace lh::hub::exchange
