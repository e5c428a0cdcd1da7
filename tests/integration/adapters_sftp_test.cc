// The same folder behind OpenSSH's sshd, started by the test on loopback.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <thread>

#include "adapters_drop_kit.h"

namespace lh::adapters::drop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// A port that was free a moment ago.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(fd, any, size), 0);
  EXPECT_EQ(::getsockname(fd, any, &size), 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  char piece[256];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) out += piece;
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return out;
}

class Sftp : public DropScratch {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists("/usr/sbin/sshd")) << "needs the package openssh-server";
    std::error_code ignored;
    std::filesystem::create_directory("/run/sshd", ignored);
    output_of("ssh-keygen -q -t ed25519 -N '' -f " + path("host"));
    output_of("ssh-keygen -q -t ecdsa -m PEM -N '' -f " + path("user"));
    const std::string line = output_of("ssh-keygen -l -f " + path("host.pub"));
    fingerprint_ = line.substr(line.find("SHA256:"), 50);
    user_ = output_of("id -un");
    user_.pop_back();
    port_ = free_port();
    write(
        "Port " + std::to_string(port_) + "\nListenAddress 127.0.0.1\nHostKey " + path("host") +
            "\nAuthorizedKeysFile " + path("user.pub") +
            "\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n"
            "PasswordAuthentication no\nSubsystem sftp internal-sftp\nForceCommand internal-sftp\n",
        "sshd_config");
    std::filesystem::permissions(path("host"), std::filesystem::perms::owner_read);
    start();
    std::ifstream key(path("user"));
    secrets_.values["key"] = std::string(std::istreambuf_iterator<char>(key), {});
    secrets_.values["password"] = "wrong";
    around_.allowed_targets = {"127.0.0.1:" + std::to_string(port_)};
  }
  void TearDown() override { stop(); }

  void start() {
    server_ = ::fork();
    if (server_ == 0) {
      const std::string config = path("sshd_config");
      const std::string log = path("sshd.log");
      ::execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-f", config.c_str(), "-E", log.c_str(),
              nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 200 && !listens(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  void stop() {
    if (server_ <= 0) return;
    ::kill(server_, SIGTERM);
    ::waitpid(server_, nullptr, 0);
    server_ = 0;
  }
  bool listens() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool ok = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return ok;
  }

  std::string where() const override {
    return DropScratch::where() + "spool = \"" + path("spool") + "\"\nsftp = {host = \"" + host_ +
           "\", port = " + std::to_string(port_) + ", user = \"" + user_ + "\", fingerprint = \"" +
           fingerprint_ + "\", " + login_ + ", timeout_seconds = 5}\n";
  }

  std::string host_ = "127.0.0.1";
  std::string fingerprint_;
  std::string user_;
  std::string login_ = "key = \"key\"";
  int port_ = 0;
  pid_t server_ = 0;
};

TEST_F(Sftp, FilesAreFetchedReadOnceAndArchived) {
  std::string big = "a\n";
  for (int i = 0; i < 50'000; ++i) big += "测试" + std::to_string(i) + "\n";
  drop("1.csv", "a\nx\n");
  drop("2.csv", big);
  write("a\nsecret\n", "outside.csv");
  std::filesystem::create_symlink(path("outside.csv"), path("in/link.csv"));
  std::filesystem::create_directory(path("in/folder.csv"));
  const Read half = pull(source(archive()), {}, 30'000);
  ASSERT_EQ(half.error, "");
  stop();  // the source goes away in the middle of a load, and comes back
  EXPECT_THAT(pull(source(archive()), half.cursor).error, StartsWith("source.unavailable"));
  start();
  const Read rest = pull(source(archive()), half.cursor, 100'000);
  ASSERT_EQ(rest.error, "");
  ASSERT_EQ(half.values.size() + rest.values.size(), 50'001U);
  EXPECT_EQ(rest.values.front(), "测试29999");
  EXPECT_EQ(rest.values.back(), "测试49999");
  EXPECT_EQ(rest.numbers.back(), 50'001U);
  EXPECT_THAT(pull(source(archive()), rest.cursor).values, IsEmpty());
  EXPECT_THAT(names("done"), ElementsAre("1.csv", "2.csv"));
  EXPECT_THAT(names("in"), ElementsAre("folder.csv", "link.csv"));
  EXPECT_THAT(names("spool"), IsEmpty());  // what was fetched never had a name
}

TEST_F(Sftp, WhatWasReadIsThereForAComparison) {
  const auto rows = [this](const Cursor& read) {
    std::vector<std::string> out;
    auto opened = make_kind(around_)->stock(source(archive()), {}, read);
    EXPECT_TRUE(opened.ok()) << opened.error().describe();
    while (opened.ok()) {
      auto row = (*opened)->next();
      EXPECT_TRUE(row.ok()) << row.error().describe();
      if (!row.ok() || !*row) break;
      out.push_back((*row)->values[0]);
    }
    return out;
  };
  drop("1.csv", "a\n1\n2\n");
  const Read first = pull(source(archive()));
  drop("0.csv", "a\n3\n");
  const Read second = pull(source(archive()), first.cursor);
  drop("2.csv", "a\nwaits\n");
  EXPECT_THAT(names("done"), ElementsAre("1.csv"));
  EXPECT_THAT(rows(second.cursor), ElementsAre("1", "2", "3"));
  EXPECT_THAT(names("spool"), IsEmpty());
}

TEST_F(Sftp, AnArchivedNameIsNotWrittenOver) {
  drop("1.csv", "a\nx\n");
  write("older", "done/1.csv");
  const Read read = pull(source(archive()));
  EXPECT_THAT(read.values, ElementsAre("x"));
  EXPECT_EQ(pull(source(archive()), read.cursor).error, "");
  EXPECT_THAT(names("done"), ElementsAre("1.csv", "1.csv.1"));
}

TEST_F(Sftp, OnlyThePinnedHostIsTalkedTo) {
  drop("1.csv", "a\nx\n");
  const std::string good = fingerprint_;
  fingerprint_[7] = fingerprint_[7] == 'A' ? 'B' : 'A';
  EXPECT_THAT(pull(source()).error, StartsWith("source.refused: SFTP: the host shows another key"));
  std::ifstream log(path("sshd.log"));
  const std::string said(std::istreambuf_iterator<char>(log), {});
  EXPECT_THAT(said, ::testing::Not(HasSubstr("user " + user_)));  // not even the account's name
  fingerprint_ = good;
  EXPECT_THAT(pull(source()).values, ElementsAre("x"));
}

TEST_F(Sftp, OnlyAllowedTargetsAreCalled) {
  around_.allow_loopback = false;
  EXPECT_THAT(pull(source()).error, StartsWith("source.target"));
  around_.allow_loopback = true;
  around_.allowed_targets = {"127.0.0.1:22"};
  EXPECT_THAT(pull(source()).error, StartsWith("source.target"));
  host_ = "localhost";
  around_.allowed_targets = {"127.0.0.1:" + std::to_string(port_)};
  EXPECT_THAT(pull(source()).error, StartsWith("source.target"));
}

TEST_F(Sftp, AnAccountThatIsNotLetInIsRefused) {
  login_ = "password = \"password\"";
  EXPECT_THAT(pull(source()).error, StartsWith("source.refused"));
  login_ = "key = \"nowhere\"";
  EXPECT_THAT(pull(source()).error, StartsWith("key.missing"));
  secrets_.values["bad"] = "not a key";
  login_ = "key = \"bad\"";
  EXPECT_THAT(pull(source()).error, StartsWith("source.refused"));
}

TEST_F(Sftp, APushIsOneFileOnce) {
  const auto push = make_kind(around_)->push(source()).value();
  ASSERT_TRUE(push->send("7", {{"名称", "甲"}}).ok());
  ASSERT_TRUE(push->send("7", {{"名称", "乙"}}).ok());
  EXPECT_THAT(names("out"), ElementsAre("7.csv"));
  EXPECT_EQ(file::read_file(path("out/7.csv"), {}).at(0).values[0], "甲");
  stop();
  EXPECT_EQ(push->send("8", {{"名称", "甲"}}).error().id(), "source.unavailable");
}

}  // namespace
}  // namespace lh::adapters::drop
