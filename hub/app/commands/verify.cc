// verify FILE: a licence document or presentation, or a receipt; with a hub (three verdicts of now)
// or offline with a folder of trust (then the status stays indeterminate: nobody was asked).
#include <CLI/CLI.hpp>

#include <iostream>

#include "base/limits.h"
#include "crypto/jws.h"
#include "hub/app/commands/commands.h"
#include "hub/app/vet/vet.h"
#include "hub/audit/receipt.h"
#include "hub/licences/verdicts.h"
#include "pki/certificate.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::app::commands {
namespace {

struct Options {
  std::string file, at, trust, data_dir;
  bool offline = false, json = false;
  Output output() const { return json ? Output::kJson : Output::kHuman; }
};

// 0 only when everything that was asked is valid.
int verdict_code(const Json& result) {
  const Json* verdicts = result.find("verdicts");
  if (verdicts == nullptr || verdicts->members() == nullptr) return kNo;
  for (const char* name : {"integrity", "issuer", "status"}) {
    const Json* one = verdicts->find(name);
    const Json* verdict = one == nullptr ? nullptr : one->find("verdict");
    if (verdict == nullptr || verdict->string() == nullptr || *verdict->string() != "valid")
      return kNo;
  }
  return kYes;
}

int verify_receipt_file(const Options& o, const std::string& text, const vet::Trust& trust) {
  const auto receipt = audit::parse_receipt(text);
  if (!receipt.ok()) return report(receipt.error());
  const Status status = audit::verify_receipt(*receipt, trust.logs);
  Json j = Json::object();
  j.set("verdict", status.ok()                                        ? "valid"
                   : status.error().reason() == Reason::kTrustMissing ? "indeterminate"
                                                                      : "invalid");
  j.set("reason", status.ok() ? reason_id(Reason::kVerdictGood) : status.error().id());
  j.set("log", receipt->log);
  j.set("index", receipt->index);
  print(j, o.output());
  return status.ok() ? kYes : kNo;
}

int verify_offline(const Options& o, const std::string& text, const vet::Trust& trust, UtcTime at) {
  const auto checked = licences::check_document(
      text, {trust.anchors, at, licences::SigningTime::kUnproven, &trust.keys});
  licences::Verdicts v;
  v.integrity = licences::from_report(checked.integrity, at);
  v.issuer = licences::from_report(checked.issuer, at);
  v.status = {pki::Verdict::kIndeterminate, Reason::kStatusUnknown, "offline", at};
  v.freshness = {pki::Verdict::kIndeterminate, Reason::kFreshnessUnknown, "offline", at};
  Json j = Json::object();
  j.set("licence_id", checked.licence_id);
  j.set("verdicts", licences::verdicts_json(v));
  print(j, o.output());
  return verdict_code(j);
}

// Whose certificate signed, for people; empty: a key without one.
std::string signer_of(const crypto::Jws& jws) {
  const auto header = schemas::parse_jose_header(jws.header);
  if (!header.ok() || header->x5c.empty()) return {};
  const auto der = parse_base64(header->x5c.front());
  if (!der.ok()) return {};
  const auto certificate = pki::Certificate::from_der(*der);
  return certificate.ok() ? certificate->common_name() : std::string();
}

// A report (adapter reconcile): that one of the trusted keys signed it, whose that is, and what it
// says. Departments of the same root may sign too: the signer is part of the answer.
int verify_report(const Options& o, const std::string& text, const vet::Trust& trust, UtcTime at) {
  const vet::Finding finding = vet::check_jws({o.file, trust, at});
  const auto jws = crypto::parse_jws(text);
  if (!jws.ok()) return report(jws.error());
  Json j = Json::object();
  j.set("verdict", vet::outcome_text(finding.outcome)).set("reason", reason_id(finding.reason));
  const auto payload = schemas::parse_json(jws->payload, limits::kDocumentBytes);
  if (!payload.ok()) return report(payload.error());
  j.set("signer", signer_of(*jws)).set("report", *payload);
  print(j, o.output());
  return finding.outcome == vet::Outcome::kValid ? kYes : kNo;
}

bool is_report(const std::string& text) {
  const auto jws = crypto::parse_jws(text);
  if (!jws.ok()) return false;
  const auto header = schemas::parse_jose_header(jws->header);
  return header.ok() && header->typ == "reconciliation+jwt";
}

int run_verify(const Options& o) {
  auto text = read_file(o.file, limits::kDocumentBytes);
  if (!text.ok()) return report(text.error());
  while (text->ends_with('\n')) text->pop_back();
  UtcTime at = SystemClock().now();
  if (!o.at.empty()) {
    const auto time = parse_time(o.at);
    if (!time.ok()) return report(time.error());
    at = *time;
  }
  const bool receipt = text->starts_with('{');
  const bool stated = is_report(*text);
  if (o.offline || receipt || stated) {
    if (o.trust.empty()) {
      return report(Error(Reason::kUsage, "name the trusted keys with --trust DIR"));
    }
    const auto trust = vet::load_trust(o.trust);
    if (!trust.ok()) return report(trust.error());
    if (stated) return verify_report(o, *text, *trust, at);
    return receipt ? verify_receipt_file(o, *text, *trust) : verify_offline(o, *text, *trust, at);
  }
  if (o.data_dir.empty()) {
    return report(
        Error(Reason::kUsage, "name the hub with --data-dir D, or use --offline --trust DIR"));
  }
  Json j = Json::object();
  j.set("document", *text);
  if (!o.at.empty()) j.set("at", time_text(at));
  return perform_and_print(o.data_dir, "verify", j, o.output(), verdict_code);
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  auto* c = app.add_subcommand("verify",
                               "Verdicts on a licence document, presentation, receipt or report");
  c->add_option("FILE", o->file, "The file")->required();
  c->add_option("--at", o->at, "Was it good then (RFC 3339 or date); default now");
  c->add_option("--data-dir", o->data_dir, "Data directory of the hub that is asked");
  c->add_flag("--offline", o->offline, "Ask nobody: only what the file and the trusted keys say");
  c->add_option("--trust", o->trust, "Directory with anchors *.pem, keys *.jwk, log keys *.vkey");
  c->add_flag("--json", o->json, "Machine output");
  c->callback([o, &run] { run = [o] { return run_verify(*o); }; });
}

}  // namespace lh::hub::app::commands
