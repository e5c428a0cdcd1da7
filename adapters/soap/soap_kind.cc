#include "adapters/soap/soap_kind.h"

#include <algorithm>

namespace lh::adapters::soap {
namespace {

using http::request::Operation;
using http::request::Place;
using http::request::Template;

constexpr std::string_view kSoap11 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kSoap12 = "http://www.w3.org/2003/05/soap-envelope";

// The action of a request stands where its version wants it. SOAP 1.1 section 6.1.1: the field
// SOAPAction, always there, quoted. SOAP 1.2 part 2 section 6.5: a parameter of the media type.
void put_action(Operation& operation, bool old, const std::string& action) {
  if (old) {
    operation.headers.emplace_back("SOAPAction", "\"" + action + "\"");
    operation.content_type = "text/xml; charset=utf-8";
    return;
  }
  operation.content_type = "application/soap+xml; charset=utf-8";
  if (!action.empty()) operation.content_type += "; action=\"" + action + "\"";
}

Result<Operation> read_operation(SettingsReader& in, const http::request::Connection& connection,
                                 std::vector<std::string_view> names) {
  Operation out;
  names.push_back("secret.");
  out.method = "POST";
  const std::string path = LH_TRY(in.text("path"));
  const std::string whole = connection.base_path + path;
  if (!http::request::is_plain_path(whole)) return in.invalid("url or path: where the service is");
  out.path.push_back(LH_TRY(Template::parse(whole, Place::kPath, {})));
  const std::string envelope = LH_TRY(in.required_text("envelope"));
  const bool old = envelope.find(kSoap11) != std::string::npos;
  if (old == (envelope.find(kSoap12) != std::string::npos)) {
    return in.invalid("envelope: of the namespace of SOAP 1.1, or of SOAP 1.2");
  }
  auto body = Template::parse(envelope, Place::kXml, names);
  if (!body.ok()) return in.invalid("envelope: " + body.error().detail());
  out.body = std::move(body).value();
  const std::string action = LH_TRY(in.text("action"));
  const bool plain = std::all_of(action.begin(), action.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (!plain) return in.invalid("action: visible ASCII without quotes");
  put_action(out, old, action);
  return out;
}

}  // namespace

std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                std::unique_ptr<http::transport::Transports> transports) {
  const http::Style style{"soap", http::Faults::kSoap, &read_operation};
  return http::make_kind_of(style, with, digests, std::move(transports));
}

}  // namespace lh::adapters::soap
