// The life of an adapter host: it asks the hub for a task, waits, performs it, brings the answer.
// It listens nowhere. A hub that is away is asked again after a pause that grows to 30 s.
#pragma once

#include <atomic>

#include "hub/app/peers/host_config.h"
#include "hub/app/peers/host_worker.h"

namespace lh::hub::app {

// Until `stop`. instance: a name of this process, unlike any other's; by it the hub knows which
// task was lost with a connection. Errors: config.invalid (certificate or key), source.refused (the
// hub does not know the certificate, which does not mend itself).
Status run_host(const HostConfig& config, HostWorker& worker, const std::string& instance,
                const std::atomic<bool>& stop);

}  // namespace lh::hub::app
