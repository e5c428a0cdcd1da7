// Session tokens and use codes (用证码) of the faces. The families' own token algorithms are not
// public, so the hub makes its own: 256 random bits, bound to the client certificate that asked,
// in memory only, gone after half an hour and with the process. A token adds to the certificate and
// replaces nothing. Threads: any. Never: a password or app secret; they are not looked at.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "schemas/purpose.h"

namespace lh::hub::api::faces {

enum class Face : std::uint8_t { kGuangdong, kNational };

// What a use code stands for: a reference of the exchange and the purpose it was asked for with.
struct Grant {
  std::string reference;
  schemas::Purpose purpose;
};

inline constexpr std::int64_t kSessionSeconds = 1800;

// Things by random name, each for half an hour; at most `most`, of which the oldest gives way.
template <class T>
class Shelf {
 public:
  explicit Shelf(std::size_t most) : most_(most) {}
  void put(const std::string& name, T thing, std::int64_t now_us) {
    drop_old(now_us);
    if (order_.size() >= most_) drop_first();
    things_.insert_or_assign(name, std::move(thing));
    order_.emplace_back(name, now_us + kSessionSeconds * 1000000);
  }
  const T* find(const std::string& name, std::int64_t now_us) {
    drop_old(now_us);
    const auto found = things_.find(name);
    return found == things_.end() ? nullptr : &found->second;
  }
  void remove(const std::string& name) {
    if (things_.erase(name) == 0) return;
    std::erase_if(order_, [&name](const auto& one) { return one.first == name; });
  }
  std::size_t size() const { return things_.size(); }

 private:
  void drop_first() {
    things_.erase(order_.front().first);
    order_.pop_front();
  }
  void drop_old(std::int64_t now_us) {
    while (!order_.empty() && order_.front().second <= now_us) drop_first();
  }
  std::size_t most_;
  std::map<std::string, T> things_;
  std::deque<std::pair<std::string, std::int64_t>> order_;  // all live equally long: oldest first
};

class Sessions {
 public:
  static constexpr std::size_t kSessionsOfOne = 64;  // of one certificate
  static constexpr std::size_t kGrantsOfOne = 4096;

  Sessions(Random& random, const Clock& clock) : random_(random), clock_(clock) {}
  // `account` is what the client calls itself: it decides nothing and is only given back.
  std::string open(Face face, const Digest& certificate, std::string account);
  // The account. Errors: reference.unknown for every token that is not good, with `member`.
  Result<std::string> check(Face face, const Digest& certificate, const std::string& token,
                            std::string_view member);
  void close(const Digest& certificate, const std::string& token);

  // Output: yyyyMMddHHmmssSSS (UTC+8) ‖ "NC" ‖ 32 hex digits in upper case.
  std::string grant(const Digest& certificate, Grant grant);
  Result<Grant> find_grant(const Digest& certificate, const std::string& code);

 private:
  struct Session {
    Face face = Face::kGuangdong;
    std::string account;
  };
  struct Holder {  // one client certificate; there are no more of them than are registered
    Shelf<Session> sessions{kSessionsOfOne};
    Shelf<Grant> grants{kGrantsOfOne};
  };
  Random& random_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<Digest, Holder> holders_;
};

// yyyyMMddHHmmssSSS, UTC+8.
std::string stamp_text(UtcTime t);

}  // namespace lh::hub::api::faces
