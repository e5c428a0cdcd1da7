#include "hub/licences/originals/inspect.h"

namespace lh::hub::licences {
namespace {

struct KindInfo {
  OriginalKind kind;
  std::string_view media_type, magic;
  Result<OriginalShape> (*look)(ByteView);
};
constexpr KindInfo kKinds[] = {
    {OriginalKind::kPdf, "application/pdf", "%PDF-", inspect_pdf},
    {OriginalKind::kPng, "image/png", "\x89PNG\r\n\x1a\n", inspect_png},
    {OriginalKind::kJpeg, "image/jpeg", "\xff\xd8\xff", inspect_jpeg},
};

const KindInfo& info_of(OriginalKind kind) {
  for (const auto& one : kKinds) {
    if (one.kind == kind) return one;
  }
  return kKinds[0];
}

bool same_ignoring_case(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + ('a' - 'A')) : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

}  // namespace

std::string_view media_type_of(OriginalKind kind) {
  return info_of(kind).media_type;
}

Result<OriginalKind> kind_of_media_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  for (const auto& one : kKinds) {
    if (same_ignoring_case(type, one.media_type)) return one.kind;
  }
  return Error(Reason::kDocumentKind, "application/pdf, image/png, image/jpeg");
}

Result<OriginalShape> inspect(OriginalKind kind, ByteView file) {
  const KindInfo& one = info_of(kind);
  if (!file.starts_with(one.magic)) {
    return Error(Reason::kDocumentKind,
                 "the file does not begin as " + std::string(one.media_type));
  }
  return one.look(file);
}

Status check_picture(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return Error(Reason::kDocumentUnsafe, "an empty picture");
  if (width > kOriginalSide || height > kOriginalSide || width * height > kOriginalPixels) {
    return Error(Reason::kDocumentUnsafe, "more than 40 million pixels, or a side over 20000");
  }
  return ok_status();
}

}  // namespace lh::hub::licences
