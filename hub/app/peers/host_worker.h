// What an adapter host does with a task: opens the source it names, and reads, asks or writes.
// Between two pages the source stays open, so that a file is not read from its beginning again.
#pragma once

#include <map>
#include <memory>

#include "adapters/host/wire.h"
#include "hub/app/peers/host_config.h"

namespace lh::hub::app {

// Not for use by two threads at once.
class HostWorker {
 public:
  // Both outlive it.
  HostWorker(const HostConfig& config, const adapters::Kinds& kinds)
      : config_(config), kinds_(kinds) {}
  // Every [source] is checked by its kind. Errors: mapping.invalid.
  Status check() const;
  adapters::host::Answer perform(const adapters::host::Task& task);

 private:
  struct Open {
    std::unique_ptr<adapters::Source> source;
    std::unique_ptr<adapters::Lookup> lookup;
    std::unique_ptr<adapters::Push> push;
  };
  Result<adapters::host::Answer> pull(const HostedSource& of, const adapters::host::Task& task);
  Result<adapters::host::Answer> look_up(const HostedSource& of, const adapters::host::Task& task);
  Result<adapters::host::Answer> push(const HostedSource& of, const adapters::host::Task& task);
  const HostConfig& config_;
  const adapters::Kinds& kinds_;
  std::map<std::string, Open> open_;
};

}  // namespace lh::hub::app
