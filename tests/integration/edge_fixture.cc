#include "tests/integration/edge_fixture.h"

#include <gtest/gtest.h>

namespace lh::hub::edge::testing {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

template <class T>
T must(Result<T> r) {
  if (!r.ok()) throw std::runtime_error(r.error().describe());
  return std::move(r).value();
}

}  // namespace

UtcTime SettableClock::now() const {
  return real_.now().plus_ms(offset_ms_.load());
}

void SettableClock::advance_ms(std::int64_t ms) {
  offset_ms_ += ms;
}

Farm::Farm() : now_(SystemClock().now()) {
  using crypto::Algorithm;
  const UtcTime from = now_.plus_ms(-kDayMs);
  const UtcTime to = now_.plus_ms(3650 * kDayMs);
  root_key_ = must(crypto::PrivateKey::generate(Algorithm::kEs256, random_));
  issuing_key_ = must(crypto::PrivateKey::generate(Algorithm::kEs256, random_));
  root_.emplace(must(pki::make_root(*root_key_, "test root", from, to, random_)), *root_key_);
  issuing_.emplace(
      must(root_->issue_authority("test issuing", issuing_key_->public_key(), from, to, random_)),
      *issuing_key_);
  pki::CertificateRequest request;
  request.common_name = "hub";
  request.dns_names = {"hub", "localhost"};
  request.ip_names = {"127.0.0.1"};
  request.usage = pki::Usage::kTlsServer;
  request.not_before = from;
  request.not_after = now_.plus_ms(365 * kDayMs);
  server_ = issue(request);
}

Identity Farm::issue(pki::CertificateRequest request) {
  auto key = must(crypto::PrivateKey::generate(crypto::Algorithm::kEs256, random_));
  return {{must(issuing_->issue(request, key.public_key(), random_)), issuing_->certificate()},
          key.pkcs8()};
}

Identity Farm::client(const std::string& name, std::int64_t from_days, std::int64_t to_days) {
  pki::CertificateRequest request;
  request.common_name = name;
  request.organisation = "测试企业001";
  request.not_before = now_.plus_ms(from_days * kDayMs);
  request.not_after = now_.plus_ms(to_days * kDayMs);
  return issue(request);
}

std::vector<pki::Certificate> Farm::anchors() const {
  return {root_->certificate(), issuing_->certificate()};
}

TestHandler::~TestHandler() {
  for (std::thread& t : threads_) t.join();
}

void TestHandler::handle(api::Request request, api::Responder respond) {
  const std::lock_guard lock(mutex_);
  seen_.push_back(request);
  changed_.notify_all();
  api::Response response;
  response.content_type = "text/plain";
  response.body = request.body;
  if (request.path == "/keep") {
    kept_.push_back(std::move(respond));
  } else if (request.path == "/throw") {
    throw std::runtime_error("of the test");
  } else if (request.path == "/elsewhere") {
    threads_.emplace_back([respond = std::move(respond), response] { respond(response); });
  } else if (request.path == "/twice") {
    respond(response);
    response.body = "second";
    respond(response);
  } else if (request.path == "/large") {
    response.body.assign(1U << 20U, 'x');
    respond(response);
  } else if (request.path != "/drop") {
    respond(response);
  }
}

std::size_t TestHandler::body_limit(api::Method /*method*/, std::string_view path) const {
  return path == "/large" ? 8U << 20U : 64U << 10U;
}

api::Response TestHandler::refuse(Reason reason, std::string_view accept_language) {
  const std::lock_guard lock(mutex_);
  refused_.push_back(std::string(reason_id(reason)) + "|" + std::string(accept_language));
  api::Response out;
  out.status = info(reason).http_status;
  out.content_type = "application/problem+json";
  out.body = "{\"reason\":\"" + std::string(reason_id(reason)) + "\"}";
  return out;
}

std::vector<api::Request> TestHandler::seen() {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::vector<std::string> TestHandler::refused() {
  const std::lock_guard lock(mutex_);
  return refused_;
}

std::vector<api::Responder> TestHandler::take_kept(std::size_t at_least) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return kept_.size() >= at_least; });
  return std::exchange(kept_, {});
}

void TestHandler::forget() {
  const std::lock_guard lock(mutex_);
  seen_.clear();
  refused_.clear();
}

Edge::Edge(const std::function<void(ServerSettings&)>& change) {
  set_trust(farm.anchors(), {});
  ServerSettings s;
  s.listeners = {{api::Listener::kDepartments, "127.0.0.1", 0},
                 {api::Listener::kPublic, "127.0.0.1", 0}};
  s.chain = farm.server().chain;
  s.private_key_pkcs8 = Secret::copy_of(farm.server().key);
  if (change) change(s);
  const auto read_trust = [this] {
    const std::lock_guard lock(trust_mutex_);
    return trust_;
  };
  server = must(Server::start(std::move(s), handler, read_trust, clock, metrics));
}

void Edge::set_trust(std::vector<pki::Certificate> anchors, std::set<Digest> revoked) {
  const std::lock_guard lock(trust_mutex_);
  trust_ = std::make_shared<pki::TrustStore>(std::move(anchors), std::move(revoked), ++epoch_);
}

std::string get_request(const std::string& path, const std::string& more) {
  return "GET " + path + " HTTP/1.1\r\nHost: hub\r\n" + more + "\r\n";
}

std::string post_request(const std::string& path, const std::string& body) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: hub\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace lh::hub::edge::testing
