#include "hub/edge/caller.h"

#include <algorithm>

#include "base/limits.h"
#include "pki/chain.h"

namespace lh::hub::edge {

namespace {

constexpr std::size_t kKeptVerdicts = 4096;
// An anchor's own dates are not in what the client sent; nothing is believed longer than this.
constexpr std::int64_t kBelievedMs = 60'000;

bool holds(const Judgement& j, std::uint64_t epoch, UtcTime now) {
  return j.epoch == epoch && j.from <= now && now <= j.until;
}

}  // namespace

Judgement CallerJudge::check(const std::vector<pki::Certificate>& chain,
                             const pki::TrustStore& trust, UtcTime now) const {
  Judgement out;
  out.epoch = trust.epoch();
  out.from = now;
  out.until = now.plus_ms(kBelievedMs);
  const pki::VerifyReport report = check_chain(chain, trust, now, pki::Usage::kTlsClient);
  const bool trusted = report.verdict() == pki::Verdict::kValid;
  out.certificate.state =
      trusted ? api::CertificateState::kTrusted : api::CertificateState::kUntrusted;
  out.certificate.reason = report.reason();
  out.certificate.fingerprint = chain.front().fingerprint();
  for (const pki::Certificate& c : chain) {
    if (c.not_before() > now) out.until = std::min(out.until, c.not_before().plus_ms(-1));
    if (c.not_after() >= now) out.until = std::min(out.until, c.not_after());
  }
  return out;
}

Judgement CallerJudge::judge(const std::string& key, const std::vector<pki::Certificate>& chain,
                             const pki::TrustStore& trust, UtcTime now) {
  {
    const std::lock_guard lock(mutex_);
    const auto it = kept_.find(key);
    if (it != kept_.end() && holds(it->second, trust.epoch(), now)) return it->second;
  }
  const Judgement made = check(chain, trust, now);
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kKeptVerdicts) kept_.clear();
  kept_.insert_or_assign(key, made);
  return made;
}

void Caller::present(const std::vector<Bytes>& chain) {
  if (chain.empty()) return;
  fixed_.state = api::CertificateState::kUntrusted;
  fixed_.reason = Reason::kChainMalformed;
  if (chain.size() > limits::kChainCertificates) return;
  for (const Bytes& der : chain) {
    auto c = pki::Certificate::from_der(der);
    if (!c.ok()) {
      fixed_.reason = c.error().reason();
      chain_.clear();
      return;
    }
    const Digest fingerprint = c->fingerprint();
    key_ += view(fingerprint);
    chain_.push_back(std::move(c).value());
  }
}

api::ClientCertificate Caller::now() {
  if (chain_.empty()) return fixed_;
  const auto trust = judge_.trust_();
  LH_CHECK(trust != nullptr, "a trust reader always gives a store");
  const UtcTime at = judge_.clock_.now();
  if (!judged_ || !holds(last_, trust->epoch(), at)) {
    last_ = judge_.judge(key_, chain_, *trust, at);
    judged_ = true;
  }
  return last_.certificate;
}

}  // namespace lh::hub::edge
