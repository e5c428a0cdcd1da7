#include "adapters/http/transport/transport.h"

namespace lh::adapters::http::transport {
namespace {

class OutboundTransport final : public Transport {
 public:
  explicit OutboundTransport(std::unique_ptr<outbound::HttpClient> client)
      : client_(std::move(client)) {}
  Result<outbound::HttpResponse> send(const Call& call) override {
    return client_->send(call.request);
  }

 private:
  std::unique_ptr<outbound::HttpClient> client_;
};

class OutboundTransports final : public Transports {
 public:
  Result<std::unique_ptr<Transport>> open(const outbound::HttpSettings& settings) const override {
    auto client = LH_TRY(outbound::HttpClient::connect(settings));
    return std::unique_ptr<Transport>(std::make_unique<OutboundTransport>(std::move(client)));
  }
};

}  // namespace

std::unique_ptr<Transports> make_outbound_transports() {
  return std::make_unique<OutboundTransports>();
}

}  // namespace lh::adapters::http::transport
