#include "hub/api/openapi.h"

#include "base/embedded.h"

namespace lh::embedded {
std::span<const File> api_pages();
}  // namespace lh::embedded

namespace lh::hub::api {

std::string_view openapi_text() {
  return embedded::api_pages().front().bytes;
}

}  // namespace lh::hub::api
