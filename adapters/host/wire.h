// What a hub and an adapter host say to each other, as JSON: a task (read a page, look one record
// up, push one back) and its answer. Format: docs/formats/adapter-host.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/kind.h"

namespace lh::adapters::host {

inline constexpr std::size_t kAnswerBytes = 16U << 20U;
inline constexpr std::size_t kPageBytes = 256U << 10U;  // a page ends behind the row that passes it

enum class Work : std::uint8_t { kPull, kLookup, kPush };

struct Task {
  std::string id;
  std::string adapter;  // as the host calls it
  Work work = Work::kPull;
  Cursor cursor;          // pull: rows behind it
  std::size_t limit = 0;  // pull: rows
  KeyValues values;       // the key; the record
  std::string push_id;
};
std::string to_json(const Task& task);
// Errors: source.answer.
Result<Task> parse_task(std::string_view json);

struct PageRow {
  RawRow row;
  Cursor behind;  // pull: the position after this row
};
struct Answer {
  std::vector<std::string> columns;
  std::vector<PageRow> rows;
  bool end = false;            // pull: there was no row behind these
  std::optional<Error> error;  // instead of all that
};
std::string to_json(const Answer& answer);
// Reasons that a source cannot have are source.answer. Errors: source.answer.
Result<Answer> parse_answer(std::string_view json);

}  // namespace lh::adapters::host
