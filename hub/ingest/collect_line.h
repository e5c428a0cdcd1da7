// One line of POST /v1/licences/collect, strictly read.
#pragma once

#include <string_view>

#include "hub/licences/licence_office.h"

namespace lh::hub::ingest {

// Input: one JSON object, at most limits::kJsonBodyBytes:
//   {type, holder[{scheme,id,name}], issuer_name?, fields{}, valid_from?, valid_until?, status,
//    source, source_key, division?}
// The source is the collector's own: "<USCC>/<source>". Errors: json.*, id.*, date.format.
Result<licences::CollectRequest> parse_collect_line(std::string_view line, const Uscc& collector);

}  // namespace lh::hub::ingest
