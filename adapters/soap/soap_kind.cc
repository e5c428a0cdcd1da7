#include "adapters/soap/soap_kind.h"

#include <algorithm>

#include "adapters/soap/described.h"

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
  auto place = Template::parse(whole, Place::kPath, {});
  if (!place.ok()) return in.invalid("url or path: " + place.error().detail());
  out.path.push_back(std::move(place).value());
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

// The kind of envelopes, for tables that name a description and its operations.
class SoapKind final : public Kind {
 public:
  SoapKind(std::unique_ptr<Kind> envelopes, const http::MessageDigests& digests)
      : envelopes_(std::move(envelopes)), digests_(digests) {}

  std::string_view name() const override { return envelopes_->name(); }
  PullCalls pull_calls() const override { return envelopes_->pull_calls(); }
  Rerun rerun(const SettingsNode& source) const override {
    const auto whole = written_out(source, digests_);
    return whole.ok() ? envelopes_->rerun(*whole) : Rerun::kFromTheBeginning;
  }
  Status check(const SettingsNode& source) const override {
    return envelopes_->check(LH_TRY(written_out(source, digests_)));
  }
  Result<std::optional<Described>> describe(const SettingsNode& source,
                                            const std::string& toml) const override {
    return soap::describe(source, toml, digests_);
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    return envelopes_->pull(LH_TRY(written_out(source, digests_)), input, from);
  }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    return envelopes_->reread(LH_TRY(written_out(source, digests_)), std::move(kept));
  }
  Result<std::unique_ptr<Lookup>> lookup(const SettingsNode& source) const override {
    return envelopes_->lookup(LH_TRY(written_out(source, digests_)));
  }
  Result<std::unique_ptr<Push>> push(const SettingsNode& source) const override {
    return envelopes_->push(LH_TRY(written_out(source, digests_)));
  }

 private:
  std::unique_ptr<Kind> envelopes_;
  const http::MessageDigests& digests_;
};

}  // namespace

std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                std::unique_ptr<http::transport::Transports> transports) {
  const http::Style style{"soap", http::Faults::kSoap, &read_operation};
  return std::make_unique<SoapKind>(http::make_kind_of(style, with, digests, std::move(transports)),
                                    digests);
}

}  // namespace lh::adapters::soap
