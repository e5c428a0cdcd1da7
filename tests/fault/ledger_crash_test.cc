// 200 kills and 50 power cuts under concurrent writers: no acknowledged change is lost, none is
// half applied, the log has no gap, and fsck accepts every restart.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "hub/store/rocksdb_store.h"
#include "tests/kits/ledger_kit.h"
#include "tests/kits/scratch_folder.h"

namespace lh::hub::ledger {
namespace {

constexpr int kKills = 200;
constexpr int kKillsAFolder = 10;
constexpr int kCuts = 50;
constexpr int kControlCuts = 5;

struct Child {
  pid_t pid = -1;
  int out = -1;
};

Child start(const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>(LH_LEDGER_CHILD)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) return {};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  char started = 0;
  while (::read(ends[0], &started, 1) < 0 && errno == EINTR) {
  }
  EXPECT_EQ(started, 'S') << "the child did not start";
  return {pid, ends[0]};
}

struct Acknowledged {
  std::map<std::uint64_t, std::uint64_t> index_of;  // by number of the change
  std::size_t too_late = 0;                         // records with number 0
};

// Reads all the child said; gives its exit status.
int collect(const Child& child, Acknowledged& all) {
  Bytes said;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(child.out, buffer, sizeof buffer)) != 0;) {
    if (n > 0) said.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(child.out);
  for (ByteView rest(said); rest.size() >= 16; rest.remove_prefix(16)) {
    const std::uint64_t number = read_be64(rest);
    if (number == 0) ++all.too_late;
    if (number != 0) all.index_of[number] = read_be64(rest.substr(8));
  }
  int status = 0;
  ::waitpid(child.pid, &status, 0);
  return status;
}

struct Restarted {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Ledger> ledger;
};

class LedgerCrash : public testing::Test {
 protected:
  Result<Restarted> restart(const std::string& dir) {
    store::RocksdbSettings settings;
    settings.path = dir + "/db";
    Restarted out;
    out.store = LH_TRY(store::open_rocksdb(settings));
    out.ledger = LH_TRY(
        Ledger::open(*out.store, kits::toy_settings(dir + "/checkpoint"), key_, clock_, nullptr));
    return out;
  }

  // Everything the issue promises about a restart.
  void expect_whole(const std::string& dir, const Acknowledged& all) {
    auto restarted = restart(dir);
    ASSERT_TRUE(restarted.ok()) << restarted.error().describe();
    const auto vkey = crypto::make_note_key(kits::kToyOrigin, key_.public_key()).value();
    const FsckReport report =
        fsck(*restarted->store, dir + "/checkpoint", {vkey}, kits::ToyReader(), nullptr).value();
    ASSERT_TRUE(report.findings.empty()) << report.findings.front().where;
    for (const auto& [number, index] : all.index_of) {
      Bytes name;
      append_be64(name, number);
      const auto entry = restarted->ledger->entry(index);
      ASSERT_TRUE(entry.ok()) << "acknowledged entry " << index << " is lost";
      ASSERT_EQ(kits::parse_toy(*entry)->payload.substr(0, 8), name);
      for (const char* half : {"a", "b"}) {
        const auto row = restarted->store->latest()
                             .find(store::OpenKey{store::Family::kData, half + name})
                             .value();
        ASSERT_TRUE(row.has_value()) << "a row of acknowledged entry " << index << " is lost";
        ASSERT_EQ(parse_stored(*row)->commit_index, index);
      }
    }
    expect_no_halves(*restarted->store);
    const std::uint64_t size = restarted->ledger->state().size;
    ASSERT_EQ(report.entries, size);
    std::size_t searched = 0;
    for (std::uint64_t tag = 0; tag < 7; ++tag) {
      searched += restarted->ledger->postings(1, kits::toy_tag(tag), size, size)->size();
    }
    EXPECT_EQ(searched, size - 1) << "the index is rebuilt up to the last entry";
  }
  static void expect_no_halves(const store::Store& store) {
    const auto a = store.latest().scan(store::Family::kData, "a", "", 1'000'000).value();
    const auto b = store.latest().scan(store::Family::kData, "b", "", 1'000'000).value();
    ASSERT_EQ(a.size(), b.size()) << "a change is half applied";
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(a[i].key.substr(1), b[i].key.substr(1)) << "a change is half applied";
    }
  }

  SystemClock clock_;
  crypto::PrivateKey key_ = kits::toy_key();
};

TEST_F(LedgerCrash, SurvivesTwoHundredKills) {
  kits::SeededRandom random(2026);
  std::size_t acknowledged = 0;
  for (int folder = 0; folder < kKills / kKillsAFolder; ++folder) {
    const kits::ScratchFolder scratch;
    Acknowledged all;
    for (int kill = 0; kill < kKillsAFolder; ++kill) {
      const Child child = start({"kill", scratch.path(), std::to_string(random.u64() >> 20U)});
      ASSERT_GT(child.pid, 0);
      ::usleep(static_cast<unsigned>(20'000 + random.below(130'000)));
      ::kill(child.pid, SIGKILL);
      ASSERT_TRUE(WIFSIGNALED(collect(child, all)));
      expect_whole(scratch.path(), all);
      if (HasFatalFailure()) FAIL() << "after kill " << kill << " of folder " << folder;
    }
    acknowledged += all.index_of.size();
  }
  std::cout << acknowledged << " changes acknowledged before " << kKills << " kills\n";
  EXPECT_GT(acknowledged, static_cast<std::size_t>(kKills)) << "the writers hardly wrote";
}

std::vector<std::string> cut_arguments(const std::string& dir, const std::string& after,
                                       kits::SeededRandom& random, const char* sync) {
  return {"cut",
          dir,
          std::to_string(random.u64() >> 20U),
          after,
          std::to_string(20 + random.below(100)),
          sync};
}

TEST_F(LedgerCrash, SurvivesFiftyPowerCuts) {
  kits::SeededRandom random(50);
  std::size_t acknowledged = 0;
  for (int cut = 0; cut < kCuts; ++cut) {
    const kits::ScratchFolder scratch;
    Acknowledged all;
    // Two cuts in a row: the second hits a database that already recovered from the first.
    std::string dir = scratch / "0";
    for (int round = 0; round < 2; ++round) {
      const std::string after = scratch / std::to_string(round + 1);
      const Child child = start(cut_arguments(dir, after, random, "sync"));
      ASSERT_EQ(collect(child, all), 0) << "cut " << cut << " round " << round;
      dir = after;
    }
    expect_whole(dir, all);
    if (HasFatalFailure()) FAIL() << "after cut " << cut;
    acknowledged += all.index_of.size();
  }
  std::cout << acknowledged << " changes acknowledged before " << 2 * kCuts << " power cuts\n";
  EXPECT_GT(acknowledged, static_cast<std::size_t>(kCuts));
}

// The control: with syncing off the same cuts must lose acknowledged changes (else the simulation
// proves nothing), and the outside checkpoint must notice it.
TEST_F(LedgerCrash, ControlWithoutSyncLosesDataAndTheLossIsNoticed) {
  kits::SeededRandom random(51);
  int lost = 0;
  for (int cut = 0; cut < kControlCuts; ++cut) {
    const kits::ScratchFolder scratch;
    const std::string after = scratch / "after";
    Acknowledged all;
    const Child child = start(cut_arguments(scratch / "before", after, random, "nosync"));
    ASSERT_EQ(collect(child, all), 0);
    const auto restarted = restart(after);
    if (restarted.ok()) continue;
    ++lost;
    EXPECT_EQ(restarted.error().reason(), Reason::kLedgerRollback) << restarted.error().describe();
  }
  EXPECT_GT(lost, 0) << "no cut lost anything: the simulation does not drop unsynced bytes";
}

TEST_F(LedgerCrash, AcknowledgesNothingAfterAFailedSyncAndRestartsClean) {
  kits::SeededRandom random(52);
  for (int round = 0; round < 3; ++round) {
    const kits::ScratchFolder scratch;
    Acknowledged all;
    const std::string after = scratch / "after";
    const Child child =
        start({"failsync", scratch / "before", std::to_string(random.u64() >> 20U), after});
    ASSERT_EQ(collect(child, all), 0);
    EXPECT_EQ(all.too_late, 0U) << "acknowledged after the failed sync";
    EXPECT_GT(all.index_of.size(), 0U);
    expect_whole(after, all);
  }
}

}  // namespace
}  // namespace lh::hub::ledger
