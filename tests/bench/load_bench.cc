// Bulk load from a generated file to durable and audited (RocksDB in a folder of its own, synced):
// base data of legal entities, licences collected and signed, and both at once. Aims: base data
// 20,000 rows/s, licences 8,000/s; 30,000 rows/s of base data on one core (taskset -c 0, 1 worker),
// at most 64 MiB over idle at a million rows.
// Usage: load_bench [rows] [workers] [base|licences|both]
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "adapters/file/file_source.h"
#include "hub/ingest/collection.h"
#include "hub/store/rocksdb_store.h"
#include "tests/kits/scratch_folder.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

constexpr std::string_view kHead = R"(
version = 1
issuer_name = "测试登记机关"
[source]
kind = "file"
encoding = "utf-8"
header = ["code", "name", "type", "scope", "domicile", "day"]
)";
constexpr std::string_view kBase = R"(
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
[outputs.fields]
uscc = { column = "code", convert = ["half_width", "trim", "upper"], check = ["uscc"], required = true }
name = { column = "name", convert = ["collapse"], check = ["max:512"], required = true }
entity_type = { column = "type", convert = ["collapse"], check = ["max:256"] }
establishment_date = { column = "day", convert = ["half_width", "trim", "date"], required = true }
business_scope = { column = "scope", convert = ["collapse"], check = ["max:65536"] }
domicile = { column = "domicile", convert = ["collapse"], check = ["max:2048"] }
)";
constexpr std::string_view kLicence = R"(
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "enterprise_name" }
status = "valid"
valid_from = "establishment_date"
division = "990100"
[outputs.fields]
certificate_number = { column = "code", convert = ["half_width", "trim", "upper"], check = ["uscc"], required = true }
enterprise_name = { column = "name", convert = ["collapse"], check = ["max:512"], required = true }
uscc = { column = "code", convert = ["half_width", "trim", "upper"], check = ["uscc"], required = true }
enterprise_type = { column = "type", convert = ["collapse"], check = ["max:256"] }
establishment_date = { column = "day", convert = ["half_width", "trim", "date"], required = true }
business_scope = { column = "scope", convert = ["collapse"], check = ["max:65536"] }
domicile = { column = "domicile", convert = ["collapse"], check = ["max:2048"] }
)";

std::string code_of(std::size_t number) {
  std::string text = "91990100MA" + std::to_string(1000000 + number);
  text.push_back(*mod31_3(text));
  return text;
}

// Rows of 250 bytes in the mean: a scope of 12 to 228 bytes.
void write_dump(const std::string& path, std::size_t rows) {
  kits::SeededRandom random(11);
  FILE* file = std::fopen(path.c_str(), "w");
  std::fputs("code,name,type,scope,domicile,day\n", file);
  for (std::size_t i = 0; i < rows; ++i) {
    std::string scope = "食品销售";
    for (std::uint64_t n = random.below(13); n > 0; --n) scope += "；预包装食品";
    std::fprintf(
        file, "%s,测试企业%06zu有限公司,有限责任公司,%s,测试市测试区测试路%zu号,2019-%02u-%02u\n",
        code_of(i).c_str(), i, scope.c_str(), i % 500, static_cast<unsigned>(1 + i % 12),
        static_cast<unsigned>(1 + i % 28));
  }
  std::fclose(file);
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}
// Resident now; the peak says nothing once an earlier load was larger.
long resident_mib() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0;
  statm >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE) >> 20;
}

// The kit's hub, over a store on disk.
class DiskHub : public kits::LicenceHub {
 public:
  explicit DiskHub(const std::string& folder)
      : kits::LicenceHub(
            [&folder] {
              hub::store::RocksdbSettings settings;
              settings.path = folder + "/store";
              settings.mode = hub::store::OpenMode::kCreate;
              return hub::store::open_rocksdb(settings).value();
            }(),
            folder + "/checkpoint") {
    Secret secret = Secret::zeroed(32);
    random.fill(secret.data(), secret.size());
    keys.put("quarantine", std::move(secret), random).value();
  }
};

// What one ES256 signature costs here and now, on one thread: the measure of a shared machine
// (24 us when the processor is not shared).
double signature_us() {
  crypto::SystemRandom random;
  const auto key = crypto::PrivateKey::generate(crypto::Algorithm::kEs256, random).value();
  const auto thread_seconds = [] {  // compactions of the load may still be going on
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
  };
  constexpr int kRounds = 4000;
  const double begin = thread_seconds();
  for (int i = 0; i < kRounds; ++i) {
    if (!key.sign("measure").ok()) std::exit(1);
  }
  return (thread_seconds() - begin) * 1e6 / kRounds;
}

struct Measured {
  const char* name;
  std::string toml;
};

void run(const Measured& what, const std::string& dump, std::size_t rows, int workers) {
  kits::ScratchFolder folder;
  DiskHub hub(folder.path());
  const auto mapping = adapters::parse_mapping(what.toml).value();
  for (const char* pass : {"first", "again"}) {
    auto source =
        adapters::file::open_csv(dump, adapters::file::read_settings(mapping.source).value(), {})
            .value();
    hub::ingest::Collection collection(hub::ingest::CollectionParts{
        *hub.store, *hub.office, *hub.directory, *hub.base_data, hub.gate, *hub.maker, hub.keys,
        hub.random, hub.clock,
        [&hub](hub::ledger::Change change, hub::ledger::Continuation next) {
          hub.ledger->submit(std::move(change), std::move(next));
        },
        workers});
    const long idle = resident_mib();
    const double cpu = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    const auto counts = collection.load({mapping.name, kits::uscc_of(kits::kBureau), "bench"},
                                        mapping, *source, *hub.catalogue.policy(), {});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (!counts.ok()) {
      std::printf("%s: %s\n", what.name, counts.error().describe().c_str());
      std::exit(1);
    }
    const double n = static_cast<double>(rows);
    const double used = (cpu_seconds() - cpu) * 1e6 / n;
    std::printf(
        "%-22s %-6s %8.0f rows/s  %6.1f us CPU a row (a signature %.0f us)  new %llu same %llu  "
        "idle %ld peak %ld MiB\n",
        what.name, pass, n / took.count(), used, signature_us(),
        static_cast<unsigned long long>(counts->fresh),
        static_cast<unsigned long long>(counts->same), idle, peak_mib());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace lh

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100000;
  const int workers = argc > 2 ? std::atoi(argv[2]) : 2;
  const lh::kits::ScratchFolder folder;
  const std::string dump = folder / "dump.csv";
  lh::write_dump(dump, rows);
  const auto toml = [](const char* name, std::string_view outputs) {
    return "name = \"" + std::string(name) + "\"" + std::string(lh::kHead) + std::string(outputs);
  };
  const std::string both = std::string(lh::kBase) + std::string(lh::kLicence);
  const std::string only = argc > 3 ? argv[3] : "";
  if (only.empty() || only == "base")
    lh::run({"base data", toml("base", lh::kBase)}, dump, rows, workers);
  if (only.empty() || only == "licences")
    lh::run({"licences, signed", toml("licences", lh::kLicence)}, dump, rows, workers);
  if (only.empty() || only == "both")
    lh::run({"base data and licence", toml("both", both)}, dump, rows, workers);
  return 0;
}
