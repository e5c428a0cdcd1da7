#include "hub/ingest/collection.h"

#include "hub/ingest/load/load_run.h"

namespace lh::hub::ingest {

Result<LoadCounts> Collection::load(const LoadRequest& request, const adapters::Mapping& mapping,
                                    adapters::Source& source, const access::Policy& policy,
                                    const std::function<void(const LoadProgress&)>& progress) {
  return LoadRun::run(parts_, {request, mapping, source, policy, progress});
}

}  // namespace lh::hub::ingest
