// POST /v1/fetch/batch: several references under one purpose. Each is a fetch of its own, with its
// own decision, entry and receipt; a refused one does not stop the others.
#pragma once

#include <string>
#include <vector>

#include "schemas/purpose.h"

namespace lh::hub::exchange {

inline constexpr std::size_t kBatchReferences = 64;

// {references: [1..64 different tokens], purpose{}}. Errors: json.*.
Result<std::vector<schemas::FetchRequest>> batch_from_json(const schemas::Json& j);

// One item as it was answered: the answer of POST /v1/fetch, or the problem it was refused with.
struct BatchItem {
  std::string_view reference;
  int status = 200;
  std::string_view body;
};
// {"items":[{"reference":…,"answer":{…}} | {"reference":…,"problem":{…}}…]}
std::string batch_json(const std::vector<BatchItem>& items);

}  // namespace lh::hub::exchange
