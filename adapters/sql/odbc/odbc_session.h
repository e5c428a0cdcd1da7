// Drivers in this process: the unixODBC C API behind Session. A driver that crashes takes the
// process with it: see adapters/sql/host.
#pragma once

#include <memory>

#include "adapters/sql/session/session.h"

namespace lh::adapters::sql {

// Threads: any; each session is used by one thread at a time.
std::unique_ptr<Connector> make_odbc_connector();

}  // namespace lh::adapters::sql
