// The certificates of a test hub, and the names and days its tests share.
#pragma once

#include <gtest/gtest.h>

#include "pki/authority.h"
#include "pki/trust_store.h"

namespace lh::kits {

inline constexpr std::string_view kBureau = "11990100MB99000131";       // approval, and collector
inline constexpr std::string_view kSupervision = "11990100MB9900021U";  // market supervision
inline constexpr std::string_view kBusinessLicence = "11990100MB99000131001";
inline constexpr std::string_view kFoodLicence = "11990100MB99000131002";
inline constexpr std::string_view kIdentityCard = "11990100MB99000131003";
inline constexpr std::string_view kHealthCertificate = "11990100MB99000131004";
inline constexpr std::string_view kFoodMatter = "11990100MB990001310000000000001";
inline constexpr std::int64_t kToday = 1795320000000;  // 2026-11-22T12:00:00+08:00
inline constexpr std::int64_t kDayMs = 86400000;

// The certificates of a hub: root, issuing authority, and one signing certificate a department.
struct SigningWorld {
  explicit SigningWorld(Random& random)
      : root_key(crypto::PrivateKey::generate(crypto::Algorithm::kEs256, random).value()),
        ca_key(crypto::PrivateKey::generate(crypto::Algorithm::kEs256, random).value()),
        root(pki::make_root(root_key, "Test Root", from, until, random).value()),
        ca(pki::Authority(root, root_key)
               .issue_authority("Test CA", ca_key.public_key(), from, until, random)
               .value()) {}
  std::vector<pki::Certificate> chain_for(std::string_view uscc, const crypto::PublicKey& key,
                                          Random& random,
                                          UtcTime ends = UtcTime{kToday + 3650 * kDayMs}) const {
    pki::CertificateRequest request;
    request.common_name = "signer " + std::string(uscc);
    request.organisation = "test";
    request.uscc = uscc;
    request.usage = pki::Usage::kSignDocument;
    request.not_before = from;
    request.not_after = ends;
    return {pki::Authority(ca, ca_key).issue(request, key, random).value(), ca};
  }
  pki::TrustStore trust(std::uint64_t epoch, std::set<Digest> revoked = {}) const {
    return {{root}, std::move(revoked), epoch};
  }

  UtcTime from{kToday - 400 * kDayMs};
  UtcTime until{kToday + 7300 * kDayMs};
  crypto::PrivateKey root_key, ca_key;
  pki::Certificate root, ca;
};

}  // namespace lh::kits
