#include "crypto/note.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "crypto/digest.h"

namespace lh::crypto {
namespace {

constexpr char kEd25519Type = 0x01;                  // c2sp.org/signed-note, "Signature types"
constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014, space
// Room for 16 post-quantum signatures (the specification's minimum) and more; Go accepts 100.
constexpr std::size_t kNoteBytes = 256U << 10U;
constexpr std::size_t kNoteSignatures = 100;

Error malformed(std::string_view what) {
  return Error(Reason::kNoteMalformed, std::string(what));
}

// The White_Space property of Unicode, encoded.
bool has_unicode_space(std::string_view s) {
  constexpr std::string_view kSpaces[] = {"\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80",
                                          "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
                                          "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const char c : s) {
    const auto u = static_cast<unsigned char>(c);
    if (u == 0x20 || (u >= 0x09 && u <= 0x0D)) return true;
  }
  for (std::size_t i = s.find("\xE2\x80"); i != std::string_view::npos;
       i = s.find("\xE2\x80", i + 1)) {
    if (i + 2 < s.size() && static_cast<unsigned char>(s[i + 2]) <= 0x8A) return true;  // 2000–200A
  }
  return std::any_of(std::begin(kSpaces), std::end(kSpaces), [s](std::string_view space) {
    return s.find(space) != std::string_view::npos;
  });
}

Status check_name(std::string_view name) {
  if (name.empty() || name.size() > limits::kTextLine) return malformed("key name length");
  if (!is_utf8(name) || has_unicode_space(name) || name.find('+') != std::string_view::npos) {
    return malformed("key name characters");
  }
  return ok_status();
}

std::uint32_t key_id(std::string_view name, ByteView typed_key) {
  Bytes input(name);
  input.push_back('\n');
  input.append(typed_key);
  const Digest d = sha256(input);
  return read_be32(view(d));
}

Bytes typed_key_of(const PublicKey& key) {
  return Bytes(1, kEd25519Type) + key.ed25519_raw();
}

// UTF-8 and no control character but LF.
bool is_note_text(std::string_view s) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return is_utf8(s) && std::none_of(s.begin(), s.end(), control);
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return malformed("signature line");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return malformed("signature line");
  NoteSignature out;
  out.name = std::string(line.substr(0, space));
  LH_TRY(check_name(out.name));
  const Result<Bytes> raw = parse_base64(line.substr(space + 1));
  if (!raw.ok() || raw->size() < 5) return malformed("signature bytes");
  out.id = read_be32(*raw);
  out.signature = raw->substr(4);
  return out;
}

std::string signature_line(const NoteSignature& s) {
  Bytes raw;
  append_be32(raw, s.id);
  raw += s.signature;
  return std::string(kDash) + s.name + " " + to_base64(raw) + "\n";
}

const NoteKey* key_of(const NoteSignature& s, const std::vector<NoteKey>& keys) {
  const auto it = std::find_if(keys.begin(), keys.end(),
                               [&s](const NoteKey& k) { return k.id == s.id && k.name == s.name; });
  return it == keys.end() ? nullptr : &*it;
}

}  // namespace

Result<NoteKey> make_note_key(std::string name, PublicKey key) {
  LH_TRY(check_name(name));
  if (key.algorithm() != Algorithm::kEd25519) {
    return Error(Reason::kAlgorithmRefused, "notes are signed with Ed25519");
  }
  const std::uint32_t id = key_id(name, typed_key_of(key));
  return NoteKey{std::move(name), id, std::move(key)};
}

std::string vkey_text(const NoteKey& key) {
  Bytes id;
  append_be32(id, key.id);
  return key.name + "+" + to_hex(id) + "+" + to_base64(typed_key_of(key.key));
}

Result<NoteKey> parse_vkey(std::string_view text) {
  const std::size_t one = text.find('+');
  const std::size_t two = one == std::string_view::npos ? one : text.find('+', one + 1);
  if (two != std::string_view::npos && two - one - 1 == 8) {
    const Result<Bytes> id = parse_hex(text.substr(one + 1, 8));
    const Result<Bytes> typed = parse_base64(text.substr(two + 1));
    if (!id.ok() || !typed.ok() || typed->size() != 33) return malformed("verifier key");
    if (typed->front() != kEd25519Type) {
      return Error(Reason::kAlgorithmRefused, "verifier key type");
    }
    NoteKey key = LH_TRY(make_note_key(std::string(text.substr(0, one)),
                                       LH_TRY(PublicKey::from_ed25519(typed->substr(1)))));
    if (key.id != read_be32(*id)) return malformed("verifier key id");
    return key;
  }
  return malformed("verifier key");
}

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kNoteBytes) return malformed("too large");
  if (!is_note_text(note)) return malformed("characters");
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos || note.back() != '\n') return malformed("blank line");
  Note out;
  out.text = std::string(note.substr(0, gap + 1));
  std::string_view rest = note.substr(gap + 2);
  if (rest.empty()) return malformed("no signature");
  while (!rest.empty()) {
    if (out.signatures.size() == kNoteSignatures) return malformed("too many signatures");
    const std::size_t end = rest.find('\n');  // there: the note ends with LF
    out.signatures.push_back(LH_TRY(parse_signature(rest.substr(0, end))));
    rest.remove_prefix(end + 1);
  }
  return out;
}

std::string note_text(const Note& note) {
  std::string out = note.text + "\n";
  for (const NoteSignature& s : note.signatures) out += signature_line(s);
  return out;
}

Result<std::string> sign_note(std::string_view text, const NoteKey& name, const PrivateKey& key) {
  if (text.empty() || text.back() != '\n' || !is_note_text(text)) return malformed("note text");
  if (key.algorithm() != Algorithm::kEd25519) {
    return Error(Reason::kAlgorithmRefused, "notes are signed with Ed25519");
  }
  const NoteSignature signature{name.name, name.id, LH_TRY(key.sign(text))};
  std::string out(text);
  out.push_back('\n');
  out += signature_line(signature);
  return out;
}

// "If the key name and ID match a known key, verifiers MUST verify the signature. If a signature
// from a known key fails to verify, clients SHOULD reject the whole note."
Status verify_note(const Note& note, const std::vector<NoteKey>& keys) {
  std::size_t known = 0;
  for (const NoteSignature& s : note.signatures) {
    const NoteKey* const key = key_of(s, keys);
    if (key == nullptr) continue;
    LH_TRY(key->key.verify(note.text, s.signature));
    ++known;
  }
  if (known == 0) return Error(Reason::kTrustMissing, "no signature by a known key");
  return ok_status();
}

}  // namespace lh::crypto
