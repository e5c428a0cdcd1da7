// A server on loopback that takes connections and does not do what a server does.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace lh::conformance {

enum class Manner : std::uint8_t {
  kClosesAtOnce,
  kClosesHalfWay,  // its own direction, in the middle of an answer; it goes on listening
  kSilent,
  kDrips,  // a byte every 20 ms, for ever
};

class HostileServer {
 public:
  explicit HostileServer(Manner manner) : manner_(manner) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, any, size) != 0 || ::listen(socket_, 16) != 0) std::abort();
    ::getsockname(socket_, any, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer() {
    stop_ = true;
    thread_.join();
    for (const int fd : taken_) ::close(fd);
    ::close(socket_);
  }
  int port() const { return port_; }

 private:
  void serve() {
    static const std::string kHead =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    std::vector<std::size_t> sent;
    while (!stop_) {
      pollfd waits{socket_, POLLIN, 0};
      if (::poll(&waits, 1, 20) > 0) {
        const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        taken_.push_back(fd);
        sent.push_back(0);
        if (manner_ == Manner::kClosesAtOnce) ::shutdown(fd, SHUT_RDWR);
        if (manner_ == Manner::kClosesHalfWay) {
          ::send(fd, kHead.data(), kHead.size(), MSG_NOSIGNAL);
          ::shutdown(fd, SHUT_WR);
        }
      }
      if (manner_ != Manner::kDrips) continue;
      for (std::size_t i = 0; i < taken_.size(); ++i) {
        const char c = sent[i] < kHead.size() - 1 ? kHead[sent[i]] : ' ';
        ::send(taken_[i], &c, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        ++sent[i];
      }
    }
  }

  Manner manner_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
  std::vector<int> taken_;
};

}  // namespace lh::conformance
