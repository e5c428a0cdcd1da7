// Signed notes, checkpoints, proofs, verifier keys and compact JWS: what is accepted writes back to
// what was read (a proof without its extra line), and nothing verifies under a key nobody used.
#include <cstdint>

#include "base/result.h"
#include "crypto/jws.h"
#include "crypto/note.h"

namespace lh::crypto {
namespace {

// Go's example key; its signatures on the corpus are known, forging one is not fuzzing's business.
constexpr std::string_view kKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

void check_note(std::string_view text) {
  const Result<Note> note = parse_note(text);
  if (!note.ok()) return;
  LH_CHECK(note_text(*note) == text, "a note has one spelling");
  LH_CHECK(note->text.ends_with('\n') && !note->signatures.empty(),
           "a note has text and signature");
}

void check_checkpoint(std::string_view body) {
  const Result<Checkpoint> c = parse_checkpoint(body);
  if (!c.ok()) return;
  LH_CHECK(body.starts_with(checkpoint_text(*c)), "a checkpoint has one spelling");
}

void check_proof(std::string_view text) {
  const Result<TlogProof> p = parse_tlog_proof(text);
  if (!p.ok()) return;
  const std::string again = tlog_proof_text(*p);
  const Result<TlogProof> twice = parse_tlog_proof(again);
  LH_CHECK(twice.ok() && tlog_proof_text(*twice) == again, "a proof writes back");
  const std::vector<NoteKey> keys{parse_vkey(kKey).value()};
  const Status s = verify_tlog_proof(*p, "no such entry", keys);
  LH_CHECK(!s.ok(), "no proof holds for an entry that is in no log");
}

void check_keys_and_jws(std::string_view text) {
  const Result<NoteKey> key = parse_vkey(text);
  LH_CHECK(!key.ok() || vkey_text(*key).size() == text.size(), "a verifier key has one length");
  const Result<Jws> jws = parse_jws(text);
  if (!jws.ok()) return;
  const std::string again = to_base64url(jws->header) + "." + to_base64url(jws->payload) + "." +
                            to_base64url(jws->signature);
  LH_CHECK(again == text, "a JWS has one spelling");
}

}  // namespace
}  // namespace lh::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  lh::crypto::check_note(text);
  lh::crypto::check_checkpoint(text);
  lh::crypto::check_proof(text);
  lh::crypto::check_keys_and_jws(text);
  return 0;
}
