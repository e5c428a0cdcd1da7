// Kinds of sources over cassettes.
#include "adapters/http/http_kind.h"
#include "adapters/soap/soap_kind.h"
#include "hub/app/sources.h"
#include "hub/app/sources_impl.h"

namespace lh::hub::app {
namespace {

namespace transport = adapters::http::transport;

Result<std::unique_ptr<adapters::Kind>> make_over(std::string_view kind,
                                                  const adapters::Surroundings& with,
                                                  const CryptoDigests& digests,
                                                  std::unique_ptr<transport::Transports> by) {
  if (kind == "http") return adapters::http::make_kind(with, digests, std::move(by));
  if (kind == "soap") return adapters::soap::make_kind(with, digests, std::move(by));
  return Error(Reason::kAdapterUnsupported, std::string(kind) + ": cassettes are of http and soap");
}

// "https://host/path" -> "host:443": nothing is called, so the address of the mapping may stand.
std::string target_of(std::string url) {
  const bool tls = url.starts_with("https");
  url.erase(0, std::min(url.find("://"), url.size()));
  if (url.starts_with("://")) url.erase(0, 3);
  url.resize(std::min(url.find('/'), url.size()));
  const auto colon = url.rfind(':');
  const bool port = colon != std::string::npos && url.find(']', colon) == std::string::npos;
  if (!port) url += tls ? ":443" : ":80";
  if (url.starts_with('[')) url.erase(url.find(']'), 1).erase(0, 1);
  return url;
}

}  // namespace

Result<std::unique_ptr<adapters::Kind>> Sources::recording_kind(const adapters::Mapping& mapping,
                                                                int file) const {
  auto by =
      LH_TRY(transport::make_recording_transports(transport::make_outbound_transports(), file));
  return make_over(mapping.kind, impl_->surroundings, impl_->digests, std::move(by));
}

Result<Sources::Replaying> Sources::replaying_kind(const adapters::Mapping& mapping,
                                                   std::string_view cassette) const {
  auto by = LH_TRY(transport::make_transports_of(cassette));
  const auto* url = mapping.source.find("url");
  const std::string target =
      url != nullptr && url->text() != nullptr ? target_of(*url->text()) : "";
  const auto& mine = impl_->surroundings;
  Replaying out;
  out.around = std::make_unique<adapters::Surroundings>(
      adapters::Surroundings{mine.clock, mine.random, impl_->no_secrets, {target}, true});
  out.kind = LH_TRY(make_over(mapping.kind, *out.around, impl_->digests, std::move(by)));
  return out;
}

}  // namespace lh::hub::app
