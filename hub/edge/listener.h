// A listening socket: admits connections within the caps and hands them round the loops.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "hub/edge/loop.h"
#include "hub/edge/metrics.h"

namespace lh::hub::edge {

// How many connections there are, in all and for each peer. Threads: any.
class Admission {
 public:
  Admission(std::size_t all, std::size_t per_peer) : max_all_(all), max_per_peer_(per_peer) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;
  bool enter(const std::string& peer);
  void leave(const std::string& peer);

 private:
  const std::size_t max_all_;
  const std::size_t max_per_peer_;
  std::mutex mutex_;
  std::size_t all_ = 0;
  std::map<std::string, std::size_t> peers_;
};

// Memory for request bodies that are under way, over all connections: many large uploads at once
// must not be able to take it all. Threads: any.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes) : left_(static_cast<std::int64_t>(bytes)) {}
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes) { left_ += static_cast<std::int64_t>(bytes); }

 private:
  std::atomic<std::int64_t> left_;
};

// One body's part of the budget. Small bodies are free: the cap on connections bounds them.
class BodyShare {
 public:
  explicit BodyShare(BodyBudget& budget) : budget_(budget) {}
  ~BodyShare() { release(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  bool cover(std::size_t body_bytes);  // false: no memory left for it
  void release();

 private:
  BodyBudget& budget_;
  std::size_t held_ = 0;
};

// A place among the connections, given back when the connection is gone.
class Seat {
 public:
  Seat(Admission& admission, std::string peer) : admission_(admission), peer_(std::move(peer)) {}
  ~Seat() { admission_.leave(peer_); }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  Admission& admission_;
  std::string peer_;
};

// An accepted socket on its way to its loop; closes it unless it is taken out.
class Arrival {
 public:
  Arrival(int socket, std::shared_ptr<Seat> seat) : socket_(socket), seat_(std::move(seat)) {}
  ~Arrival();
  Arrival(Arrival&& o) noexcept : socket_(o.take_socket()), seat_(std::move(o.seat_)) {}
  Arrival& operator=(Arrival&&) = delete;
  int socket() const { return socket_; }
  int take_socket();

 private:
  int socket_;
  std::shared_ptr<Seat> seat_;
};

class Listener final : public Member {
 public:
  // `open` is called on the listener's loop and takes the arrival to another one.
  using Opener = std::function<void(std::shared_ptr<Arrival>)>;
  // Errors: config.invalid (not an address, in use, no permission).
  static Result<int> bind(const std::string& host, std::uint16_t port);
  static std::uint16_t bound_port(int socket);
  Listener(Loop& loop, int socket, Admission& admission, Metrics& metrics, Opener open);
  ~Listener() override;

  void begin();  // on the loop
  void on_ready() override;
  void on_tick(std::int64_t now_us) override;
  void on_drain() override;
  void on_halt() override;

 private:
  enum class Accepted : std::uint8_t { kOne, kNone, kNoRoom };
  Accepted accept_one();
  Accepted shed_one();
  Loop& loop_;
  Watch watch_;
  Admission& admission_;
  Metrics& metrics_;
  Opener open_;
  int spare_;  // a file descriptor kept back for the day there is none left
  bool closed_ = false;
};

}  // namespace lh::hub::edge
