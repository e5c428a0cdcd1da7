#include "hub/app/operations/own_certificates.h"

#include <algorithm>

#include "pki/authority.h"

namespace lh::hub::app {
namespace {

using Kind = OwnCertificate::Kind;

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::size_t kFileBytes = 1U << 20U;

std::int64_t days_of(Kind kind) {
  switch (kind) {
    case Kind::kIssuingCa:
      return kIssuingCaDays;
    case Kind::kDepartment:
      return kDepartmentDays;
    case Kind::kServer:
    case Kind::kHubSigning:
    case Kind::kRootCa:
      break;
  }
  return kHubDays;
}

Result<pki::Certificate> root_certificate(const Hub& hub) {
  const auto chain =
      LH_TRY(pki::parse_pem_chain(LH_TRY(read_file(hub.dir().trust() + "/root.pem", kFileBytes))));
  return chain.front();
}

// Puts the renewed certificate where it is read from. The entry stands before the file: a crash
// between them leaves an entry of a certificate that nobody uses, and the next call renews again.
class Renewal {
 public:
  Renewal(Hub& hub, const audit::EntryFacts& facts) : hub_(hub), facts_(facts) {}

  Result<pki::Certificate> renew(const OwnCertificate& own) {
    const bool is_authority = own.kind == Kind::kIssuingCa;
    const auto key = LH_TRY(hub_.keys().get_private(is_authority ? kRootCaKey : kIssuingCaKey,
                                                    crypto::Algorithm::kEs256));
    const auto issuer =
        is_authority ? LH_TRY(root_certificate(hub_)) : LH_TRY(hub_.issuing_certificate());
    const UtcTime now = hub_.clock().now();
    const UtcTime end = std::min(now.plus_ms(days_of(own.kind) * kDayMs), issuer.not_after());
    const pki::Authority authority(issuer, key);
    const auto fresh =
        LH_TRY(authority.renew(own.in_use, now.plus_ms(-kDayMs), end, hub_.random()));
    const std::vector<pki::Certificate> chain = {fresh, issuer};
    LH_TRY(record(own, chain));
    LH_TRY(keep(own, chain));
    return fresh;
  }

 private:
  Status record(const OwnCertificate& own, const std::vector<pki::Certificate>& chain) {
    audit::EntryFacts facts = facts_;
    facts.object = own.name;
    facts.certificate = chain.front().fingerprint();
    std::vector<ledger::RowWrite> rows;
    if (own.kind == Kind::kDepartment) {
      rows = licences::Signers::rows(LH_TRY(parse_uscc(own.name)), chain);
    }
    LH_TRY(hub_.record(std::move(facts), std::move(rows)));
    return ok_status();
  }

  Status keep(const OwnCertificate& own, const std::vector<pki::Certificate>& chain) {
    const std::string folder = hub_.dir().path();
    const std::string both = pki::to_pem(chain[0]) + pki::to_pem(chain[1]);
    switch (own.kind) {
      case Kind::kIssuingCa:
        LH_TRY(write_file(hub_.dir().trust() + "/issuing.pem", pki::to_pem(chain.front()),
                          Audience::kEverybody));
        return hub_.reload_trust();
      case Kind::kServer:
        return write_file(folder + "/server.pem", both, Audience::kEverybody);
      case Kind::kHubSigning:
        return write_file(folder + "/hub-signing.pem", both, Audience::kEverybody);
      case Kind::kDepartment:
        return hub_.signers().load(hub_.store(), hub_.keys());
      case Kind::kRootCa:
        break;
    }
    return Error(Reason::kInternalFailure, "a root is not renewed");
  }

  Hub& hub_;
  const audit::EntryFacts& facts_;
};

}  // namespace

std::int64_t days_left(const pki::Certificate& certificate, UtcTime now) {
  const std::int64_t ms = certificate.not_after().ms - now.ms;
  return ms >= 0 ? ms / kDayMs : -((-ms + kDayMs - 1) / kDayMs);
}

Result<std::vector<OwnCertificate>> own_certificates(Hub& hub) {
  std::vector<OwnCertificate> out;
  if (exists(hub.dir().trust() + "/root.pem")) {
    out.push_back({Kind::kRootCa, "root_ca", LH_TRY(root_certificate(hub))});
  }
  if (exists(hub.dir().trust() + "/issuing.pem")) {
    out.push_back({Kind::kIssuingCa, "issuing_ca", LH_TRY(hub.issuing_certificate())});
  }
  out.push_back({Kind::kServer, "server", hub.server_chain().front()});
  out.push_back({Kind::kHubSigning, "hub_signing", hub.signing_chain().front()});
  for (const auto& o : hub.registry().organisations()) {
    const auto* signer = hub.signers().find(o.uscc);
    if (signer != nullptr) {
      out.push_back({Kind::kDepartment, o.uscc.text(), signer->chain.front()});
    }
  }
  return out;
}

Result<std::vector<Renewed>> renew_certificates(Hub& hub, std::int64_t within_days,
                                                const audit::EntryFacts& facts) {
  Renewal renewal(hub, facts);
  std::vector<Renewed> out;
  bool all = false;
  for (auto& own : LH_TRY(own_certificates(hub))) {
    if (own.kind == Kind::kRootCa) continue;
    if (!all && days_left(own.in_use, hub.clock().now()) >= within_days) continue;
    if (own.kind == Kind::kIssuingCa) all = true;
    auto fresh = LH_TRY(renewal.renew(own));
    out.push_back({std::move(own), std::move(fresh)});
  }
  return out;
}

}  // namespace lh::hub::app
