// The hub's side of a driver in a child process: one child a session. A child that crashes, hangs
// beyond its deadline or answers nonsense is killed: source.unavailable, and the next session gets
// a new one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/sql/session/session.h"
#include "base/time.h"

namespace lh::adapters::sql {

// command: the program and its arguments; it serves on its descriptors 0 and 1. clock outlives all.
std::unique_ptr<Connector> make_host_connector(std::vector<std::string> command,
                                               const Clock& clock);

}  // namespace lh::adapters::sql
