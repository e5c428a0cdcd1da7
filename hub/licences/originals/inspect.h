// What may be kept as an original file: a file of a known kind, whole, not encrypted, with nothing
// in it that acts. Pure functions over bytes of anybody's making; limits on all they grow with.
// A PDF can still make its parser take memory and time out of proportion (streams that unpack to
// gigabytes), so a hub runs inspect() in a process of its own (hub/app/vet/document_vet.h).
// Source: ISO 32000-1 (12.6 actions, 7.11 files), W3C PNG, ITU-T T.81. Threads: any.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.h"

namespace lh::hub::licences {

enum class OriginalKind : std::uint8_t { kPdf = 1, kPng = 2, kJpeg = 3 };  // stored

struct OriginalShape {
  OriginalKind kind = OriginalKind::kPdf;
  int pages = 1;
};

inline constexpr int kOriginalPages = 200;
inline constexpr std::uint32_t kOriginalSide = 20000;          // of an image
inline constexpr std::uint64_t kOriginalPixels = 40'000'000;   // A3 at 600 dpi
inline constexpr std::size_t kOriginalPageBytes = 64U << 20U;  // what a page says, unpacked

std::string_view media_type_of(OriginalKind kind);
// Parameters behind a ';' do not matter. Errors: document.kind.
Result<OriginalKind> kind_of_media_type(std::string_view content_type);
// Errors: document.kind (the bytes are not of that kind), document.unsafe with what was found.
Result<OriginalShape> inspect(OriginalKind kind, ByteView file);

// One kind each; private to this room.
Result<OriginalShape> inspect_pdf(ByteView file);   // pdf_qpdf.cc
Result<OriginalShape> inspect_png(ByteView file);   // png_zlib.cc
Result<OriginalShape> inspect_jpeg(ByteView file);  // jpeg.cc
Status check_picture(std::uint64_t width, std::uint64_t height);

}  // namespace lh::hub::licences
