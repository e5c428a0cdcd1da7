#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "adapters/drop/sftp/sftp_session.h"
#include "adapters/targets.h"

namespace lh::adapters::drop {
namespace {

bool connect_within(int fd, const Address& to, int timeout_ms) {
  if (::connect(fd, to.get(), to.size) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd ready = {fd, POLLOUT, 0};
  if (::poll(&ready, 1, timeout_ms) != 1) return false;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

}  // namespace

Result<int> connect_socket(const SftpSettings& settings, const Surroundings& around) {
  const std::string target = settings.host + ":" + std::to_string(settings.port);
  LH_TRY(check_listed(target, around.allowed_targets));
  const auto addresses =
      LH_TRY(resolve(settings.host, settings.port,
                     around.allow_loopback ? ThisMachine::kAllowed : ThisMachine::kRefused));
  for (const Address& address : addresses) {
    const int fd =
        ::socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) continue;
    if (connect_within(fd, address, settings.timeout_seconds * 1000)) return fd;
    ::close(fd);
  }
  return Error(Reason::kSourceUnavailable, target);
}

}  // namespace lh::adapters::drop
