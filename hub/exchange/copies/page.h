// An annotated copy (加注件) as one page and its PDF. Private to hub/exchange.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

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

}  // namespace lh::hub::exchange
