// A folder of its own for a test, removed afterwards, and a whole file read through the adapter.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "adapters/file/file_source.h"

namespace lh::adapters::file {

class Scratch : public ::testing::Test {
 protected:
  Scratch() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("lh_adapters_" + std::to_string(::getpid()) + "_" + info->name());
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& bytes, const std::string& name = "rows.csv") const {
    std::ofstream out(path(name), std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

inline std::vector<RawRow> read_rows(Source& source) {
  std::vector<RawRow> out;
  for (;;) {
    auto row = source.next();
    EXPECT_TRUE(row.ok());
    if (!row.ok() || !*row) return out;
    out.push_back(std::move(**row));
  }
}

inline std::vector<RawRow> read_file(const std::string& path, const FileSourceSettings& settings,
                                     const Cursor& from = {}) {
  auto source = open_csv(path, settings, from);
  EXPECT_TRUE(source.ok()) << source.error().describe();
  return source.ok() ? read_rows(**source) : std::vector<RawRow>();
}

inline std::vector<std::vector<std::string>> values_of(const std::vector<RawRow>& rows) {
  std::vector<std::vector<std::string>> out;
  for (const RawRow& row : rows) out.push_back(row.values);
  return out;
}

// The reasons of the malformed rows by row number, "good" for the others.
inline std::vector<std::string> reasons_of(const std::vector<RawRow>& rows) {
  std::vector<std::string> out;
  for (const RawRow& row : rows) out.emplace_back(row.malformed ? row.malformed->id() : "good");
  return out;
}

}  // namespace lh::adapters::file
