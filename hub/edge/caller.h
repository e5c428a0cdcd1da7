// Who is on the other side: the client's chain, judged by pki on every request.
// A resumed session brings the certificate it had, and trust may have moved since: so a verdict is
// kept only with the trust epoch it was made under and only while no date in the chain passes.
// Cost: ~0.1 µs while the kept verdict holds, else one check_chain (74 µs a certificate).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "hub/api/message.h"
#include "pki/certificate.h"
#include "pki/trust_store.h"

namespace lh::hub::edge {

struct Judgement {
  api::ClientCertificate certificate;
  std::uint64_t epoch = 0;
  UtcTime from;   // holds from here …
  UtcTime until;  // … to here, inclusive
};

// Threads: any. One a server: connections of the same client share its verdicts.
class CallerJudge {
 public:
  using TrustReader = std::function<std::shared_ptr<const pki::TrustStore>()>;
  CallerJudge(TrustReader trust, const Clock& clock) : trust_(std::move(trust)), clock_(clock) {}
  CallerJudge(const CallerJudge&) = delete;
  CallerJudge& operator=(const CallerJudge&) = delete;

 private:
  friend class Caller;
  Judgement check(const std::vector<pki::Certificate>& chain, const pki::TrustStore& trust,
                  UtcTime now) const;
  Judgement judge(const std::string& key, const std::vector<pki::Certificate>& chain,
                  const pki::TrustStore& trust, UtcTime now);
  TrustReader trust_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Judgement> kept_;  // by the fingerprints of the whole chain
};

// The caller on one connection. Threads: one at a time.
class Caller {
 public:
  explicit Caller(CallerJudge& judge) : judge_(judge) {}
  // chain: DER, leaf first, as TlsStream::peer_chain gives it; empty when none was shown.
  void present(const std::vector<Bytes>& chain);
  // At clock time, under the trust of now.
  api::ClientCertificate now();

 private:
  CallerJudge& judge_;
  api::ClientCertificate fixed_;  // none, or one that cannot be read: no trust changes that
  std::vector<pki::Certificate> chain_;
  std::string key_;
  Judgement last_;
  bool judged_ = false;
};

}  // namespace lh::hub::edge
