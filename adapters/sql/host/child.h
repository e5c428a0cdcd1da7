// A child process with a socket to it on its descriptors 0 and 1; killed and waited for in the end.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace lh::adapters::sql {

class Child {
 public:
  // Errors: source.unavailable.
  static Result<Child> start(const std::vector<std::string>& command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();
  int socket() const { return socket_; }

 private:
  Child(pid_t pid, int socket) : pid_(pid), socket_(socket) {}
  pid_t pid_ = -1;
  int socket_ = -1;
};

}  // namespace lh::adapters::sql
