#include "tests/integration/sql_servers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace lh::kits {
namespace {

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

void need(const std::string& program, const char* package) {
  if (::access(program.c_str(), X_OK) != 0) {
    stop(program + " is missing: install the Debian package " + package);
  }
}

void become(const std::string& user) {
  if (user.empty() || ::geteuid() != 0) return;
  const passwd* who = ::getpwnam(user.c_str());
  if (who == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(who->pw_gid) != 0 ||
      ::setuid(who->pw_uid) != 0) {
    ::_exit(126);
  }
}

void give_to(const std::string& path, const std::string& user) {
  if (::geteuid() != 0) return;
  const passwd* who = ::getpwnam(user.c_str());
  if (who == nullptr || ::chown(path.c_str(), who->pw_uid, who->pw_gid) != 0) {
    stop("no user " + user);
  }
}

pid_t spawn(const std::vector<std::string>& argv, const std::string& log, const std::string& user) {
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(out, 1);
  ::dup2(out, 2);
  become(user);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after the change of user, which clears it
  ::execv(words[0], words.data());
  ::_exit(127);
}

bool connects(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool ok = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  ::close(fd);
  return ok;
}

// Asks again every 20 ms, for at most 20 s.
void await(const std::vector<std::string>& question, std::uint16_t port, const std::string& log) {
  for (int i = 0; i < 1000; ++i) {
    if (connects(port) && run_to_end(question, log) == 0) return;
    ::poll(nullptr, 0, 20);
  }
  stop("the server does not start:\n" + load_file(log));
}

const std::string kPostgres = "/usr/lib/postgresql/15/bin/";

}  // namespace

Process Process::start(const std::vector<std::string>& argv, const std::string& log,
                       const std::string& user) {
  Process out;
  out.pid_ = spawn(argv, log, user);
  return out;
}
Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}
Process::~Process() {
  end(SIGKILL);
}
void Process::end(int number) {
  if (pid_ <= 0) return;
  ::kill(pid_, number);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int run_to_end(const std::vector<std::string>& argv, const std::string& log,
               const std::string& user) {
  int status = 0;
  ::waitpid(spawn(argv, log, user), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  ::close(fd);
  return ntohs(at.sin_port);
}

std::string answer_of(const std::vector<std::string>& argv, const ScratchFolder& folder) {
  const std::string log = folder / "answer";
  store_file(log, "");
  if (run_to_end(argv, log) != 0) stop(argv[0] + ":\n" + load_file(log).substr(0, 2000));
  return load_file(log);
}

void make_certificate(const std::string& prefix, const std::string& owner) {
  const std::string key = prefix + ".key";
  const int made = run_to_end(
      {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
       "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3", "-subj", "/CN=127.0.0.1", "-addext",
       "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", prefix + ".pem"},
      prefix + ".log");
  if (made != 0) stop("openssl:\n" + load_file(prefix + ".log"));
  ::chmod(key.c_str(), 0600);
  give_to(key, owner);
}

PostgresServer::PostgresServer() : port_(free_port()) {
  need(kPostgres + "postgres", "postgresql-15");
  give_to(folder_.path(), "postgres");
  const std::string log = folder_ / "log";
  const int made = run_to_end({kPostgres + "initdb", "-D", folder_ / "data", "-U", "lh", "-A",
                               "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-N"},
                              log, "postgres");
  if (made != 0) stop("initdb:\n" + load_file(log));
  make_certificate(folder_ / "server", "postgres");
  store_file(folder_ / "data/pg_hba.conf",
             "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n");
  start();
  std::string quoted;
  for (const char c : std::string(kPassword)) quoted += c == '\'' ? "''" : std::string(1, c);
  sql("CREATE ROLE guarded LOGIN PASSWORD '" + quoted + "'");
}

void PostgresServer::crash() {
  server_.end(SIGQUIT);
}

std::string PostgresServer::sql(const std::string& script) const {
  store_file(folder_ / "script.sql", script);
  return answer_of(
      {kPostgres + "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
       std::to_string(port_), "-U", "lh", "-d", "postgres", "-f", folder_ / "script.sql"},
      folder_);
}

void PostgresServer::start() {
  server_ = Process::start(
      {kPostgres + "postgres", "-D", folder_ / "data", "-p", std::to_string(port_), "-k", "", "-c",
       "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "TimeZone=America/New_York", "-c",
       "ssl=on", "-c", "ssl_cert_file=" + (folder_ / "server.pem"), "-c",
       "ssl_key_file=" + (folder_ / "server.key")},
      folder_ / "log", "postgres");
  await({kPostgres + "psql", "-h", "127.0.0.1", "-p", std::to_string(port_), "-U", "lh", "-d",
         "postgres", "-c", "SELECT 1"},
        port_, folder_ / "psql");
}

MariadbServer::MariadbServer() : port_(free_port()) {
  const std::string program = "/usr/sbin/mariadbd";
  need(program, "mariadb-server");
  const std::string data = folder_ / "data";
  std::filesystem::create_directory(data);
  give_to(folder_.path(), "mysql");
  give_to(data, "mysql");
  const std::string log = folder_ / "log";
  const int made = run_to_end({"/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=" + data,
                               "--auth-root-authentication-method=normal", "--skip-test-db",
                               "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0"},
                              log, "mysql");
  if (made != 0) stop("mariadb-install-db:\n" + load_file(log));
  std::string quoted;
  for (const char c : std::string(kPassword)) quoted += c == '\'' ? "''" : std::string(1, c);
  store_file(folder_ / "init.sql",
             "CREATE DATABASE d CHARACTER SET utf8mb4;\n"
             "CREATE USER 'lh'@'127.0.0.1' IDENTIFIED BY '" +
                 quoted + "';\nGRANT ALL ON d.* TO 'lh'@'127.0.0.1';\n");
  give_to(folder_ / "init.sql", "mysql");
  make_certificate(folder_ / "server", "mysql");
  server_ = Process::start(
      {program, "--no-defaults", "--ssl-cert=" + (folder_ / "server.pem"),
       "--ssl-key=" + (folder_ / "server.key"), "--datadir=" + data,
       "--port=" + std::to_string(port_), "--bind-address=127.0.0.1", "--socket=" + (folder_ / "s"),
       "--pid-file=" + (folder_ / "pid"), "--init-file=" + (folder_ / "init.sql"),
       "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M",
       "--innodb-buffer-pool-size=32M", "--default-time-zone=-05:00", "--skip-name-resolve",
       "--max-allowed-packet=32M"},
      log, "mysql");
  await({"/usr/bin/mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", std::to_string(port_),
         "-ulh", std::string("-p") + kPassword, "-e", "SELECT 1", "d"},
        port_, folder_ / "client");
}

std::string MariadbServer::sql(const std::string& script) const {
  store_file(folder_ / "script.sql", script);
  return answer_of(
      {"/usr/bin/mariadb", "--no-defaults", "-N", "-B", "--raw", "--default-character-set=utf8mb4",
       "-h", "127.0.0.1", "-P", std::to_string(port_), "-ulh", std::string("-p") + kPassword, "-e",
       "source " + (folder_ / "script.sql"), "d"},
      folder_);
}

SqliteFile::SqliteFile() {
  need("/usr/bin/sqlite3", "sqlite3");
}

std::string SqliteFile::sql(const std::string& script) const {
  store_file(folder_ / "script.sql", script);
  return answer_of(
      {"/usr/bin/sqlite3", "-batch", "-bail", path(), ".read " + (folder_ / "script.sql")},
      folder_);
}

}  // namespace lh::kits
