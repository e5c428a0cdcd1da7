// One event loop on one thread, and the door through which other threads reach what lives on it.
// Boost.Asio stays inside loop.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "hub/api/message.h"
#include "hub/edge/loop_state.h"

namespace lh::hub::edge {

class Loop;

// Something that lives on a loop: a connection or a listening socket. All calls come on the loop.
class Member : public std::enable_shared_from_this<Member> {
 public:
  Member() = default;
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  virtual ~Member() = default;
  virtual void on_ready() = 0;  // the socket may be ready; may be called without need
  virtual void on_turn() {}     // what it queued itself for with Loop::queue_turn
  virtual void on_tick(std::int64_t now_us) = 0;  // about ten times a second: look at deadlines
  virtual void on_drain() = 0;  // begin nothing new; Loop::leave when the rest is done
  virtual void on_halt() = 0;   // close at once
  // The answer to the request numbered id; nullopt when its responder was dropped unused.
  virtual void on_answer(std::uint64_t id, std::optional<api::Response> response);
};

enum class Direction : std::uint8_t { kRead, kWrite };

// A socket watched by a loop; owns and closes it.
class Watch {
 public:
  Watch(Loop& loop, int socket);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  int socket() const { return socket_; }
  // Calls who->on_ready() once; keeps `who` until then. Waiting twice is waiting once.
  void wait(Direction d, std::shared_ptr<Member> who);
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  int socket_;
};

// Where answers from any thread arrive; outlives the loop as long as a responder does. Many answers
// that arrive together wake the loop once.
class Inbox {
 public:
  explicit Inbox(std::function<void()> wake) : wake_(std::move(wake)) {}
  struct Item {
    std::weak_ptr<Member> to;
    std::uint64_t id = 0;
    std::optional<api::Response> response;
  };
  void put(Item item);  // any thread; dropped after close()
  void close();
  void deliver();  // on the loop

 private:
  std::mutex mutex_;
  std::vector<Item> items_;
  std::function<void()> wake_;  // empty = closed
};

class Loop {
 public:
  Loop(const Clock& clock, std::function<void(LoopState)> tell);
  ~Loop();  // halt()
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  void start();
  void run_soon(std::function<void()> job);  // any thread
  void drain();                              // any thread: on_drain() for every member
  bool wait_empty(int ms);  // any thread but the loop's: true when no member is left
  void halt();              // any thread but the loop's: on_halt() for the rest, then joins

  // On the loop:
  void join(const std::shared_ptr<Member>& member);
  void leave(const Member& member);
  // on_turn() after the sockets that are ready now have been read: requests that came together are
  // handled together, and the code and data of each stage stay in the cache for all of them.
  void queue_turn(std::shared_ptr<Member> member);
  std::int64_t now_us() const { return clock_.monotonic_us(); }
  std::span<char> scratch();  // for one read; nobody keeps it
  const std::shared_ptr<Inbox>& inbox() const { return inbox_; }

 private:
  friend class Watch;
  struct Impl;
  void tick();
  void run();
  const Clock& clock_;
  std::function<void(LoopState)> tell_;
  std::unique_ptr<Impl> impl_;
  std::shared_ptr<Inbox> inbox_;
};

}  // namespace lh::hub::edge
