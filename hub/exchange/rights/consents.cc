#include "hub/exchange/rights/consents.h"

#include "base/cbor.h"
#include "crypto/digest.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kLongestToken = 512;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kUtc8Ms = 8LL * 3600 * 1000;

Error corrupt() {
  return Error(Reason::kStoreCorrupt, "consent");
}

Bytes encode(const Consent& c) {
  CborWriter w;
  w.array(13);
  w.uint(kFormat);
  w.bytes(view(c.id.value));
  w.uint(static_cast<std::uint64_t>(c.kind));
  w.uint(c.subject.value);
  w.text(c.portal.text());
  w.text(c.scope.user.text());
  w.text(c.scope.matter);
  w.text(c.scope.object);
  w.uint(c.uses_left);
  w.integer(c.given.ms);
  w.integer(c.expires.ms);
  if (c.withdrawn) {
    w.integer(c.withdrawn->ms);
  } else {
    w.null();
  }
  w.bytes(c.purpose);
  return w.take();
}

Result<Consent> decode(ByteView payload) {
  CborReader r(payload);
  if (LH_TRY(r.read_array()) != 13 || LH_TRY(r.read_uint()) != kFormat) return corrupt();
  Consent c;
  c.id.value = LH_TRY(to_array<16>(LH_TRY(r.read_bytes())));
  const std::uint64_t kind = LH_TRY(r.read_uint());
  if (kind != 1 && kind != 2) return corrupt();
  c.kind = static_cast<ConsentKind>(kind);
  c.subject = SubjectNo{LH_TRY(r.read_uint())};
  c.portal = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  c.scope.user = LH_TRY(parse_uscc(LH_TRY(r.read_text())));
  c.scope.matter = LH_TRY(r.read_text());
  c.scope.object = LH_TRY(r.read_text());
  c.uses_left = static_cast<std::uint32_t>(LH_TRY(r.read_uint()));
  c.given.ms = LH_TRY(r.read_integer());
  c.expires.ms = LH_TRY(r.read_integer());
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
  } else {
    c.withdrawn = UtcTime{LH_TRY(r.read_integer())};
  }
  c.purpose = Bytes(LH_TRY(r.read_bytes()));
  LH_TRY(r.finish());
  return c;
}

Bytes row_key(const Secret& key, std::string_view token) {
  Bytes named("consent");
  named.push_back('\0');
  named += token;
  return Bytes("Ec").append(view(crypto::hmac_sha256(key.bytes(), named)));
}

Bytes holder_prefix(SubjectNo subject) {
  Bytes key("Eh");
  append_be64(key, subject.value);
  return key;
}

std::string digits(std::int64_t n, std::size_t width) {
  std::string out = std::to_string(n);
  return std::string(width - out.size(), '0') + out;
}

// yyyyMMddHHmmssSSS of UTC+8, as the use codes of the platforms begin.
std::string stamp(UtcTime t) {
  const std::int64_t ms = ((t.ms + kUtc8Ms) % kDayMs + kDayMs) % kDayMs;
  return local_date(t).compact() + digits(ms / 3'600'000, 2) + digits(ms / 60'000 % 60, 2) +
         digits(ms / 1000 % 60, 2) + digits(ms % 1000, 3);
}

bool looks_like_use_code(std::string_view token) {
  return !token.empty() && token.front() >= '0' && token.front() <= '9';
}

}  // namespace

ConsentState state_of(const Consent& consent, UtcTime now) {
  if (consent.withdrawn) return ConsentState::kWithdrawn;
  if (consent.uses_left == 0) return ConsentState::kUsed;
  return now >= consent.expires ? ConsentState::kExpired : ConsentState::kLive;
}

std::string_view state_text(ConsentState s) {
  switch (s) {
    case ConsentState::kLive:
      return "live";
    case ConsentState::kWithdrawn:
      return "withdrawn";
    case ConsentState::kExpired:
      return "expired";
    case ConsentState::kUsed:
      break;
  }
  return "used";
}

Status check_consent(const Consent& consent, SubjectNo subject, const ConsentScope& use,
                     UtcTime now) {
  if (consent.subject != subject || consent.scope != use) return Error(Reason::kConsentScope);
  const bool code = consent.kind == ConsentKind::kUseCode;
  switch (state_of(consent, now)) {
    case ConsentState::kLive:
      return ok_status();
    case ConsentState::kUsed:
      return Error(code ? Reason::kUseCodeUsed : Reason::kConsentEnded);
    case ConsentState::kExpired:
    case ConsentState::kWithdrawn:
      break;
  }
  return Error(code ? Reason::kUseCodeExpired : Reason::kConsentEnded);
}

Consents::Consents(const store::Store& store, Secret key,
                   const subjects::SubjectDirectory& directory, std::string origin)
    : store_(&store), key_(std::move(key)), directory_(&directory), origin_(std::move(origin)) {}

Result<Consents> Consents::create(const store::Store& store, const crypto::KeyStore& keys,
                                  const subjects::SubjectDirectory& directory, std::string origin) {
  return Consents(store, LH_TRY(keys.get("reference")), directory, std::move(origin));
}

Consents::Made Consents::make(Consent consent, const subjects::SubjectKey& subject,
                              std::string_view purpose, Random& random) const {
  consent.id.value = random.array<16>();
  consent.subject = subject.no;
  std::string token;
  if (consent.kind == ConsentKind::kUseCode) {
    const auto secret = random.array<16>();  // dead in minutes, and short enough for a small code
    token = stamp(consent.given) + "-" + to_base64url(view(secret));
  } else {
    const auto secret = random.array<32>();
    token = "lhc1." + origin_ + "." + to_base64url(view(secret));
  }
  Bytes key = row_key(key_, token);
  consent.purpose = directory_->seal(subject, purpose, key);
  Bytes index = holder_prefix(subject.no).append(view(consent.id.value));
  Made out{std::move(token), {}};
  out.rows.push_back({store::Family::kData, std::move(index), key.substr(2)});
  out.rows.push_back({store::Family::kData, std::move(key), encode(consent)});
  return out;
}

Result<Consents::Found> Consents::find_row(Bytes key) const {
  const auto row = LH_TRY(store_->latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return Error(Reason::kConsentUnknown);
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  auto consent = decode(stored.payload);
  if (!consent.ok()) return corrupt();
  return Found{std::move(*consent), std::move(key), stored.commit_index};
}

Result<Consents::Found> Consents::find(std::string_view token) const {
  const Error unknown(looks_like_use_code(token) ? Reason::kUseCodeUnknown
                                                 : Reason::kConsentUnknown);
  if (token.size() > kLongestToken) return unknown;
  auto found = find_row(row_key(key_, token));
  if (!found.ok() && found.error().reason() == Reason::kConsentUnknown) return unknown;
  return found;
}

Result<std::vector<Consents::Found>> Consents::given_by(SubjectNo subject) const {
  std::vector<Found> out;
  const auto rows = LH_TRY(
      store_->latest().scan(store::Family::kData, holder_prefix(subject), {}, kMostOfSubject));
  for (const auto& row : rows) {
    out.push_back(
        LH_TRY(find_row(Bytes("Ec").append(LH_TRY(ledger::parse_stored(row.value)).payload))));
  }
  return out;
}

Result<Consents::Found> Consents::given_by(SubjectNo subject, const ConsentId& id) const {
  const Bytes key = holder_prefix(subject).append(view(id.value));
  const auto row = LH_TRY(store_->latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return Error(Reason::kConsentUnknown);
  return find_row(Bytes("Ec").append(LH_TRY(ledger::parse_stored(*row)).payload));
}

Result<Consents::OnRecord> Consents::on_record(SubjectNo subject, const ConsentScope& use,
                                               UtcTime now) const {
  for (const auto& found : LH_TRY(given_by(subject))) {
    if (check_consent(found.consent, subject, use, now).ok()) return OnRecord::kYes;
  }
  return OnRecord::kNo;
}

Result<std::string> Consents::purpose_of(const Found& found,
                                         const subjects::SubjectKey& subject) const {
  return directory_->open(subject, found.consent.purpose, found.row_key);
}

void Consents::count_use(Found& found, ledger::Change& change) const {
  LH_CHECK(found.consent.uses_left > 0, "a consent that was checked has a use left");
  --found.consent.uses_left;
  change.preconditions.push_back({store::Family::kData, found.row_key, found.commit_index});
  change.rows.push_back({store::Family::kData, found.row_key, encode(found.consent)});
}

// Ended stays ended: a use counted meanwhile is lost with it, so no precondition is needed.
ledger::RowWrite Consents::withdraw(Found& found, UtcTime now) const {
  if (!found.consent.withdrawn) found.consent.withdrawn = now;
  return {store::Family::kData, found.row_key, encode(found.consent)};
}

}  // namespace lh::hub::exchange
