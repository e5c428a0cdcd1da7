// The kind "remote": an adapter in any language, which a department runs in its own network zone
// and which speaks the HTTP contract of docs/formats/adapter-http.md over mutual TLS. Its columns
// are what it says they are when it is asked; everything else is as for the kind "http".
#pragma once

#include <memory>

#include "adapters/http/digests.h"
#include "adapters/http/transport/transport.h"
#include "adapters/kind.h"

namespace lh::adapters::remote {

// transports: null = over the network. All of it outlives the kind's sources.
std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                std::unique_ptr<http::transport::Transports> transports = nullptr);

}  // namespace lh::adapters::remote
