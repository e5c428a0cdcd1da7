// The request of an operation as an envelope with places: what stands where says the schema.
#include <algorithm>
#include <map>

#include "adapters/soap/wsdl/operation.h"
#include "schemas/xml/xml_text.h"

namespace lh::adapters::soap::wsdl {
namespace {

constexpr std::string_view kEnvelope11 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kEnvelope12 = "http://www.w3.org/2003/05/soap-envelope";

Error wrong(std::string what) {
  return Error(Reason::kMappingInvalid, std::move(what));
}

// Of the description: its braces are no places, whoever wrote it has no say in what a place holds.
std::string escaped_space(std::string_view text) {
  std::string plain, out;
  schemas::append_xml_text(plain, text);
  for (const char c : plain) {
    if (c == '{') {
      out += "&#123;";
    } else if (c == '}') {
      out += "&#125;";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// A name as XML has them, without a colon: what a description says is not trusted to be one.
bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&letter](char c) {
           return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

class Writer {
 public:
  explicit Writer(const Parameters& parameters) {
    for (const auto& [path, text] : parameters) left_.emplace(path, &text);
  }

  Status element(const Element& e, const std::string& path) {
    if (!is_name(e.name.local)) return wrong(shown(path) + ": its name is none");
    if (e.content == Content::kText) return text(e, path.empty() ? "." : path);
    if (e.content == Content::kUnreadable) return wrong(shown(path) + ": " + e.why);
    open(e);
    for (const Element& child : e.children) {
      const std::string below = path.empty() ? child.name.local : path + "/" + child.name.local;
      const bool needed = child.needed == Needed::kYes;
      if (needed && child.content == Content::kText && !is_given(below)) {
        return wrong("the operation needs " + below + ": name it in parameters");
      }
      if (needed || is_given(below)) LH_TRY(element(child, below));
    }
    close(e);
    return {};
  }

  // What is left names nothing of the request.
  Status finish(const Element& request) const {
    if (left_.empty()) return {};
    std::string known;
    for (const Element& child : request.children) known += " " + child.name.local;
    return wrong("the operation does not know " + left_.begin()->first + "; it knows" +
                 (known.empty() ? " nothing" : known));
  }
  std::string take() { return std::move(out_); }

 private:
  static std::string shown(const std::string& path) { return path.empty() ? "the request" : path; }

  bool is_given(const std::string& path) const {
    const auto at = left_.lower_bound(path);
    if (at == left_.end()) return false;
    if (at->first == path) return true;
    const auto below = left_.lower_bound(path + "/");
    return below != left_.end() && below->first.starts_with(path + "/");
  }

  Status text(const Element& e, const std::string& path) {
    const auto given = left_.find(path);
    if (given == left_.end()) return wrong(shown(path) + " is a text and has nothing below it");
    open(e);
    schemas::append_xml_text(out_, *given->second);  // its braces are places
    close(e);
    left_.erase(given);
    return {};
  }

  void open(const Element& e) {
    if (e.name.space.empty()) {
      out_ += "<" + e.name.local + ">";
      return;
    }
    const auto at = prefixes_.emplace(e.name.space, "n" + std::to_string(prefixes_.size())).first;
    out_ += "<" + at->second + ":" + e.name.local + " xmlns:" + at->second + "=\"" +
            escaped_space(e.name.space) + "\">";
  }
  void close(const Element& e) {
    const auto at = prefixes_.find(e.name.space);
    out_ += "</" + (e.name.space.empty() ? "" : at->second + ":") + e.name.local + ">";
  }

  std::string out_;
  std::map<std::string, const std::string*> left_;
  std::map<std::string, std::string> prefixes_;
};

}  // namespace

Result<std::string> make_envelope(const Operation& operation, const Parameters& parameters,
                                  const std::string& header) {
  if (operation.headers == Headers::kDeclared && header.empty()) {
    return wrong("the operation declares a header: write it as soap_header");
  }
  Writer body(parameters);
  LH_TRY(body.element(operation.request, ""));
  LH_TRY(body.finish(operation.request));
  const bool old = operation.version == Version::kSoap11;
  std::string out = "<soap:Envelope xmlns:soap=\"";
  out.append(old ? kEnvelope11 : kEnvelope12).append("\">");
  if (!header.empty()) out.append("<soap:Header>").append(header).append("</soap:Header>");
  return out.append("<soap:Body>").append(body.take()).append("</soap:Body></soap:Envelope>");
}

}  // namespace lh::adapters::soap::wsdl
