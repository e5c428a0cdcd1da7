// When an adapter runs next, and how it stands: its period, retries with jitter after a failure, a
// breaker after too many of them, its calendar. Pure functions of what is kept with the adapter.
#pragma once

#include "hub/ingest/book/adapter_book.h"
#include "hub/ingest/schedule/calendar.h"

namespace lh::hub::ingest {

enum class AdapterState : std::uint8_t {
  kPaused,        // disabled
  kNew,           // has not run since it was enabled for the first time
  kOk,            // the last run reached the end, or was ended by the hub and goes on
  kFailing,       // the last run failed; it is tried again
  kOpen,          // failed too often in a row: left alone until the one try that closes or reopens
  kOutsideHours,  // waits for its calendar
};
std::string_view state_text(AdapterState state);  // "paused", …, "outside_hours"

struct RunTerms {
  adapters::RunLimits limits;
  Calendar calendar;
  std::optional<std::uint16_t> reconcile_at;
  std::string days_file;
};

struct Turn {
  std::optional<UtcTime> due;  // nothing: not by itself
  AdapterState state = AdapterState::kPaused;
};

// At once after a change. After a failure that may pass by itself retry_seconds, doubled with each
// further one up to the period; after any other the period. From limits.failures in a row on
// open_seconds, doubled each time the one try fails, at most a day. Waits after failures vary by a
// quarter, so that sources that fell together do not come back together; the same inputs give the
// same wait. A run that the hub ended itself goes on as soon as its calendar lets it.
Turn next_turn(const AdapterRecord& adapter, const RunTerms& terms,
               const std::optional<LastRun>& last, UtcTime now);

// The next daily comparison after the last one (or after the adapter was changed).
std::optional<UtcTime> next_reconcile(const AdapterRecord& adapter, const RunTerms& terms,
                                      const std::optional<UtcTime>& last);

// Rows at an even rate. Not for use by two threads at once.
class Pace {
 public:
  Pace(std::uint32_t rows_per_second, std::int64_t now_us)
      : rows_per_second_(rows_per_second), begun_us_(now_us) {}
  // How long to wait before the next row. At most a second's rows are made up after a pause of the
  // source.
  std::int64_t wait_us(std::int64_t now_us);

 private:
  std::uint32_t rows_per_second_;
  std::int64_t begun_us_;
  std::uint64_t rows_ = 0;
};

}  // namespace lh::hub::ingest
