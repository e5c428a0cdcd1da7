#include "hub/app/peers/foreign_judge.h"

#include <algorithm>
#include <filesystem>

#include "hub/app/data_dir.h"
#include "hub/audit/receipt.h"
#include "hub/licences/document.h"
#include "pki/trust_store.h"

namespace lh::hub::app {
namespace {

using adapters::hub::Demand;

constexpr std::string_view kTypeUrn = "urn:licence-type:";
constexpr std::size_t kVkeyBytes = 4096;

// Keys of logs: *.vkey, one line each.
Result<std::vector<crypto::NoteKey>> log_keys(const std::string& folder) {
  std::vector<crypto::NoteKey> out;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    if (file.path().extension() != ".vkey") continue;
    std::string text = LH_TRY(read_file(file.path(), kVkeyBytes));
    if (text.ends_with('\n')) text.pop_back();
    out.push_back(LH_TRY(crypto::parse_vkey(text)));
  }
  if (failed) return Error(Reason::kFileUnreadable, folder);
  if (out.empty()) return Error(Reason::kTrustMissing, "no *.vkey of the other hub's log");
  return out;
}

// A folder that cannot be used is nothing that speaks against a licence.
template <class T>
Result<T> of_trust(Result<T> read) {
  if (read.ok() || read.error().reason() == Reason::kFileUnreadable) return read;
  return Error(Reason::kTrustMissing, read.error().describe());
}

Status decided(const pki::VerifyReport& report) {
  if (report.verdict() == pki::Verdict::kValid) return {};
  return Error(report.reason());
}

// That a department collected it from stock data is all that may stand against the issuer, and only
// where it is taken so.
Status decided_issuer(const pki::VerifyReport& report, Demand demand) {
  const auto& findings = report.findings();
  const bool only_stock =
      demand == Demand::kStockData && report.verdict() == pki::Verdict::kIndeterminate &&
      report.reason() == Reason::kIssuerStockData &&
      std::all_of(findings.begin(), findings.end(), [](const pki::Finding& f) {
        return f.severity == pki::Severity::kNote || f.reason == Reason::kIssuerStockData;
      });
  return only_stock ? Status() : decided(report);
}

// A list has one item a line; anything that is no text stays JSON.
std::string text_of(const schemas::Json& value) {
  if (const std::string* text = value.string()) return *text;
  const auto* items = value.items();
  const bool texts = items != nullptr && std::all_of(items->begin(), items->end(), [](auto& item) {
                       return item.string() != nullptr;
                     });
  if (!texts) return schemas::to_text(value);
  std::string out;
  for (const auto& item : *items) out += (out.empty() ? "" : "\n") + *item.string();
  return out;
}

class ForeignJudge final : public adapters::hub::Judge {
 public:
  explicit ForeignJudge(const Clock& clock) : clock_(clock) {}

  Result<adapters::hub::SignedLicence> judge(std::string_view presentation,
                                             std::string_view receipt, const std::string& trust,
                                             Demand demand) const override {
    const auto logs = LH_TRY(of_trust(log_keys(trust)));
    LH_TRY(audit::verify_receipt(LH_TRY(audit::parse_receipt(receipt)), logs));
    const auto anchors = LH_TRY(of_trust(pki::TrustStore::load_dir(trust)));
    const auto checked = licences::check_document(presentation, anchors, clock_.now());
    LH_TRY(decided(checked.integrity));
    LH_TRY(decided_issuer(checked.issuer, demand));
    if (demand == Demand::kInForce) LH_TRY(decided(checked.time));
    if (!checked.unsupported.empty() || !checked.vct.starts_with(kTypeUrn)) {
      return Error(Reason::kVetUnsupported, checked.unsupported);
    }
    adapters::hub::SignedLicence out;
    out.licence_id = checked.licence_id;
    out.type = checked.vct.substr(kTypeUrn.size());
    for (const auto& [name, value] : *checked.claims.members()) {
      out.fields.emplace_back(name, text_of(value));
    }
    return out;
  }

 private:
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<adapters::hub::Judge> make_foreign_judge(const Clock& clock) {
  return std::make_unique<ForeignJudge>(clock);
}

}  // namespace lh::hub::app
