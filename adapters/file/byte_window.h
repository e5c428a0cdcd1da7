// The unread bytes of a file: a 256 KiB read buffer that moves forward over it.
#pragma once

#include <string>

#include "adapters/file/file_bytes.h"

namespace lh::adapters::file {

class ByteWindow {
 public:
  explicit ByteWindow(FileBytes file) : file_(std::move(file)) {}
  const FileBytes& file() const { return file_; }
  // What was read and not consumed. Valid until the next call that is not const.
  ByteView view() const { return {buffer_.data() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  bool at_end() const { return at_end_; }               // nothing comes behind the view
  std::uint64_t position() const { return position_; }  // in the file, of the view's first byte
  void consume(std::size_t n) {
    begin_ += n;
    position_ += n;
  }
  void seek(std::uint64_t offset);
  // Reads more behind the view; 0 at the end of the file. Errors: source.unavailable.
  Result<std::size_t> fill();
  // Reads until the view has n bytes, or the file ends before. Errors: source.unavailable.
  Status want(std::size_t n);

 private:
  FileBytes file_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the unread bytes in buffer_
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;
  bool at_end_ = false;
};

}  // namespace lh::adapters::file
