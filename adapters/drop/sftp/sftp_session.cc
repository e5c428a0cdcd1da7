#include "adapters/drop/sftp/sftp_session.h"

#include <libssh2.h>
#include <libssh2_sftp.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "adapters/drop/file_names.h"

namespace lh::adapters::drop {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;
constexpr std::size_t kNameBytes = 1024;

struct CloseHandle {
  void operator()(LIBSSH2_SFTP_HANDLE* h) const { libssh2_sftp_close_handle(h); }
};
using Handle = std::unique_ptr<LIBSSH2_SFTP_HANDLE, CloseHandle>;

unsigned int size_of(std::string_view text) {
  return static_cast<unsigned int>(text.size());
}

Error unavailable(const std::string& what) {
  return Error(Reason::kSourceUnavailable, "SFTP: " + what);
}
Error refused(const std::string& what) {
  return Error(Reason::kSourceRefused, "SFTP: " + what);
}

Entry entry_of(std::string_view name, const LIBSSH2_SFTP_ATTRIBUTES& info) {
  Entry out;
  out.name = name;
  out.size = info.filesize;
  out.modified_ns = static_cast<std::int64_t>(info.mtime) * 1'000'000'000;
  out.changed_ms = static_cast<std::int64_t>(info.mtime) * 1000;
  return out;
}

bool is_complete(const LIBSSH2_SFTP_ATTRIBUTES& info) {
  constexpr unsigned long kNeeded =
      LIBSSH2_SFTP_ATTR_SIZE | LIBSSH2_SFTP_ATTR_PERMISSIONS | LIBSSH2_SFTP_ATTR_ACMODTIME;
  return (info.flags & kNeeded) == kNeeded;
}

}  // namespace

struct SftpSession::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (sftp != nullptr) libssh2_sftp_shutdown(sftp);
    if (session != nullptr) {
      libssh2_session_disconnect(session, "done");
      libssh2_session_free(session);
    }
    if (fd >= 0) ::close(fd);
  }

  int fd = -1;
  LIBSSH2_SESSION* session = nullptr;
  LIBSSH2_SFTP* sftp = nullptr;

  Status handshake(const SftpSettings& settings);
  Status log_in(const SftpSettings& settings, const Secrets& secrets);
  Error failed(const std::string& what) const;
  Result<Handle> open(const std::string& path, unsigned long flags);
};

// Permission is refused for good; everything else may be over later.
Error SftpSession::Impl::failed(const std::string& what) const {
  const bool answered = libssh2_session_last_errno(session) == LIBSSH2_ERROR_SFTP_PROTOCOL;
  const bool denied = answered && libssh2_sftp_last_error(sftp) == LIBSSH2_FX_PERMISSION_DENIED;
  return denied ? refused(what) : unavailable(what);
}

Status SftpSession::Impl::handshake(const SftpSettings& settings) {
  static std::once_flag once;
  std::call_once(once, [] { libssh2_init(0); });
  session = libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr);
  if (session == nullptr) return unavailable("no memory");
  libssh2_session_set_timeout(session, settings.timeout_seconds * 1000L);
  if (libssh2_session_handshake(session, fd) != 0) return unavailable("handshake");
  const char* seen = libssh2_hostkey_hash(session, LIBSSH2_HOSTKEY_HASH_SHA256);
  // Nothing is sent to a host that is not the one: not even the name of the account.
  if (seen == nullptr || ByteView(seen, sizeof(Digest)) != view(settings.fingerprint)) {
    return refused("the host shows another key than the pinned one");
  }
  return {};
}

Status SftpSession::Impl::log_in(const SftpSettings& settings, const Secrets& secrets) {
  const bool by_key = !settings.key.empty();
  const Secret secret = LH_TRY(secrets.find(by_key ? settings.key : settings.password));
  const char* text = secret.bytes().data();
  const int done =
      by_key ? libssh2_userauth_publickey_frommemory(session, settings.user.data(),
                                                     settings.user.size(), nullptr, 0, text,
                                                     secret.size(), nullptr)
             : libssh2_userauth_password_ex(session, settings.user.data(), size_of(settings.user),
                                            text, size_of(secret.bytes()), nullptr);
  if (done == LIBSSH2_ERROR_TIMEOUT || done == LIBSSH2_ERROR_SOCKET_DISCONNECT) {
    return unavailable("login");
  }
  if (done != 0) return refused("the account was not let in");
  sftp = libssh2_sftp_init(session);
  if (sftp == nullptr) return refused("the host has no SFTP for this account");
  return {};
}

Result<Handle> SftpSession::Impl::open(const std::string& path, unsigned long flags) {
  constexpr long kMode = 0640;
  Handle handle(
      libssh2_sftp_open_ex(sftp, path.data(), size_of(path), flags, kMode, LIBSSH2_SFTP_OPENFILE));
  if (!handle) return failed("opening " + path);
  return handle;
}

SftpSession::SftpSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SftpSession::~SftpSession() = default;

Result<std::unique_ptr<SftpSession>> SftpSession::connect(const SftpSettings& settings,
                                                          const Surroundings& around) {
  auto impl = std::make_unique<Impl>();
  impl->fd = LH_TRY(connect_socket(settings, around));
  LH_TRY(impl->handshake(settings));
  LH_TRY(impl->log_in(settings, around.secrets));
  return std::unique_ptr<SftpSession>(new SftpSession(std::move(impl)));
}

Result<std::vector<Entry>> SftpSession::list(const std::string& folder) {
  const Handle handle(libssh2_sftp_open_ex(impl_->sftp, folder.data(), size_of(folder), 0, 0,
                                           LIBSSH2_SFTP_OPENDIR));
  if (!handle) return impl_->failed("the folder " + folder);
  std::vector<Entry> out;
  char name[kNameBytes];
  for (;;) {
    LIBSSH2_SFTP_ATTRIBUTES info = {};
    const int n = libssh2_sftp_readdir_ex(handle.get(), name, sizeof name, nullptr, 0, &info);
    if (n == 0) return out;
    if (n < 0) return impl_->failed("listing " + folder);
    const std::string_view found(name, static_cast<std::size_t>(n));
    if (found == "." || found == "..") continue;
    if (!is_plain_name(found)) {
      return Error(Reason::kSourceAnswer, "SFTP: a file name that leads out of the folder");
    }
    if (!is_complete(info))
      return Error(Reason::kSourceAnswer, "SFTP: a file without size or time");
    if (!LIBSSH2_SFTP_S_ISREG(info.permissions)) continue;
    if (out.size() == kMostFiles) return Error(Reason::kSourceAnswer, "SFTP: too many files");
    out.push_back(entry_of(found, info));
  }
}

Result<std::optional<Entry>> SftpSession::find(const std::string& path) {
  LIBSSH2_SFTP_ATTRIBUTES info = {};
  if (libssh2_sftp_stat_ex(impl_->sftp, path.data(), size_of(path), LIBSSH2_SFTP_LSTAT, &info) !=
      0) {
    const bool answered = libssh2_session_last_errno(impl_->session) == LIBSSH2_ERROR_SFTP_PROTOCOL;
    if (answered && libssh2_sftp_last_error(impl_->sftp) == LIBSSH2_FX_NO_SUCH_FILE) {
      return std::optional<Entry>();
    }
    return impl_->failed("looking at " + path);
  }
  if (!is_complete(info) || !LIBSSH2_SFTP_S_ISREG(info.permissions)) {
    return Error(Reason::kSourceAnswer, "SFTP: not a regular file: " + path);
  }
  return std::optional(entry_of(path.substr(path.rfind('/') + 1), info));
}

Status SftpSession::read(const std::string& path, const std::function<Status(ByteView)>& sink) {
  const Handle handle = LH_TRY(impl_->open(path, LIBSSH2_FXF_READ));
  Bytes piece(kReadBytes, '\0');
  for (;;) {
    const ssize_t n = libssh2_sftp_read(handle.get(), piece.data(), piece.size());
    if (n == 0) return {};
    if (n < 0) return impl_->failed("reading " + path);
    LH_TRY(sink(ByteView(piece).substr(0, static_cast<std::size_t>(n))));
  }
}

Status SftpSession::write(const std::string& path, ByteView bytes) {
  Handle handle =
      LH_TRY(impl_->open(path, LIBSSH2_FXF_WRITE | LIBSSH2_FXF_CREAT | LIBSSH2_FXF_TRUNC));
  while (!bytes.empty()) {
    const ssize_t n = libssh2_sftp_write(handle.get(), bytes.data(), bytes.size());
    if (n <= 0) return impl_->failed("writing " + path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  // An extension of OpenSSH: where a host has none, its own care for the disk is all there is.
  static_cast<void>(libssh2_sftp_fsync(handle.get()));
  if (libssh2_sftp_close_handle(handle.release()) != 0) return impl_->failed("writing " + path);
  return {};
}

// Without flags: SFTP 3 has no renaming onto a file that is there (draft-02, 6.5).
Result<bool> SftpSession::rename(const std::string& from, const std::string& to) {
  if (libssh2_sftp_rename_ex(impl_->sftp, from.data(), size_of(from), to.data(), size_of(to), 0) ==
      0) {
    return true;
  }
  const Error error = impl_->failed("renaming " + from);
  if (LH_TRY(find(to))) return false;
  return error;
}

}  // namespace lh::adapters::drop
