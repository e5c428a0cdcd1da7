#include "hub/ingest/commit.h"

#include <future>

namespace lh::hub::ingest {

Registers registers(store::Family family, ByteView key) {
  const bool yes = (family == store::Family::kData && key.starts_with('L')) ||
                   (family == store::Family::kKey && key.starts_with('S'));
  return yes ? Registers::kYes : Registers::kNo;
}

std::vector<SubjectNo> registered_by(const ledger::Change& change) {
  std::vector<SubjectNo> out;
  for (const auto& row : change.rows) {
    if (row.family != store::Family::kKey || row.key.size() != 9) continue;
    out.push_back(SubjectNo{read_be64(ByteView(row.key).substr(1))});
  }
  return out;
}

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
