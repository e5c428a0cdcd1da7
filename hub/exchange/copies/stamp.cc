#include "hub/exchange/copies/stamp.h"

namespace lh::hub::exchange {

std::string copy_original(const Bytes& file, licences::OriginalKind kind,
                          const OriginalFrame& frame) {
  using licences::OriginalKind;
  const CopyPage cover = cover_of(frame);
  const Bytes drawn =
      kind == OriginalKind::kPdf
          ? Bytes()
          : draw_picture(kind == OriginalKind::kPng ? Picture::kPng : Picture::kJpeg, file,
                         cover.made);
  const Bytes& pdf = kind == OriginalKind::kPdf ? file : drawn;
  if (pdf.empty()) return {};
  const auto sizes = sizes_of_pages(pdf);
  if (sizes.empty()) return {};
  const Bytes overlays = draw_overlays(cover, sizes);
  const Bytes last = draw_pdf(cover);
  if (overlays.empty() || last.empty()) return {};
  return lay_over(pdf, overlays, last);
}

}  // namespace lh::hub::exchange
