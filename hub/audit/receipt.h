// Receipt = {log, index, entry (base64), proof (tlog-proof@v1 text)}: the proof that this very act
// is in the log. Its JSON text is made and read by hub/audit/receipt_json.cc.
#pragma once

#include "base/permit.h"
#include "crypto/note.h"

namespace lh::hub::audit {

// The receipt as a JSON object at the end of `out`.
void append_receipt(std::string& out, std::string_view log, const Recorded& recorded);
std::string receipt_json(std::string_view log, const Recorded& recorded);
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
