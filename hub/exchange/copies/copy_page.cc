#include "hub/exchange/copies/copy_page.h"

#include <algorithm>

namespace lh::hub::exchange {
namespace {

// Of a coded value its label too: a reader of paper has no code table.
std::string shown(const schemas::FieldDefinition& definition, const std::string& value) {
  for (const auto& [code, label] : definition.codes) {
    if (code == value) return label + " (" + code + ")";
  }
  return value;
}

}  // namespace

std::string copy_number(const Tag& tag) {
  return "JZ-" + to_hex(view(tag)).substr(0, 16);
}

CopyPage cover_of(const OriginalFrame& frame) {
  CopyPage page = page_of({}, frame.copy);
  page.fields = {{"原件页数 Pages of the original", std::to_string(frame.pages)},
                 {"原件类型 Media type", frame.media_type},
                 {"原件摘要 SHA-256", frame.sha256}};
  return page;
}

CopyPage page_of(const schemas::Fields& fields, const CopyFrame& frame) {
  CopyPage page;
  page.title = frame.type.chinese + "（加注件） " + frame.type.english + " (annotated copy)";
  for (const auto& definition : frame.definitions) {
    const std::string* value = schemas::find_field(fields, definition.name);
    const auto& released = frame.released;
    const bool allowed =
        std::find(released.begin(), released.end(), definition.name) != released.end();
    if (value == nullptr || !allowed) continue;
    page.fields.emplace_back(definition.chinese, shown(definition, *value));
  }
  // 加注件制作者, 制作时间, 制作事由, 有效期截止时间 (domain.md 1.3).
  page.annotation = {{"制作者 Maker", frame.maker + " / " + frame.note.officer},
                     {"制作时间 Made", frame.made},
                     {"制作事由 Cause", frame.note.cause},
                     {"有效期截止 Valid until", frame.expires},
                     {"编号 Number", frame.number}};
  page.watermark = "仅供" + frame.maker + "办理“" + frame.note.cause + "”使用，" + frame.expires +
                   "前有效 · Copy for this use only, not after " + frame.expires;
  page.qr = frame.check_url;
  page.made = frame.made;
  return page;
}

}  // namespace lh::hub::exchange
