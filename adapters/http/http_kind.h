// The kind "http": REST services that answer JSON or XML, pulled page by page, asked for one record
// by its key, and given records back. The [source] table: docs/formats/source-http.md.
#pragma once

#include <memory>

#include "adapters/http/digests.h"
#include "adapters/http/http_settings.h"
#include "adapters/http/transport/transport.h"
#include "adapters/kind.h"

namespace lh::adapters::http {

// transports: null = over the network. All of it outlives the kind's sources.
std::unique_ptr<Kind> make_kind(const Surroundings& with, const MessageDigests& digests,
                                std::unique_ptr<transport::Transports> transports = nullptr);

// The same for another way of writing requests (SOAP).
std::unique_ptr<Kind> make_kind_of(const Style& style, const Surroundings& with,
                                   const MessageDigests& digests,
                                   std::unique_ptr<transport::Transports> transports);

}  // namespace lh::adapters::http
