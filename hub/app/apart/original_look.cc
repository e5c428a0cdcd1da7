#include "hub/app/apart/original_look.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <iostream>

#include "base/limits.h"
#include "base/process/spawn.h"

namespace lh::hub::app::apart {
namespace {

constexpr int kWaitMs = 20'000;
constexpr rlim_t kCpuSeconds = 10;
[[maybe_unused]] constexpr rlim_t kAddressSpace = 1ULL << 30U;
constexpr std::size_t kAnswerBytes = 512;

using licences::OriginalKind;
using licences::OriginalShape;

Error cannot(const char* what) {
  return Error(Reason::kInternalFailure, std::string("a look apart: ") + what);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

Status write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return cannot("no memory");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ok_status();
}

// Killed, not asked, when it is not wanted any more.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }

 private:
  pid_t pid_;
};

Result<pid_t> start(OriginalKind kind, int file, int answer) {
  // Onto themselves, descriptors would keep close-on-exec; both are above 2.
  SpawnActions actions;
  ::posix_spawn_file_actions_adddup2(&actions.files, file, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions.files, answer, STDOUT_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions.files, 3);
  const SpawnAttributes attributes;
  std::string program = "/proc/self/exe", command = "original-look";
  std::string media_type(licences::media_type_of(kind));
  char* argv[] = {program.data(), command.data(), media_type.data(), nullptr};
  char* environment[] = {nullptr};
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, program.c_str(), &actions.files, &attributes.value, argv, environment);
  if (failed != 0) return cannot("it does not start");
  return pid;
}

// What the child says until it closes its end, or nothing after the deadline.
std::string hear(int fd) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(kWaitMs);
  std::string out;
  while (out.size() < kAnswerBytes) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd wanted{fd, POLLIN, 0};
    const int ready = left <= 0 ? 0 : ::poll(&wanted, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return {};
    char room[kAnswerBytes];
    const ssize_t n = ::read(fd, room, sizeof room);
    if (n <= 0) return out;
    out.append(room, static_cast<std::size_t>(n));
  }
  return out;
}

// "ok 12" or "document.unsafe what". Anything else: the child did not get through.
Result<OriginalShape> understand(OriginalKind kind, std::string_view said) {
  const auto space = said.find(' ');
  if (space == std::string_view::npos || !said.ends_with('\n')) {
    return Error(Reason::kDocumentUnsafe, "looking at it takes too much");
  }
  const std::string_view first = said.substr(0, space);
  const std::string rest(said.substr(space + 1, said.size() - space - 2));
  if (first != "ok") {
    const bool other = first == reason_id(Reason::kDocumentKind);
    return Error(other ? Reason::kDocumentKind : Reason::kDocumentUnsafe, rest);
  }
  int pages = 0;
  for (const char c : rest) {
    if (c < '0' || c > '9' || pages > licences::kOriginalPages) return cannot("its answer");
    pages = pages * 10 + (c - '0');
  }
  return OriginalShape{kind, pages};
}

void limit(__rlimit_resource_t what, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(what, &both);
}

}  // namespace

Result<OriginalShape> look_apart(OriginalKind kind, ByteView file) {
  Descriptor memory(::memfd_create("original", MFD_CLOEXEC));
  if (memory.get() < 0) return cannot("no memory");
  LH_TRY(write_all(memory.get(), file));
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return cannot("no pipe");
  Descriptor ours(ends[0]), theirs(ends[1]);
  Child child(LH_TRY(start(kind, memory.get(), theirs.get())));
  theirs.close();
  const std::string said = hear(ours.get());
  child.end();
  return understand(kind, said);
}

int look_here(const std::string& media_type) {
  limit(RLIMIT_CPU, kCpuSeconds);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 3);
#ifndef HOUSE_SANITIZED  // a sanitizer reserves terabytes
  limit(RLIMIT_AS, kAddressSpace);
#endif
  struct stat about {};
  if (::fstat(STDIN_FILENO, &about) != 0 || about.st_size <= 0) return 3;
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > limits::kDocumentBytes) return 3;
  const void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
  if (bytes == MAP_FAILED) return 3;
  const auto kind = licences::kind_of_media_type(media_type);
  if (!kind.ok()) return 2;
  const auto shape = licences::inspect(*kind, {static_cast<const char*>(bytes), size});
  if (shape.ok()) {
    std::cout << "ok " << shape->pages << "\n";
  } else {
    std::cout << shape.error().id() << " " << shape.error().detail().substr(0, 200) << "\n";
  }
  std::cout.flush();
  return shape.ok() ? 0 : 1;
}

}  // namespace lh::hub::app::apart
