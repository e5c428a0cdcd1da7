#include "pki/trust_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "crypto/digest.h"

namespace lh::pki {
namespace {

constexpr std::size_t kPemBytes = 1U << 20U;

Error unreadable() {
  return Error(Reason::kFileUnreadable, "trust folder");
}

Result<std::string> load_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kPemBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.eof()) return Error(Reason::kFileUnreadable, path.filename().string());
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

Result<std::vector<std::filesystem::path>> pem_files(const std::string& dir) {
  std::error_code error;
  std::vector<std::filesystem::path> out;
  std::filesystem::directory_iterator it(dir, error);
  for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    if (it->path().extension() == ".pem") out.push_back(it->path());
  }
  if (error) return unreadable();
  std::sort(out.begin(), out.end());
  return out;
}

// Moves whenever the set of anchors does, whatever the order of the files.
std::uint64_t epoch_of(const std::vector<Certificate>& anchors) {
  std::set<Digest> prints;
  for (const Certificate& c : anchors) prints.insert(c.fingerprint());
  crypto::Sha256Stream all;
  for (const Digest& d : prints) all.update(view(d));
  const Digest d = all.finish();
  return read_be64(view(d));
}

}  // namespace

Result<TrustStore> TrustStore::load_dir(const std::string& dir) {
  std::vector<Certificate> anchors;
  for (const std::filesystem::path& path : LH_TRY(pem_files(dir))) {
    Result<std::vector<Certificate>> chain = parse_pem_chain(LH_TRY(load_text(path)));
    if (!chain.ok()) {
      const Error& e = chain.error();
      return Error(e.reason(), path.filename().string() + ": " + e.detail());
    }
    for (Certificate& c : *chain) anchors.push_back(std::move(c));
  }
  const std::uint64_t epoch = epoch_of(anchors);
  return TrustStore(std::move(anchors), {}, epoch);
}

}  // namespace lh::pki
