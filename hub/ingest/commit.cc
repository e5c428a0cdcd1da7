#include "hub/ingest/commit.h"

#include <future>

namespace lh::hub::ingest {

Status commit_and_wait(const SubmitChange& submit, ledger::Change change) {
  // Shared: the ledger may still be inside set_value when get() returns.
  const auto promise = std::make_shared<std::promise<Status>>();
  auto answer = promise->get_future();
  submit(std::move(change), [promise](const Result<std::vector<Recorded>>& recorded) {
    promise->set_value(recorded.ok() ? ok_status() : Status(recorded.error()));
  });
  return answer.get();
}

}  // namespace lh::hub::ingest
