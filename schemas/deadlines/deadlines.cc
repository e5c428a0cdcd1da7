#include "schemas/deadlines/deadlines.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/embedded.h"

namespace lh::embedded {
std::span<const File> schema_files();  // made by tools/cmake/embed.cmake
}

namespace lh::schemas {
namespace {

constexpr int kMostDays = 1000;

Error bad_line(std::size_t line) {
  return Error(Reason::kInputMalformed, "line " + std::to_string(line));
}

// The lines behind the header, without comments: number and columns. The last column may hold
// commas.
using Line = std::pair<std::size_t, std::vector<std::string_view>>;
Result<std::vector<Line>> lines_of(std::string_view csv, std::string_view header) {
  if (!is_utf8(csv)) return Error(Reason::kInputEncoding);
  const auto columns = static_cast<std::size_t>(std::count(header.begin(), header.end(), ',')) + 1;
  std::vector<Line> out;
  bool header_seen = false;
  for (std::size_t number = 1; !csv.empty(); ++number) {
    const auto end = std::min(csv.find('\n'), csv.size());
    std::string_view line = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    if (line.empty() || line.front() == '#') continue;
    if (!header_seen) {
      if (line != header) return bad_line(number);
      header_seen = true;
      continue;
    }
    Line& item = out.emplace_back(number, std::vector<std::string_view>());
    while (item.second.size() + 1 < columns) {
      const auto comma = line.find(',');
      if (comma == std::string_view::npos) return bad_line(number);
      item.second.push_back(line.substr(0, comma));
      line.remove_prefix(comma + 1);
    }
    item.second.push_back(line);
  }
  if (!header_seen) return bad_line(1);
  return out;
}

Result<int> read_days(std::string_view text, std::size_t line) {
  int out = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  if (read.ec != std::errc() || read.ptr != end || out < 0 || out > kMostDays) {
    return bad_line(line);
  }
  return out;
}

std::string_view shipped_file(std::string_view path) {
  for (const embedded::File& file : embedded::schema_files()) {
    if (file.path == path) return file.bytes;
  }
  check_failed("schema_files()", path);
}

template <class T>
T read_shipped(std::string_view path) {
  auto table = T::parse(shipped_file(path));
  LH_CHECK(table.ok(), std::string(path) + ": " + table.error().describe());
  return std::move(*table);
}

}  // namespace

Result<DeadlineTable> DeadlineTable::parse(std::string_view csv) {
  DeadlineTable out;
  for (const auto& [number, columns] : LH_TRY(lines_of(csv, "id,working_days,warn_days,basis"))) {
    Deadline deadline;
    deadline.working_days = LH_TRY(read_days(columns[1], number));
    deadline.warn_days = LH_TRY(read_days(columns[2], number));
    deadline.basis = columns[3];
    if (columns[0].empty() || !out.deadlines_.emplace(columns[0], std::move(deadline)).second) {
      return bad_line(number);
    }
  }
  return out;
}

const DeadlineTable& DeadlineTable::shipped() {
  static const DeadlineTable kTable = read_shipped<DeadlineTable>("deadlines/sharing.csv");
  return kTable;
}

const Deadline* DeadlineTable::find(std::string_view id) const {
  const auto it = deadlines_.find(id);
  return it == deadlines_.end() ? nullptr : &it->second;
}

std::string_view light_text(Light light) {
  switch (light) {
    case Light::kGreen:
      return "green";
    case Light::kYellow:
      return "yellow";
    case Light::kRed:
      break;
  }
  return "red";
}

Light light_of(LocalDate due, LocalDate today, int warn_days, const SpecialDays& special) {
  if (due < today) return Light::kRed;
  int left = 0;
  for (LocalDate day = today; day < due && left <= warn_days;) {
    day = day.plus_days(1);
    if (is_working_day(day, special)) ++left;
  }
  return left <= warn_days ? Light::kYellow : Light::kGreen;
}

LocalDate due_after(LocalDate from, const Deadline& deadline, const SpecialDays& special) {
  return end_of_term(from, {deadline.working_days, DayCount::kWorking}, special);
}

}  // namespace lh::schemas
