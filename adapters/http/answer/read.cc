#include "adapters/http/answer/answer.h"
#include "adapters/http/answer/json_text.h"

#include <algorithm>

namespace lh::adapters::http::answer {
namespace {

constexpr std::size_t kCodeBytes = 256;

// What an inner document says about its encoding was true before it became text of another.
void strip_declaration(std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return;
  text.erase(0, first);
  if (!text.starts_with("<?xml")) return;
  const auto end = text.find("?>");
  if (end != std::string::npos) text.erase(0, end + 2);
}

// Characters that are none become 0xF8 and the byte, which no UTF-8 has: the row they are in is
// then a bad row that shows them, and spoils no other.
std::string decode_marking(file::Decoder& decoder, std::string_view body) {
  constexpr std::size_t kRun = 1024;  // decoded at once where all of it is good
  std::string out;
  std::string piece;
  while (!body.empty()) {
    std::size_t size = 0;
    while (size < std::min(kRun, body.size())) size += file::gb18030_length(body.substr(size));
    if (decoder.decode(body.substr(0, size), piece)) {
      out += piece;
      body.remove_prefix(std::min(size, body.size()));
      continue;
    }
    for (std::size_t end = std::min(size, body.size()); end > 0 && !body.empty();) {
      const std::size_t one = std::min(file::gb18030_length(body), body.size());
      const bool good = decoder.decode(body.substr(0, one), piece);
      const std::size_t used = good ? one : 1;
      out += good ? piece : std::string("\xF8").append(body.substr(0, 1));
      body.remove_prefix(used);
      end -= std::min(end, used);
    }
  }
  return out;
}

std::string shown(std::string code) {
  const auto colon = code.rfind(':');
  if (colon != std::string::npos) code.erase(0, colon + 1);
  const bool plain =
      !code.empty() && code.size() <= 40 && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.';
      });
  return plain ? code : "with a code that is not shown";
}

}  // namespace

Status check_shape(Format format, const Shape& shape) {
  return format == Format::kJson ? check_json_shape(shape) : check_xml_shape(shape);
}

Status check_path(Format format, std::string_view path) {
  if (format == Format::kXml) return check_xml_path(path);
  LH_TRY(parse_path(path));
  return {};
}

Result<std::unique_ptr<Answer>> read(std::string body, const Form& form, const Shape& shape) {
  if (form.encoding != file::Encoding::kUtf8) {
    auto decoder = LH_TRY(file::Decoder::create(form.encoding));
    std::string text;
    if (!decoder.decode(body, text)) {
      if (form.format != Format::kJson || !form.inner.empty()) {
        return Error(Reason::kSourceAnswer, "not text in the encoding of the mapping");
      }
      text = decode_marking(decoder, body);
    }
    body = std::move(text);
  }
  if (!form.inner.empty()) {
    auto text = LH_TRY(find_xml_text(body, form.inner, body.size()));
    if (!text) return Error(Reason::kSourceAnswer, "no text at " + form.inner);
    body = std::move(*text);
    strip_declaration(body);
  }
  return form.format == Format::kJson ? read_json(std::move(body), shape)
                                      : read_xml(std::move(body), shape);
}

// SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4
Result<std::optional<std::string>> find_soap_fault(std::string_view body) {
  if (body.find("Fault") == std::string_view::npos) return std::optional<std::string>();
  const std::string fault = "/Envelope/Body/Fault/";
  auto old = LH_TRY(find_xml_text(body, fault + "faultcode", kCodeBytes));
  if (old) return std::optional(shown(std::move(*old)));
  auto code = LH_TRY(find_xml_text(body, fault + "Code/Value", kCodeBytes));
  if (!code) return std::optional<std::string>();
  auto sub = LH_TRY(find_xml_text(body, fault + "Code/Subcode/Value", kCodeBytes));
  std::string out = shown(std::move(*code));
  if (sub) out += "/" + shown(std::move(*sub));
  return std::optional(std::move(out));
}

}  // namespace lh::adapters::http::answer
