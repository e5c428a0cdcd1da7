// A Response as bytes on the wire. Source: RFC 9112 sections 4, 6; RFC 9110 section 8.6. Pure.
#pragma once

#include <string>

#include "hub/api/message.h"
#include "hub/edge/http/gate.h"

namespace lh::hub::edge::http {

enum class BodyOnWire : std::uint8_t { kSend, kOmit };  // kOmit: the answer to a HEAD

// Defaults, unless the response gives them: cache-control no-store, nosniff, strict transport.
// Never: a header with a control character in it (dropped: it would split the answer), or one
// that says how the message is framed (the edge's own business).
std::string to_wire(const api::Response& response, BodyOnWire body, Persistence persistence);

}  // namespace lh::hub::edge::http
