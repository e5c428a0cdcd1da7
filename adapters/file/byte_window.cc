#include "adapters/file/byte_window.h"

namespace lh::adapters::file {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

}  // namespace

void ByteWindow::seek(std::uint64_t offset) {
  position_ = offset;
  begin_ = end_ = 0;
  at_end_ = false;
}

Result<std::size_t> ByteWindow::fill() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + kReadBytes) buffer_.resize(end_ + kReadBytes);
  const std::size_t got =
      LH_TRY(file_.read_at(position_ + end_, buffer_.data() + end_, kReadBytes));
  end_ += got;
  if (got == 0) at_end_ = true;
  return got;
}

Status ByteWindow::want(std::size_t n) {
  while (end_ - begin_ < n && !at_end_) LH_TRY(fill());
  return {};
}

}  // namespace lh::adapters::file
