// Receipt = {log, index, entry (base64), proof (tlog-proof@v1 text)}: the proof that this very act
// is in the log. JSON text is made by hub/audit/receipt_json.cc through schemas.
#pragma once

#include "base/permit.h"
#include "crypto/note.h"
#include "schemas/json.h"

namespace lh::hub::audit {

schemas::Json receipt_json(std::string_view log, const Recorded& recorded);
struct Receipt {
  std::string log;
  std::uint64_t index = 0;
  Bytes entry;
  std::string proof;
};
Result<Receipt> parse_receipt(std::string_view json);  // strict; proof.malformed, json.*
// Note by a known key, origin, index, path from the leaf to the root.
Status verify_receipt(const Receipt& receipt, const std::vector<crypto::NoteKey>& keys);

}  // namespace lh::hub::audit
