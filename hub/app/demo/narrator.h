// Tells the demonstration: headings, facts, tables, verdicts, checks with their time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/time.h"
#include "schemas/json.h"

namespace lh::hub::app::demo {

class Narrator {
 public:
  explicit Narrator(const Clock& clock) : clock_(clock), started_us_(clock.monotonic_us()) {}
  void step(const std::string& title, const std::string& chinese);
  void fact(const std::string& name, const std::string& value);
  void line(const std::string& text);
  void table(const std::vector<std::vector<std::string>>& rows);  // first row: headings
  // A promise of this step: prints ✓ or ✗; a broken one makes the run fail.
  void check(bool holds, const std::string& what);
  bool all_held() const { return broken_ == 0; }
  int checks() const { return checks_; }
  void close();  // the time of the last step and of the whole
  const Clock& clock() const { return clock_; }

 private:
  void end_step();
  const Clock& clock_;
  std::int64_t started_us_;
  std::int64_t step_us_ = -1;
  int steps_ = 0;
  int checks_ = 0;
  int broken_ = 0;
};

// "valid", "invalid (status.revoked)" of one verdict of {verdict, reason, …}.
std::string verdict_words(const schemas::Json* verdicts, const char* name);
// A member by path "receipt.index", as text; empty when absent.
std::string text_at(const schemas::Json& value, const std::string& path);
const schemas::Json* at(const schemas::Json& value, const std::string& path);

}  // namespace lh::hub::app::demo
