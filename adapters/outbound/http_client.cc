#include "adapters/outbound/http_client.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <algorithm>
#include <istream>
#include <ostream>

namespace lh::adapters::outbound {
namespace {

using Poco::Net::Context;

constexpr std::size_t kChunk = 65536;

Status check_target(const HttpSettings& s) {
  const std::string target = s.host + ":" + std::to_string(s.port);
  const auto& allowed = s.allowed_targets;
  if (std::find(allowed.begin(), allowed.end(), target) == allowed.end()) {
    return Error(Reason::kConfigInvalid, "the target is not among the allowed ones: " + target);
  }
  return ok_status();
}

bool forbidden(const Poco::Net::IPAddress& a, bool allow_loopback) {
  if (a.isLoopback()) return !allow_loopback;
  return a.isWildcard() || a.isLinkLocal() || a.isMulticast() || a.isBroadcast() ||
         a.isIPv4Mapped();
}

// Resolved once: what was checked is what is connected to.
Result<Poco::Net::IPAddress> resolve(const HttpSettings& s) {
  try {
    const auto addresses = Poco::Net::DNS::resolve(s.host).addresses();
    if (addresses.empty()) return Error(Reason::kSourceUnavailable, "no address of " + s.host);
    for (const auto& address : addresses) {  // one bad address makes the whole answer suspect
      if (forbidden(address, s.allow_loopback)) {
        return Error(Reason::kSourceUnavailable, "an address that is not allowed: " + s.host);
      }
    }
    return addresses.front();
  } catch (const Poco::Exception& e) {
    return Error(Reason::kSourceUnavailable, e.displayText());
  }
}

bool visible(std::string_view text, char first) {
  return std::all_of(text.begin(), text.end(), [first](char c) { return c >= first && c <= '~'; });
}

// What goes into the head of the message: a line end in it would be a second message.
Status check_head(const HttpRequest& r) {
  bool good = !r.method.empty() && visible(r.method, 'A') && r.path.starts_with('/') &&
              visible(r.path, '!') && visible(r.content_type, ' ');
  for (const auto& [name, value] : r.headers) {
    good = good && !name.empty() && visible(name, '!') && name.find(':') == std::string::npos &&
           visible(value, ' ');
  }
  if (!good) return Error(Reason::kInputMalformed, "head of an HTTP request");
  return ok_status();
}

}  // namespace

struct HttpClient::Impl {
  HttpSettings settings;
  std::unique_ptr<Poco::Net::HTTPSClientSession> session;

  Status write(const HttpRequest& request);
  Result<HttpResponse> read();
};

Status HttpClient::Impl::write(const HttpRequest& request) {
  Poco::Net::HTTPRequest message(request.method, request.path, Poco::Net::HTTPMessage::HTTP_1_1);
  message.setHost(settings.host, settings.port);
  message.setKeepAlive(true);
  for (const auto& [name, value] : request.headers) message.set(name, value);
  if (!request.content_type.empty()) message.setContentType(request.content_type);
  message.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  std::ostream& out = session->sendRequest(message);
  out.write(request.body.data(), static_cast<std::streamsize>(request.body.size()));
  out.flush();
  if (!out) return Error(Reason::kSourceUnavailable, "the connection broke while sending");
  return ok_status();
}

Result<HttpResponse> HttpClient::Impl::read() {
  Poco::Net::HTTPResponse message;
  std::istream& in = session->receiveResponse(message);
  HttpResponse response;
  response.status = static_cast<int>(message.getStatus());
  for (const auto& [name, value] : message) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
      return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    response.headers.emplace_back(std::move(lower), value);
  }
  std::string chunk(kChunk, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    response.body.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (response.body.size() > settings.max_response_bytes) {
      session->reset();
      return Error(Reason::kInputTooLarge, "the response of " + settings.host);
    }
  }
  if (message.hasContentLength() &&
      message.getContentLength64() != static_cast<Poco::Int64>(response.body.size())) {
    session->reset();
    return Error(Reason::kSourceUnavailable, "the response was cut short");
  }
  return response;
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::connect(const HttpSettings& settings) {
  LH_TRY(check_target(settings));
  const auto address = LH_TRY(resolve(settings));
  try {
    Context::Params params;
    params.privateKeyFile = settings.key_file;
    params.certificateFile = settings.certificate_file;
    params.caLocation = settings.ca_file;
    params.verificationMode = Context::VERIFY_STRICT;
    params.loadDefaultCAs = false;
    Context::Ptr context(new Context(Context::TLS_CLIENT_USE, params));
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
    auto impl = std::make_unique<Impl>();
    impl->settings = settings;
    // The certificate is held against the name, the connection goes to the address that was
    // checked. The session alone would hold it against what setHost says, so the socket is told
    // before.
    Poco::Net::SecureStreamSocket socket(context);
    socket.setPeerHostName(settings.host);
    impl->session = std::make_unique<Poco::Net::HTTPSClientSession>(socket);
    impl->session->setHost(address.toString());
    impl->session->setPort(settings.port);
    const Poco::Timespan timeout(static_cast<Poco::Timespan::TimeDiff>(settings.timeout_ms) * 1000);
    impl->session->setTimeout(timeout, timeout, timeout);
    impl->session->setKeepAlive(true);
    impl->session->setKeepAliveTimeout(Poco::Timespan(30, 0));
    return std::unique_ptr<HttpClient>(new HttpClient(std::move(impl)));
  } catch (const Poco::Exception& e) {
    return Error(Reason::kConfigInvalid, e.displayText());
  }
}

Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  LH_TRY(check_head(request));
  try {
    LH_TRY(impl_->write(request));
    return impl_->read();
  } catch (const Poco::Exception& e) {
    impl_->session->reset();
    return Error(Reason::kSourceUnavailable, e.displayText());
  }
}

}  // namespace lh::adapters::outbound
