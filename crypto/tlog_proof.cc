// The two texts of c2sp.org/tlog-checkpoint and c2sp.org/tlog-proof (declared in crypto/note.h).
#include <charconv>
#include <limits>

#include "base/limits.h"
#include "crypto/merkle.h"
#include "crypto/note.h"

namespace lh::crypto {
namespace {

constexpr std::string_view kProofHead = "c2sp.org/tlog-proof@v1";
// Sizes are int64 in Go's tlog: a larger number would be read differently by others.
constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
constexpr std::size_t kProofHashes = 63;          // of a tree of at most 2^63 leaves
constexpr std::size_t kProofBytes = 320U << 10U;  // the note's limit, hashes and an extra line

// Takes one line off `rest`, without its LF; nothing when no LF is left.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

// ASCII decimal, no sign, no leading zeroes.
std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > 19 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t v = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, v);
  if (error != std::errc() || stop != end || v > kLargest) return std::nullopt;
  return v;
}

std::optional<Digest> parse_hash(std::string_view line) {
  const Result<Bytes> raw = parse_base64(line);
  if (!raw.ok()) return std::nullopt;
  const Result<Digest> hash = to_array<32>(*raw);
  if (!hash.ok()) return std::nullopt;
  return *hash;
}

Error bad_checkpoint(std::string_view what) {
  return Error(Reason::kCheckpointMalformed, std::string(what));
}
Error bad_proof(std::string_view what) {
  return Error(Reason::kProofMalformed, std::string(what));
}

bool has_control(std::string_view line) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < 0x20) return true;
  }
  return false;
}

// "index N", after an "extra" line that is checked and dropped: it is not authenticated, so nobody
// here may ever read it.
Result<std::uint64_t> parse_index(std::string_view& rest) {
  constexpr std::string_view kExtra = "extra ";
  constexpr std::string_view kIndex = "index ";
  std::optional<std::string_view> line = take_line(rest);
  if (line && line->starts_with(kExtra)) {
    if (!parse_base64(line->substr(kExtra.size())).ok()) return bad_proof("extra line");
    line = take_line(rest);
  }
  if (!line || !line->starts_with(kIndex)) return bad_proof("index line");
  const std::optional<std::uint64_t> index = parse_decimal(line->substr(kIndex.size()));
  if (!index) return bad_proof("index line");
  return *index;
}

}  // namespace

std::string checkpoint_text(const Checkpoint& c) {
  return c.origin + "\n" + std::to_string(c.size) + "\n" + to_base64(view(c.root)) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view body) {
  if (body.size() > limits::kTextLine * 4 || !is_utf8(body)) return bad_checkpoint("text");
  std::string_view rest = body;
  const auto origin = take_line(rest);
  const auto size_line = take_line(rest);
  const auto root_line = take_line(rest);
  if (!origin || !size_line || !root_line) return bad_checkpoint("three lines are expected");
  const auto size = parse_decimal(*size_line);
  const auto root = parse_hash(*root_line);
  if (origin->empty() || has_control(*origin)) return bad_checkpoint("origin");
  if (!size) return bad_checkpoint("size");
  if (!root) return bad_checkpoint("root");
  while (!rest.empty()) {  // extension lines: opaque, but of the right form
    const auto line = take_line(rest);
    if (!line || line->empty() || has_control(*line)) return bad_checkpoint("extension line");
  }
  return Checkpoint{std::string(*origin), *size, *root};
}

std::string tlog_proof_text(const TlogProof& p) {
  constexpr std::size_t kHashLine = 45;
  constexpr std::size_t kIndexLine = 32;
  std::string out;
  out.reserve(kProofHead.size() + kIndexLine + kHashLine * p.hashes.size() + p.checkpoint.size());
  out.append(kProofHead).append("\nindex ").append(std::to_string(p.index)) += '\n';
  for (const Digest& h : p.hashes) {
    append_base64(out, view(h));
    out += '\n';
  }
  return out.append("\n").append(p.checkpoint);
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > kProofBytes) return bad_proof("too large");
  std::string_view rest = text;
  if (take_line(rest) != kProofHead) return bad_proof("first line");
  TlogProof out;
  out.index = LH_TRY(parse_index(rest));
  for (;;) {
    const auto line = take_line(rest);
    if (!line) return bad_proof("no empty line before the checkpoint");
    if (line->empty()) break;
    const auto hash = parse_hash(*line);
    if (!hash || out.hashes.size() == kProofHashes) return bad_proof("hash line");
    out.hashes.push_back(*hash);
  }
  out.checkpoint = std::string(rest);
  const Result<Note> note = parse_note(out.checkpoint);
  if (!note.ok()) return bad_proof("checkpoint: " + note.error().detail());
  return out;
}

Status verify_tlog_proof(const TlogProof& p, ByteView entry, const std::vector<NoteKey>& keys) {
  const Note note = LH_TRY(parse_note(p.checkpoint));
  const Checkpoint c = LH_TRY(parse_checkpoint(note.text));
  // Only the log itself may speak for its origin: another trusted log's key does not count.
  std::vector<NoteKey> of_log;
  for (const NoteKey& key : keys) {
    if (key.name == c.origin) of_log.push_back(key);
  }
  if (of_log.empty()) {
    LH_TRY(verify_note(note, keys));
    return Error(Reason::kCheckpointOrigin, "signed by a key of another log");
  }
  LH_TRY(verify_note(note, of_log));
  return verify_inclusion(p.index, c.size, leaf_hash(entry), p.hashes, c.root);
}

}  // namespace lh::crypto
