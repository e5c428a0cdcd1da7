#include "hub/audit/tile_files.h"

#include <filesystem>
#include <fstream>

#include "hub/audit/export.h"

namespace lh::hub::audit {
namespace {

// tlog-tiles, "Merkle Tree": N in groups of three digits, all but the last beginning with "x".
std::string number_path(std::uint64_t n) {
  const auto three = [](std::uint64_t v) {
    std::string s = std::to_string(v);
    return std::string(3 - s.size(), '0') + s;
  };
  std::string out = three(n % 1000);
  for (n /= 1000; n > 0; n /= 1000) out = "x" + three(n % 1000) + "/" + out;
  return out;
}

std::string partial(unsigned width) {
  return width == kTileWidth ? std::string() : ".p/" + std::to_string(width);
}

}  // namespace

std::string tile_path(unsigned level, std::uint64_t index, unsigned width) {
  return "tile/" + std::to_string(level) + "/" + number_path(index) + partial(width);
}

std::string entries_path(std::uint64_t index, unsigned width) {
  return "tile/entries/" + number_path(index) + partial(width);
}

Status write_file(const std::string& dir, const std::string& name, ByteView bytes) {
  const std::filesystem::path path = std::filesystem::path(dir) / name;
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  if (failed) return Error(Reason::kFileUnwritable, name);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Error(Reason::kFileUnwritable, name);
  return {};
}

Result<Bytes> read_file(const std::string& dir, const std::string& name, std::size_t max_bytes) {
  const std::filesystem::path path = std::filesystem::path(dir) / name;
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) return Error(Reason::kFileUnreadable, name);
  if (size > max_bytes) return Error(Reason::kInputTooLarge, name);
  std::ifstream in(path, std::ios::binary);
  Bytes out(size, '\0');
  in.read(out.data(), static_cast<std::streamsize>(size));
  if (!in || static_cast<std::uintmax_t>(in.gcount()) != size) {
    return Error(Reason::kFileUnreadable, name);
  }
  return out;
}

}  // namespace lh::hub::audit
