#include "hub/edge/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <thread>

#include "base/log.h"

namespace lh::hub::edge {

namespace {

constexpr int kStepsAtOnce = 256;  // then the other connections get their turn
constexpr std::int64_t kMicroseconds = 1'000'000;
constexpr std::int64_t kMinBytesPerSecond = 32 << 10;  // slower than this is not honest work
constexpr int kLingerSeconds = 2;
constexpr std::int64_t kIdleBuffers = 2 * kMicroseconds;  // then a quiet connection drops them
constexpr std::size_t kLingerBytes = 1U << 20U;
constexpr std::size_t kKeptCapacity = 4096;  // an idle connection holds no large buffer
constexpr std::size_t kFirstReserve = 64U
                                      << 10U;  // before bytes arrive, a promise is only a promise

std::int64_t time_for(std::size_t bytes) {
  return static_cast<std::int64_t>(bytes) * kMicroseconds / kMinBytesPerSecond;
}

}  // namespace

Session::Session(Loop& loop, const Surroundings& around, TlsStream tls, Arrival arrival)
    : loop_(loop),
      around_(around),
      arrival_(std::move(arrival)),
      watch_(loop, arrival_.socket()),
      tls_(std::move(tls)),
      caller_(around.judge),
      body_share_(around.bodies) {
  arrival_.take_socket();  // the watch closes it from here on
  set_deadline(around.handshake_seconds);
  around_.metrics.connection_opened();
}

Session::~Session() {
  around_.metrics.connection_closed();
}

void Session::open(Loop& loop, const Surroundings& around, Arrival arrival) {
  auto tls = TlsStream::accept(around.tls, arrival.socket());
  if (!tls.ok()) return;
  try {
    const auto session =
        std::make_shared<Session>(loop, around, std::move(tls).value(), std::move(arrival));
    loop.join(session);
    session->pump();
  } catch (const std::exception&) {  // no memory, or the kernel watches no more sockets
    log_event(LogLevel::kWarning, "edge.connection_dropped");
  }
}

void Session::pump() {
  for (int i = 0; i < kStepsAtOnce; ++i) {
    if (step() == Next::kLater) return;
  }
  loop_.run_soon([self = shared_from_this()] { self->on_ready(); });
}

Session::Next Session::step() {
  switch (state_) {
    case State::kHandshake:
      return step_handshake();
    case State::kHead:
      return step_head();
    case State::kBody:
      return step_body();
    case State::kWriting:
      return step_write();
    case State::kLingering:
      return step_linger();
    case State::kHandling:
    case State::kClosed:
      break;
  }
  return Next::kLater;
}

Session::Next Session::want(Io io) {
  switch (io) {
    case Io::kDone:
      return Next::kAgain;
    case Io::kWantRead:
      watch_.wait(Direction::kRead, shared_from_this());
      break;
    case Io::kWantWrite:
      watch_.wait(Direction::kWrite, shared_from_this());
      break;
    case Io::kEnd:
    case Io::kFailed:
      close();
      break;
  }
  return Next::kLater;
}

Session::Next Session::step_handshake() {
  const Io io = tls_.handshake();
  if (io != Io::kDone) return want(io);
  if (around_.listener == api::Listener::kDepartments) caller_.present(tls_.peer_chain());
  begin_head();
  return Next::kAgain;
}

void Session::use_input(std::size_t n) {
  in_used_ += n;
  if (in_used_ < in_.size()) return;
  in_.clear();
  in_used_ = 0;
}

Session::Next Session::read_more() {
  const auto room = loop_.scratch();
  std::size_t n = 0;
  const Io io = tls_.read(room.data(), room.size(), n);
  if (io != Io::kDone) return want(io);
  // From its first byte on, a head must arrive in time; until then the connection is only idle.
  if (state_ == State::kHead && input().empty()) set_deadline(around_.header_seconds);
  if (in_used_ > 0) in_.erase(0, in_used_);
  in_used_ = 0;
  in_.append(room.data(), n);
  return Next::kAgain;
}

void Session::begin_head() {
  if (draining_) return begin_linger();
  state_ = State::kHead;
  scanner_ = {};
  chunked_.reset();
  body_share_.release();
  if (in_.empty() && in_.capacity() > kKeptCapacity) std::string().swap(in_);
  set_deadline(in_.empty() ? around_.idle_seconds : around_.header_seconds);
  idle_since_us_ = loop_.now_us();
}

Session::Next Session::step_head() {
  // Saves the read that would only be told to come again.
  if (in_.empty() && !tls_.holds_input() && !watched_idle_) {
    watched_idle_ = true;
    return want(Io::kWantRead);
  }
  watched_idle_ = false;
  const auto length = scanner_.scan(input());
  if (!length.ok()) return refuse(length.error().reason(), {});
  if (*length == 0) return read_more();
  const Status read = http::read_head(input().substr(0, *length), head_);
  if (!read.ok()) return refuse(read.error().reason(), {});
  body_on_wire_ = head_.method == "HEAD" ? http::BodyOnWire::kOmit : http::BodyOnWire::kSend;
  auto admitted = http::admit(head_, around_.served_hosts);
  if (!admitted.ok()) {
    return refuse(admitted.error().reason(), http::first_value(head_, "accept-language"));
  }
  admitted_ = std::move(admitted).value();
  use_input(*length);
  return begin_body();
}

Session::Next Session::begin_body() {
  if (admitted_.framing == http::Framing::kNoBody) return dispatch();
  state_ = State::kBody;
  body_started_us_ = loop_.now_us();
  set_deadline(around_.body_seconds);
  api::Request& request = admitted_.request;
  const std::size_t limit = around_.handler.body_limit(request.method, request.path);
  if (admitted_.framing == http::Framing::kChunked) {
    chunked_.emplace(limit);
  } else {
    if (admitted_.content_length > limit) {
      return refuse(Reason::kInputTooLarge, request.accept_language);
    }
    request.body.reserve(std::min<std::size_t>(admitted_.content_length, kFirstReserve));
  }
  // RFC 9110 10.1.1: not when the body is on its way already.
  if (admitted_.expectation == http::Expectation::kContinue && in_.empty()) {
    return write("HTTP/1.1 100 Continue\r\n\r\n", State::kBody);
  }
  return Next::kAgain;
}

Result<std::size_t> Session::take_body(std::string_view in) {
  std::string& body = admitted_.request.body;
  if (chunked_) return chunked_->take(in, body);
  const std::size_t n = std::min<std::size_t>(in.size(), admitted_.content_length - body.size());
  body.append(in.substr(0, n));
  return n;
}

bool Session::body_complete() const {
  return chunked_ ? chunked_->done() : admitted_.request.body.size() == admitted_.content_length;
}

Session::Next Session::step_body() {
  const auto used = take_body(input());
  if (!used.ok()) return refuse(used.error().reason(), admitted_.request.accept_language);
  use_input(*used);
  if (!body_share_.cover(admitted_.request.body.size())) {
    return refuse(Reason::kTooManyRequests, admitted_.request.accept_language);
  }
  if (body_complete()) return dispatch();
  deadline_us_ = body_started_us_ + around_.body_seconds * kMicroseconds +
                 time_for(admitted_.request.body.size());
  return read_more();
}

// The right to answer one request. Copies of a responder share it; the first answer counts; when
// the last copy goes unused, the client is told that the hub failed instead of waiting for ever.
class Ticket {
 public:
  Ticket(Session& session, std::uint64_t id)
      : inbox_(session.loop_.inbox()),
        to_(std::static_pointer_cast<Session>(session.shared_from_this())),
        loop_thread_(std::this_thread::get_id()),
        id_(id) {}
  ~Ticket() { give(std::nullopt); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  void give(std::optional<api::Response> response) {
    if (used_.exchange(true)) return;
    if (std::this_thread::get_id() == loop_thread_) {
      const auto session = to_.lock();
      if (session == nullptr) return;
      // Inside handle(): no way round through the inbox. Elsewhere on the loop: never re-enter.
      if (session->inside_handler_) return session->on_answer(id_, std::move(response));
    }
    inbox_->put({to_, id_, std::move(response)});
  }

 private:
  std::shared_ptr<Inbox> inbox_;
  std::weak_ptr<Session> to_;
  std::thread::id loop_thread_;
  std::uint64_t id_;
  std::atomic<bool> used_ = false;
};

api::Responder Session::make_responder() {
  return [ticket = std::make_shared<Ticket>(*this, request_id_)](api::Response response) {
    ticket->give(std::move(response));
  };
}

Session::Next Session::dispatch() {
  state_ = State::kHandling;
  deadline_us_ = 0;  // the hub's own time; the client has done its part
  ++request_id_;
  inline_answer_.reset();
  admitted_.request.listener = around_.listener;
  loop_.queue_turn(shared_from_this());
  return Next::kLater;
}

void Session::on_turn() {
  if (state_ != State::kHandling) return;  // closed meanwhile
  admitted_.request.certificate = caller_.now();
  inside_handler_ = true;
  try {
    around_.handler.handle(std::move(admitted_.request), make_responder());
  } catch (const std::exception&) {
    log_event(LogLevel::kError, "edge.handler_threw");
    inline_answer_ = refusal(Reason::kInternalFailure, {});
  }
  inside_handler_ = false;
  if (inline_answer_ && answer(std::move(*inline_answer_)) == Next::kAgain) pump();
}

void Session::on_answer(std::uint64_t id, std::optional<api::Response> response) {
  if (state_ != State::kHandling || id != request_id_) return;
  if (!response) response = refusal(Reason::kInternalFailure, {});
  if (inside_handler_) {
    inline_answer_ = std::move(response);
    return;
  }
  if (answer(std::move(*response)) == Next::kAgain) pump();
}

Session::Next Session::answer(api::Response response) {
  if (draining_) admitted_.persistence = http::Persistence::kClose;
  const bool last = admitted_.persistence == http::Persistence::kClose;
  return write(http::to_wire(response, body_on_wire_, admitted_.persistence),
               last ? State::kLingering : State::kHead);
}

api::Response Session::refusal(Reason reason, std::string_view accept_language) {
  around_.metrics.count_refusal(reason);
  try {
    return around_.handler.refuse(reason, accept_language);
  } catch (const std::exception&) {
    log_event(LogLevel::kError, "edge.handler_threw");
  }
  api::Response bare;
  bare.status = info(reason).http_status;
  return bare;
}

// Whatever is refused here leaves it unclear where the next request would begin: always the end.
Session::Next Session::refuse(Reason reason, std::string_view accept_language) {
  const api::Response response = refusal(reason, accept_language);
  return write(http::to_wire(response, body_on_wire_, http::Persistence::kClose),
               State::kLingering);
}

Session::Next Session::write(std::string bytes, State after) {
  out_ = std::move(bytes);
  out_written_ = 0;
  after_write_ = after;
  state_ = State::kWriting;
  set_deadline_us(around_.body_seconds * kMicroseconds + time_for(out_.size()));
  return Next::kAgain;
}

Session::Next Session::step_write() {
  std::size_t n = 0;
  const Io io = tls_.write(std::string_view(out_).substr(out_written_), n);
  if (io != Io::kDone) return want(io);
  out_written_ += n;
  if (out_written_ < out_.size()) return Next::kAgain;
  std::string().swap(out_);
  if (after_write_ == State::kHead) {
    begin_head();
  } else if (after_write_ == State::kBody) {
    state_ = State::kBody;
    set_deadline(around_.body_seconds);
  } else {
    begin_linger();
  }
  return Next::kAgain;
}

// RFC 9112 9.6: closing with bytes unread would reset the connection and take the answer with it.
void Session::begin_linger() {
  tls_.close_notify();
  ::shutdown(watch_.socket(), SHUT_WR);
  state_ = State::kLingering;
  set_deadline(kLingerSeconds);
}

Session::Next Session::step_linger() {
  const auto room = loop_.scratch();
  const ssize_t n = ::recv(watch_.socket(), room.data(), room.size(), 0);
  if (n > 0) {
    discarded_ += static_cast<std::size_t>(n);
    return discarded_ <= kLingerBytes ? Next::kAgain : want(Io::kFailed);
  }
  return want(n < 0 && errno == EAGAIN ? Io::kWantRead : Io::kEnd);
}

void Session::time_out() {
  const bool speaking = state_ == State::kBody || (state_ == State::kHead && !in_.empty());
  if (!speaking) return close();
  const std::string language =
      state_ == State::kBody ? admitted_.request.accept_language : std::string();
  if (refuse(Reason::kHttpTimeout, language) == Next::kAgain) pump();
}

void Session::on_tick(std::int64_t now_us) {
  if (deadline_us_ != 0 && now_us >= deadline_us_) return time_out();
  const bool idle = state_ == State::kHead && in_.empty();
  if (!idle || idle_since_us_ == 0 || now_us < idle_since_us_ + kIdleBuffers) return;
  tls_.drop_buffers();
  idle_since_us_ = 0;
}

void Session::on_drain() {
  draining_ = true;
  if (state_ == State::kHandshake) return close();
  if (state_ != State::kHead || !in_.empty()) return;
  begin_linger();
  pump();
}

void Session::close() {
  if (state_ == State::kClosed) return;
  if (state_ != State::kLingering) tls_.close_notify();
  state_ = State::kClosed;
  deadline_us_ = 0;
  watch_.close();
  loop_.leave(*this);
}

}  // namespace lh::hub::edge
