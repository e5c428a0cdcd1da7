#include "adapters/call_turns.h"

#include <algorithm>
#include <limits>

namespace lh::adapters {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kKeptUs = 3'000'000;
constexpr std::int64_t kLongestNapUs = 100'000;
constexpr std::int64_t kNotYet = std::numeric_limits<std::int64_t>::max();

// Rounded up: the rate is never exceeded.
std::int64_t interval_of(const CallLimits& limits) {
  if (limits.calls_per_second > 0) {
    return (kSecondNs + limits.calls_per_second - 1) / limits.calls_per_second;
  }
  if (limits.calls_per_minute > 0) {
    return (60 * kSecondNs + limits.calls_per_minute - 1) / limits.calls_per_minute;
  }
  return 0;
}

// The gate of a pull, which may wait until its end.
class PullGate final : public CallGate {
 public:
  explicit PullGate(PullTerms terms) : terms_(std::move(terms)) {}
  Status begin() override { return terms_.turns->begin(terms_.until_us, terms_.stopped); }
  void end() override { terms_.turns->end(); }

 private:
  PullTerms terms_;
};

class PullInTurn final : public Source {
 public:
  explicit PullInTurn(PullTerms terms) : gate_(std::move(terms)) {}
  using Open = Result<std::unique_ptr<Source>> (Kind::*)(const SettingsNode&, const Input&,
                                                         const Cursor&) const;
  Status open(const Kind& kind, Open how, const SettingsNode& source, const std::string& input,
              const Cursor& cursor) {
    if (kind.pull_calls() == PullCalls::kOne) turn_.emplace(LH_TRY(Calling::begin(&gate_)));
    inner_ = LH_TRY((kind.*how)(source, {input, &gate_}, cursor));
    return {};
  }
  const std::vector<std::string>& columns() const override { return inner_->columns(); }
  std::vector<std::string> column_types() const override { return inner_->column_types(); }
  Result<std::optional<RawRow>> next() override { return inner_->next(); }
  Cursor cursor() const override { return inner_->cursor(); }
  std::optional<std::uint64_t> size_bytes() const override { return inner_->size_bytes(); }
  std::uint64_t position_bytes() const override { return inner_->position_bytes(); }

 private:
  PullGate gate_;
  std::optional<Calling> turn_;  // of a pull that is one call
  std::unique_ptr<Source> inner_;
};

std::int64_t us_of(std::int64_t ns) {
  return (ns + 999) / 1000;
}

}  // namespace

void CallTurns::adopt(const CallLimits& limits) {
  const std::lock_guard lock(mutex_);
  const std::int64_t before = interval_ns_;
  interval_ns_ = interval_of(limits);
  burst_ns_ = (std::max<std::int64_t>(limits.calls_burst, 1) - 1) * interval_ns_;
  most_ = limits.concurrent_calls;
  if (before != interval_ns_) {
    // What was used up under another rate is at most what this one lets be used up.
    due_ns_ = std::min(due_ns_, clock_.monotonic_us() * 1000 + burst_ns_ + interval_ns_);
  }
  changed_.notify_all();
}

std::int64_t CallTurns::wait_us(std::int64_t now_us) const {
  if (most_ > 0 && under_way_ >= most_) return kNotYet;
  if (interval_ns_ == 0) return 0;
  return std::max<std::int64_t>(0, us_of(due_ns_ - burst_ns_) - now_us);
}

bool CallTurns::is_next(Ticket ticket, Comes comes, std::int64_t now_us) const {
  if (kept_until_us_ > now_us) return comes == Comes::kAgain;
  return waiting_.front() == ticket;
}

void CallTurns::take(std::int64_t now_us) {
  if (interval_ns_ > 0) due_ns_ = std::max(due_ns_, now_us * 1000) + interval_ns_;
  ++under_way_;
}

Status CallTurns::begin(std::int64_t until_us, const std::function<bool()>& stopped, Comes comes) {
  std::unique_lock lock(mutex_);
  const Ticket ticket = ++last_;
  waiting_.push_back(ticket);
  Status out;
  for (;;) {
    const std::int64_t now = clock_.monotonic_us();
    if (stopped && stopped()) {
      out = Error(Reason::kShuttingDown);
      break;
    }
    const std::int64_t wait = is_next(ticket, comes, now) ? wait_us(now) : kNotYet;
    if (wait == 0) {
      take(now);
      if (comes == Comes::kAgain) kept_until_us_ = 0;
      break;
    }
    if (now >= until_us) {
      if (comes == Comes::kAgain) kept_until_us_ = now + kKeptUs;
      out = Error(Reason::kSourceBusy, "its limits of calls");
      break;
    }
    const std::int64_t nap = std::min({wait, until_us - now, kLongestNapUs});
    changed_.wait_for(lock, std::chrono::microseconds(nap));
  }
  std::erase(waiting_, ticket);
  changed_.notify_all();  // the one behind it is the first now
  return out;
}

void CallTurns::end() {
  const std::lock_guard lock(mutex_);
  --under_way_;
  changed_.notify_all();
}

void CallTurns::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

Result<std::unique_ptr<Source>> pull_in_turn(const Kind& kind, const SettingsNode& source,
                                             const std::string& input, const Cursor& from,
                                             PullTerms terms) {
  auto out = std::make_unique<PullInTurn>(std::move(terms));
  LH_TRY(out->open(kind, &Kind::pull, source, input, from));
  return std::unique_ptr<Source>(std::move(out));
}

Result<std::unique_ptr<Source>> stock_in_turn(const Kind& kind, const SettingsNode& source,
                                              const std::string& input, const Cursor& read,
                                              PullTerms terms) {
  auto out = std::make_unique<PullInTurn>(std::move(terms));
  LH_TRY(out->open(kind, &Kind::stock, source, input, read));
  return std::unique_ptr<Source>(std::move(out));
}

std::int64_t CallTurns::earliest_us(std::size_t ahead) const {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = clock_.monotonic_us();
  if (interval_ns_ == 0) return now;
  const auto others = static_cast<std::int64_t>(ahead) * interval_ns_;
  return std::max(now, us_of(std::max(due_ns_, now * 1000) + others - burst_ns_));
}

}  // namespace lh::adapters
