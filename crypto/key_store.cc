#include "crypto/key_store.h"

#include <sodium.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "base/cbor.h"
#include "crypto/key_file.h"
#include "crypto/seal.h"

namespace lh::crypto {
namespace {

constexpr std::string_view kMagic = "LHK1";
constexpr std::size_t kSalt = crypto_pwhash_SALTBYTES;
constexpr std::size_t kHeader = 4 + 1 + kSalt + 4 + 8;
static_assert(kSalt == 16);
constexpr char kByKeyFile = 0;     // stored; never renumber
constexpr char kByPassphrase = 1;  // argon2id 1.3
// Secrets live in a locked arena of 4 MiB (base/secret.h); a load holds them twice for a moment.
constexpr std::size_t kFileBytes = 1U << 20U;
constexpr std::size_t kNameBytes = 256;

Error damaged(std::string_view what) {
  return Error(Reason::kKeyFile, std::string(what));
}

Bytes make_header(const RootKey& root, Random& random) {
  Bytes h(kMagic);
  h.push_back(root.is_passphrase() ? kByPassphrase : kByKeyFile);
  h.append(view(random.array<kSalt>()));
  append_be32(h, root.is_passphrase() ? crypto_pwhash_OPSLIMIT_MODERATE : 0);
  append_be64(h, root.is_passphrase() ? crypto_pwhash_MEMLIMIT_MODERATE : 0);
  return h;
}

// Costs are fixed by the version: a changed header must not make a start take hours or gigabytes.
Status check_header(ByteView h, const RootKey& root) {
  if (h.size() != kHeader || !h.starts_with(kMagic)) return damaged("header");
  const char kdf = h[4];
  const std::uint32_t ops = read_be32(h.substr(5 + kSalt));
  const std::uint64_t mem = read_be64(h.substr(9 + kSalt));
  if (kdf == kByKeyFile && ops == 0 && mem == 0) {
    return root.is_passphrase() ? Status(damaged("opened by a key file")) : ok_status();
  }
  const bool moderate =
      ops == crypto_pwhash_OPSLIMIT_MODERATE && mem == crypto_pwhash_MEMLIMIT_MODERATE;
  if (kdf != kByPassphrase || !moderate) return damaged("header");
  return root.is_passphrase() ? ok_status() : Status(damaged("opened by a passphrase"));
}

// The key of the file: bound to its salt, so that no two files share a key.
Result<Secret> derive(ByteView header, const RootKey& root) {
  Secret out = Secret::zeroed(kSealKeyBytes);
  const Secret& material = root.material();
  if (!root.is_passphrase()) {
    const int done = crypto_generichash(out.data(), out.size(),
                                        reinterpret_cast<const unsigned char*>(header.data()),
                                        header.size(), material.data(), material.size());
    LH_CHECK(done == 0, "a root key has 32 bytes");
    return out;
  }
  const int done = crypto_pwhash(
      out.data(), out.size(), reinterpret_cast<const char*>(material.data()), material.size(),
      reinterpret_cast<const unsigned char*>(header.data()) + 5, crypto_pwhash_OPSLIMIT_MODERATE,
      crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_ALG_ARGON2ID13);
  if (done != 0) return Error(Reason::kCryptoFailure, "argon2id: memory");
  return out;
}

// Deterministic CBOR written straight into locked memory; the general writer of base would leave
// copies of the keys in freed heap blocks.
class PlainMap {
 public:
  explicit PlainMap(std::size_t size) : out_(Secret::zeroed(size)) {}
  static std::size_t head_size(std::size_t n) {
    return n < 24 ? 1 : n <= 0xFF ? 2 : n <= 0xFFFF ? 3 : 5;
  }
  void head(unsigned major, std::size_t n) {
    const std::size_t size = head_size(n);
    constexpr unsigned kInfo[] = {0, 0, 24, 25, 0, 26};
    byte(major << 5U | (size == 1 ? static_cast<unsigned>(n) : kInfo[size]));
    for (std::size_t i = size - 1; i > 0; --i) byte(static_cast<unsigned>(n >> (8 * (i - 1))));
  }
  void raw(ByteView b) {
    LH_CHECK(at_ + b.size() <= out_.size(), "the key map fits its size");
    std::copy(b.begin(), b.end(), out_.data() + at_);
    at_ += b.size();
  }
  Secret take() {
    LH_CHECK(at_ == out_.size(), "the key map fills its size");
    return std::move(out_);
  }

 private:
  void byte(unsigned v) {
    const char c = static_cast<char>(v & 0xFFU);
    raw(ByteView(&c, 1));
  }
  Secret out_;
  std::size_t at_ = 0;
};

constexpr unsigned kMajorBytes = 2;
constexpr unsigned kMajorText = 3;
constexpr unsigned kMajorMap = 5;

using Secrets = std::map<std::string, Secret, std::less<>>;

// An administrator adds a key while requests look keys up. One lock for all key stores of the
// process (there is one): shared to look, exclusive while the map changes. Entries of a map stay
// where they are, so a Secret once found stays good while others are added.
std::shared_mutex& map_lock() {
  static std::shared_mutex lock;
  return lock;
}

Secret encode(const Secrets& secrets) {
  std::vector<const Secrets::value_type*> rows;
  std::size_t size = PlainMap::head_size(secrets.size());
  for (const auto& row : secrets) {
    const auto& [name, value] = row;
    size += PlainMap::head_size(name.size()) + name.size();
    size += PlainMap::head_size(value.size()) + value.size();
    rows.push_back(&row);
  }
  // RFC 8949 4.2.1: by the encoded key, whose head carries the length; names of one length are in
  // the order of the map already.
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto* a, const auto* b) { return a->first.size() < b->first.size(); });
  PlainMap map(size);
  map.head(kMajorMap, rows.size());
  for (const auto* row : rows) {
    map.head(kMajorText, row->first.size());
    map.raw(row->first);
    map.head(kMajorBytes, row->second.size());
    map.raw(row->second.bytes());
  }
  return map.take();
}

Result<Secrets> decode(ByteView plain) {
  if (!check_deterministic(plain).ok()) return damaged("map");
  CborReader reader(plain);
  const std::uint64_t n = LH_TRY(reader.read_map());
  Secrets out;
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::string_view name = LH_TRY(reader.read_text());
    const ByteView value = LH_TRY(reader.read_bytes());
    out.emplace(std::string(name), Secret::copy_of(value));
  }
  LH_TRY(reader.finish());
  return out;
}

}  // namespace

Result<RootKey> RootKey::create_file(const std::string& path, Random& random) {
  Secret key = Secret::zeroed(kSealKeyBytes);
  random.fill(key.data(), key.size());
  LH_TRY(write_key_file(path, key.bytes(), Existing::kRefuse));
  return RootKey(std::move(key), false);
}

Result<RootKey> RootKey::load_file(const std::string& path) {
  Bytes raw = LH_TRY(read_key_file(path, kSealKeyBytes));
  if (raw.size() != kSealKeyBytes) return damaged("a root key has 32 bytes");
  Secret key = Secret::copy_of(raw);
  wipe(raw);
  return RootKey(std::move(key), false);
}

RootKey RootKey::from_passphrase(Secret passphrase) {
  return {std::move(passphrase), true};
}

RootKey RootKey::from_bytes(Secret key32) {
  LH_CHECK(key32.size() == kSealKeyBytes, "a root key has 32 bytes");
  return {std::move(key32), false};
}

Result<KeyStore> KeyStore::create(const std::string& path, const RootKey& root, Random& random) {
  KeyStore out;
  out.path_ = path;
  out.header_ = make_header(root, random);
  out.file_key_ = LH_TRY(derive(out.header_, root));
  const Secret plain = encode(out.secrets_);
  const Bytes sealed = seal(out.file_key_.bytes(), plain.bytes(), out.header_, random);
  LH_TRY(write_key_file(path, out.header_ + sealed, Existing::kRefuse));
  return out;
}

Result<KeyStore> KeyStore::load(const std::string& path, const RootKey& root) {
  const Bytes file = LH_TRY(read_key_file(path, kFileBytes));
  KeyStore out;
  out.path_ = path;
  out.header_ = file.substr(0, kHeader);
  LH_TRY(check_header(out.header_, root));
  out.file_key_ = LH_TRY(derive(out.header_, root));
  const Result<Secret> plain =
      open_secret(out.file_key_.bytes(), ByteView(file).substr(kHeader), out.header_);
  if (!plain.ok()) return damaged("seal");
  Result<Secrets> secrets = decode(plain->bytes());
  if (!secrets.ok()) return damaged("map");
  out.secrets_ = std::move(secrets).value();
  LH_TRY(finish_shredding(path));
  return out;
}

KeyStore KeyStore::in_memory() {
  return {};
}

const Secret* KeyStore::find(std::string_view name) const {
  const std::shared_lock looking(map_lock());
  const auto it = secrets_.find(name);
  return it == secrets_.end() ? nullptr : &it->second;
}

Result<Secret> KeyStore::get(std::string_view name) const {
  const Secret* const found = find(name);
  if (found == nullptr) return Error(Reason::kKeyMissing, std::string(name));
  return found->clone();
}

Status KeyStore::put(const std::string& name, Secret value, Random& random) {
  std::vector<std::pair<std::string, Secret>> one;
  one.emplace_back(name, std::move(value));
  return put_all(std::move(one), random);
}

// What cannot be made durable is not in memory either: the old values come back on failure.
Status KeyStore::put_all(std::vector<std::pair<std::string, Secret>> values, Random& random) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : values) {
    const bool fits = !name.empty() && name.size() <= kNameBytes && is_utf8(name);
    if (!fits || !seen.insert(name).second) return Error(Reason::kInputMalformed, "key name");
  }
  const std::unique_lock changing(map_lock());
  Secrets before;
  for (auto& row : values) {
    if (auto node = secrets_.extract(row.first)) before.insert(std::move(node));
    secrets_.insert_or_assign(row.first, std::move(row.second));
  }
  Status saved = save(random);
  if (saved.ok()) return saved;
  for (const auto& [name, value] : values) secrets_.erase(name);
  secrets_.merge(before);
  return saved;
}

Status KeyStore::erase(const std::string& name, Random& random) {
  const std::unique_lock changing(map_lock());
  const auto it = secrets_.find(name);
  if (it == secrets_.end()) return Error(Reason::kKeyMissing, name);
  auto node = secrets_.extract(it);
  Status saved = save(random);
  if (!saved.ok()) secrets_.insert(std::move(node));
  return saved;
}

std::vector<std::string> KeyStore::names() const {
  const std::shared_lock looking(map_lock());
  std::vector<std::string> out;
  for (const auto& [name, value] : secrets_) out.push_back(name);
  return out;
}

Result<PrivateKey> KeyStore::get_private(std::string_view name, Algorithm a) const {
  const Secret* const found = find(name);
  if (found == nullptr) return Error(Reason::kKeyMissing, std::string(name));
  return PrivateKey::from_stored(a, *found);
}

// An erased key shall not survive in the old file: it is overwritten.
Status KeyStore::save(Random& random) const {
  if (path_.empty()) return ok_status();
  const Secret plain = encode(secrets_);
  if (kHeader + kSealOverhead + plain.size() > kFileBytes) {
    return Error(Reason::kInputTooLarge, "key file");
  }
  const Bytes sealed = seal(file_key_.bytes(), plain.bytes(), header_, random);
  return write_key_file(path_, header_ + sealed, Existing::kShred);
}

}  // namespace lh::crypto
