#include "hub/audit/receipt.h"

#include "hub/audit/entry.h"

namespace lh::hub::audit {

Status verify_receipt(const Receipt& receipt, const std::vector<crypto::NoteKey>& keys) {
  const crypto::TlogProof proof = LH_TRY(crypto::parse_tlog_proof(receipt.proof));
  if (proof.index != receipt.index) return Error(Reason::kProofInvalid, "index of the proof");
  const Entry entry = LH_TRY(parse_entry(receipt.entry));
  if (entry.index != receipt.index) return Error(Reason::kProofInvalid, "index of the entry");
  LH_TRY(crypto::verify_tlog_proof(proof, receipt.entry, keys));
  const crypto::Note note = LH_TRY(crypto::parse_note(proof.checkpoint));
  const crypto::Checkpoint checkpoint = LH_TRY(crypto::parse_checkpoint(note.text));
  if (checkpoint.origin != receipt.log) return Error(Reason::kCheckpointOrigin, "receipt");
  return {};
}

}  // namespace lh::hub::audit
