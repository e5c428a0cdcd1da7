// A regular file, read by position.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace lh::adapters::file {

class FileBytes {
 public:
  // Errors: file.unreadable (also for what is not a regular file: nothing here waits on a pipe).
  static Result<FileBytes> open(const std::string& path);
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  ~FileBytes();
  std::uint64_t size() const { return size_; }  // when it was opened
  // Reads up to n bytes at offset into out; 0 at the end of the file. Errors: source.unavailable.
  Result<std::size_t> read_at(std::uint64_t offset, char* out, std::size_t n) const;

 private:
  FileBytes(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace lh::adapters::file
