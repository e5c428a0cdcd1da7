// Chunks on their way to the ledger: workers prepare, the ledger writes, and whoever is stale is
// prepared again. A bounded number is on the way at once, so memory stays flat.
// Threads: push() and wait_idle() by the reader; decided runs on a worker, one chunk at a time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "hub/ingest/load/preparer.h"

namespace lh::hub::ingest {

class Pipeline {
 public:
  using Decided = std::function<void(Chunk&)>;
  Pipeline(const Preparer& preparer, SubmitChange submit, int workers, Decided decided);
  ~Pipeline();  // waits for what is on the way
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void push(Chunk chunk);  // waits while the pipeline is full
  Status wait_idle();      // until every chunk is decided; the failure when there was one
  std::optional<Error> failure() const;

 private:
  struct Work;
  using WorkPtr = std::shared_ptr<Work>;
  void run();
  void advance(const WorkPtr& work);
  Status prepare(Work& work) const;
  void send(const WorkPtr& work);
  void answered(const WorkPtr& work, std::size_t index, const Status& answer);
  void take_answers(Work& work);
  void finish(Work& work);
  void fail(const Error& error);

  const Preparer& preparer_;
  SubmitChange submit_;
  Decided decided_;
  mutable std::mutex mutex_;
  std::mutex deciding_;
  std::condition_variable work_;  // for workers
  std::condition_variable room_;  // for the reader
  std::deque<WorkPtr> ready_;
  std::size_t on_the_way_ = 0;
  bool stopping_ = false;
  std::optional<Error> failure_;
  std::vector<std::thread> threads_;
};

}  // namespace lh::hub::ingest
