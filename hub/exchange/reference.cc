#include "hub/exchange/reference.h"

#include "base/cbor.h"

namespace lh::hub::exchange {
namespace {

constexpr std::uint64_t kFormat = 1;      // of what the hub holds
constexpr std::uint64_t kObtainable = 2;  // the same, then whom to ask for what
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kLongestToken = 512;

Bytes encode(const ReferenceTarget& t) {
  CborWriter w;
  const bool held = t.adapter.empty();
  w.array(held ? 14 : 17);
  w.uint(held ? kFormat : kObtainable);
  w.bytes(view(t.caller.value));
  w.bytes(view(t.case_id.value));
  w.text(t.case_number_tag);
  w.text(t.matter);
  w.text(t.material);
  w.bytes(view(t.licence.value));
  w.uint(static_cast<std::uint64_t>(t.licence_version));
  w.text(t.base_kind);
  w.uint(t.subject.value);
  w.bytes(view(t.document));
  w.array(2);
  w.text(t.rule);
  w.uint(static_cast<std::uint64_t>(t.rule_version));
  if (t.uses_left) {
    w.uint(*t.uses_left);
  } else {
    w.null();
  }
  w.integer(t.expires.ms);
  if (held) return w.take();
  w.text(t.adapter);
  w.text(t.type);
  w.uint(static_cast<std::uint64_t>(t.scheme));
  return w.take();
}

template <class Id>
Result<Id> take_id(CborReader& r) {
  return Id{LH_TRY(to_array<16>(LH_TRY(r.read_bytes())))};
}

Status read_source(CborReader& r, ReferenceTarget& t) {
  t.adapter = LH_TRY(r.read_text());
  t.type = LH_TRY(r.read_text());
  const std::uint64_t scheme = LH_TRY(r.read_uint());
  if (t.adapter.empty() || scheme < 1 || scheme > static_cast<std::uint64_t>(IdScheme::kLocal)) {
    return Error(Reason::kStoreCorrupt, "reference");
  }
  t.scheme = static_cast<IdScheme>(scheme);
  return ok_status();
}

Result<ReferenceTarget> read_target(ByteView payload) {
  CborReader r(payload);
  const std::uint64_t items = LH_TRY(r.read_array());
  const std::uint64_t format = LH_TRY(r.read_uint());
  const bool held = format == kFormat && items == 14;
  if (!held && (format != kObtainable || items != 17)) {
    return Error(Reason::kStoreCorrupt, "reference");
  }
  ReferenceTarget t;
  t.caller = LH_TRY(take_id<SystemId>(r));
  t.case_id = LH_TRY(take_id<CaseId>(r));
  t.case_number_tag = LH_TRY(r.read_text());
  t.matter = LH_TRY(r.read_text());
  t.material = LH_TRY(r.read_text());
  t.licence = LH_TRY(take_id<LicenceKey>(r));
  t.licence_version = static_cast<int>(LH_TRY(r.read_uint()));
  t.base_kind = LH_TRY(r.read_text());
  t.subject = SubjectNo{LH_TRY(r.read_uint())};
  t.document = LH_TRY(to_array<32>(LH_TRY(r.read_bytes())));
  if (LH_TRY(r.read_array()) != 2) return Error(Reason::kStoreCorrupt, "reference");
  t.rule = LH_TRY(r.read_text());
  t.rule_version = static_cast<int>(LH_TRY(r.read_uint()));
  if (r.peek() == CborKind::kNull) {
    LH_TRY(r.read_null());
  } else {
    t.uses_left = static_cast<std::uint32_t>(LH_TRY(r.read_uint()));
  }
  t.expires.ms = LH_TRY(r.read_integer());
  if (!held) LH_TRY(read_source(r, t));
  LH_TRY(r.finish());
  return t;
}

Bytes row_key(const crypto::HmacKey& key, std::string_view token) {
  return Bytes("R").append(view(key.of(token)));
}

}  // namespace

References::References(const store::Store& store, ByteView key, std::string origin)
    : store_(&store), key_(key), origin_(std::move(origin)) {}

Result<References> References::create(const store::Store& store, const crypto::KeyStore& keys,
                                      std::string origin) {
  return References(store, LH_TRY(keys.get("reference")).bytes(), std::move(origin));
}

Result<References::Made> References::make(const ReferenceTarget& target, Random& random) const {
  const auto secret = random.array<kTokenBytes>();
  std::string token = "lhr1." + origin_ + "." + to_base64url(view(secret));
  Bytes key = row_key(key_, token);
  return Made{std::move(token), {store::Family::kData, std::move(key), encode(target)}};
}

// Malformed, of another hub, or simply not there: one answer, and the same work for each.
Result<References::Found> References::find(std::string_view token) const {
  if (token.size() > kLongestToken) return Error(Reason::kReferenceUnknown);
  Bytes key = row_key(key_, token);
  const auto row = LH_TRY(store_->latest().find(store::OpenKey{store::Family::kData, key}));
  if (!row) return Error(Reason::kReferenceUnknown);
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  auto target = read_target(stored.payload);
  if (!target.ok()) return Error(Reason::kStoreCorrupt, "reference");
  return Found{std::move(*target), std::move(key), stored.commit_index};
}

Result<ledger::RowWrite> References::rewrite(const Found& found) const {
  return ledger::RowWrite{store::Family::kData, found.row_key, encode(found.target)};
}

Status References::count_use(Found& found, ledger::Change& change) const {
  if (!found.target.uses_left) return ok_status();
  --*found.target.uses_left;
  change.preconditions.push_back({store::Family::kData, found.row_key, found.commit_index});
  change.rows.push_back(LH_TRY(rewrite(found)));
  return ok_status();
}

}  // namespace lh::hub::exchange
