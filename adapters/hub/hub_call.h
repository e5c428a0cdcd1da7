// One call of another hub's public surface: a JSON object goes, a JSON object comes. Private to
// this folder.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/http/request/exchange.h"
#include "adapters/hub/hub_settings.h"
#include "schemas/json.h"

namespace lh::adapters::hub {

inline constexpr std::size_t kAnswerBytes = 8U << 20U;

class HubCalls {
 public:
  explicit HubCalls(const http::request::Tools& tools) : tools_(tools) {}
  void obey(CallGate* calls) { calls_ = calls; }
  // Errors: those of http::request::Exchange, source.answer (no JSON object, or a large one).
  Result<schemas::Json> post(const Place& place, const char* path, const schemas::Json& body,
                             http::request::Repeat repeat);

 private:
  http::request::Tools tools_;
  std::map<const Place*, std::unique_ptr<http::request::Exchange>> exchanges_;
  CallGate* calls_ = nullptr;
};

inline Error not_as_agreed(const char* what) {
  return Error(Reason::kSourceAnswer, what);
}
// Empty: there is no such text.
std::string text_at(const schemas::Json& object, std::string_view name);
schemas::Json operator_json(std::string_view id, std::string_view name);

}  // namespace lh::adapters::hub
