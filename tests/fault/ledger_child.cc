// The process that is killed: writers against a ledger, telling on stdout what was acknowledged.
//   ledger_child kill  DIR SEED
//   ledger_child cut   DIR SEED AFTER MILLISECONDS sync|nosync
//   ledger_child failsync DIR SEED AFTER
// stdout: one byte 'S' when the ledger is open, then 16 bytes an acknowledgement: number(8) ‖
// index(8), and for failsync a record with number 0 at the moment from which nothing may be
// acknowledged.
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <thread>

#include "hub/store/rocksdb_store.h"
#include "tests/fault/power_file_system.h"
#include "tests/kits/ledger_kit.h"

namespace lh::kits {
namespace {

constexpr int kWriters = 4;
constexpr int kOutstanding = 32;  // a writer

void tell(std::uint64_t number, std::uint64_t index) {
  Bytes record;
  append_be64(record, number);
  append_be64(record, index);
  if (::write(STDOUT_FILENO, record.data(), record.size()) != 16) ::_exit(4);
}

// A change is two rows and an entry that belong together; `number` names all three.
hub::ledger::Change numbered_change(std::uint64_t number) {
  Bytes name;
  append_be64(name, number);
  auto change = toy_change(name + Bytes(number % 300, 'x'), {toy_tag(number % 7)},
                           {{1, toy_tag(number % 7)}});
  add_row(change, "a" + name, name);
  add_row(change, "b" + name, name + Bytes(number % 500, 'y'));
  return change;
}

class Writers {
 public:
  Writers(hub::ledger::Ledger& ledger, std::uint64_t seed) : ledger_(ledger) {
    for (int i = 0; i < kWriters; ++i) {
      threads_.emplace_back([this, seed, i] { run(seed * 100 + static_cast<std::uint64_t>(i)); });
    }
  }
  ~Writers() {
    for (std::thread& thread : threads_) thread.join();
  }
  std::atomic<bool> stop{false};
  std::atomic<bool> sync_failed{false};
  std::atomic<std::uint64_t> refused{0};

 private:
  void run(std::uint64_t seed) {
    SeededRandom random(seed);
    std::atomic<int> outstanding{0};
    while (!stop) {
      while (outstanding >= kOutstanding && !stop) ::usleep(50);
      const std::uint64_t number = random.u64() | 1U;
      ++outstanding;
      const bool too_late = sync_failed;
      ledger_.submit(numbered_change(number), [=, this, &outstanding](const auto& recorded) {
        if (recorded.ok()) tell(too_late ? 0 : number, (*recorded)[0].index());
        if (!recorded.ok()) ++refused;
        --outstanding;
      });
      if (random.below(64) == 0) ::usleep(500);
    }
    while (outstanding > 0) ::usleep(50);
  }
  hub::ledger::Ledger& ledger_;
  std::vector<std::thread> threads_;
};

struct Run {
  std::string mode;
  std::string dir;
  std::uint64_t seed = 0;
  std::string after;
  int milliseconds = 0;
  hub::store::SyncMode sync = hub::store::SyncMode::kSync;
};

int run(const Run& run) {
  std::filesystem::create_directories(run.dir + "/db");
  const std::string shadow = run.dir + "/shadow";
  std::filesystem::create_directories(shadow);
  const auto power = std::make_shared<PowerFileSystem>(run.dir + "/db", shadow);
  const auto env = rocksdb::NewCompositeEnv(power);
  hub::store::RocksdbSettings settings;
  settings.path = run.dir + "/db";
  const bool exists = std::filesystem::exists(settings.path + "/CURRENT");
  settings.mode = exists ? hub::store::OpenMode::kExisting : hub::store::OpenMode::kCreate;
  settings.write_buffer_bytes = 256U << 10U;  // small: flushes and new logs belong to the test
  settings.sync = run.sync;
  if (run.mode != "kill") settings.env = env.get();
  if (run.mode != "kill" && exists) power->adopt();
  auto store = hub::store::open_rocksdb(settings);
  if (!store.ok()) return 3;
  const SystemClock clock;
  const auto key = toy_key();
  auto ledger = hub::ledger::Ledger::open(**store, toy_settings(run.dir + "/checkpoint"), key,
                                          clock, std::make_unique<ToyDraft>("genesis"));
  if (!ledger.ok()) return 3;
  // Before the writers run: an acknowledgement must never overtake it.
  if (::write(STDOUT_FILENO, "S", 1) != 1) return 4;
  Writers writers(**ledger, run.seed);
  if (run.mode == "kill") ::pause();
  if (run.mode == "cut") {
    ::usleep(static_cast<unsigned>(run.milliseconds) * 1000);
    power->cut(run.after + "/db", run.seed, [&] {
      std::filesystem::copy_file(run.dir + "/checkpoint", run.after + "/checkpoint");
      ::_exit(0);
    });
  }
  ::usleep(40'000);
  power->fail_next_log_sync = true;
  while (power->fail_next_log_sync) ::usleep(100);
  while ((*ledger)->state().writable) ::usleep(100);
  writers.sync_failed = true;
  const std::uint64_t refused = writers.refused;
  while (writers.refused < refused + 1000) ::usleep(100);
  writers.stop = true;
  power->cut(run.after + "/db", run.seed, [&] {
    std::filesystem::copy_file(run.dir + "/checkpoint", run.after + "/checkpoint");
    ::_exit(0);
  });
  return 0;
}

}  // namespace
}  // namespace lh::kits

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  lh::kits::Run run{argv[1], argv[2], std::stoull(argv[3]), argc > 4 ? argv[4] : "", 0, {}};
  if (argc > 5) run.milliseconds = std::stoi(argv[5]);
  run.sync = argc > 6 && std::strcmp(argv[6], "nosync") == 0 ? lh::hub::store::SyncMode::kNoSync
                                                             : lh::hub::store::SyncMode::kSync;
  return lh::kits::run(run);
}
