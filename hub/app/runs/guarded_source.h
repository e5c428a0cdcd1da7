// A source under the limits of its adapter: it is read no faster than its rate, and breaks off when
// the hub stops, when its deadline passes or when its calendar closes.
#pragma once

#include <atomic>

#include "adapters/adapter.h"
#include "base/time.h"
#include "hub/ingest/schedule/schedule.h"

namespace lh::hub::app {

enum class BrokenOff : std::uint8_t { kNo, kHubStops, kDeadline, kClosed };

class GuardedSource final : public adapters::Source {
 public:
  struct Terms {
    adapters::RunLimits limits;
    std::optional<UtcTime> closes;
  };
  // stop and clock outlive it.
  GuardedSource(std::unique_ptr<adapters::Source> inner, const Terms& terms,
                const std::atomic<bool>& stop, const Clock& clock);
  const std::vector<std::string>& columns() const override { return inner_->columns(); }
  std::vector<std::string> column_types() const override { return inner_->column_types(); }
  // Errors beyond those of the source: adapter.state (the hub stops, or its hours are over),
  // source.deadline.
  Result<std::optional<adapters::RawRow>> next() override;
  adapters::Cursor cursor() const override { return inner_->cursor(); }
  std::optional<std::uint64_t> size_bytes() const override { return inner_->size_bytes(); }
  std::uint64_t position_bytes() const override { return inner_->position_bytes(); }

  BrokenOff broken_off() const { return broken_off_; }
  std::uint64_t rows() const { return rows_; }

 private:
  std::optional<Error> judge();
  std::optional<Error> keep_pace();
  std::unique_ptr<adapters::Source> inner_;
  Terms terms_;
  const std::atomic<bool>& stop_;
  const Clock& clock_;
  std::int64_t begun_us_;
  ingest::Pace pace_;
  std::uint64_t rows_ = 0;
  BrokenOff broken_off_ = BrokenOff::kNo;
};

}  // namespace lh::hub::app
