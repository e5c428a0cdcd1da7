// One SFTP connection: pinned host key, one login, a deadline for every step (libssh2).
#pragma once

#include <functional>

#include "adapters/drop/folder.h"

namespace lh::adapters::drop {

class SftpSession {
 public:
  // Errors: source.target (not allowed by the configuration), source.unavailable, source.refused
  // (the host shows another key, or refuses the account), key.missing.
  static Result<std::unique_ptr<SftpSession>> connect(const SftpSettings& settings,
                                                      const Surroundings& around);
  SftpSession(const SftpSession&) = delete;
  SftpSession& operator=(const SftpSession&) = delete;
  ~SftpSession();

  // Regular files, in no order.
  Result<std::vector<Entry>> list(const std::string& folder);
  // What a name is by itself, a link not followed. nullopt: nothing of that name.
  Result<std::optional<Entry>> find(const std::string& path);
  // Gives the file piece by piece. Errors: also those of `sink`.
  Status read(const std::string& path, const std::function<Status(ByteView)>& sink);
  Status write(const std::string& path, ByteView bytes);
  // Never onto a file that is there: then false.
  Result<bool> rename(const std::string& from, const std::string& to);

 private:
  struct Impl;
  explicit SftpSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A connected socket, or why there is none. The address is resolved once, and none of its addresses
// may be one that is not to be called.
Result<int> connect_socket(const SftpSettings& settings, const Surroundings& around);

}  // namespace lh::adapters::drop
