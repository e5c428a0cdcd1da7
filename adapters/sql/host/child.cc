#include "adapters/sql/host/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/process/spawn.h"

namespace lh::adapters::sql {
namespace {

Error cannot(const char* what) {
  return Error(Reason::kSourceUnavailable, std::string("the driver host: ") + what);
}

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& command) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return cannot("no socket");
  // dup2 onto itself would leave the descriptor to be closed at exec.
  const int theirs = ::fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
  ::close(ends[1]);
  if (theirs < 0) {
    ::close(ends[0]);
    return cannot("no descriptor");
  }
  SpawnActions actions;
  ::posix_spawn_file_actions_adddup2(&actions.files, theirs, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions.files, theirs, STDOUT_FILENO);
  const SpawnAttributes attributes;
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t pid = -1;
  // The drivers read where they are registered from the environment (ODBCSYSINI).
  const int failed =
      ::posix_spawn(&pid, argv[0], &actions.files, &attributes.value, argv.data(), ::environ);
  ::close(theirs);
  if (failed != 0) {
    ::close(ends[0]);
    return cannot("it does not start");
  }
  return Child(pid, ends[0]);
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), socket_(std::exchange(other.socket_, -1)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(socket_, other.socket_);
  return *this;
}

// Killed, not asked: a driver that hangs does not listen, and the server notices a closed
// connection.
Child::~Child() {
  if (socket_ >= 0) ::close(socket_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace lh::adapters::sql
