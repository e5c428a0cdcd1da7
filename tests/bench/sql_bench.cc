// Pull of rows of 250 bytes from a PostgreSQL of its own to RawRows, and one record by its key
// beside the bare calls of the driver. Aims: 30,000 rows/s on one core with memory flat, and at
// most 0.3 ms over the bare call. Usage: sql_bench [rows] [lookups]
#include <sql.h>
#include <sqlext.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "adapters/sql/sql_kind.h"
#include "tests/integration/sql_servers.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::sql {
namespace {

using SteadyClock = std::chrono::steady_clock;

class NoSecrets final : public Secrets {
  Result<Secret> find(std::string_view) const override { return Reason::kKeyMissing; }
};

template <class T>
T must(Result<T> result) {
  if (!result.ok()) {
    std::printf("%s\n", result.error().describe().c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

double seconds_of(clockid_t which) {
  timespec t{};
  clock_gettime(which, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

long resident_kib() {
  long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * 4;
}

void pull(const Kind& kind, const SettingsNode& source, const char* where) {
  const long before = resident_kib();
  long most = before;
  const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const auto begin = SteadyClock::now();
  auto rows = must(kind.pull(source, {}, {}));
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (auto row = must(rows->next()); row; row = must(rows->next())) {
    bytes += row->bytes.size();
    if (++count % 20000 == 0) most = std::max(most, resident_kib());
  }
  const std::chrono::duration<double> took = SteadyClock::now() - begin;
  const double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  const auto n = static_cast<double>(count);
  std::printf(
      "pull, driver %-9s %zu rows of %zu bytes: %8.0f rows/s, %4.1f us CPU of the hub a row, "
      "+%ld MiB\n",
      where, count, bytes / std::max<std::size_t>(count, 1), n / took.count(), used * 1e6 / n,
      (most - before) / 1024);
  std::fflush(stdout);
}

// The middle and the 99th of a hundred, in microseconds.
void tell(const char* what, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::printf("lookup, %-16s p50 %6.0f us  p99 %6.0f us\n", what, times[times.size() / 2],
              times[times.size() * 99 / 100]);
  std::fflush(stdout);
}

std::vector<double> timed(int lookups, std::size_t rows, const auto& once) {
  std::vector<double> out;
  for (int i = 0; i < lookups; ++i) {
    const std::string key = std::to_string((static_cast<std::size_t>(i) * 7919) % rows + 1);
    const auto begin = SteadyClock::now();
    once(key);
    out.push_back(std::chrono::duration<double, std::micro>(SteadyClock::now() - begin).count());
  }
  return out;
}

void bare(std::uint16_t port, int lookups, std::size_t rows) {
  SQLHANDLE environment = nullptr;
  SQLHANDLE wire = nullptr;
  SQLHANDLE statement = nullptr;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0);
  SQLAllocHandle(SQL_HANDLE_DBC, environment, &wire);
  std::string words =
      "Driver={PostgreSQL Unicode};Servername=127.0.0.1;Port=" + std::to_string(port) +
      ";Database=postgres;UID=lh;SSLmode=disable";
  SQLDriverConnect(wire, nullptr, reinterpret_cast<SQLCHAR*>(words.data()), SQL_NTS, nullptr, 0,
                   nullptr, SQL_DRIVER_NOPROMPT);
  SQLAllocHandle(SQL_HANDLE_STMT, wire, &statement);
  std::string sql = "SELECT id, code, name, scope, domicile, at FROM company WHERE id = ?";
  SQLPrepare(statement, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS);
  SQLBIGINT key = 0;
  SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &key, 0,
                   nullptr);
  std::string buffer(65536, '\0');
  tell("bare driver", timed(lookups, rows, [&](const std::string& text) {
         key = std::atoll(text.c_str());
         SQLExecute(statement);
         if (SQLFetch(statement) != SQL_SUCCESS) std::exit(1);
         for (SQLUSMALLINT c = 1; c <= 6; ++c) {
           SQLLEN length = 0;
           SQLGetData(statement, c, SQL_C_CHAR, buffer.data(), 65536, &length);
         }
         SQLFreeStmt(statement, SQL_CLOSE);
       }));
  SQLFreeHandle(SQL_HANDLE_STMT, statement);
  SQLDisconnect(wire);
  SQLFreeHandle(SQL_HANDLE_DBC, wire);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

void run(std::size_t rows, int lookups) {
  kits::PostgresServer server;
  server.sql(
      "CREATE TABLE company(id bigint PRIMARY KEY, code text, name text, scope text, domicile text,"
      " at timestamp(6) NOT NULL);"
      "INSERT INTO company SELECT n, 'C' || lpad(n::text, 17, '0'), '测试企业' || n || '有限公司',"
      " repeat('预包装食品销售', 6), '测试市测试区测试路' || n % 500 || '号',"
      " timestamp '2024-01-05' + n / 10 * interval '1 second'"
      " FROM generate_series(1, " +
      std::to_string(rows) + ") n; CREATE INDEX ON company(at, id); ANALYZE company;");
  const SystemClock clock;
  kits::SeededRandom random(1);
  const NoSecrets secrets;
  const Surroundings around{
      clock, random, secrets, {"127.0.0.1:" + std::to_string(server.port())}, true};
  const auto root = must(parse_settings(
      "[source]\nkind = \"sql\"\ndriver = \"PostgreSQL Unicode\"\nserver = \"127.0.0.1\"\nport = " +
      std::to_string(server.port()) +
      "\ndatabase = \"postgres\"\nuser = \"lh\"\ntls = \"off\"\ntable = \"company\"\n"
      "cursor = [\"at\", \"id\"]\nkey = [\"id\"]\n"));
  const SettingsNode& source = *root.find("source");
  const auto here = make_kind(around);
  const auto child = make_kind(around, HostCommand{{LH_DRIVER_HOST}});
  pull(*here, source, "here");
  pull(*child, source, "in child");
  bare(server.port(), lookups, rows);
  for (const auto* kind : {&here, &child}) {
    const auto lookup = must((*kind)->lookup(source));
    tell(kind == &here ? "here" : "in child", timed(lookups, rows, [&](const std::string& key) {
           if (must(lookup->find({{"id", key}})).size() != 1) std::exit(1);
         }));
  }
}

}  // namespace
}  // namespace lh::adapters::sql

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200000;
  lh::adapters::sql::run(rows, argc > 2 ? std::atoi(argv[2]) : 5000);
  return 0;
}
