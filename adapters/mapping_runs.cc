// The tables [limits], [calendar] and [reconcile]: how a source is worked, when, and when it is
// compared.
#include <algorithm>

#include "adapters/mapping_rules.h"

namespace lh::adapters {
namespace {

constexpr std::string_view kWeekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::size_t kMostSpans = 24;
constexpr std::size_t kDaySeconds = 86400;

// "08:30" -> minutes; "24:00" is the end of the day.
std::optional<std::uint16_t> minutes_of(std::string_view text) {
  const auto digit = [&text](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  const int all = hours * 60 + minutes;
  if (minutes > 59 || all > 1440) return std::nullopt;
  return static_cast<std::uint16_t>(all);
}

Result<std::uint32_t> seconds(SettingsReader& in, std::string_view key, std::size_t from,
                              std::uint32_t otherwise) {
  return static_cast<std::uint32_t>(LH_TRY(in.number(key, from, 31 * kDaySeconds, otherwise)));
}

Status read_call_limits(SettingsReader& in, CallLimits& out) {
  const auto number = [&in](std::string_view key, std::size_t most, std::uint32_t otherwise) {
    return in.number(key, 1, most, otherwise);
  };
  out.calls_per_second = static_cast<std::uint32_t>(LH_TRY(number("calls_per_second", 100'000, 0)));
  out.calls_per_minute = static_cast<std::uint32_t>(LH_TRY(number("calls_per_minute", 100'000, 0)));
  if (out.calls_per_second > 0 && out.calls_per_minute > 0) {
    return invalid_setting(*in.find("calls_per_minute"),
                           "calls_per_second or calls_per_minute, not both");
  }
  const bool rate = out.calls_per_second > 0 || out.calls_per_minute > 0;
  const SettingsNode* burst = in.find("calls_burst");
  if (!rate && burst != nullptr) {
    return invalid_setting(*burst, "calls_burst is for calls_per_second or calls_per_minute");
  }
  out.calls_burst = static_cast<std::uint32_t>(LH_TRY(number("calls_burst", 1'000, 1)));
  out.concurrent_calls = static_cast<std::uint32_t>(LH_TRY(number("concurrent_calls", 1'000, 0)));
  return {};
}

Status read_limits(const SettingsNode& table, RunLimits& out) {
  auto in = LH_TRY(SettingsReader::open(table, "limits"));
  out.rows_per_second =
      static_cast<std::uint32_t>(LH_TRY(in.number("rows_per_second", 1, 10'000'000, 0)));
  out.run_seconds = LH_TRY(seconds(in, "run_seconds", 1, out.run_seconds));
  out.retry_seconds = LH_TRY(seconds(in, "retry_seconds", 5, out.retry_seconds));
  out.failures = static_cast<std::uint32_t>(LH_TRY(in.number("failures", 1, 1000, out.failures)));
  out.open_seconds = LH_TRY(seconds(in, "open_seconds", 5, out.open_seconds));
  LH_TRY(read_call_limits(in, out.calls));
  return in.finish();
}

Status read_hours(SettingsReader& in, WorkingTimes& out) {
  const auto spans = LH_TRY(in.texts("hours"));
  if (spans.size() > kMostSpans) return in.invalid("hours: at most 24 spans");
  for (const std::string& text : spans) {
    const auto dash = text.find('-');
    const auto from = minutes_of(std::string_view(text).substr(0, std::min(dash, text.size())));
    const auto to = dash == std::string::npos ? std::nullopt
                                              : minutes_of(std::string_view(text).substr(dash + 1));
    if (!from || !to || *from >= *to) return in.invalid("hours: \"08:30-12:00\", within one day");
    if (!out.hours.empty() && out.hours.back().to > *from) {
      return in.invalid("hours: in order and without overlap");
    }
    out.hours.push_back({*from, *to});
  }
  return {};
}

Status read_calendar(const SettingsNode& table, WorkingTimes& out) {
  auto in = LH_TRY(SettingsReader::open(table, "calendar"));
  LH_TRY(read_hours(in, out));
  const auto days = LH_TRY(in.texts("weekdays"));
  if (!days.empty()) out.weekdays = 0;
  for (const std::string& day : days) {
    const auto* found = std::find(std::begin(kWeekdays), std::end(kWeekdays), day);
    if (found == std::end(kWeekdays)) return in.invalid("weekdays: mon tue wed thu fri sat sun");
    out.weekdays =
        static_cast<std::uint8_t>(out.weekdays | (1U << (found - std::begin(kWeekdays))));
  }
  out.days_file = LH_TRY(in.text("days_file"));
  if (!out.days_file.empty() && out.days_file.front() != '/') {
    return in.invalid("days_file: an absolute path");
  }
  return in.finish();
}

}  // namespace

Status read_run_terms(SettingsReader& mapping, Mapping& out) {
  if (const auto* table = LH_TRY(mapping.table("limits"))) LH_TRY(read_limits(*table, out.limits));
  if (const auto* table = LH_TRY(mapping.table("calendar"))) {
    LH_TRY(read_calendar(*table, out.calendar));
  }
  const SettingsNode* reconcile = LH_TRY(mapping.table("reconcile"));
  if (reconcile == nullptr) return {};
  auto in = LH_TRY(SettingsReader::open(*reconcile, "reconcile"));
  const auto at = minutes_of(LH_TRY(in.required_text("at")));
  if (!at || *at == 1440) return in.invalid("at: the time of day, \"02:30\"");
  out.reconcile_at = *at;
  return in.finish();
}

}  // namespace lh::adapters
