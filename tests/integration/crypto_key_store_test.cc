#include "crypto/key_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/kits/scratch_folder.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

template <class T>
Reason reason_of(const Result<T>& r) {
  return r.ok() ? Reason::kVerdictGood : r.error().reason();
}

mode_t mode_of(const std::string& path) {
  struct stat st {};
  EXPECT_EQ(::stat(path.c_str(), &st), 0) << path;
  return st.st_mode & 07777U;
}

class KeyStoreFile : public ::testing::Test {
 protected:
  kits::ScratchFolder folder_;
  kits::SeededRandom random_{51};
  const std::string path_ = folder_ / "keys.lhk";
  const RootKey root_ = RootKey::from_bytes(Secret::copy_of(random_.bytes(32)));
};

TEST_F(KeyStoreFile, KeepsItsSecretsAcrossALoad) {
  {
    KeyStore store = KeyStore::create(path_, root_, random_).value();
    store.put("lookup", Secret::copy_of("secret one"), random_).value();
    store.put("tag", Secret::copy_of(""), random_).value();
    std::vector<std::pair<std::string, Secret>> more;
    for (int i = 0; i < 40; ++i) {
      more.emplace_back("sign/" + std::to_string(i * i), Secret::copy_of(Bytes(138, 'k')));
    }
    more.emplace_back(Bytes(256, 'n'), Secret::copy_of(Bytes(70000, 'v')));
    store.put_all(std::move(more), random_).value();
    store.put("lookup", Secret::copy_of("secret two"), random_).value();
  }
  const KeyStore store = KeyStore::load(path_, root_).value();
  EXPECT_EQ(store.names().size(), 43U);
  EXPECT_EQ(store.get("lookup").value().bytes(), "secret two");
  EXPECT_EQ(store.get("tag").value().size(), 0U);
  EXPECT_EQ(store.get(Bytes(256, 'n')).value().size(), 70000U);
  EXPECT_EQ(store.find("nobody"), nullptr);
  EXPECT_EQ(reason_of(store.get("nobody")), Reason::kKeyMissing);
}

// The worked example of docs/formats/key_files.md: files of this form are out there.
TEST_F(KeyStoreFile, OpensTheFileOfItsDocumentation) {
  kits::store_file(
      path_, parse_hex("4c484b3100111111111111111111111111111111110000000000000000000000000111"
                       "111111111111111111111111111111111111111111111197a50862d04d23322b9026b3"
                       "2e7331bd39097ae566aa934a4ea38c3576594f45ac799368f5")
                 .value());
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  Bytes root(32, '\0');
  for (std::size_t i = 0; i < root.size(); ++i) root[i] = static_cast<char>(i);
  const KeyStore store = KeyStore::load(path_, RootKey::from_bytes(Secret::copy_of(root))).value();
  EXPECT_EQ(store.names(), (std::vector<std::string>{"mac", "tag"}));
  EXPECT_EQ(store.get("mac")->bytes(), "hush");
  EXPECT_EQ(store.get("tag")->bytes(), "secret");
}

TEST_F(KeyStoreFile, GivesPrivateKeysBack) {
  KeyStore store = KeyStore::create(path_, root_, random_).value();
  for (const Algorithm a : {Algorithm::kEs256, Algorithm::kEd25519}) {
    const PrivateKey key = PrivateKey::generate(a, random_).value();
    store.put("k", key.stored().value(), random_).value();
    const PrivateKey again = KeyStore::load(path_, root_).value().get_private("k", a).value();
    EXPECT_EQ(again.public_key().spki(), key.public_key().spki());
  }
  EXPECT_EQ(reason_of(store.get_private("none", Algorithm::kEs256)), Reason::kKeyMissing);
}

TEST_F(KeyStoreFile, EraseIsDurableAndAbsenceIsAnError) {
  KeyStore store = KeyStore::create(path_, root_, random_).value();
  store.put("gone", Secret::copy_of("x"), random_).value();
  store.erase("gone", random_).value();
  EXPECT_EQ(reason_of(store.erase("gone", random_)), Reason::kKeyMissing);
  EXPECT_TRUE(KeyStore::load(path_, root_).value().names().empty());
}

TEST_F(KeyStoreFile, FindsAnyFlippedByteAndAnyTruncation) {
  {
    KeyStore store = KeyStore::create(path_, root_, random_).value();
    store.put("name", Secret::copy_of("value"), random_).value();
  }
  const std::string good = kits::load_file(path_);
  ASSERT_GT(good.size(), 80U);
  for (std::size_t i = 0; i < good.size(); ++i) {
    kits::store_file(path_, kits::flipped(good, i, i % 8));
    ASSERT_EQ(reason_of(KeyStore::load(path_, root_)), Reason::kKeyFile) << i;
  }
  for (std::size_t n = 0; n < good.size(); ++n) {
    kits::store_file(path_, good.substr(0, n));
    ASSERT_EQ(reason_of(KeyStore::load(path_, root_)), Reason::kKeyFile) << n;
  }
  kits::store_file(path_, good + "x");
  EXPECT_EQ(reason_of(KeyStore::load(path_, root_)), Reason::kKeyFile);
  kits::store_file(path_, good);
  EXPECT_TRUE(KeyStore::load(path_, root_).ok());
}

TEST_F(KeyStoreFile, OpensWithItsOwnRootKeyOnly) {
  ASSERT_TRUE(KeyStore::create(path_, root_, random_).ok());
  const RootKey other = RootKey::from_bytes(Secret::copy_of(random_.bytes(32)));
  EXPECT_EQ(reason_of(KeyStore::load(path_, other)), Reason::kKeyFile);
  // The kinds are told apart before any work is done.
  const RootKey words = RootKey::from_passphrase(root_.material().clone());
  EXPECT_EQ(reason_of(KeyStore::load(path_, words)), Reason::kKeyFile);
}

TEST_F(KeyStoreFile, OpensWithThePassphraseOnly) {
  {
    const RootKey right = RootKey::from_passphrase(Secret::copy_of("correct horse"));
    KeyStore store = KeyStore::create(path_, right, random_).value();
    store.put("a", Secret::copy_of("b"), random_).value();
    EXPECT_EQ(KeyStore::load(path_, right).value().get("a").value().bytes(), "b");
  }
  const RootKey wrong = RootKey::from_passphrase(Secret::copy_of("correct horsf"));
  EXPECT_EQ(reason_of(KeyStore::load(path_, wrong)), Reason::kKeyFile);
  EXPECT_EQ(reason_of(KeyStore::load(path_, root_)), Reason::kKeyFile);
  // Costs of argon2id other than the fixed ones are refused without spending them.
  const std::string good = kits::load_file(path_);
  kits::store_file(path_, kits::flipped(good, 25, 6));  // memory beyond any machine
  EXPECT_EQ(reason_of(KeyStore::load(path_, wrong)), Reason::kKeyFile);
}

TEST_F(KeyStoreFile, IsForItsOwnerOnly) {
  ASSERT_TRUE(KeyStore::create(path_, root_, random_).ok());
  EXPECT_EQ(mode_of(path_), 0600U);
  for (const mode_t mode : {0640U, 0604U, 0660U, 0610U, 0601U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(reason_of(KeyStore::load(path_, root_)), Reason::kKeyFile) << std::oct << mode;
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(KeyStore::load(path_, root_).ok());
}

TEST_F(KeyStoreFile, IsNeverMadeOverAnother) {
  ASSERT_TRUE(KeyStore::create(path_, root_, random_).ok());
  const std::string before = kits::load_file(path_);
  EXPECT_EQ(reason_of(KeyStore::create(path_, root_, random_)), Reason::kStoreExists);
  EXPECT_EQ(kits::load_file(path_), before);
}

TEST_F(KeyStoreFile, SaysWhatIsMissingOrNoFile) {
  EXPECT_EQ(reason_of(KeyStore::load(path_, root_)), Reason::kKeyMissing);
  EXPECT_EQ(reason_of(KeyStore::load(folder_.path(), root_)), Reason::kKeyFile);
  EXPECT_EQ(reason_of(KeyStore::create(folder_ / "no/such", root_, random_)),
            Reason::kFileUnwritable);
}

// The folder is gone: nothing can be made durable, so nothing may stay in memory.
TEST_F(KeyStoreFile, WhatCannotBeWrittenIsNotKept) {
  const std::string sub = folder_ / "sub";
  ASSERT_TRUE(std::filesystem::create_directory(sub));
  KeyStore store = KeyStore::create(sub + "/keys.lhk", root_, random_).value();
  store.put("a", Secret::copy_of("old"), random_).value();
  std::filesystem::remove_all(sub);
  EXPECT_EQ(reason_of(store.put("a", Secret::copy_of("new"), random_)), Reason::kFileUnwritable);
  EXPECT_EQ(reason_of(store.put("b", Secret::copy_of("new"), random_)), Reason::kFileUnwritable);
  EXPECT_EQ(reason_of(store.erase("a", random_)), Reason::kFileUnwritable);
  EXPECT_EQ(store.get("a").value().bytes(), "old");
  EXPECT_EQ(store.names(), std::vector<std::string>{"a"});
}

TEST_F(KeyStoreFile, RefusesNamesThatAreNoNames) {
  KeyStore store = KeyStore::in_memory();
  EXPECT_FALSE(store.put("", Secret(), random_).ok());
  EXPECT_FALSE(store.put(Bytes(257, 'n'), Secret(), random_).ok());
  EXPECT_FALSE(store.put("\xff", Secret(), random_).ok());
  std::vector<std::pair<std::string, Secret>> twice;
  twice.emplace_back("a", Secret::copy_of("1"));
  twice.emplace_back("a", Secret::copy_of("2"));
  EXPECT_FALSE(store.put_all(std::move(twice), random_).ok());
  EXPECT_TRUE(store.names().empty());
}

TEST_F(KeyStoreFile, RefusesMoreThanOneMebibyte) {
  KeyStore store = KeyStore::create(path_, root_, random_).value();
  EXPECT_EQ(reason_of(store.put("big", Secret::zeroed(1U << 20U), random_)),
            Reason::kInputTooLarge);
  EXPECT_TRUE(store.names().empty());
}

TEST_F(KeyStoreFile, LeavesNoOtherFilesBehind) {
  KeyStore store = KeyStore::create(path_, root_, random_).value();
  for (int i = 0; i < 3; ++i) store.put("a", Secret::copy_of("x"), random_).value();
  int files = 0;
  for (const auto& e : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(e.path().filename(), "keys.lhk");
    ++files;
  }
  EXPECT_EQ(files, 1);
}

// A crash between the rename and the shredding left the old file: the next load ends the work.
TEST_F(KeyStoreFile, LoadRemovesAnOldFileThatACrashLeft) {
  ASSERT_TRUE(KeyStore::create(path_, root_, random_).ok());
  kits::store_file(path_ + ".old", "old secrets");
  std::filesystem::create_hard_link(path_ + ".old", folder_ / "witness");
  EXPECT_TRUE(KeyStore::load(path_, root_).ok());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".old"));
  EXPECT_EQ(kits::load_file(folder_ / "witness"), std::string(11, '\0'));
}

// A crash before the rename left a second name of the living file: only the name may go.
TEST_F(KeyStoreFile, LoadDoesNotShredTheLivingFile) {
  ASSERT_TRUE(KeyStore::create(path_, root_, random_).ok());
  std::filesystem::create_hard_link(path_, path_ + ".old");
  EXPECT_TRUE(KeyStore::load(path_, root_).ok());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".old"));
  EXPECT_TRUE(KeyStore::load(path_, root_).ok());
}

TEST_F(KeyStoreFile, APutOverwritesTheOldFile) {
  KeyStore store = KeyStore::create(path_, root_, random_).value();
  std::filesystem::create_hard_link(path_, folder_ / "witness");
  const std::size_t size = kits::load_file(path_).size();
  store.put("a", Secret::copy_of("x"), random_).value();
  EXPECT_EQ(kits::load_file(folder_ / "witness"), std::string(size, '\0'));
}

TEST(RootKeyFile, IsMadeOnceAndReadByItsOwner) {
  kits::ScratchFolder folder;
  kits::SeededRandom random(52);
  const std::string path = folder / "root.key";
  const RootKey made = RootKey::create_file(path, random).value();
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(RootKey::load_file(path).value().material(), made.material());
  EXPECT_EQ(reason_of(RootKey::create_file(path, random)), Reason::kStoreExists);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(reason_of(RootKey::load_file(path)), Reason::kKeyFile);
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  for (const std::size_t n : {0U, 31U, 33U, 4096U}) {
    kits::store_file(path, std::string(n, 'k'));
    EXPECT_EQ(reason_of(RootKey::load_file(path)), Reason::kKeyFile) << n;
  }
  EXPECT_EQ(reason_of(RootKey::load_file(folder / "none")), Reason::kKeyMissing);
}

TEST(RootKeyFile, DoesNotHangOnAPipe) {
  kits::ScratchFolder folder;
  const std::string path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(reason_of(RootKey::load_file(path)), Reason::kKeyFile);
}

}  // namespace
}  // namespace lh::crypto
