// An annotated copy (加注件) as one page and its PDF. Private to hub/exchange.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace lh::hub::exchange {

struct CopyPage {
  std::string title;
  std::vector<std::pair<std::string, std::string>> fields;  // label, value
  std::vector<std::pair<std::string, std::string>>
      annotation;         // maker, time, cause, expiry, number
  std::string watermark;  // Chinese and English
  std::string qr;         // where the copy can be checked
  std::string made;       // RFC 3339: the same page, the same bytes
};
// The watermark is drawn over the whole page as part of its content, not as an annotation that a
// viewer could take off. Empty: the page does not fit or the library refused. Cost: a few ms; the
// first one of a thread loads the fonts. Threads: any.
std::string draw_pdf(const CopyPage& page);

// Points, 1/72 inch.
struct PageSize {
  double width = 0, height = 0;
};
// What is laid over the pages of an original, one page for each of them: the watermark from edge to
// edge, the annotation at the foot. Empty: the library refused.
std::string draw_overlays(const CopyPage& page, const std::vector<PageSize>& sizes);

enum class Picture : std::uint8_t { kPng, kJpeg };
// A picture as a page of A4, upright or across, as large as it can be. A JPEG goes in as it is.
// Empty: it cannot be decoded. Cost: four bytes a pixel for a PNG.
std::string draw_picture(Picture kind, const Bytes& file, const std::string& made);

}  // namespace lh::hub::exchange
