// Steps 6 and 7: verification, revocation, the time machine; the log, the offline check, the
// holder.
#include <thread>

#include "crypto/jws.h"
#include "hub/app/demo/main_job.h"
#include "hub/app/operations/operations.h"
#include "hub/audit/export.h"
#include "hub/audit/receipt.h"
#include "schemas/sample_parties.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::app::demo {
namespace {

namespace sample = schemas::sample;
using schemas::Json;

constexpr int kTries = 50;
constexpr auto kPause = std::chrono::milliseconds(20);

Json single(const char* name, Json value) {
  Json j = Json::object();
  j.set(name, std::move(value));
  return j;
}

// The identity platform's statement that this subject is logged in at the portal.
Result<std::string> assertion(Hub& hub, const std::string& organisation,
                              const std::string& resident_id) {
  const auto* signer = hub.signers().find(LH_TRY(parse_uscc(organisation)));
  if (signer == nullptr) return Error(Reason::kKeyMissing, "portal");
  const std::int64_t now = hub.clock().now().ms / 1000;
  Json subject = Json::object();
  subject.set("scheme", "resident_id");
  subject.set("id", resident_id);
  Json payload = Json::object();
  payload.set("iss", organisation);
  payload.set("sub", std::move(subject));
  payload.set("iat", now);
  payload.set("exp", now + 120);
  payload.set("jti", to_hex(view(hub.random().array<16>())));
  const std::string header = schemas::sd_jwt_header(crypto::jose_name(signer->key.algorithm()),
                                                    "subject-assertion+jwt", signer->x5c);
  return crypto::sign_jws(header, schemas::to_text(payload), signer->key);
}

}  // namespace

Status MainJob::verify_and_revoke() {
  say_.step("An approver verifies the licence as a file and by QR; it is revoked", "核验与撤销");
  const Fetched& licence = fetched_.front();
  const auto as_file =
      LH_TRY(stage_.approval().post("/v1/verify", single("document", licence.presentation)));
  const Json* before = as_file.body.find("verdicts");
  say_.fact("as a file", "integrity " + verdict_words(before, "integrity") + ", issuer " +
                             verdict_words(before, "issuer") + ", status " +
                             verdict_words(before, "status"));
  say_.check(
      verdict_words(before, "integrity") == "valid" && verdict_words(before, "status") == "valid",
      "integrity and status are valid");
  const auto by_qr = LH_TRY(stage_.anybody().post("/public/verify", single("qr", licence.qr)));
  say_.check(verdict_words(by_qr.body.find("verdicts"), "status") == "valid",
             "by QR, without an account: status valid");
  const std::string instant = time_text(say_.clock().now());
  std::this_thread::sleep_for(kPause);
  Json revoke = Json::object();
  revoke.set("licence_id", licence.licence_id);
  revoke.set("action", "revoke");
  revoke.set("ground", "《行政许可法》第六十九条（演示）");
  const auto revoked = LH_TRY(stage_.supervision().post("/v1/licences/status", revoke));
  say_.check(revoked.status == 200,
             "revoked by the market supervision " + text_at(revoked.body, "reason"));
  const std::int64_t start = say_.clock().monotonic_us();
  std::string status;
  for (int i = 0; i < kTries; ++i) {
    const auto again = LH_TRY(stage_.anybody().post("/public/verify", single("qr", licence.qr)));
    status = verdict_words(again.body.find("verdicts"), "status");
    if (status != "valid") break;
    std::this_thread::sleep_for(kPause);
  }
  const std::int64_t waited = say_.clock().monotonic_us() - start;
  say_.check(status == "invalid (status.revoked)" && waited < 1000000,
             "the answer changed within " + std::to_string(waited / 1000 + 1) + " ms: " + status);
  Json past = Json::object();
  past.set("licence_id", licence.licence_id);
  past.set("valid_at", instant);
  const auto then = LH_TRY(stage_.approval().post("/v1/licences/status/query", past));
  say_.check(verdict_words(then.body.find("verdicts"), "status") == "valid",
             "\"was it valid at " + instant +
                 "?\" still answers: " + verdict_words(then.body.find("verdicts"), "status"));
  return ok_status();
}

Status MainJob::find_reads() {
  say_.step("The security officer finds every read and checks the proofs", "电子监察");
  Json query = single("case_id", case_id_);
  query.set("event", "material.fetched");
  query.set("with_proofs", true);
  const auto found = LH_TRY(stage_.officer().post("/v1/audit/search", query));
  const Json* entries = found.body.find("entries");
  if (found.status != 200 || entries == nullptr) {
    say_.check(false, "search answered " + text_at(found.body, "reason"));
    return ok_status();
  }
  std::vector<std::vector<std::string>> rows = {{"entry", "time", "officer", "case", "object"}};
  std::size_t proven = 0;
  for (const Json& e : *entries->items()) {
    rows.push_back({text_at(e, "index"), text_at(e, "time"), text_at(e, "officer.id"),
                    text_at(e, "case_number"), text_at(e, "object")});
    const auto leaf = LH_TRY(parse_base64(text_at(e, "entry")));
    const auto proof = LH_TRY(crypto::parse_tlog_proof(text_at(e, "proof")));
    if (crypto::verify_tlog_proof(proof, leaf, {stage_.hub().log_key()}).ok()) ++proven;
  }
  say_.table(rows);
  std::size_t seen = 0;
  for (const auto& fetched : fetched_) {
    for (const auto& row : rows) seen += row[0] == std::to_string(fetched.index) ? 1U : 0U;
  }
  say_.check(seen == fetched_.size(), "all " + std::to_string(seen) + " reads are in the log");
  say_.check(proven == entries->items()->size() && proven > 0, "each proof verifies");
  return check_offline();
}

Status MainJob::check_offline() {
  operations::Context context{stage_.hub(), "demo", [](const Json&) {}};
  const std::string out = stage_.dir() + "/log-export-" + std::to_string(fetched_.back().index);
  const Json report = LH_TRY(operations::export_audit(context, single("out", out)));
  const auto checked =
      audit::verify_export(out, {stage_.hub().log_key()}, [](std::uint64_t, std::uint64_t) {});
  say_.check(checked.ok(), "exported log of " + text_at(report, "entries") +
                               " entries verifies on its own: " + out);
  const std::string note = stage_.hub().ledger().checkpoint();
  say_.fact("checkpoint", note.substr(0, note.find('\n')) + ", " +
                              std::to_string(stage_.hub().ledger().state().size) +
                              " entries, root " +
                              to_base64(view(stage_.hub().ledger().state().root)));
  return ok_status();
}

Status MainJob::holder_looks() {
  say_.step("The holder sees who looked, and why", "本人查询");
  const auto token = LH_TRY(
      assertion(stage_.hub(), stage_.portal().organisation(), cast_.representative.resident_id));
  const auto answer =
      LH_TRY(stage_.portal().post("/v1/accesses/query", single("assertion", token)));
  const Json* accesses = answer.body.find("accesses");
  if (answer.status != 200 || accesses == nullptr) {
    say_.check(false, "own accesses answered " + text_at(answer.body, "reason"));
    return ok_status();
  }
  std::vector<std::vector<std::string>> rows = {{"entry", "event", "by", "purpose"}};
  bool read_seen = false;
  for (const Json& a : *accesses->items()) {
    rows.push_back({text_at(a, "index"), text_at(a, "event"), text_at(a, "organisation_name"),
                    text_at(a, "purpose")});
    read_seen = read_seen || text_at(a, "event") == "material.fetched";
  }
  say_.table(rows);
  say_.check(read_seen, "the read of the identity card is in the holder's own list");
  say_.check(text_at(answer.body, "complete") == "true",
             "the list is complete: " + text_at(answer.body, "chain_length") + " entries, no gap");
  return ok_status();
}

}  // namespace lh::hub::app::demo
