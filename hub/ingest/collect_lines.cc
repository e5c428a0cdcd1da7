// POST /v1/licences/collect: NDJSON, one licence a line, each committed on its own; several lines
// are on their way at once.
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "base/limits.h"
#include "hub/ingest/collect_line.h"
#include "hub/ingest/collection.h"
#include "hub/ingest/commit.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::ingest {
namespace {

using licences::LicenceOffice;

constexpr std::size_t kMostOnTheWay = 256;
constexpr std::ptrdiff_t kMostLines = 100000;
constexpr int kTries = 8;  // two lines about one holder: one of them is prepared again

struct LineOutcome {
  LicenceOffice::Outcome outcome = LicenceOffice::Outcome::kSame;
  LicenceKey key;
  std::uint64_t index = 0;  // of its entry
  std::optional<Error> error;
};

std::string_view outcome_text(LicenceOffice::Outcome o) {
  switch (o) {
    case LicenceOffice::Outcome::kNew:
      return "new";
    case LicenceOffice::Outcome::kChanged:
      return "changed";
    default:
      return "same";
  }
}

void append_outcome(std::string& out, std::size_t line, const LineOutcome& o) {
  out += "{\"line\":" + std::to_string(line) + ",\"outcome\":\"";
  if (o.error) {
    out += "refused\",\"reason\":\"";
    out += o.error->id();
    out += '"';
    if (!o.error->detail().empty()) {
      out += ",\"detail\":";
      schemas::append_json_string(out, o.error->detail());
    }
  } else {
    out += outcome_text(o.outcome);
    out += "\",\"licence_key\":\"" + o.key.text() + '"';
    if (o.index != 0) out += ",\"index\":" + std::to_string(o.index);
  }
  out += "}\n";
}

class LineRun {
 public:
  LineRun(const CollectionParts& parts, const access::Caller& caller, const access::Policy& policy)
      : parts_(parts), caller_(caller), policy_(policy) {}
  ~LineRun() { wait_for(0); }
  LineRun(const LineRun&) = delete;
  LineRun& operator=(const LineRun&) = delete;

  Result<std::string> run(std::string_view ndjson);

 private:
  struct Job {
    std::unique_ptr<licences::CollectRequest> request;  // while open or sent
    LineOutcome outcome;
    enum class State : std::uint8_t { kOpen, kSent, kDone } state = State::kOpen;
  };
  void read(std::string_view line);
  void send(std::size_t i);
  void answer(std::size_t i, const Result<std::vector<Recorded>>& recorded);
  void wait_for(std::size_t most);
  void settle(std::size_t end);
  void take_last();
  Status record() const;

  const CollectionParts& parts_;
  const access::Caller& caller_;
  const access::Policy& policy_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t on_the_way_ = 0;
  std::deque<Job> jobs_;        // a deque: the jobs stay where they are
  std::size_t settled_ = 0;     // jobs before it are done
  std::set<std::string> keys_;  // of the lines since then
};

void LineRun::wait_for(std::size_t most) {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this, most] { return on_the_way_ <= most; });
}

void LineRun::read(std::string_view line) {
  auto request = parse_collect_line(line, caller_.organisation);
  const std::lock_guard lock(mutex_);
  Job& job = jobs_.emplace_back();
  if (request.ok()) {
    job.request = std::make_unique<licences::CollectRequest>(std::move(*request));
  } else {
    job.outcome.error = request.error();
    job.state = Job::State::kDone;
  }
}

void LineRun::send(std::size_t i) {
  Job& job = jobs_[i];
  const Permit permit = parts_.gate.maintenance();
  auto made = parts_.office.collect(*job.request, policy_, permit);
  if (made.ok() && made->outcome == LicenceOffice::Outcome::kConflict) {
    made = Error(Reason::kRowConflict, "source_key");
  }
  if (!made.ok() || made->outcome == LicenceOffice::Outcome::kSame) {
    job.state = Job::State::kDone;
    if (!made.ok()) {
      job.outcome.error = made.error();
    } else {
      job.outcome.key = made->key;
      job.outcome.outcome = made->outcome;
    }
    return;
  }
  job.outcome.key = made->key;
  job.outcome.outcome = made->outcome;
  const auto subjects = registered_by(made->change);
  {
    const std::lock_guard lock(mutex_);
    job.state = Job::State::kSent;
    ++on_the_way_;
  }
  parts_.submit(std::move(made->change),
                [this, i](const Result<std::vector<Recorded>>& recorded) { answer(i, recorded); });
}

void LineRun::answer(std::size_t i, const Result<std::vector<Recorded>>& recorded) {
  const std::lock_guard lock(mutex_);
  Job& job = jobs_[i];
  job.state = Job::State::kDone;
  if (recorded.ok()) {
    job.request.reset();
    job.outcome.index = recorded->front().index();
  } else if (recorded.error().reason() == Reason::kStoreStale) {
    job.state = Job::State::kOpen;
  } else {
    job.outcome.error = recorded.error();
  }
  --on_the_way_;
  answered_.notify_all();
}

// One entry for the stream, and one a reason for the lines that were refused.
Status LineRun::record() const {
  std::map<Reason, std::uint64_t> refused;
  std::map<std::string_view, std::uint64_t> counts;
  for (const Job& job : jobs_) {
    if (job.outcome.error) {
      ++refused[job.outcome.error->reason()];
    } else {
      ++counts[outcome_text(job.outcome.outcome)];
    }
  }
  ledger::Change change;
  change.access = parts_.gate.maintenance().access_id();
  const auto add = [&](const audit::EntryFacts& facts) -> Status {
    change.entries.push_back(
        LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
    return ok_status();
  };
  auto facts = licences::facts_of(schemas::AuditEvent::kIngestRun, caller_, policy_);
  facts.count = jobs_.size();
  facts.object = "lines";
  for (const auto& [text, count] : counts) {
    facts.object += " " + std::string(text) + "=" + std::to_string(count);
  }
  LH_TRY(add(facts));
  for (const auto& [reason, count] : refused) {
    auto no = licences::refuse(Error(reason),
                               licences::facts_of(schemas::AuditEvent::kRefused, caller_, policy_))
                  .facts;
    no.count = count;
    LH_TRY(add(no));
  }
  return commit_and_wait(parts_.submit, std::move(change));
}

// Waits for what is on the way; lines that were stale are prepared again, in their order.
void LineRun::settle(std::size_t end) {
  wait_for(0);
  for (; settled_ < end; ++settled_) {
    Job& job = jobs_[settled_];
    for (int tries = 1; job.state == Job::State::kOpen; ++tries) {
      send(settled_);
      wait_for(0);
      if (job.state != Job::State::kOpen || tries < kTries) continue;
      job.outcome.error = Error(Reason::kStoreStale);
      job.state = Job::State::kDone;
    }
  }
  keys_.clear();
}

// A line about a licence that is still on the way waits: were it overtaken, the order of the lines
// would be lost.
void LineRun::take_last() {
  Job& job = jobs_.back();
  if (job.state == Job::State::kDone) return;
  const std::string key = job.request->source + '\0' + job.request->source_key;
  if (keys_.contains(key)) settle(jobs_.size() - 1);
  keys_.insert(key);
  send(jobs_.size() - 1);
}

Result<std::string> LineRun::run(std::string_view ndjson) {
  while (!ndjson.empty()) {
    const std::size_t end = ndjson.find('\n');
    const std::string_view line = ndjson.substr(0, end);
    ndjson.remove_prefix(end == std::string_view::npos ? ndjson.size() : end + 1);
    read(line);
    wait_for(kMostOnTheWay - 1);
    take_last();
  }
  settle(jobs_.size());
  LH_TRY(record());
  std::string out;
  for (std::size_t i = 0; i < jobs_.size(); ++i) append_outcome(out, i + 1, jobs_[i].outcome);
  return out;
}

}  // namespace

Result<std::string> Collection::collect_lines(std::string_view ndjson, const access::Caller& caller,
                                              const access::Policy& policy) {
  if (ndjson.size() > limits::kDocumentBytes ||
      std::count(ndjson.begin(), ndjson.end(), '\n') > kMostLines) {
    return Error(Reason::kInputTooLarge, "lines");
  }
  const auto admitted = parts_.gate.admit_role(caller, access::Operation::kCollect, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) return no->decision->reason;
  return LineRun(parts_, caller, policy).run(ndjson);
}

}  // namespace lh::hub::ingest
