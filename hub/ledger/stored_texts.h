// Lists of texts in the payload of a stored row: a CBOR array of text strings.
#pragma once

#include <string>
#include <vector>

#include "base/cbor.h"

namespace lh::hub::ledger {

void write_texts(CborWriter& w, const std::vector<std::string>& texts);
Result<std::vector<std::string>> read_texts(CborReader& r);  // cbor.malformed

}  // namespace lh::hub::ledger
