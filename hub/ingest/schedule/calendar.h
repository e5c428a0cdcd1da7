// When a source may be worked: hours, days of the week, days off and extra working days. Civil time
// of UTC+8. Pure: the file of days is read by the caller.
#pragma once

#include <optional>

#include "adapters/mapping.h"
#include "base/time.h"
#include "schemas/deadlines/working_days.h"

namespace lh::hub::ingest {

using schemas::SpecialDays;

class Calendar {
 public:
  explicit Calendar(adapters::WorkingTimes times, SpecialDays days = {})
      : times_(std::move(times)), days_(std::move(days)) {}
  bool open_at(UtcTime t) const { return next_open(t) == t; }
  // The first instant at t or after that is inside; nothing: none within two years.
  std::optional<UtcTime> next_open(UtcTime t) const;
  // When the span that holds t ends; nothing: it never does, or t is outside.
  std::optional<UtcTime> closes(UtcTime t) const;

 private:
  struct Stretch {
    UtcTime from, to;
  };
  // The stretch of that day which ends behind t.
  std::optional<Stretch> stretch_of(LocalDate day, UtcTime t) const;
  bool works_on(LocalDate day) const;
  adapters::WorkingTimes times_;
  SpecialDays days_;
};

}  // namespace lh::hub::ingest
