// Messages between the hub and a driver host: four bytes of length (big-endian), then so many bytes
// of CBOR, over a socket pair or two pipes.
#pragma once

#include "base/bytes.h"
#include "base/time.h"

namespace lh::adapters::sql {

// A row may take 1 MiB and one answer stops behind the row that passes 1 MiB.
inline constexpr std::size_t kFrameBytes = 4U << 20U;

// Until when the other side may take; no clock: for ever.
struct Deadline {
  const Clock* clock = nullptr;
  std::int64_t until_us = 0;

  static Deadline in_ms(const Clock& clock, std::int64_t ms) {
    return {&clock, clock.monotonic_us() + ms * 1000};
  }
  int left_ms() const;  // for poll; -1: for ever
};

// Errors of both: source.unavailable (the other side has gone, or the deadline has passed),
// source.answer (a length beyond kFrameBytes). Never raises SIGPIPE on a socket.
Status write_frame(int fd, ByteView payload, const Deadline& deadline);
Result<Bytes> read_frame(int fd, const Deadline& deadline);

}  // namespace lh::adapters::sql
