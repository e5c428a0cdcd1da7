// The kind "drop": files that arrive in a folder, on this machine or behind OpenSSH's sshd.
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "adapters/drop/drop_kind.h"
#include "kit.h"
#include "tests/integration/adapters_formats_kit.h"
#include "tests/integration/sql_servers.h"

namespace lh::conformance {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  char piece[256];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) out += piece;
  ::pclose(pipe);
  return out;
}

class DropBench : public Bench {
 public:
  DropBench() {
    for (const char* name : {"in", "spool"}) fs::create_directory(folder_ / name);
    clock.by_ms = 3'600'000;  // files made a moment ago are old
  }
  std::string name() const override { return "drop, local"; }
  const adapters::Kind& kind() const override { return *kind_; }
  bool writes_gb18030() const override { return true; }
  std::string toml() const override { return toml_of("*.csv", {}); }
  std::string input() const override { return {}; }
  void put(const Table& table) override {
    adapters::file::Rows rows;
    for (const Row& row : table.rows) rows.push_back({row.k, row.v.value_or("")});
    Bytes bytes = adapters::file::write_csv(rows, adapters::file::Encoding::kGb18030);
    for (std::size_t at = 0; (at = bytes.find(kBadMark, at)) != Bytes::npos;) {
      bytes.replace(at, std::string(kBadMark).size(), table.bad);
    }
    drop("1.csv", bytes);
  }

  std::optional<Outcome> own(Case id) override {
    switch (id) {
      case Case::kTargets:
      case Case::kHalfClosed:
      case Case::kDripping:
        return not_applicable("a folder on this machine");
      case Case::kRedirects:
        return not_applicable("no protocol with redirects");
      case Case::kPaths:
        return paths();
      case Case::kXml:
        return xml();
      case Case::kZip:
        return packed();
      case Case::kLobs:
        return not_applicable("text only; DBF memos are not read from a folder");
      case Case::kClock:
        return clocks();
      case Case::kSizes:
        return widths();
      default:
        return std::nullopt;
    }
  }

 protected:
  virtual std::string place() const { return "folder = '" + (folder_ / "in") + "'\n"; }
  // What stands outside is not reached; a name of its own in the folder is.
  virtual Outcome paths() {
    put({{{"1", "a"}}});
    kits::store_file(folder_ / "outside.csv", "A,名称\nsecret,secret\n");
    fs::create_symlink(folder_ / "outside.csv", folder_ / "in/link.csv");
    fs::create_directory(folder_ / "in/folder.csv");
    const bool piped = ::mkfifo((folder_ / "in/pipe.csv").c_str(), 0600) == 0;
    const Read read = pull();
    for (const char* gone : {"in/link.csv", "in/folder.csv", "in/pipe.csv"}) {
      fs::remove(folder_ / gone);
    }
    if (read.end != "end" || read.column(1) != std::vector<std::string>{"a"}) {
      return fails(read.end);
    }
    const Read outside = pull(toml_of("../*.csv", {}));
    if (!piped || !outside.end.starts_with("mapping.invalid")) return fails(outside.end);
    return passes();
  }
  std::string toml_of(const std::string& pattern, const std::string& file) const {
    return "kind = 'drop'\nheader = ['" + std::string(file.empty() ? "A', '名称" : "k', 'v") +
           "']\npattern = '" + pattern + "'\n" + place() + "[file]\n" +
           (file.empty() ? "encoding = 'gb18030'\n" : file);
  }
  void drop(const std::string& name, const Bytes& bytes) {
    for (const auto& item : fs::directory_iterator(folder_ / "in")) fs::remove(item.path());
    kits::store_file(folder_ / ("in/" + name), bytes);
  }

  kits::ScratchFolder folder_;
  std::unique_ptr<adapters::Kind> kind_ = adapters::drop::make_kind(with);

 private:
  Outcome xml() {
    for (const std::string& document : hostile_documents()) {
      drop("1.xml", document);
      const Read read = pull(toml_of("*.xml",
                                     "encoding = 'utf-8'\nformat = 'xml'\nrows = '/t/r'\n"
                                     "columns = [{name = 'k', path = 'k'}, {name = 'v', path = "
                                     "'v'}]\n"));
      const Outcome out = refuses(read, {"source.", "xml.", "input.", "row."});
      if (out.is != Outcome::Is::kPasses) return fails(document.substr(0, 40) + ": " + out.why);
    }
    return passes();
  }
  Outcome packed() {
    for (const Bytes& bytes : {gzip_of("A,名称\n1,a\n"), Bytes("PK\x03\x04....", 8)}) {
      drop("1.csv", bytes);
      const Outcome out = refuses(pull(), {"adapter.unsupported", "mapping.", "source.", "row."});
      if (out.is != Outcome::Is::kPasses) return out;
    }
    return passes();
  }
  // A writer whose clock is ahead: its file waits until it has settled, and is not lost.
  Outcome clocks() {
    put({{{"1", "a"}}});
    clock.by_ms = -3'600'000;
    const Read before = pull();
    clock.by_ms = 3'600'000;
    if (before.end != "end" || !before.rows.empty()) return fails("taken before it settled");
    return pull().rows.size() == 1 ? passes() : fails("the file was lost");
  }
  Outcome widths() {
    drop("1.csv", "A,名称\n1,a\n2,b,c\n3\n4,d\n");
    const Read read =
        pull(toml_of("*.csv", {}).replace(toml_of("*.csv", {}).find("gb18030"), 7, "utf-8"));
    const std::vector<std::string> expected{"a", "!row.width", "!row.width", "d"};
    if (read.end != "end" || read.column(1) != expected) return fails(read.end);
    return passes();
  }
};

class SftpBench final : public DropBench {
 public:
  SftpBench() {
    const std::string d = folder_.path();
    std::error_code ignored;
    fs::create_directory("/run/sshd", ignored);
    output_of("ssh-keygen -q -t ed25519 -N '' -f " + d + "/host");
    output_of("ssh-keygen -q -t ecdsa -m PEM -N '' -f " + d + "/user");
    const std::string line = output_of("ssh-keygen -l -f " + d + "/host.pub");
    fingerprint_ = line.substr(line.find("SHA256:"), 50);
    user_ = output_of("id -un");
    user_.pop_back();
    at_ = {"127.0.0.1", kits::free_port()};
    kits::store_file(folder_ / "sshd_config",
                     "Port " + std::to_string(at_.port) + "\nListenAddress 127.0.0.1\nHostKey " +
                         d + "/host\nAuthorizedKeysFile " + d +
                         "/user.pub\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n"
                         "PasswordAuthentication no\nSubsystem sftp internal-sftp\n"
                         "ForceCommand internal-sftp\n");
    fs::permissions(folder_ / "host", fs::perms::owner_read);
    server_ = kits::Process::start(
        {"/usr/sbin/sshd", "-D", "-f", folder_ / "sshd_config", "-E", folder_ / "sshd.log"},
        folder_ / "out.log");
    secrets.values["key"] = kits::load_file(folder_ / "user");
    with.allowed_targets = {at_.text()};
    put({{{"1", "a"}}});
    for (int i = 0; i < 200 && pull().end != "end"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  std::string name() const override { return "drop, SFTP"; }
  std::string toml_at(const Address& at, int deadline_ms) const override {
    const Address before = std::exchange(at_, at);
    const int seconds = std::exchange(seconds_, std::max(1, deadline_ms / 1000));
    std::string out = toml();
    at_ = before;
    seconds_ = seconds;
    return out;
  }
  std::optional<Outcome> own(Case id) override {
    if (id == Case::kTargets || id == Case::kHalfClosed || id == Case::kDripping) {
      return std::nullopt;
    }
    return DropBench::own(id);
  }

 private:
  std::string place() const override {
    return DropBench::place() + "spool = '" + (folder_ / "spool") + "'\nsftp = {host = '" +
           at_.host + "', port = " + std::to_string(at_.port) + ", user = '" + user_ +
           "', fingerprint = '" + fingerprint_ +
           "', key = 'key', timeout_seconds = " + std::to_string(seconds_) + "}\n";
  }
  std::string fingerprint_;
  std::string user_;
  mutable Address at_;
  mutable int seconds_ = 5;
  kits::Process server_;
};

}  // namespace

void add_drops(Benches& to) {
  to.push_back(std::make_unique<DropBench>());
  to.push_back(std::make_unique<SftpBench>());
}

}  // namespace lh::conformance
