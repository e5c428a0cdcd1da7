// The two sealed boxes of an entry.
#include <algorithm>

#include "crypto/seal.h"
#include "hub/audit/entry_format.h"

namespace lh::hub::audit {
namespace {

crypto::SealNonce box_nonce(const Tag& nonce, char letter) {
  crypto::SealNonce out;
  out.fill(static_cast<std::uint8_t>(letter));
  std::copy(nonce.begin(), nonce.end(), out.begin());
  return out;
}

Bytes box_place(char letter, ByteView bound) {
  Bytes place;
  place.reserve(1 + bound.size());
  place.push_back(letter);
  return place.append(bound);
}

struct BoxA {
  OfficerBox officer;
  std::optional<Digest> k;
  std::optional<LicenceKey> licence;
};

Result<std::vector<std::string>> read_fields(PairReader& p) {
  std::vector<std::string> out;
  if (!p.at(kFields)) return out;
  const std::uint64_t n = LH_TRY(p.in().read_array());
  for (std::uint64_t i = 0; i < n; ++i) out.emplace_back(LH_TRY(p.in().read_text()));
  LH_TRY(p.done());
  return out;
}

Result<BoxA> read_box_a(ByteView plain) {
  CborReader r(plain);
  PairReader p = LH_TRY(PairReader::open(r));
  BoxA out;
  out.officer.officer_id = LH_TRY(p.text(kOfficerId));
  out.officer.officer_name = Personal<std::string>(LH_TRY(p.text(kOfficerName)));
  out.officer.terminal = LH_TRY(p.text(kTerminal));
  out.officer.case_number = LH_TRY(p.text(kCaseNumber));
  out.officer.fields = LH_TRY(read_fields(p));
  out.k = LH_TRY(p.bytes<32>(kCommitKeyA));
  if (const auto key = LH_TRY(p.bytes<16>(kLicenceKey))) out.licence = LicenceKey{*key};
  LH_TRY(p.finish());
  return out;
}

Result<BoxA> unseal_box_a(const Entry& entry, const crypto::KeyStore& keys) {
  if (entry.box_a.empty()) return Error(Reason::kAuditNoBox, "A");
  const Secret* const key = keys.find(entry.month);
  if (key == nullptr || key->size() != crypto::kSealKeyBytes) {
    return Error(Reason::kKeyMissing, entry.month);
  }
  Bytes plain = LH_TRY(open_box(key->bytes(), 'A', entry.nonce, entry.bound, entry.box_a));
  auto out = read_box_a(plain);
  wipe(plain);
  return out;
}

Result<OpenedSubjectBox> read_box_b(ByteView plain) {
  CborReader r(plain);
  PairReader p = LH_TRY(PairReader::open(r));
  const auto k = LH_TRY(p.bytes<32>(kCommitKeyB));
  if (!k) return Error(Reason::kCborMalformed, "box B without its key");
  Personal<std::string> text(LH_TRY(p.text(kPersonalText)));
  LH_TRY(p.finish());
  return OpenedSubjectBox{std::move(text), crypto::CommitKey(*k)};
}

}  // namespace

const std::vector<std::string>& Names::none() {
  static const std::vector<std::string> empty;
  return empty;
}

Bytes seal_box(ByteView key, char letter, const Tag& nonce, ByteView bound, ByteView plain) {
  return crypto::seal_under(key, box_nonce(nonce, letter), plain, box_place(letter, bound));
}

Result<Bytes> open_box(ByteView key, char letter, const Tag& nonce, ByteView bound, ByteView box) {
  return crypto::open_under(key, box_nonce(nonce, letter), box, box_place(letter, bound));
}

Result<OfficerBox> open_box_a(const Entry& entry, const crypto::KeyStore& keys) {
  return LH_TRY(unseal_box_a(entry, keys)).officer;
}

Result<std::optional<LicenceKey>> open_licence_key(const Entry& entry,
                                                   const crypto::KeyStore& keys) {
  if (entry.box_a.empty()) return std::optional<LicenceKey>();
  return LH_TRY(unseal_box_a(entry, keys)).licence;
}

Result<crypto::CommitKey> open_commit_key(const Entry& entry, const crypto::KeyStore& keys) {
  const BoxA box = LH_TRY(unseal_box_a(entry, keys));
  if (!box.k) return Error(Reason::kAuditNoBox, "no commitments, or their key is in box B");
  return crypto::CommitKey(*box.k);
}

Result<OpenedSubjectBox> open_box_b(const Entry& entry, const subjects::SubjectKey& subject,
                                    const subjects::SubjectDirectory& /*directory*/) {
  if (entry.box_b.empty()) return Error(Reason::kAuditNoBox, "B");
  Bytes plain =
      LH_TRY(open_box(view(subject.data_key), 'B', entry.nonce, entry.bound, entry.box_b));
  auto out = read_box_b(plain);
  wipe(plain);
  return out;
}

}  // namespace lh::hub::audit
