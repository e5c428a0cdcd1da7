#include "hub/licences/status_list.h"

#include "crypto/jws.h"
#include "hub/licences/rows/keys.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kPage = 1024;
constexpr std::int64_t kTtlSeconds = 60;  // how long a verifier may keep the token

Result<std::uint8_t> status_in_list(const LicenceStore& licences, ByteView payload, UtcTime now) {
  const Numbered named = LH_TRY(rows::decode_numbered(payload));
  const LicenceHead head = LH_TRY(licences.head(named.key));
  const auto answer = LH_TRY(licences.status_of(head, named.version, now, UtcTime::max()));
  return static_cast<std::uint8_t>(answer.status);
}

}  // namespace

Bytes pack_status_list(const std::vector<std::uint8_t>& statuses) {
  Bytes packed((statuses.size() + 1) / 2, '\0');
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    const unsigned shift = i % 2 == 0 ? 0U : 4U;
    const unsigned so_far = static_cast<std::uint8_t>(packed[i / 2]);
    packed[i / 2] = static_cast<char>(so_far | ((statuses[i] & 0x0FU) << shift));
  }
  return packed;
}

Result<std::vector<std::uint8_t>> statuses_of(const LicenceStore& licences, std::uint32_t list,
                                              UtcTime now) {
  std::vector<std::uint8_t> statuses(kStatusSlots, 0);
  const Bytes prefix = rows::slot_prefix(list);
  const auto snapshot = licences.store().snapshot();
  Bytes from;
  for (;;) {
    const auto page = LH_TRY(snapshot->scan(store::Family::kData, prefix, from, kPage));
    for (const auto& row : page) {
      const auto tail = ByteView(row.key).substr(prefix.size());
      if (tail.size() != 4 || read_be32(tail) >= kStatusSlots) {
        return Error(Reason::kStoreCorrupt, "status list slot");
      }
      const auto stored = LH_TRY(ledger::parse_stored(row.value));
      statuses[read_be32(tail)] = LH_TRY(status_in_list(licences, stored.payload, now));
    }
    if (page.size() < kPage) return statuses;
    from = page.back().key + '\0';
  }
}

Result<std::string> status_list_token(const std::vector<std::uint8_t>& statuses,
                                      std::string_view uri, const Signer& signer, UtcTime now) {
  using schemas::Json;
  const std::string header = schemas::sd_jwt_header(crypto::jose_name(signer.key.algorithm()),
                                                    "statuslist+jwt", signer.x5c);
  Json list = Json::object();
  list.set("bits", 4).set("lst", to_base64url(LH_TRY(deflate_zlib(pack_status_list(statuses)))));
  Json payload = Json::object();
  payload.set("sub", uri)
      .set("iat", now.ms / 1000)
      .set("ttl", kTtlSeconds)
      .set("status_list", std::move(list));
  return crypto::sign_jws(header, schemas::to_text(payload), signer.key);
}

}  // namespace lh::hub::licences
