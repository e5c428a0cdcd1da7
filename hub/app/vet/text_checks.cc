// Kinds whose file is the text itself: json, licence-id, uscc, resident-id.
#include "base/ids.h"
#include "base/limits.h"
#include "hub/app/data_dir.h"
#include "hub/app/vet/vet.h"

namespace lh::hub::app::vet {
namespace {

struct Named {
  std::string_view name;
  Check check;
};
constexpr Named kChecks[] = {
    {"json", check_json},
    {"licence-id", check_licence_id},
    {"uscc", check_uscc},
    {"resident-id", check_resident_id},
    {"jws", check_jws},
    {"sd-jwt", check_sd_jwt},
    {"certificate-chain", check_certificate_chain},
    {"checkpoint", check_checkpoint},
    {"tlog-proof", check_tlog_proof},
};

// JSON that RFC 8259 allows, but that two readers may take for two different things or that our
// limits exclude.
bool outside_profile(Reason reason) {
  return reason == Reason::kJsonDepth || reason == Reason::kJsonNumber ||
         reason == Reason::kJsonNul || reason == Reason::kVetUnsupported;
}

Result<std::string> read_line_file(const std::string& path) {
  std::string text = LH_TRY(read_file(path, 4096));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

template <class Parse>
Finding check_text(const Question& q, Parse parse) {
  const auto text = read_line_file(q.path);
  if (!text.ok()) return from_error(text.error());
  const auto parsed = parse(*text);
  if (!parsed.ok()) return from_error(parsed.error());
  return {Outcome::kValid, Reason::kVerdictGood, ""};
}

}  // namespace

std::string_view outcome_text(Outcome o) {
  switch (o) {
    case Outcome::kValid:
      return "valid";
    case Outcome::kInvalid:
      return "invalid";
    case Outcome::kIndeterminate:
      return "indeterminate";
    case Outcome::kUnsupported:
      break;
  }
  return "unsupported";
}

Check find_check(std::string_view kind) {
  for (const auto& known : kChecks) {
    if (known.name == kind) return known.check;
  }
  return nullptr;
}

std::vector<std::string_view> kinds() {
  std::vector<std::string_view> names;
  for (const auto& known : kChecks) names.push_back(known.name);
  return names;
}

Finding from_error(const Error& error) {
  if (error.reason() == Reason::kTrustMissing || error.reason() == Reason::kFileUnreadable) {
    return {Outcome::kIndeterminate, error.reason(), error.detail()};
  }
  const Outcome o = outside_profile(error.reason()) ? Outcome::kUnsupported : Outcome::kInvalid;
  return {o, error.reason(), error.detail()};
}

Finding from_report(const pki::VerifyReport& report) {
  Finding f;
  f.reason = report.reason();
  switch (report.verdict()) {
    case pki::Verdict::kValid:
      f.outcome = Outcome::kValid;
      break;
    case pki::Verdict::kInvalid:
      f.outcome = Outcome::kInvalid;
      break;
    case pki::Verdict::kIndeterminate:
      f.outcome = Outcome::kIndeterminate;
      break;
  }
  for (const auto& finding : report.findings()) {
    if (finding.reason == f.reason) {
      f.detail = finding.where;
      break;
    }
  }
  return f;
}

Finding check_json(const Question& q) {
  const auto text = read_file(q.path, limits::kDocumentBytes);
  if (!text.ok()) return from_error(text.error());
  const auto parsed = schemas::parse_json(*text, limits::kDocumentBytes);
  if (!parsed.ok()) return from_error(parsed.error());
  return {Outcome::kValid, Reason::kVerdictGood, ""};
}

Finding check_licence_id(const Question& q) {
  return check_text(q, [](const std::string& t) { return parse_licence_id(t); });
}
Finding check_uscc(const Question& q) {
  return check_text(q, [](const std::string& t) { return parse_uscc(t); });
}
Finding check_resident_id(const Question& q) {
  return check_text(q, [](const std::string& t) { return parse_resident_id(t); });
}

}  // namespace lh::hub::app::vet
