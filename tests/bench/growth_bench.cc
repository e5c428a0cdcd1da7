// Whether a plan and a fetch cost more the more licences the hub holds: 300 companies with a
// case each in a RocksDB store on disk, among 10,000 to a million licences of others. The others'
// rows are copies of a real licence's under random keys, so nobody can read them and the store
// cannot tell the difference. One thread; CPU and time of each operation.
// Usage: growth_bench [most licences [MiB of block cache]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include <unistd.h>

#include "base/random.h"
#include "hub/store/rocksdb_store.h"
#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using hub::store::Family;

constexpr int kCompanies = 300;
constexpr int kMaterials = 12;
constexpr int kBlocks = 20;
constexpr int kRounds = 300;

double cpu_us() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

std::unique_ptr<hub::store::Store> open_store(const std::filesystem::path& dir,
                                              std::size_t cache_mib) {
  hub::store::RocksdbSettings settings;
  settings.path = dir.string();
  settings.mode = hub::store::OpenMode::kCreate;
  settings.block_cache_bytes = cache_mib << 20U;
  return hub::store::open_rocksdb(settings).value();
}

class GrowingHub : public kits::LicenceHub {
 public:
  explicit GrowingHub(std::unique_ptr<hub::store::Store> on) : LicenceHub(std::move(on)) {
    demand_twelve();
    for (int i = 1; i <= kCompanies; ++i) {
      issue(business_request(i));
      const auto plan = open(i);
      cases.push_back(CaseId::parse(kits::text_of(plan, "case_id")).value());
      references.push_back(kits::text_of(plan.find("materials")->items()->front(), "reference"));
      ++held;
    }
  }

  // Copies of the rows of one licence until there are that many.
  void grow(std::uint64_t to) {
    const auto rows = rows_of_one();
    while (held < to) {
      hub::store::Batch batch;
      for (int i = 0; i < 500 && held < to; ++i, ++held) copy(rows, batch);
      store->commit(batch, hub::store::Durability::kBuffered).value();
    }
    store->flush().value();
  }

  void measure(const std::shared_ptr<const hub::access::Policy>& policy) {
    const auto who = bureau();
    run("plan of 12", [&](std::size_t i) {
      if (!exchange->read_case(cases[i], who, *policy).ok()) std::abort();
    });
    run("fetch", [&](std::size_t i) {
      auto q = kits::CaseHub::fetch_request(references[i], number_of(static_cast<int>(i) + 1));
      if (!exchange->fetch(q, "{}", who, *policy).ok()) std::abort();
    });
  }

  std::vector<CaseId> cases;
  std::vector<std::string> references;
  std::uint64_t held = 0;

 private:
  static std::string number_of(int company) { return "CASE-" + std::to_string(company); }

  void demand_twelve() {
    auto matter =
        *catalogue.policy()->find_matter(kits::kFoodMatter, parse_date("2026-11-22").value());
    const auto like = matter.materials.front();
    matter.version = 2;
    matter.materials.assign(kMaterials, like);
    for (std::size_t i = 0; i < matter.materials.size(); ++i) {
      matter.materials[i].code = "B" + std::to_string(i);
    }
    activate_all(hub::access::ObjectKind::kMatter,
                 {schemas::to_text(schemas::matter_to_json(matter))});
  }

  schemas::Json open(int company) {
    schemas::CaseRequest q;
    q.matter = kits::kFoodMatter;
    q.case_number = number_of(company);
    q.applicant = kits::test_company(company);
    q.region = "990100";
    q.officer = officer();
    return answer(exchange->open_case(q, "{}", bureau(), *catalogue.policy()));
  }

  std::vector<hub::store::Row> rows_of_one() {
    std::vector<hub::store::Row> out;
    for (const char* prefix : {"K", "V", "W", "N"}) {
      const auto found = store->latest().scan(Family::kData, prefix, {}, 1).value();
      out.push_back(found.front());
    }
    return out;
  }

  // The same rows under a key of their own and a holder of their own.
  void copy(const std::vector<hub::store::Row>& rows, hub::store::Batch& batch) {
    const auto licence = random.array<16>();
    const auto holder = random.array<8>();
    for (const auto& row : rows) {
      Bytes place = row.key;
      const auto put = [&place](std::size_t at, ByteView bytes) {
        std::copy(bytes.begin(), bytes.end(), place.begin() + static_cast<std::ptrdiff_t>(at));
      };
      switch (place[0]) {
        case 'W':
          put(1, view(holder));
          put(place.size() - licence.size(), view(licence));
          break;
        default:
          put(1, view(licence));
      }
      batch.puts.emplace_back(Family::kData, std::move(place), row.value);
    }
  }

  template <class F>
  void run(const char* name, F one) {
    std::vector<double> times;
    for (std::size_t i = 0; i < kCompanies; ++i) one(i);
    std::vector<double>
        blocks;  // CPU an operation; others use the machine too: the least is its own
    for (int block = 0; block < kBlocks; ++block) {
      const double begin = cpu_us();
      for (int i = 0; i < kRounds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        one(read_be32(view(random.array<4>())) % kCompanies);
        const auto took = std::chrono::steady_clock::now() - start;
        times.push_back(std::chrono::duration<double, std::micro>(took).count());
      }
      blocks.push_back((cpu_us() - begin) / kRounds);
    }
    std::sort(times.begin(), times.end());
    std::sort(blocks.begin(), blocks.end());
    std::printf(
        "%9llu licences  %-11s CPU %7.1f us (least of %d blocks; median %7.1f), p50 %7.1f us,"
        " p99 %7.1f us\n",
        static_cast<unsigned long long>(held), name, blocks.front(), kBlocks,
        blocks[blocks.size() / 2], times[times.size() / 2], times[times.size() * 99 / 100]);
    std::fflush(stdout);
  }
};

}  // namespace
}  // namespace lh

int main(int argc, char** argv) {
  using namespace lh;
  const std::uint64_t most = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000000;
  const std::size_t cache_mib = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 24;
  const auto dir = std::filesystem::temp_directory_path() /
                   ("growth_bench." + std::to_string(static_cast<long>(::getpid())));
  {
    GrowingHub hub(open_store(dir, cache_mib));
    for (std::uint64_t n = 10000; n <= most; n *= 10) {
      hub.grow(n);
      hub.measure(hub.catalogue.policy());
    }
  }
  std::filesystem::remove_all(dir);
  return 0;
}
