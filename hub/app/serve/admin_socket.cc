#include "hub/app/serve/admin_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include "base/log.h"

namespace lh::hub::app::serve {
namespace {

using schemas::Json;

constexpr std::size_t kLineBytes = 64U << 20U;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error(Reason::kConfigInvalid, "the path of the data directory is too long for a socket");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* generic(const sockaddr_un& a) {
  return reinterpret_cast<const sockaddr*>(&a);
}

bool send_line(int fd, const Json& value) {
  std::string line = schemas::to_text(value) + "\n";
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;  // the command went away; its operation goes on
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Lines of a stream, one after the other.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}
  Result<std::string> next() {
    for (;;) {
      const auto end = buffer_.find('\n');
      if (end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      char chunk[65536];
      const ssize_t n = ::recv(fd_, chunk, sizeof chunk, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return Error(Reason::kSourceUnavailable, "the hub closed the connection");
      buffer_.append(chunk, static_cast<std::size_t>(n));
      if (buffer_.size() > kLineBytes) return Error(Reason::kInputTooLarge, "admin socket line");
    }
  }

 private:
  int fd_;
  std::string buffer_;
};

Json error_json(const Error& error) {
  Json e = Json::object();
  e.set("reason", error.id());
  e.set("detail", error.detail());
  Json j = Json::object();
  j.set("error", std::move(e));
  return j;
}

Reason reason_of(std::string_view id) {
  return find_reason(id).value_or(Reason::kInternalFailure);
}

std::optional<uid_t> peer_uid(int fd) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return std::nullopt;
  return who.uid;
}

Result<Json> perform(operations::Context context, const std::string& line) {
  const Json request = LH_TRY(schemas::parse_json(line, kLineBytes));
  auto reader = LH_TRY(schemas::ObjectReader::open(request, "request"));
  const auto name = LH_TRY(reader.string("operation", 64));
  const Json* arguments = LH_TRY(reader.object("arguments"));
  LH_TRY(reader.finish());
  const operations::Operation operation = operations::find_operation(name);
  if (operation == nullptr) return Error(Reason::kUsage, name);
  return operation(context, *arguments);
}

}  // namespace

Result<std::unique_ptr<AdminSocket>> AdminSocket::start(Hub& hub) {
  const std::string path = hub.dir().socket();
  const auto address = LH_TRY(address_of(path));
  ::unlink(path.c_str());  // of a hub that was killed; the store's lock says that none is running
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Error(Reason::kConfigInvalid, "admin socket");
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd, generic(address), sizeof address);
  ::umask(before);
  if (bound != 0 || ::listen(fd, 8) != 0) {
    ::close(fd);
    return Error(Reason::kFileUnwritable, path + ": " + std::strerror(errno));
  }
  auto made = std::unique_ptr<AdminSocket>(new AdminSocket(hub, fd));
  made->thread_ = std::thread([s = made.get()] { s->accept_loop(); });
  return made;
}

AdminSocket::~AdminSocket() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  ::unlink(hub_.dir().socket().c_str());
}

void AdminSocket::accept_loop() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 500) <= 0) continue;
    const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) continue;
    answer(peer);
    ::close(peer);
  }
}

void AdminSocket::answer(int peer) {
  const auto uid = peer_uid(peer);
  if (!uid || (*uid != ::geteuid() && *uid != 0)) {
    log_event(LogLevel::kWarning, "admin.refused_peer");
    return;
  }
  timeval patience{5, 0};
  ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  auto line = LineReader(peer).next();
  if (!line.ok()) return;
  const auto progress = [peer](const Json& p) {
    Json j = Json::object();
    j.set("progress", p);
    send_line(peer, j);
  };
  auto result = perform({hub_, "uid:" + std::to_string(*uid), progress, stopping_}, *line);
  Json j = Json::object();
  if (result.ok())
    j.set("result", std::move(*result));
  else
    j = error_json(result.error());
  send_line(peer, j);
}

Result<std::optional<Json>> ask_running_hub(const DataDir& dir, std::string_view operation,
                                            const Json& arguments,
                                            const operations::Progress& progress) {
  const auto address = LH_TRY(address_of(dir.socket()));
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Error(Reason::kInternalFailure, "socket");
  const std::unique_ptr<const int, void (*)(const int*)> closer(&fd,
                                                                [](const int* f) { ::close(*f); });
  if (::connect(fd, generic(address), sizeof address) != 0) return std::optional<Json>();
  Json request = Json::object();
  request.set("operation", operation);
  request.set("arguments", arguments);
  if (!send_line(fd, request)) return Error(Reason::kSourceUnavailable, "admin socket");
  LineReader lines(fd);
  for (;;) {
    const Json answer = LH_TRY(schemas::parse_json(LH_TRY(lines.next()), kLineBytes));
    if (const Json* p = answer.find("progress")) {
      progress(*p);
      continue;
    }
    if (const Json* result = answer.find("result")) return std::optional<Json>(*result);
    const Json* error = answer.find("error");
    const Json* reason = error == nullptr ? nullptr : error->find("reason");
    const Json* detail = error == nullptr ? nullptr : error->find("detail");
    if (reason == nullptr || reason->string() == nullptr) return Error(Reason::kInternalFailure);
    return Error(reason_of(*reason->string()),
                 detail != nullptr && detail->string() != nullptr ? *detail->string() : "");
  }
}

}  // namespace lh::hub::app::serve
