// vet: verdicts on single files, without a hub (docs/formats/vet.md). Never crashes, never stops at
// a bad file. "unsupported" = well formed, but outside our profile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/note.h"
#include "hub/licences/document.h"
#include "pki/trust_store.h"
#include "schemas/json.h"

namespace lh::hub::app::vet {

// What DIR holds: anchors (*.pem), keys by kid (*.jwk), log keys (*.vkey).
struct Trust {
  pki::TrustStore anchors;
  licences::KeysById keys;
  std::vector<crypto::NoteKey> logs;
};
// Errors: file.unreadable, chain.malformed, json.*, key.weak. An empty name: nothing is trusted.
Result<Trust> load_trust(const std::string& dir);
// One JWK: EC P-256 or OKP Ed25519, public members only. Errors: key.weak, json.*.
Result<std::pair<std::string, crypto::PublicKey>> parse_jwk(std::string_view text);

enum class Outcome : std::uint8_t { kValid, kInvalid, kIndeterminate, kUnsupported };
struct Finding {
  Outcome outcome = Outcome::kInvalid;
  Reason reason = Reason::kVerdictGood;
  std::string detail;
};
std::string_view outcome_text(Outcome o);

struct Question {
  const std::string& path;
  const Trust& trust;
  UtcTime at;
};
using Check = Finding (*)(const Question&);
Check find_check(std::string_view kind);  // null: unknown kind
std::vector<std::string_view> kinds();

// Files of all kinds; at most 32 MiB.
Finding check_json(const Question& q);
Finding check_licence_id(const Question& q);
Finding check_uscc(const Question& q);
Finding check_resident_id(const Question& q);
Finding check_jws(const Question& q);
Finding check_sd_jwt(const Question& q);
Finding check_certificate_chain(const Question& q);
Finding check_checkpoint(const Question& q);
Finding check_tlog_proof(const Question& q);

Finding from_error(const Error& error);
Finding from_report(const pki::VerifyReport& report);

}  // namespace lh::hub::app::vet
