// Cassettes: {"format":1,"exchanges":[{"request":{…},"response":{…}}, …]}. The file is whole after
// every exchange: the next one is written over the closing brackets.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>

#include "adapters/http/transport/transport.h"
#include "base/bytes.h"
#include "schemas/json.h"

namespace lh::adapters::http::transport {
namespace {

using schemas::Json;

constexpr std::size_t kCassetteBytes = 64U << 20U;
constexpr std::string_view kMask = "***";
constexpr std::string_view kClosing = "\n]}\n";
// Answer fields that say something about the body; of all others only the name is kept.
constexpr std::string_view kKeptHeaders[] = {"content-type", "etag", "last-modified",
                                             "retry-after"};

// ---- secrets -----------------------------------------------------------------------------------

void replace_all(std::string& text, std::string_view what) {
  if (what.empty()) return;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += kMask.size()) {
    text.replace(at, what.size(), kMask);
  }
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out.push_back(c);
    } else {
      const std::string hex = to_hex(std::string_view(&c, 1));
      out.push_back('%');
      for (const char h : hex) out.push_back(h >= 'a' ? static_cast<char>(h - 32) : h);
    }
  }
  return out;
}

// A source may say back what it was told, in the spelling it was told or another.
std::string without_secrets(std::string text, const Call& call) {
  if (call.secrets == nullptr) return text;
  for (const Secret& secret : *call.secrets) {
    const std::string_view plain = secret.bytes();
    std::string quoted;
    schemas::append_json_string(quoted, plain);
    for (std::string form : {std::string(plain), percent_encoded(plain), to_base64(plain),
                             to_hex(plain), quoted.substr(1, quoted.size() - 2)}) {
      replace_all(text, form);
      wipe(form);
    }
    wipe(quoted);
  }
  return text;
}

// ---- the file ----------------------------------------------------------------------------------

void set_body(Json& object, std::string body) {
  if (body.empty()) return;
  if (is_utf8(body) && body.find('\0') == std::string::npos) {
    object.set("body", std::move(body));
  } else {
    object.set("body_base64", to_base64(body));
  }
}

Json request_json(const Call& call) {
  Json headers = Json::array();
  for (const auto& [name, value] : call.request.headers) headers.push(name);
  Json out = Json::object();
  out.set("method", call.request.method).set("path", without_secrets(call.shown_path, call));
  out.set("headers", std::move(headers));
  set_body(out, without_secrets(call.shown_body, call));
  return out;
}

Json response_json(const Call& call, const Result<outbound::HttpResponse>& response) {
  Json out = Json::object();
  if (!response.ok()) return out.set("failure", response.error().id());
  Json headers = Json::array();
  for (const auto& [name, value] : response->headers) {
    const bool kept =
        std::find(std::begin(kKeptHeaders), std::end(kKeptHeaders), name) != std::end(kKeptHeaders);
    Json field = Json::array();
    field.push(name).push(kept ? without_secrets(value, call) : std::string(kMask));
    headers.push(std::move(field));
  }
  out.set("status", response->status).set("headers", std::move(headers));
  set_body(out, without_secrets(response->body, call));
  return out;
}

class Recorder {
 public:
  explicit Recorder(int file) : file_(file) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() { ::close(file_); }

  Status write(const std::string& text) {
    const std::lock_guard lock(mutex_);
    const std::string whole = (first_ ? "" : ",\n") + text + std::string(kClosing);
    LH_TRY(write_at(whole));
    end_ += static_cast<off_t>(whole.size() - kClosing.size());
    first_ = false;
    return {};
  }
  Status begin() {
    LH_TRY(write_at("{\"format\":1,\"exchanges\":[\n" + std::string(kClosing)));
    end_ = 26;  // behind the opening line
    return {};
  }

 private:
  Status write_at(std::string_view text) {
    off_t at = end_;
    while (!text.empty()) {
      const ssize_t n = ::pwrite(file_, text.data(), text.size(), at);
      if (n <= 0) return Error(Reason::kFileUnwritable, "cassette");
      at += n;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
  int file_;
  off_t end_ = 0;
  bool first_ = true;
  std::mutex mutex_;
};

class RecordingTransport final : public Transport {
 public:
  RecordingTransport(std::unique_ptr<Transport> inner, std::shared_ptr<Recorder> recorder)
      : inner_(std::move(inner)), recorder_(std::move(recorder)) {}
  Result<outbound::HttpResponse> send(const Call& call) override {
    auto response = inner_->send(call);
    Json exchange = Json::object();
    exchange.set("request", request_json(call)).set("response", response_json(call, response));
    LH_TRY(recorder_->write(schemas::to_text(exchange)));
    return response;
  }

 private:
  std::unique_ptr<Transport> inner_;
  std::shared_ptr<Recorder> recorder_;
};

class RecordingTransports final : public Transports {
 public:
  RecordingTransports(std::unique_ptr<Transports> inner, std::shared_ptr<Recorder> recorder)
      : inner_(std::move(inner)), recorder_(std::move(recorder)) {}
  Result<std::unique_ptr<Transport>> open(const outbound::HttpSettings& settings) const override {
    return std::unique_ptr<Transport>(
        std::make_unique<RecordingTransport>(LH_TRY(inner_->open(settings)), recorder_));
  }

 private:
  std::unique_ptr<Transports> inner_;
  std::shared_ptr<Recorder> recorder_;
};

// ---- replay ------------------------------------------------------------------------------------

struct Exchange {
  std::string method, path, body;
  Result<outbound::HttpResponse> response;
  bool used = false;
};

struct Tape {
  std::vector<Exchange> exchanges;
  std::mutex mutex;
};

Error not_a_cassette(const char* what) {
  return Error(Reason::kInputMalformed, std::string("not a cassette: ") + what);
}

Result<std::string> text_member(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  if (value == nullptr) return std::string();
  if (value->string() == nullptr) return not_a_cassette("a text was expected");
  return *value->string();
}

Result<std::string> read_body(const Json& object) {
  const std::string coded = LH_TRY(text_member(object, "body_base64"));
  if (!coded.empty()) return parse_base64(coded);
  return text_member(object, "body");
}

Result<Result<outbound::HttpResponse>> read_response(const Json& object) {
  const std::string failure = LH_TRY(text_member(object, "failure"));
  if (!failure.empty()) {
    const auto known = find_reason(failure);
    if (!known) return not_a_cassette("failure");
    return Result<outbound::HttpResponse>(Error(*known, "as recorded"));
  }
  const Json* status = object.find("status");
  const Json* headers = object.find("headers");
  if (status == nullptr || status->integer() == nullptr || headers == nullptr ||
      headers->items() == nullptr) {
    return not_a_cassette("response");
  }
  outbound::HttpResponse out;
  out.status = static_cast<int>(*status->integer());
  for (const Json& field : *headers->items()) {
    const auto* pair = field.items();
    if (pair == nullptr || pair->size() != 2 || (*pair)[0].string() == nullptr ||
        (*pair)[1].string() == nullptr) {
      return not_a_cassette("headers");
    }
    out.headers.emplace_back(*(*pair)[0].string(), *(*pair)[1].string());
  }
  out.body = LH_TRY(read_body(object));
  return Result<outbound::HttpResponse>(std::move(out));
}

Result<std::shared_ptr<Tape>> read_tape(const Json& root) {
  const Json* format = root.find("format");
  const Json* exchanges = root.find("exchanges");
  if (format == nullptr || format->integer() == nullptr || *format->integer() != 1 ||
      exchanges == nullptr || exchanges->items() == nullptr) {
    return not_a_cassette("format");
  }
  auto tape = std::make_shared<Tape>();
  for (const Json& item : *exchanges->items()) {
    const Json* request = item.find("request");
    const Json* response = item.find("response");
    if (request == nullptr || response == nullptr) return not_a_cassette("exchange");
    Exchange exchange{LH_TRY(text_member(*request, "method")),
                      LH_TRY(text_member(*request, "path")), LH_TRY(read_body(*request)),
                      LH_TRY(read_response(*response))};
    tape->exchanges.push_back(std::move(exchange));
  }
  return tape;
}

class ReplayingTransport final : public Transport {
 public:
  explicit ReplayingTransport(std::shared_ptr<Tape> tape) : tape_(std::move(tape)) {}
  Result<outbound::HttpResponse> send(const Call& call) override {
    const std::lock_guard lock(tape_->mutex);
    const std::string path = without_secrets(call.shown_path, call);
    const std::string body = without_secrets(call.shown_body, call);
    for (Exchange& e : tape_->exchanges) {
      if (e.used || e.method != call.request.method || e.path != path || e.body != body) continue;
      e.used = true;
      return e.response;
    }
    return Error(Reason::kSourceUnavailable, "the cassette has no such exchange (left)");
  }

 private:
  std::shared_ptr<Tape> tape_;
};

class ReplayingTransports final : public Transports {
 public:
  explicit ReplayingTransports(std::shared_ptr<Tape> tape) : tape_(std::move(tape)) {}
  Result<std::unique_ptr<Transport>> open(const outbound::HttpSettings& /*all*/) const override {
    return std::unique_ptr<Transport>(std::make_unique<ReplayingTransport>(tape_));
  }

 private:
  std::shared_ptr<Tape> tape_;
};

}  // namespace

Result<std::unique_ptr<Transports>> make_recording_transports(std::unique_ptr<Transports> inner,
                                                              const std::string& path) {
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return Error(Reason::kFileUnwritable, "cassette");
  return make_recording_transports(std::move(inner), file);
}

Result<std::unique_ptr<Transports>> make_recording_transports(std::unique_ptr<Transports> inner,
                                                              int file) {
  auto recorder = std::make_shared<Recorder>(file);
  LH_TRY(recorder->begin());
  return std::unique_ptr<Transports>(
      std::make_unique<RecordingTransports>(std::move(inner), std::move(recorder)));
}

Result<std::unique_ptr<Transports>> make_replaying_transports(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(Reason::kFileUnreadable, "cassette");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return make_transports_of(text);
}

Result<std::unique_ptr<Transports>> make_transports_of(std::string_view cassette) {
  const Json root = LH_TRY(schemas::parse_json(cassette, kCassetteBytes));
  return std::unique_ptr<Transports>(
      std::make_unique<ReplayingTransports>(LH_TRY(read_tape(root))));
}

}  // namespace lh::adapters::http::transport
