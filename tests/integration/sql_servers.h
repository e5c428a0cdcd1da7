// Real databases for a test: a server of its own on a free port of loopback, in a scratch folder,
// gone with the test program. A missing server program is a failure that names its package.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/kits/scratch_folder.h"

namespace lh::kits {

// A process that is killed and waited for in the end.
class Process {
 public:
  Process() = default;
  static Process start(const std::vector<std::string>& argv, const std::string& log,
                       const std::string& user = {});
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();
  void end(int number);  // by this signal, and waited for

 private:
  pid_t pid_ = -1;
};

int run_to_end(const std::vector<std::string>& argv, const std::string& log,
               const std::string& user = {});
std::uint16_t free_port();

// PostgreSQL 15, superuser lh without a password on loopback, database postgres in UTF-8; role
// "guarded" with the password of kPassword (SCRAM).
class PostgresServer {
 public:
  PostgresServer();
  void start();
  // Immediate shutdown: all its processes end at once, nothing is written out, connections break.
  void crash();
  std::uint16_t port() const { return port_; }
  std::string certificate() const { return folder_ / "server.pem"; }
  // By psql, not by our code: the truth a test compares with. A value a line, parts split by |.
  std::string sql(const std::string& script) const;

 private:
  ScratchFolder folder_;
  std::uint16_t port_;
  Process server_;
};

// MariaDB, user lh with kPassword, database d in utf8mb4.
class MariadbServer {
 public:
  MariadbServer();
  std::uint16_t port() const { return port_; }
  std::string certificate() const { return folder_ / "server.pem"; }
  std::string sql(const std::string& script) const;  // by mariadb; parts split by tab

 private:
  ScratchFolder folder_;
  std::uint16_t port_;
  Process server_;
};

// A database file, made and asked by sqlite3.
class SqliteFile {
 public:
  SqliteFile();
  std::string path() const { return folder_ / "data.db"; }
  std::string sql(const std::string& script) const;

 private:
  ScratchFolder folder_;
};

// A certificate for 127.0.0.1, signed by itself: prefix.pem and prefix.key. By openssl.
void make_certificate(const std::string& prefix, const std::string& owner);

// What a password may hold: every character with a meaning in a connection string.
inline constexpr const char* kPassword = "p;w={d} '\"%+&";

}  // namespace lh::kits
