// The annotation laid over every page of an original. Private to hub/exchange.
#pragma once

#include "hub/exchange/copies/copy_page.h"
#include "hub/licences/originals/inspect.h"

namespace lh::hub::exchange {

// A copy of the file as a PDF: each page as it looks (turned as it is shown, its annotations part
// of it), under watermark and annotation, and the cover behind them. What a page shows cannot be
// drawn over what is laid on it; links, forms, scripts and attached files of the original do not
// come along. The same file and frame, the same bytes. Empty: it cannot be done.
std::string copy_original(const Bytes& file, licences::OriginalKind kind,
                          const OriginalFrame& frame);

// pdf_qpdf.cc: sizes as pages are shown; nothing: it is no PDF. The second gives the copy.
std::vector<PageSize> sizes_of_pages(const Bytes& pdf);
std::string lay_over(const Bytes& pdf, const Bytes& overlays, const Bytes& cover);

}  // namespace lh::hub::exchange
