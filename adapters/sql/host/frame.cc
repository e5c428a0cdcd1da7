#include "adapters/sql/host/frame.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kLengthBytes = 4;

Error gone() {
  return Error(Reason::kSourceUnavailable, "the driver has gone");
}

Status wait_for(int fd, short events, const Deadline& deadline) {
  for (;;) {
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, deadline.left_ms());
    if (ready > 0) return {};
    if (ready == 0) return Error(Reason::kSourceUnavailable, "the driver did not answer in time");
    if (errno != EINTR) return gone();
  }
}

ssize_t write_some(int fd, ByteView bytes) {
  const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  return ::write(fd, bytes.data(), bytes.size());
}

Status write_all(int fd, ByteView bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = write_some(fd, bytes);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EINTR) {
      LH_TRY(wait_for(fd, POLLOUT, deadline));
    } else {
      return gone();
    }
  }
  return {};
}

Status read_all(int fd, char* to, std::size_t size, const Deadline& deadline) {
  while (size > 0) {
    LH_TRY(wait_for(fd, POLLIN, deadline));
    const ssize_t got = ::read(fd, to, size);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return gone();
    if (got < 0) continue;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace

int Deadline::left_ms() const {
  if (clock == nullptr) return -1;
  const std::int64_t left = (until_us - clock->monotonic_us() + 999) / 1000;
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

Status write_frame(int fd, ByteView payload, const Deadline& deadline) {
  if (payload.size() > kFrameBytes) {
    return Error(Reason::kSourceAnswer, "a message to or from the driver is too long");
  }
  Bytes head;
  append_be32(head, static_cast<std::uint32_t>(payload.size()));
  LH_TRY(write_all(fd, head, deadline));
  return write_all(fd, payload, deadline);
}

Result<Bytes> read_frame(int fd, const Deadline& deadline) {
  char head[kLengthBytes];
  LH_TRY(read_all(fd, head, kLengthBytes, deadline));
  const std::size_t size = read_be32({head, kLengthBytes});
  if (size > kFrameBytes) {
    return Error(Reason::kSourceAnswer, "a message to or from the driver is too long");
  }
  Bytes out(size, '\0');
  LH_TRY(read_all(fd, out.data(), size, deadline));
  return out;
}

}  // namespace lh::adapters::sql
