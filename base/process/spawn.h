// What starting a child process by posix_spawn needs beside its arguments, released by itself.
#pragma once

#include <signal.h>
#include <spawn.h>

namespace lh {

struct SpawnActions {
  SpawnActions() { ::posix_spawn_file_actions_init(&files); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&files); }
  posix_spawn_file_actions_t files{};
};

// The signals of the hub's threads are blocked there, not in a child.
struct SpawnAttributes {
  SpawnAttributes() {
    ::posix_spawnattr_init(&value);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&value, &none);
    ::posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&value); }
  posix_spawnattr_t value{};
};

}  // namespace lh
