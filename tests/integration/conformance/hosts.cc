// The kind "host": a CSV file in GB18030 behind a front-end machine, everything over its wire.
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "adapters/file/file_source.h"
#include "adapters/host/host_kind.h"
#include "hub/app/peers/host_worker.h"
#include "kit.h"
#include "tests/integration/adapters_formats_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh::conformance {
namespace {

using adapters::host::Owner;

const Owner kFront{"11990100MB9900021U", "front"};

// A front-end machine: asks, performs, answers, as the loop does over HTTPS.
class FrontEnd {
 public:
  FrontEnd(adapters::host::Broker& broker, const std::string& file) : broker_(broker) {
    hub::app::HostedSource hosted;
    hosted.source = adapters::parse_settings("kind = 'file'\nencoding = 'gb18030'\n").value();
    hosted.input = file;
    config_.adapters.emplace("firms", std::move(hosted));
    kinds_.add(adapters::file::make_kind());
    thread_ = std::thread([this] { serve(); });
  }
  FrontEnd(const FrontEnd&) = delete;
  FrontEnd& operator=(const FrontEnd&) = delete;
  ~FrontEnd() {
    stop_ = true;
    broker_.stop();
    thread_.join();
  }
  std::atomic<bool> silent = false;  // takes tasks and answers none

 private:
  void serve() {
    hub::app::HostWorker worker(config_, kinds_);
    while (!stop_) {
      std::promise<std::optional<std::string>> given;
      broker_.take({kFront}, [&given](auto task) { given.set_value(std::move(task)); });
      const auto text = given.get_future().get();
      if (!text || silent) continue;
      const auto task = adapters::host::parse_task(*text).value();
      ignore(broker_.answer(kFront, task.id, to_json(worker.perform(task))), "too late is late");
    }
  }
  adapters::host::Broker& broker_;
  hub::app::HostConfig config_;
  adapters::Kinds kinds_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class HostBench final : public Bench {
 public:
  std::string name() const override { return "host, CSV"; }
  const adapters::Kind& kind() const override { return *kind_; }
  bool writes_gb18030() const override { return true; }
  std::string toml() const override { return toml_waiting(20000); }
  void put(const Table& table) override {
    adapters::file::Rows rows;
    for (const Row& row : table.rows) rows.push_back({row.k, row.v.value_or("")});
    Bytes bytes = adapters::file::write_csv(rows, adapters::file::Encoding::kGb18030);
    for (std::size_t at = 0; (at = bytes.find(kBadMark, at)) != Bytes::npos;) {
      bytes.replace(at, std::string(kBadMark).size(), table.bad);
    }
    kits::store_file(file(), bytes);
  }
  std::optional<Outcome> own(Case id) override {
    switch (id) {
      case Case::kTargets:
      case Case::kRedirects:
        return not_applicable("the hub calls nobody: the front-end machine dials out");
      case Case::kPaths:
        return paths();
      case Case::kXml:
      case Case::kSizes:
      case Case::kClock:
      case Case::kLobs:
        return not_applicable("as the kind of the source behind it");
      case Case::kZip:
        return packed();
      case Case::kHalfClosed:
        return nobody();
      case Case::kDripping:
        return silence();
      default:
        return std::nullopt;
    }
  }

 private:
  std::string file() const { return folder_ / "rows.csv"; }
  static std::string toml_waiting(int ms, const std::string& system = "front") {
    return "kind = 'host'\norganisation = '" + kFront.organisation + "'\nsystem = '" + system +
           "'\nadapter = 'firms'\npage_rows = 100\nwait_ms = " + std::to_string(ms) + "\n";
  }
  // The hub cannot make the machine open anything its own configuration does not name.
  Outcome paths() {
    std::string other = toml_waiting(2000);
    other.replace(other.find("'firms'"), 7, "'../../etc/passwd'");
    const Read read = pull(other);
    return read.end.starts_with("adapter.unknown") ? passes() : fails(read.end);
  }
  Outcome packed() {
    put({{{"1", "a"}}});
    kits::store_file(file(), gzip_of(kits::load_file(file())));
    return refuses(pull(), {"row.", "source.", "mapping."});
  }
  static Outcome in_time(const std::function<Read()>& pull) {
    const auto begin = std::chrono::steady_clock::now();
    const Read read = pull();
    if (!read.end.starts_with("source.unavailable")) return fails(read.end);
    const bool late = std::chrono::steady_clock::now() - begin > std::chrono::seconds(3);
    return late ? fails("the deadline did not hold") : passes();
  }
  Outcome nobody() {
    return in_time([this] { return pull(toml_waiting(300, "a machine that never came")); });
  }
  Outcome silence() {
    put({{{"1", "a"}}});
    front_.silent = true;
    const Outcome out = in_time([this] { return pull(toml_waiting(300)); });
    front_.silent = false;
    return out;
  }

  kits::ScratchFolder folder_;
  kits::SeededRandom random_{1};
  adapters::host::Broker broker_{random_};
  std::unique_ptr<adapters::Kind> kind_ = adapters::host::make_kind(broker_);
  FrontEnd front_{broker_, file()};
};

}  // namespace

void add_hosts(Benches& to) {
  to.push_back(std::make_unique<HostBench>());
}

}  // namespace lh::conformance
