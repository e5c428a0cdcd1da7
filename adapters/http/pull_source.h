// The three ways of using an opened source of the kind "http". Private to this folder.
#pragma once

#include <memory>

#include "adapters/http/http_settings.h"
#include "adapters/http/request/exchange.h"

namespace lh::adapters::http {

Result<std::unique_ptr<Source>> open_pull(HttpSource settings, const request::Tools& tools,
                                          const Cursor& from, CallGate* calls);
Result<std::unique_ptr<Lookup>> open_lookup(HttpSource settings, const request::Tools& tools);
Result<std::unique_ptr<Push>> open_push(HttpSource settings, const request::Tools& tools);

}  // namespace lh::adapters::http
