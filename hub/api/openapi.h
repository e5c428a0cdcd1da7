// docs/openapi.yaml as it was when the binary was built; served at /openapi.yaml and /docs.
#pragma once

#include <string_view>

namespace lh::hub::api {

std::string_view openapi_text();

}  // namespace lh::hub::api
