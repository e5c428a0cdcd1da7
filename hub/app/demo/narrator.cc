#include "hub/app/demo/narrator.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace lh::hub::app::demo {
namespace {

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if ((c & 0xC0U) != 0x80U) width += c >= 0xE3 ? 2 : 1;
  }
  return width;
}

std::string milliseconds(std::int64_t us) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << static_cast<double>(us) / 1000.0 << " ms";
  return out.str();
}

}  // namespace

void Narrator::step(const std::string& title, const std::string& chinese) {
  end_step();
  ++steps_;
  step_us_ = clock_.monotonic_us();
  std::cout << "\n" << steps_ << ". " << title << "  " << chinese << "\n";
}

void Narrator::end_step() {
  if (step_us_ < 0) return;
  std::cout << "   (" << milliseconds(clock_.monotonic_us() - step_us_) << ")\n";
}

void Narrator::fact(const std::string& name, const std::string& value) {
  std::cout << "   " << name << std::string(width_of(name) < 14 ? 14 - width_of(name) : 1, ' ')
            << value << "\n";
}

void Narrator::line(const std::string& text) {
  std::cout << "   " << text << "\n";
}

void Narrator::table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::cout << "   ";
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      std::cout << rows[r][i];
      if (i + 1 < rows[r].size()) {
        std::cout << std::string(widths[i] - width_of(rows[r][i]) + 2, ' ');
      }
    }
    std::cout << "\n";
    if (r > 0) continue;
    std::size_t total = 0;
    for (const auto width : widths) total += width + 2;
    std::cout << "   " << std::string(total - 2, '-') << "\n";
  }
}

void Narrator::check(bool holds, const std::string& what) {
  ++checks_;
  if (!holds) ++broken_;
  std::cout << "   " << (holds ? "✓ " : "✗ ") << what << "\n";
}

void Narrator::close() {
  end_step();
  step_us_ = -1;
  std::cout << "\n"
            << (broken_ == 0 ? "Every step held" : "NOT every step held") << ": "
            << checks_ - broken_ << " of " << checks_ << " checks, "
            << milliseconds(clock_.monotonic_us() - started_us_) << " in all.\n"
            << std::flush;
}

const schemas::Json* at(const schemas::Json& value, const std::string& path) {
  const schemas::Json* here = &value;
  std::size_t begin = 0;
  while (here != nullptr && begin <= path.size()) {
    const auto dot = std::min(path.find('.', begin), path.size());
    here = here->find(path.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return here;
}

std::string text_at(const schemas::Json& value, const std::string& path) {
  const schemas::Json* found = at(value, path);
  if (found == nullptr) return {};
  return found->string() != nullptr ? *found->string() : schemas::to_text(*found);
}

std::string verdict_words(const schemas::Json* verdicts, const char* name) {
  const schemas::Json* one = verdicts == nullptr ? nullptr : verdicts->find(name);
  if (one == nullptr) return "absent";
  const std::string verdict = text_at(*one, "verdict");
  return verdict == "valid" ? verdict : verdict + " (" + text_at(*one, "reason") + ")";
}

}  // namespace lh::hub::app::demo
