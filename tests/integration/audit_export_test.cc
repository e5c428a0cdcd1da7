// An exported log and its check, by us and by golang.org/x/mod/sumdb (tools/logcheck).
#include <gtest/gtest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "hub/audit/export.h"
#include "hub/audit/receipt.h"
#include "tests/kits/audit_kit.h"
#include "tests/kits/scratch_folder.h"

namespace lh {
namespace {

using hub::audit::export_log;
using hub::audit::verify_export;
using kits::AuditHub;
using kits::ScratchFolder;

constexpr std::size_t kEntries = 700;  // two full tiles, one partial, and one above them

class AuditExport : public testing::Test {
 protected:
  void SetUp() override {
    hub_.open_ledger();
    const auto subject = hub_.subject(kits::test_person(1));
    for (std::size_t i = 2; i < kEntries; ++i) {
      hub::audit::EntryFacts f;
      f.event = schemas::AuditEvent::kFetched;
      f.purpose = std::string(1 + dice_.below(60), 'p');
      if (dice_.below(2) != 0) f.subjects = {subject};
      auto change = hub_.change(f);
      const bool wanted = i % 97 == 0;
      if (!wanted) {
        hub_.ledger->submit(std::move(change), [](auto done) { done.value(); });
        continue;
      }
      const auto recorded = hub_.ledger->commit(std::move(change)).value();
      const std::string path = scratch_ / ("receipt-" + std::to_string(i) + ".json");
      kits::store_file(path, hub::audit::receipt_json(kits::kToyOrigin, recorded[0]));
      receipts_.push_back(path);
    }
    hub_.commit({}).value();
    out_ = scratch_ / "export";
    report_ = export_log(*hub_.ledger, hub_.note_key(), out_, {}).value();
  }

  Status check() {
    const auto done = verify_export(out_, {hub_.note_key()}, {});
    if (!done.ok()) return done.error();
    return {};
  }

  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& f : std::filesystem::recursive_directory_iterator(out_)) {
      if (f.is_regular_file()) out.push_back(f.path().string());
    }
    return out;
  }

  // True: logcheck accepts. Skips the test where it could not be built.
  bool outside_accepts() const {
    std::string command = std::string("'") + LH_LOGCHECK + "' '" + out_ + "'";
    for (const auto& receipt : receipts_) command += " '" + receipt + "'";
    const int status = std::system((command + " >/dev/null 2>&1").c_str());  // NOLINT: fixed words
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) <= 1) << command;
    return WEXITSTATUS(status) == 0;
  }

  // One byte of the file changed while `judge` looks.
  template <class Judge>
  void expect_noticed(const std::string& path, std::size_t at, Judge judge) {
    const std::string good = kits::load_file(path);
    kits::store_file(path, kits::flipped(good, at, dice_.below(8)));
    EXPECT_FALSE(judge()) << path << " byte " << at;
    kits::store_file(path, good);
  }

  AuditHub hub_;
  ScratchFolder scratch_;
  kits::SeededRandom dice_{11};
  std::string out_;
  std::vector<std::string> receipts_;
  hub::audit::ExportReport report_;
};

TEST_F(AuditExport, IsAcceptedAndCounted) {
  const auto size = hub_.ledger->state().size;
  EXPECT_EQ(report_.entries, size);
  EXPECT_EQ(report_.tiles, 4U);
  const auto done = verify_export(out_, {hub_.note_key()}, {}).value();
  EXPECT_EQ(done.entries, size);
  EXPECT_EQ(done.origin, kits::kToyOrigin);
  EXPECT_EQ(files().size(), 4U + 3U + 2U);
}

TEST_F(AuditExport, EveryFileIsGuardedByteByByte) {
  for (const auto& path : files()) {
    const std::size_t size = kits::load_file(path).size();
    const std::size_t step = size > 400 ? size / 40 : 1;  // small files whole, large ones sampled
    for (std::size_t at = 0; at < size; at += 1 + dice_.below(step)) {
      expect_noticed(path, at, [this] { return check().ok(); });
    }
  }
  EXPECT_TRUE(check().ok());
}

TEST_F(AuditExport, MissingShortAndLongFilesAreNoticed) {
  for (const auto& path : files()) {
    const std::string good = kits::load_file(path);
    kits::store_file(path, good.substr(0, good.size() - 1));
    EXPECT_FALSE(check().ok()) << path;
    kits::store_file(path, good + "\n");
    EXPECT_FALSE(check().ok()) << path;
    std::filesystem::remove(path);
    EXPECT_FALSE(check().ok()) << path;
    kits::store_file(path, good);
  }
  EXPECT_TRUE(check().ok());
}

TEST_F(AuditExport, AnotherKeyIsNotBelieved) {
  kits::SeededRandom random(5);
  const auto key = crypto::PrivateKey::generate(crypto::Algorithm::kEd25519, random).value();
  const auto other = crypto::make_note_key(kits::kToyOrigin, key.public_key()).value();
  EXPECT_EQ(verify_export(out_, {other}, {}).error().reason(), Reason::kTrustMissing);
  EXPECT_EQ(verify_export(out_, {}, {}).error().reason(), Reason::kTrustMissing);
}

TEST_F(AuditExport, AFolderWithSomethingInItIsNotOverwritten) {
  const auto again = export_log(*hub_.ledger, hub_.note_key(), out_, {});
  EXPECT_EQ(again.error().reason(), Reason::kFileUnwritable);
}

TEST_F(AuditExport, IsAcceptedByTheOutsideCheckerAndRefusedWithAByteFlipped) {
  if (std::string_view(LH_LOGCHECK).empty()) {
    GTEST_SKIP() << "golang-go and golang-golang-x-mod-dev are not installed";
  }
  ASSERT_GE(receipts_.size(), 7U);
  ASSERT_TRUE(outside_accepts());
  auto all = files();
  all.insert(all.end(), receipts_.begin(), receipts_.end());
  for (const auto& path : all) {
    const std::size_t size = kits::load_file(path).size();
    for (int i = 0; i < 8; ++i) {
      expect_noticed(path, dice_.below(size), [this] { return outside_accepts(); });
    }
  }
  EXPECT_TRUE(outside_accepts());
}

TEST(AuditTilePaths, AreThoseOfTlogTiles) {
  EXPECT_EQ(hub::audit::tile_path(0, 0, 256), "tile/0/000");
  EXPECT_EQ(hub::audit::tile_path(0, 1234067, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(hub::audit::tile_path(1, 1, 5), "tile/1/001.p/5");
  EXPECT_EQ(hub::audit::entries_path(1000, 1), "tile/entries/x001/000.p/1");
}

TEST(AuditBundles, AreReadBackAndReadStrictly) {
  kits::SeededRandom dice(3);
  std::vector<Bytes> entries;
  for (int i = 0; i < 256; ++i) entries.push_back(dice.bytes(dice.below(300)));
  const Bytes bundle = hub::audit::encode_bundle(entries);
  EXPECT_EQ(hub::audit::decode_bundle(bundle).value(), entries);
  EXPECT_FALSE(hub::audit::decode_bundle(bundle.substr(0, bundle.size() - 1)).ok());
  EXPECT_FALSE(hub::audit::decode_bundle(bundle + Bytes(2, '\0')).ok()) << "257 entries";
  EXPECT_FALSE(hub::audit::decode_bundle("\x01").ok());
}

}  // namespace
}  // namespace lh
