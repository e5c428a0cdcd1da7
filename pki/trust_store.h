// Trust anchors and revocations, immutable values behind an epoch: whoever keeps a verdict keeps
// the epoch with it and checks again when it moved. Threads: any.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pki/certificate.h"

namespace lh::pki {

class TrustStore {
 public:
  TrustStore() = default;
  TrustStore(std::vector<Certificate> anchors, std::set<Digest> revoked, std::uint64_t epoch)
      : anchors_(std::move(anchors)), revoked_(std::move(revoked)), epoch_(epoch) {}
  // Every *.pem of the folder. Errors: file.unreadable, chain.malformed.
  static Result<TrustStore> load_dir(const std::string& dir);
  const std::vector<Certificate>& anchors() const { return anchors_; }
  bool revoked(const Certificate& c) const { return revoked_.contains(c.fingerprint()); }
  std::uint64_t epoch() const { return epoch_; }

 private:
  std::vector<Certificate> anchors_;
  std::set<Digest> revoked_;  // fingerprints of certificates
  std::uint64_t epoch_ = 0;
};

}  // namespace lh::pki
