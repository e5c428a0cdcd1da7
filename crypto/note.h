// C2SP signed-note and tlog-checkpoint (Ed25519 signature type 0x01), unchanged.
// Source: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-proof.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "crypto/sign.h"

namespace lh::crypto {

// "<name>+<hex key id>+<base64(0x01 ‖ key)>": the file log.vkey.
struct NoteKey {
  std::string name;
  std::uint32_t id = 0;
  PublicKey key;
};
Result<NoteKey> parse_vkey(std::string_view text);
Result<NoteKey> make_note_key(std::string name, PublicKey key);  // Ed25519 only
std::string vkey_text(const NoteKey& key);

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  Bytes signature;  // without the key id
};
struct Note {
  std::string text;  // ends with LF
  std::vector<NoteSignature> signatures;
};
Result<Note> parse_note(std::string_view note);  // strict; note.malformed
std::string note_text(const Note& note);
// Signs text (ends with LF). Cost: about 22 µs.
Result<std::string> sign_note(std::string_view text, const NoteKey& name, const PrivateKey& key);
// Errors: note.malformed, trust.missing (no signature by a known key), signature.invalid.
Status verify_note(const Note& note, const std::vector<NoteKey>& keys);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root{};
};
std::string checkpoint_text(const Checkpoint& c);            // the body of the note
Result<Checkpoint> parse_checkpoint(std::string_view body);  // checkpoint.malformed

// c2sp.org/tlog-proof@v1: index, optional extra line, inclusion proof and the checkpoint.
struct TlogProof {
  std::uint64_t index = 0;
  std::vector<Digest> hashes;
  std::string checkpoint;  // the whole signed note
};
std::string tlog_proof_text(const TlogProof& p);
Result<TlogProof> parse_tlog_proof(std::string_view text);  // proof.malformed
// Full check of a leaf: the note by a known key, origin = name of that key, the path to the root.
Status verify_tlog_proof(const TlogProof& p, ByteView entry, const std::vector<NoteKey>& keys);

}  // namespace lh::crypto
