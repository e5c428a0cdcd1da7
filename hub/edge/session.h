// One connection: handshake, heads, bodies, answers, good-bye. A state machine on one loop.
// At every moment it has exactly one deadline, except while the hub works on the request.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/api/message.h"
#include "hub/edge/caller.h"
#include "hub/edge/http/chunked.h"
#include "hub/edge/http/gate.h"
#include "hub/edge/http/reply.h"
#include "hub/edge/listener.h"
#include "hub/edge/loop.h"
#include "hub/edge/metrics.h"
#include "hub/edge/tls.h"

namespace lh::hub::edge {

// What all sessions of one listener share; outlives them.
struct Surroundings {
  api::Handler& handler;
  CallerJudge& judge;
  Metrics& metrics;
  BodyBudget& bodies;
  TlsContext tls;
  api::Listener listener = api::Listener::kDepartments;
  std::vector<std::string> served_hosts;  // lower case
  int handshake_seconds = 0;
  int header_seconds = 0;
  int body_seconds = 0;
  int idle_seconds = 0;
};

class Session final : public Member {
 public:
  // On the loop. Takes the socket and its seat; a stream that cannot be made closes them.
  static void open(Loop& loop, const Surroundings& around, Arrival arrival);
  Session(Loop& loop, const Surroundings& around, TlsStream tls, Arrival arrival);
  ~Session() override;

  void on_ready() override { pump(); }
  void on_turn() override;
  void on_tick(std::int64_t now_us) override;
  void on_drain() override;
  void on_halt() override { close(); }
  void on_answer(std::uint64_t id, std::optional<api::Response> response) override;

 private:
  friend class Ticket;
  enum class State : std::uint8_t {
    kHandshake,
    kHead,
    kBody,
    kHandling,
    kWriting,
    kLingering,
    kClosed,
  };
  enum class Next : std::uint8_t { kAgain, kLater };

  void pump();
  Next step();
  Next step_handshake();
  Next step_head();
  Next step_body();
  Next step_write();
  Next step_linger();
  Next want(Io io);
  Next read_more();
  Next begin_body();
  Next dispatch();
  Next refuse(Reason reason, std::string_view accept_language);
  Next write(std::string bytes, State after);
  Next answer(api::Response response);
  void begin_head();
  void begin_linger();
  void close();
  Result<std::size_t> take_body(std::string_view in);
  api::Response refusal(Reason reason, std::string_view accept_language);
  api::Responder make_responder();
  bool body_complete() const;
  std::string_view input() const { return std::string_view(in_).substr(in_used_); }
  void use_input(std::size_t n);
  void time_out();
  void set_deadline(int seconds) {
    set_deadline_us(static_cast<std::int64_t>(seconds) * 1'000'000);
  }
  void set_deadline_us(std::int64_t from_now_us) { deadline_us_ = loop_.now_us() + from_now_us; }

  Loop& loop_;
  const Surroundings& around_;
  Arrival arrival_;
  Watch watch_;
  TlsStream tls_;
  Caller caller_;
  State state_ = State::kHandshake;
  State after_write_ = State::kHead;
  std::int64_t deadline_us_ = 0;  // 0 = none

  std::string in_;  // bytes received and not used up: those from in_used_ on
  std::size_t in_used_ = 0;
  http::HeadScanner scanner_;
  http::Head head_;
  http::Admitted admitted_;
  std::optional<http::ChunkedDecoder> chunked_;
  std::int64_t body_started_us_ = 0;
  BodyShare body_share_;

  std::uint64_t request_id_ = 0;
  bool inside_handler_ = false;
  std::optional<api::Response> inline_answer_;
  http::BodyOnWire body_on_wire_ = http::BodyOnWire::kSend;
  std::string out_;
  std::size_t out_written_ = 0;
  std::size_t discarded_ = 0;
  bool draining_ = false;
  bool watched_idle_ = false;       // waiting for the first byte of a head
  std::int64_t idle_since_us_ = 0;  // the wait for a head began; 0 = its buffers were dropped
};

}  // namespace lh::hub::edge
