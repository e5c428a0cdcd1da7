#include "adapters/file/formats/file_rows.h"

namespace lh::adapters::file::formats {
namespace {

// Past the rest of a line that is too long to be kept.
Status skip_line(ByteWindow& window) {
  for (;;) {
    const std::size_t lf = window.view().find('\n');
    if (lf != ByteView::npos) {
      window.consume(lf + 1);
      return {};
    }
    window.consume(window.view().size());
    if (LH_TRY(window.fill()) == 0) return {};
  }
}

}  // namespace

Result<std::optional<Line>> take_line(ByteWindow& window, std::size_t max_bytes) {
  Line line;
  std::size_t searched = 0;
  for (;;) {
    const std::size_t lf = window.view().find('\n', searched);
    const bool found = lf != ByteView::npos;
    std::size_t bytes = found ? lf : window.view().size();
    if (!found && !window.at_end() && bytes <= max_bytes + 1) {
      searched = bytes;
      LH_TRY(window.fill());
      continue;
    }
    if (!found && bytes == 0) return std::optional<Line>();
    const std::size_t consumed = found ? lf + 1 : bytes;
    if (bytes > 0 && window.view()[bytes - 1] == '\r') --bytes;
    line.bytes = window.view().substr(0, std::min(bytes, max_bytes));
    if (bytes <= max_bytes) {
      window.consume(consumed);
      return std::optional(std::move(line));
    }
    line.size = Line::Size::kTooLong;
    LH_TRY(skip_line(window));
    return std::optional(std::move(line));
  }
}

}  // namespace lh::adapters::file::formats
