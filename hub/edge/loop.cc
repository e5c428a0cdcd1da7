#include "hub/edge/loop.h"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <thread>
#include <unordered_map>
#include <utility>

namespace lh::hub::edge {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kTick(100);
constexpr std::size_t kScratchBytes = 16U << 10U;  // one TLS record

}  // namespace

void Member::on_answer(std::uint64_t /*id*/, std::optional<api::Response> /*response*/) {}

struct Loop::Impl {
  asio::io_context io{1};  // one thread runs it
  asio::steady_timer timer{io};
  std::thread thread;
  std::unordered_map<const Member*, std::shared_ptr<Member>> members;
  std::mutex mutex;  // of `count`, for those who wait
  std::condition_variable changed;
  std::size_t count = 0;
  bool draining = false;
  std::vector<std::shared_ptr<Member>> turns;
  std::array<char, kScratchBytes> scratch;

  void take_turns() {
    for (const auto& member : std::exchange(turns, {})) member->on_turn();
  }
  void set_count() {
    {
      const std::lock_guard lock(mutex);
      count = members.size();
    }
    changed.notify_all();
  }
  // A member may leave while the list is walked.
  std::vector<std::shared_ptr<Member>> everybody() const {
    std::vector<std::shared_ptr<Member>> out;
    out.reserve(members.size());
    for (const auto& [key, member] : members) out.push_back(member);
    return out;
  }
};

struct Watch::Impl {
  explicit Impl(Loop& loop, int socket) : descriptor(loop.impl_->io, socket) {}
  asio::posix::stream_descriptor descriptor;
  std::array<bool, 2> waiting{};
};

Watch::Watch(Loop& loop, int socket)
    : impl_(std::make_unique<Impl>(loop, socket)), socket_(socket) {}

Watch::~Watch() = default;

void Watch::wait(Direction d, std::shared_ptr<Member> who) {
  bool& waiting = impl_->waiting.at(static_cast<std::size_t>(d));
  if (waiting || !impl_->descriptor.is_open()) return;
  waiting = true;
  const auto type = d == Direction::kRead ? asio::posix::stream_descriptor::wait_read
                                          : asio::posix::stream_descriptor::wait_write;
  // `who` owns this watch, so `waiting` lives as long as the handler does.
  impl_->descriptor.async_wait(
      type, [&waiting, who = std::move(who)](const boost::system::error_code& ec) {
        waiting = false;
        if (ec != asio::error::operation_aborted) who->on_ready();
      });
}

void Watch::close() {
  boost::system::error_code ignored;
  impl_->descriptor.close(ignored);
}

void Inbox::put(Item item) {
  const std::lock_guard lock(mutex_);
  if (!wake_) return;
  items_.push_back(std::move(item));
  if (items_.size() == 1) wake_();
}

void Inbox::close() {
  std::vector<Item> dropped;  // destroyed outside the lock
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  dropped.swap(items_);
}

void Inbox::deliver() {
  std::vector<Item> items;
  {
    const std::lock_guard lock(mutex_);
    items.swap(items_);
  }
  for (Item& item : items) {
    if (const auto member = item.to.lock()) member->on_answer(item.id, std::move(item.response));
  }
}

Loop::Loop(const Clock& clock, std::function<void(LoopState)> tell)
    : clock_(clock), tell_(std::move(tell)), impl_(std::make_unique<Impl>()) {
  inbox_ =
      std::make_shared<Inbox>([this] { asio::post(impl_->io, [this] { inbox_->deliver(); }); });
}

Loop::~Loop() {
  halt();
}

void Loop::start() {
  impl_->timer.expires_after(kTick);
  impl_->timer.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) tick();
  });
  impl_->thread = std::thread([this] { run(); });
}

void Loop::run() {
  while (!impl_->io.stopped()) {
    if (tell_) tell_(LoopState::kBusy);
    while (impl_->io.poll() > 0) {
    }
    if (tell_) tell_(LoopState::kIdle);
    impl_->io.run_one();
  }
}

void Loop::tick() {
  const std::int64_t now = now_us();
  for (const auto& member : impl_->everybody()) member->on_tick(now);
  impl_->timer.expires_after(kTick);
  impl_->timer.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) tick();
  });
}

void Loop::run_soon(std::function<void()> job) {
  asio::post(impl_->io, std::move(job));
}

void Loop::drain() {
  run_soon([this] {
    impl_->draining = true;
    for (const auto& member : impl_->everybody()) member->on_drain();
  });
}

bool Loop::wait_empty(int ms) {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, std::chrono::milliseconds(ms),
                                 [this] { return impl_->count == 0; });
}

void Loop::halt() {
  if (!impl_->thread.joinable()) return;
  run_soon([this] {
    for (const auto& member : impl_->everybody()) member->on_halt();
    inbox_->close();
    impl_->timer.cancel();
    impl_->io.stop();
  });
  impl_->thread.join();
  // What the closing of sockets left behind lets go of its members here.
  impl_->io.restart();
  impl_->io.poll();
  impl_->turns.clear();
  impl_->members.clear();
}

void Loop::join(const std::shared_ptr<Member>& member) {
  impl_->members.emplace(member.get(), member);
  impl_->set_count();
  if (impl_->draining) member->on_drain();  // it was on its way when draining began
}

void Loop::leave(const Member& member) {
  impl_->members.erase(&member);
  impl_->set_count();
}

void Loop::queue_turn(std::shared_ptr<Member> member) {
  impl_->turns.push_back(std::move(member));
  if (impl_->turns.size() == 1) asio::post(impl_->io, [this] { impl_->take_turns(); });
}

std::span<char> Loop::scratch() {
  return impl_->scratch;
}

}  // namespace lh::hub::edge
