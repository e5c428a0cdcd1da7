// ledger_bench [entries [dir]]: entries of 400 bytes, each with one business row of 120 bytes, one
// chain and four postings, synced; with 256 and 4,096 changes outstanding in a closed loop.
// Prints a table: rate, latency from submit to the answer with its proof, CPU of the whole process
// an entry, bytes on disk beyond entry and row; then start-up and full check of the last store.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "hub/store/rocksdb_store.h"
#include "tests/kits/ledger_kit.h"

namespace lh::kits {
namespace {

constexpr std::size_t kRowBytes = 120;
constexpr std::size_t kEntryBytes = 400;
constexpr std::size_t kHeadBytes = 53 + 32 + 1 + 4 * 17;  // of a toy entry with those tags

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t bytes_in(const std::string& dir) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".sst") || name.ends_with(".log")) bytes += entry.file_size();
  }
  return bytes;
}

// The slots of a closed loop: taken before a submit, given back by the answer.
class Slots {
 public:
  explicit Slots(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) free_.push_back(i);
  }
  std::vector<std::size_t> take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return !free_.empty(); });
    return std::exchange(free_, {});
  }
  void give(std::size_t slot) {
    const std::lock_guard lock(mutex_);
    free_.push_back(slot);
    if (free_.size() == 1) wake_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::size_t> free_;
};

hub::ledger::Change make_change(SeededRandom& random, const Bytes& noise, std::uint64_t i) {
  // Far from its neighbours, so that compression finds nothing.
  const std::size_t at = (i * 521) % (noise.size() - 1024);
  const Tag officer = toy_tag(random.below(200));
  const Tag subject = toy_tag(1000 + random.below(1'000'000));
  std::vector<std::pair<std::uint8_t, Tag>> postings{
      {1, subject}, {2, officer}, {3, toy_tag(2'000'000 + i)}, {4, toy_tag(3'000'000 + i / 3)}};
  auto change =
      toy_change(noise.substr(at, kEntryBytes - kHeadBytes), {subject}, std::move(postings));
  Bytes key("r");
  append_be64(key, i);
  add_row(change, std::move(key), noise.substr(at + kEntryBytes, kRowBytes));
  return change;
}

struct Measured {
  double seconds = 0;
  double cpu_us = 0;
  std::vector<float> latency_ms;
};

Measured run(hub::ledger::Ledger& ledger, std::size_t outstanding, std::uint64_t entries,
             std::uint64_t first) {
  const SystemClock clock;
  SeededRandom random(first);
  const Bytes noise = random.bytes(8U << 20U);
  Slots slots(outstanding);
  std::vector<std::int64_t> begun(outstanding);
  Measured out;
  out.latency_ms.reserve(entries);
  const double cpu = cpu_seconds();
  const std::int64_t start = clock.monotonic_us();
  std::uint64_t made = 0;
  std::size_t idle = 0;
  while (made < entries) {
    for (const std::size_t slot : slots.take()) {
      if (made == entries) {
        ++idle;
        continue;
      }
      begun[slot] = clock.monotonic_us();
      ledger.submit(make_change(random, noise, first + made++), [&, slot](const auto& recorded) {
        if (!recorded.ok()) std::abort();
        // One thread answers: no lock is needed here.
        out.latency_ms.push_back(static_cast<float>(clock.monotonic_us() - begun[slot]) / 1000.0F);
        slots.give(slot);
      });
    }
  }
  while (idle < outstanding) idle += slots.take().size();
  out.seconds = static_cast<double>(clock.monotonic_us() - start) * 1e-6;
  out.cpu_us = (cpu_seconds() - cpu) * 1e6 / static_cast<double>(entries);
  std::sort(out.latency_ms.begin(), out.latency_ms.end());
  return out;
}

double at_percent(const Measured& m, double percent) {
  return m.latency_ms[static_cast<std::size_t>(static_cast<double>(m.latency_ms.size() - 1) *
                                               percent / 100.0)];
}

void print(std::size_t outstanding, const Measured& m, std::uint64_t entries, double overhead) {
  std::printf("%11zu %11.0f %9.1f %9.2f %9.2f %9.2f %12.0f\n", outstanding,
              static_cast<double>(entries) / m.seconds, m.cpu_us, at_percent(m, 50),
              at_percent(m, 99), at_percent(m, 99.9), overhead);
}

int bench(std::uint64_t entries, const std::string& dir) {
  const SystemClock clock;
  const auto key = toy_key();
  std::printf("%11s %11s %9s %9s %9s %9s %12s\n", "outstanding", "entries/s", "CPU us", "p50 ms",
              "p99 ms", "p99.9 ms", "overhead B");
  std::string path;
  for (const std::size_t outstanding : {std::size_t{256}, std::size_t{4096}}) {
    path = dir + "/" + std::to_string(outstanding);
    std::filesystem::create_directories(path);
    hub::store::RocksdbSettings settings;
    settings.path = path + "/db";
    settings.mode = hub::store::OpenMode::kCreate;
    Measured measured;
    {
      auto store = hub::store::open_rocksdb(settings).value();
      auto ledger = hub::ledger::Ledger::open(*store, toy_settings(path + "/checkpoint"), key,
                                              clock, std::make_unique<ToyDraft>("genesis"))
                        .value();
      ignore(store->flush(), "warms up");
      measured = run(*ledger, outstanding, entries, 1);
    }
    const double overhead =
        static_cast<double>(bytes_in(settings.path)) / static_cast<double>(entries) -
        static_cast<double>(kEntryBytes + kRowBytes);
    print(outstanding, measured, entries, overhead);
  }
  hub::store::RocksdbSettings settings;
  settings.path = path + "/db";
  const std::int64_t start = clock.monotonic_us();
  auto store = hub::store::open_rocksdb(settings).value();
  auto ledger =
      hub::ledger::Ledger::open(*store, toy_settings(path + "/checkpoint"), key, clock, nullptr)
          .value();
  const std::int64_t opened = clock.monotonic_us();
  const auto vkey = crypto::make_note_key(kToyOrigin, key.public_key()).value();
  const auto report =
      hub::ledger::fsck(*store, path + "/checkpoint", {vkey}, ToyReader(), nullptr).value();
  const std::int64_t checked = clock.monotonic_us();
  std::printf("start-up %.1f ms · full check %.0f entries/s, %zu findings\n",
              static_cast<double>(opened - start) / 1000.0,
              static_cast<double>(report.entries) * 1e6 / static_cast<double>(checked - opened),
              report.findings.size());
  return report.findings.empty() ? 0 : 1;
}

}  // namespace
}  // namespace lh::kits

int main(int argc, char** argv) {
  const std::uint64_t entries = argc > 1 ? std::stoull(argv[1]) : 300'000;
  std::string dir = argc > 2 ? argv[2] : "";
  const bool own = dir.empty();
  if (own) {
    dir = (std::filesystem::temp_directory_path() / "ledger-bench-XXXXXX").string();
    if (::mkdtemp(dir.data()) == nullptr) return 3;
  }
  const int code = lh::kits::bench(entries, dir);
  if (own) std::filesystem::remove_all(dir);
  return code;
}
