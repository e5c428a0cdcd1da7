// problem+json (RFC 9457): type, title, status, detail, reason id; Chinese or English by
// Accept-Language. Never a personal value: title and text come from the catalogue, detail names
// fields.
#pragma once

#include <string_view>

#include "base/error.h"
#include "hub/api/message.h"

namespace lh::hub::api {

Language language_of(std::string_view accept_language);  // English unless Chinese is preferred
Response problem(const Error& error, Language language);
Response json_response(int status, std::string body);
Response text_response(std::string body);

}  // namespace lh::hub::api
