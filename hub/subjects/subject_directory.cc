#include "hub/subjects/subject_directory.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "crypto/digest.h"
#include "crypto/seal.h"
#include "hub/subjects/key_cache.h"
#include "hub/subjects/number_forms.h"
#include "hub/subjects/ties.h"

namespace lh::hub::subjects {
namespace {

constexpr std::size_t kCachedSubjects = 65536;  // about 16 MiB with the lookups
constexpr std::size_t kPendingSubjects = 65536;
constexpr std::uint8_t kStateActive = 1;  // stored; never renumber; marks are the bits above
constexpr std::uint8_t kMarks = 2 | 4;
constexpr int kLongestMerge = 16;  // merges of merges; a longer one is a circle
// A key row of this one byte is what erasure leaves: the subject was known, its key is destroyed.
constexpr ByteView kErased("\0", 1);
constexpr std::size_t kKeyPlain = 1 + 16 + 32;  // state ‖ salt ‖ data key

Bytes lookup_row(const Digest& lookup) {
  return Bytes("L").append(view(lookup));
}

Bytes key_row(SubjectNo no) {
  Bytes key("S");
  append_be64(key, no.value);
  return key;
}

Tag first_half(const Digest& d) {
  return to_array<16>(view(d).substr(0, 16)).value();
}

SubjectKey with_tag(SubjectNo no, const Tag& salt, const Digest& data_key) {
  return SubjectKey{no, salt, data_key, first_half(crypto::hmac_sha256(view(salt), "tag")), 0};
}

Registration registration_of(const Digest& lookup, const SubjectKey& key, Bytes sealed) {
  Registration out;
  out.key = key;
  Bytes number;
  append_be64(number, key.no.value);
  out.preconditions.reserve(2);
  out.preconditions.push_back({store::Family::kData, lookup_row(lookup), 0});
  out.preconditions.push_back({store::Family::kKey, key_row(key.no), 0});
  out.rows.reserve(2);
  out.rows.push_back({store::Family::kData, lookup_row(lookup), std::move(number)});
  out.rows.push_back({store::Family::kKey, key_row(key.no), std::move(sealed)});
  return out;
}

struct LookupHash {  // lookups are keyed digests: nobody outside can steer them
  std::size_t operator()(const Digest& d) const { return read_be64(view(d)); }
};

// A lookup in the cache is found by its first 64 bits and believed only when all of it fits.
struct CachedLookup {
  Digest lookup{};
  SubjectNo no;
};

}  // namespace

struct SubjectDirectory::Impl {
  Impl(const store::Store& s, const crypto::BucketKeys& b, Random& r)
      : store(s), buckets(b), random(r) {}

  const store::Store& store;
  const crypto::BucketKeys& buckets;
  Random& random;
  crypto::HmacKey lookup_key;
  crypto::HmacKey tag_key;
  BoundedCache<SubjectKey> keys{kCachedSubjects};
  std::atomic<std::uint64_t> forgotten{0};  // how often a cached key was dropped
  BoundedCache<CachedLookup> lookups{kCachedSubjects};

  // Waiting in the ledger: the key and its sealed row; the rest of a registration follows from
  // them.
  struct Pending {
    SubjectKey key;
    Bytes sealed;
  };
  std::mutex pending_mutex;
  std::unordered_map<Digest, Pending, LookupHash> pending;
  std::unordered_map<std::uint64_t, Digest> pending_lookups;  // by number

  // L = HMAC(K_lookup, scheme ‖ normalised id)
  Digest lookup_of(const SubjectId& id) const {
    Bytes input(1, static_cast<char>(id.scheme));
    input += id.value.reveal();
    const Digest out = lookup_key.of(input);
    wipe(input);
    return out;
  }

  Result<std::optional<SubjectNo>> find_number(const Digest& lookup);
  Result<std::optional<SubjectNo>> find_number(const SubjectId& id);
  Bytes seal_key(const SubjectKey& key) const;
  Result<SubjectKey> get(SubjectNo no);
  Result<SubjectKey> unwrap(SubjectNo no, ByteView stored) const;
  Pending make_pending();
};

Result<std::optional<SubjectNo>> SubjectDirectory::Impl::find_number(const Digest& lookup) {
  const std::uint64_t short_key = read_be64(view(lookup));
  const auto cached = lookups.find(short_key);
  if (cached && cached->lookup == lookup) return std::optional(cached->no);
  const auto row =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kData, lookup_row(lookup)}));
  if (!row) return std::optional<SubjectNo>();
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  if (stored.payload.size() != 8) return Error(Reason::kStoreCorrupt, "lookup row");
  const SubjectNo no{read_be64(stored.payload)};
  lookups.insert(short_key, CachedLookup{lookup, no});
  return std::optional(no);
}

Result<SubjectKey> SubjectDirectory::Impl::unwrap(SubjectNo no, ByteView stored) const {
  const auto value = LH_TRY(ledger::parse_stored(stored));
  if (value.payload == kErased) return Error(Reason::kKeyErased);
  const auto bucket = crypto::BucketKeys::bucket_of(no.value);
  Bytes plain = LH_TRY(crypto::open(buckets.key(bucket), value.payload, key_row(no)));
  const auto state = plain.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(plain[0]);
  if (plain.size() != kKeyPlain || (state & ~kMarks) != kStateActive) {
    return Error(Reason::kStoreCorrupt, "key row");
  }
  const ByteView rest = ByteView(plain).substr(1);
  SubjectKey key =
      with_tag(no, LH_TRY(to_array<16>(rest.substr(0, 16))), LH_TRY(to_array<32>(rest.substr(16))));
  key.marks = state & kMarks;
  wipe(plain);
  return key;
}

Result<SubjectKey> SubjectDirectory::Impl::get(SubjectNo no) {
  if (const auto cached = keys.find(no.value)) return *cached;
  const std::uint64_t before = forgotten.load();
  const auto row = LH_TRY(store.latest().find(store::OpenKey{store::Family::kKey, key_row(no)}));
  if (!row) return Error(Reason::kSubjectUnknown);
  SubjectKey key = LH_TRY(unwrap(no, *row));
  keys.insert(no.value, key);
  // Read before a key was dropped, kept after it: it may be the one that was dropped.
  if (forgotten.load() != before) keys.erase(no.value);
  return key;
}

// By the identifier itself, else by the other form of the same number.
Result<std::optional<SubjectNo>> SubjectDirectory::Impl::find_number(const SubjectId& id) {
  const auto own = LH_TRY(find_number(lookup_of(id)));
  if (own) return own;
  const auto other = other_form(id);
  return other ? find_number(lookup_of(*other)) : Result<std::optional<SubjectNo>>(own);
}

Bytes SubjectDirectory::Impl::seal_key(const SubjectKey& key) const {
  Bytes plain(1, static_cast<char>(kStateActive | key.marks));
  plain.append(view(key.salt)).append(view(key.data_key));
  const auto bucket = crypto::BucketKeys::bucket_of(key.no.value);
  Bytes sealed = crypto::seal(buckets.key(bucket), plain, key_row(key.no), random);
  wipe(plain);
  return sealed;
}

SubjectDirectory::Impl::Pending SubjectDirectory::Impl::make_pending() {
  const SubjectNo no{random.u64()};
  Pending out;
  out.key = with_tag(no, random.array<16>(), random.array<32>());
  out.sealed = seal_key(out.key);
  return out;
}

SubjectDirectory::SubjectDirectory(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SubjectDirectory::~SubjectDirectory() = default;

Result<std::unique_ptr<SubjectDirectory>> SubjectDirectory::create(
    const store::Store& store, const crypto::KeyStore& keys, const crypto::BucketKeys& buckets,
    Random& random) {
  auto impl = std::make_unique<Impl>(store, buckets, random);
  impl->lookup_key = crypto::HmacKey(LH_TRY(keys.get("lookup")).bytes());
  impl->tag_key = crypto::HmacKey(LH_TRY(keys.get("tag")).bytes());
  return std::unique_ptr<SubjectDirectory>(new SubjectDirectory(std::move(impl)));
}

Result<std::optional<SubjectKey>> SubjectDirectory::find_own(const SubjectId& id) const {
  const auto no = LH_TRY(impl_->find_number(id));
  if (!no) return std::optional<SubjectKey>();
  return std::optional(LH_TRY(impl_->get(*no)));
}

Result<std::optional<SubjectKey>> SubjectDirectory::find(const SubjectId& id,
                                                         std::uint64_t known) const {
  auto own = LH_TRY(find_own(id));
  if (!own || !own->has(SubjectMark::kTies)) return own;
  return std::optional(LH_TRY(survivor(*own, known)));
}

Result<SubjectKey> SubjectDirectory::get(SubjectNo no) const {
  return impl_->get(no);
}

Result<SubjectKey> SubjectDirectory::survivor(const SubjectKey& key, std::uint64_t known) const {
  SubjectKey here = key;
  for (int step = 0; here.has(SubjectMark::kTies); ++step) {
    const Ties ties = LH_TRY(read_ties(impl_->store.latest(), here.no));
    const Tie* into = ties.into(known);
    if (into == nullptr) break;
    if (step == kLongestMerge) return Error(Reason::kStoreCorrupt, "a circle of merges");
    here = LH_TRY(impl_->get(into->other));
  }
  return here;
}

Result<std::vector<SubjectKey>> SubjectDirectory::family(const SubjectKey& key,
                                                         std::uint64_t known) const {
  std::vector<SubjectKey> out{LH_TRY(survivor(key, known))};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i].has(SubjectMark::kTies)) continue;
    const Ties ties = LH_TRY(read_ties(impl_->store.latest(), out[i].no));
    for (const Tie& tie : ties.all) {
      if (tie.side != TieSide::kFrom || !tie.holds(known)) continue;
      auto other = impl_->get(tie.other);
      if (!other.ok() && other.error().reason() == Reason::kKeyErased) continue;
      out.push_back(LH_TRY(std::move(other)));
    }
  }
  return out;
}

Result<SubjectDirectory::AliasChange> SubjectDirectory::add_alias(const SubjectKey& subject,
                                                                  const SubjectId& alias) const {
  AliasChange out;
  const auto holder = LH_TRY(impl_->find_number(alias));
  if (holder) {
    const auto all = LH_TRY(family(subject));
    const bool own = std::any_of(all.begin(), all.end(),
                                 [&holder](const SubjectKey& k) { return k.no == *holder; });
    if (!own) return Error(Reason::kAliasTaken);
    return out;
  }
  Bytes number;
  append_be64(number, subject.no.value);
  Bytes key = lookup_row(impl_->lookup_of(alias));
  out.preconditions.push_back({store::Family::kData, key, 0});
  out.rows.push_back({store::Family::kData, std::move(key), std::move(number)});
  return out;
}

Result<std::optional<SubjectDirectory::Marked>> SubjectDirectory::mark(SubjectNo no,
                                                                       SubjectMark mark) const {
  const auto row =
      LH_TRY(impl_->store.latest().find(store::OpenKey{store::Family::kKey, key_row(no)}));
  if (!row) return Error(Reason::kSubjectUnknown);
  SubjectKey key = LH_TRY(impl_->unwrap(no, *row));
  if (key.has(mark)) return std::optional<Marked>();
  key.marks |= static_cast<std::uint8_t>(mark);
  const auto stored = LH_TRY(ledger::parse_stored(*row));
  Marked out{{store::Family::kKey, key_row(no), impl_->seal_key(key)},
             {store::Family::kKey, key_row(no), stored.commit_index}};
  return std::optional(std::move(out));
}

void SubjectDirectory::forget(SubjectNo no) const {
  impl_->forgotten.fetch_add(1);
  impl_->keys.erase(no.value);
}

Result<Registration> SubjectDirectory::find_or_register(const SubjectId& id) {
  auto own = LH_TRY(find_own_or_register(id));
  if (own.rows.empty() && own.key.has(SubjectMark::kTies)) own.key = LH_TRY(survivor(own.key));
  return own;
}

Result<Registration> SubjectDirectory::find_own_or_register(const SubjectId& id) {
  if (const auto found = LH_TRY(find_own(id))) return Registration{*found, {}, {}};
  const Digest lookup = impl_->lookup_of(id);
  {
    const std::lock_guard lock(impl_->pending_mutex);
    const auto waiting = impl_->pending.find(lookup);
    if (waiting != impl_->pending.end()) {
      return registration_of(lookup, waiting->second.key, waiting->second.sealed);
    }
  }
  Impl::Pending made = impl_->make_pending();  // sealed without the lock
  const std::lock_guard lock(impl_->pending_mutex);
  // Forgetting costs a stale change, never a wrong one; so a full list may simply begin anew.
  if (impl_->pending.size() >= kPendingSubjects) {
    impl_->pending.clear();
    impl_->pending_lookups.clear();
  }
  // The same rows again, still on the condition that they are absent: whichever of the two changes
  // commits first registers the subject, the other is stale and finds it when it is re-run.
  const auto [here, added] = impl_->pending.try_emplace(lookup, std::move(made));
  if (added) impl_->pending_lookups.emplace(here->second.key.no.value, lookup);
  return registration_of(lookup, here->second.key, here->second.sealed);
}

void SubjectDirectory::forget_pending(SubjectNo no) {
  const std::lock_guard lock(impl_->pending_mutex);
  const auto it = impl_->pending_lookups.find(no.value);
  if (it == impl_->pending_lookups.end()) return;
  impl_->pending.erase(it->second);
  impl_->pending_lookups.erase(it);
}

Bytes SubjectDirectory::seal(const SubjectKey& key, ByteView plain, ByteView place) const {
  return crypto::seal(view(key.data_key), plain, place, impl_->random);
}

Result<Bytes> SubjectDirectory::open(const SubjectKey& key, ByteView sealed, ByteView place) const {
  return crypto::open(view(key.data_key), sealed, place);
}

Tag SubjectDirectory::tag_of(std::string_view kind, ByteView id) const {
  Bytes input(kind);
  input.push_back('\0');
  input += id;
  return first_half(impl_->tag_key.of(input));
}

}  // namespace lh::hub::subjects
