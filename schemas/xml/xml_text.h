// Text as XML and HTML have it.
#pragma once

#include <string>
#include <string_view>

namespace lh::schemas {

// For content and for attribute values in double quotes (XML 1.0 section 2.4). Control characters
// are the caller's matter.
void append_xml_text(std::string& out, std::string_view text);

}  // namespace lh::schemas
