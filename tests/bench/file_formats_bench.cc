// Rows a second of each file format, read to values on one core, and the memory it takes.
// Usage: file_formats_bench [ROWS]     rows of about 250 bytes, in both encodings
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "tests/integration/adapters_formats_kit.h"

namespace lh::adapters::file {
namespace {

Rows make_rows(std::size_t n) {
  Rows out;
  for (std::size_t i = 0; i < n; ++i) {
    std::string scope = "91990102MA" + std::to_string(100'000'000 + i) + " 测试企业" +
                        std::to_string(i) + "有限公司 测试市测试区测试路 ";
    while (scope.size() < 220) scope += "食品";
    out.push_back({std::to_string(i), scope});
  }
  return out;
}

// Resident now.
long rss_kib() {
  long pages = 0;
  std::ifstream in("/proc/self/statm");
  in >> pages >> pages;
  return pages * ::sysconf(_SC_PAGESIZE) / 1024;
}

double cpu_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Reads in a child, so that the memory of the writer is not counted.
void measure(const FormatCase& format, Encoding encoding, const std::string& path, std::size_t n) {
  {
    const Bytes bytes = format.write(make_rows(n), encoding);
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  const pid_t child = ::fork();
  if (child != 0) {
    ::waitpid(child, nullptr, 0);
    return;
  }
  const auto settings = format.settings(encoding);
  const long before = rss_kib();
  const double start = cpu_seconds();
  auto source = open_file(path, settings, {}).value();
  std::size_t rows = 0;
  std::size_t bad = 0;
  for (;;) {
    const auto row = source->next().value();
    if (!row) break;
    ++rows;
    bad += row->malformed ? 1U : 0U;
  }
  const double seconds = cpu_seconds() - start;
  std::printf("%-14s %-8s %8zu rows %6.3f s CPU %9.0f rows/s %4zu bad %+6ld KiB\n",
              format.name.c_str(), encoding == Encoding::kUtf8 ? "utf-8" : "gb18030", rows, seconds,
              static_cast<double>(rows) / seconds, bad, rss_kib() - before);
  std::fflush(stdout);
  ::_exit(0);
}

}  // namespace
}  // namespace lh::adapters::file

int main(int argc, char** argv) {
  using namespace lh::adapters::file;
  const std::size_t n = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200'000;
  const std::string path = "/tmp/file_formats_bench." + std::to_string(::getpid());
  for (const FormatCase& format : every_format()) {
    for (const Encoding encoding : {Encoding::kUtf8, Encoding::kGb18030}) {
      measure(format, encoding, path, n);
    }
  }
  std::filesystem::remove(path);
}
